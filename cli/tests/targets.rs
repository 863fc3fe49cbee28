//! Packages of several targets: which of them is planned, and what they compile more than once, by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fmt::Write as _;

use run::Fixture;
use serde_json::Value;

/// Functions that take a while to compile.
fn functions(name: &str, count: usize) -> String {
    let mut code = String::new();
    for i in 0..count {
        let body = "let y = x.wrapping_mul(7) + 1;\n    if y > x { y - x } else { x - y }";
        writeln!(code, "pub fn {name}{i}(x: u64) -> u64 {{\n    {body}\n}}").unwrap();
    }
    code
}

/// A package `mill` of these files beside `src/grain.rs` and `src/stone.rs`, 600 functions each.
fn mill(files: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::empty();
    let manifest = "[package]\nname = \"mill\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let (grain, stone) = (functions("grain", 600), functions("stone", 600));
    let always = [("Cargo.toml", manifest), ("src/grain.rs", &grain), ("src/stone.rs", &stone)];
    for (path, text) in always.iter().chain(files) {
        let path = fixture.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    fixture
}

const USES: &str = "fn main() { println!(\"{}\", grain::grain1(stone::stone1(2))); }\n";

fn analyzed(fixture: &Fixture) -> Value {
    fixture.run(&["analyze", ".", "--package", "mill", "--format", "json"]).json()
}

/// The first lever as far as its figures, and whether it saves of a clean build and after an edit.
fn shared(report: &Value) -> (String, bool, bool) {
    let lever = &report["levers"][0];
    assert_eq!(lever["kind"], "share-modules", "{lever}");
    assert_eq!(lever["packages"], serde_json::json!(["mill"]));
    let detail = lever["detail"].as_str().unwrap();
    let sentence = detail.split_once("; ").unwrap().0.to_owned();
    (sentence, !lever["saved_pct"].is_null(), !lever["edit_saved_pct"].is_null())
}

/// The crates of a plan with their modules.
fn plan(report: &Value) -> String {
    let crates = report["packages"][0]["plan"]["crates"].as_array().unwrap_or_else(|| panic!("{report}"));
    let names = |list: &Value| -> String {
        let names = list.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        names.collect::<Vec<_>>().join(" ")
    };
    crates.iter().map(|k| format!("{}: {}\n", k["name"].as_str().unwrap(), names(&k["modules"]))).collect()
}

#[test]
fn files_of_several_targets_are_the_first_advice() {
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let beside = format!("mod grain;\nmod stone;\n{USES}");
    let one = format!(
        "mod stone;\nmod grain {{\n    pub fn grain1(x: u64) -> u64 {{\n        x\n    }}\n}}\n{USES}"
    );
    let library = "pub mod grain;\npub mod stone;\n";
    let uses = "fn main() { println!(\"{}\", mill::grain::grain1(2)); }\n";
    for (files, sentence, saves) in [
        (
            &[("src/main.rs", &*beside), ("src/bin/aaa.rs", &nested), ("src/bin/bbb.rs", &nested)][..],
            "2 files of `mill` are compiled 3 times, by its binaries `aaa`, `bbb` and `mill`: a library target compiles \
             them once",
            // On eight jobs the three are compiled side by side.
            (false, false),
        ),
        (
            &[("src/main.rs", &*beside), ("src/lib.rs", library)],
            "2 files of `mill` are compiled twice, by its library and its binary `mill`: with `use` of the library in \
             place of `mod` it compiles them once",
            (true, true),
        ),
        (
            &[("src/main.rs", &*one), ("src/lib.rs", library)],
            "1 file of `mill` is compiled twice, by its library and its binary `mill`: with `use` of the library in \
             place of `mod` it compiles it once",
            (true, false),
        ),
    ] {
        let (said, clean, edit) = shared(&analyzed(&mill(files)));
        assert_eq!(said, sentence);
        assert_eq!((clean, edit), saves, "{sentence}");
    }
    let lone = [("src/main.rs", uses), ("src/lib.rs", library)];
    let report = analyzed(&mill(&lone));
    let levers = report["levers"].as_array().unwrap();
    assert!(levers.iter().all(|lever| lever["kind"] != "share-modules"), "{levers:?}");
}

#[test]
fn the_binary_with_most_modules_is_planned() {
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let own = "mod a;\nfn main() { a::f(); }\n";
    let parts = "mill-grain: mill::grain\nmill-stone: mill::stone\n";
    let part = |name: &str| parts.replace("mill::", &format!("{name}::"));
    let main = format!("mod grain;\nmod stone;\n{USES}");
    for (files, first) in [
        // Another binary comes first by name, or is `src/main.rs`.
        (&[("src/bin/zzz.rs", &*nested), ("src/bin/aaa.rs", "fn main() {}\n")][..], "zzz"),
        (&[("src/bin/zzz.rs", &*nested), ("src/main.rs", own), ("src/a.rs", "pub fn f() {}\n")], "zzz"),
        // A program that has nothing to do with the library of its package.
        (&[("src/main.rs", &*main), ("src/lib.rs", "pub fn one() {}\n")], "mill"),
    ] {
        let report = analyzed(&mill(files));
        let shown = plan(&report);
        assert!(shown.starts_with(&part(first)), "{shown}");
    }
}

#[test]
fn modules_of_a_binary_that_uses_its_library_are_counted() {
    let main = format!("mod grain;\nmod stone;\n{}", USES.replace("stone::stone1(2)", "mill::one(2)"));
    let library = "pub fn one(x: u64) -> u64 {\n    x\n}\n";
    let report = analyzed(&mill(&[("src/main.rs", &main), ("src/lib.rs", library)]));
    assert_eq!(
        report["packages"][0]["verdict"]["causes"][0]["detail"],
        "its library has no module with code; its binary `mill` has 2 modules of 4800 lines, which could be crates if they \
         were in the library: a new crate can't use the library of the package that uses it"
    );
}

#[test]
fn a_described_crate_is_taken_from_the_target_that_has_its_modules() {
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let fixture = mill(&[
        ("src/main.rs", "mod stone;\nfn main() { stone::stone1(1); }\n"),
        ("src/bin/aaa.rs", &nested),
    ]);
    let plan = "[[crate]]\nname = \"mill-grain\"\nfrom = \"mill\"\nmodules = [\"NAME::grain\"]\n";
    for (name, accepted) in [("aaa", true), ("mill", false)] {
        std::fs::write(fixture.path("plan.toml"), plan.replace("NAME", name)).unwrap();
        let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--format", "json"]);
        assert_eq!(answer.code == 0, accepted, "{}", answer.stdout);
    }
}

#[test]
fn files_that_leave_and_are_modules_of_other_targets_are_named() {
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let plan = "[[crate]]\nname = \"mill-grain\"\nfrom = \"mill\"\nmodules = [\"mill::grain\"]\n";
    let main = format!("mod grain;\nmod stone;\n{USES}");
    let said = "`src/grain.rs` is a module of the binary `aaa`, too: that takes it from the new crates in place of declaring it";
    for (other, expected) in [(&*nested, Some(said)), ("fn main() {}\n", None)] {
        let fixture = mill(&[("src/main.rs", &main), ("src/bin/aaa.rs", other)]);
        std::fs::write(fixture.path("plan.toml"), plan).unwrap();
        let report = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--format", "json"]).json();
        let notes = report["notes"].as_array().unwrap();
        let shared = notes.iter().find(|note| note["kind"] == "shared-files");
        assert_eq!(shared.map(|note| note["detail"].as_str().unwrap()), expected);
    }
}

#[test]
fn lines_of_several_targets_count_once_and_those_that_are_off_not_at_all() {
    let lines = |files: &[(&str, &str)]| analyzed(&mill(files))["packages"][0]["lines"].as_u64().unwrap();
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let main = format!("mod grain;\nmod stone;\n{USES}");
    let alone = lines(&[("src/main.rs", &main)]);
    let twice = lines(&[("src/main.rs", &main), ("src/bin/aaa.rs", &nested)]);
    assert!((1..20).contains(&(twice - alone)), "{alone} {twice}");
    let manifest = "[package]\nname = \"mill\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\nmore = []\n[[bin]]\n\
                    name = \"aaa\"\npath = \"src/bin/aaa.rs\"\nrequired-features = [\"more\"]\n";
    let own = format!("fn main() {{}}\n{}", functions("own", 50));
    assert_eq!(lines(&[("Cargo.toml", manifest), ("src/main.rs", &main), ("src/bin/aaa.rs", &own)]), alone);
}
