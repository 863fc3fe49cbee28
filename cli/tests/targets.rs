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
            // On eight jobs the three are compiled side by side; but of a library an edit makes less again than of programs.
            (false, true),
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
            (true, true),
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

/// The binary `aaa` has modules `flour` and `bread` of its own, and takes `grain` from the other one's file.
fn with_two_programs(main: &str) -> Fixture {
    let own = "#[path = \"../grain.rs\"]\nmod grain;\nmod flour;\nmod bread;\n\
               fn main() { println!(\"{}\", flour::flour1(bread::bread1(grain::grain1(2)))); }\n";
    mill(&[
        ("src/main.rs", main),
        ("src/mortar.rs", &functions("mortar", 100)),
        ("src/bin/aaa/main.rs", &own.replace("../grain.rs", "../../grain.rs")),
        ("src/bin/aaa/flour.rs", &functions("flour", 400)),
        ("src/bin/aaa/bread.rs", &functions("bread", 400)),
    ])
}

#[test]
fn each_program_is_judged_and_planned_on_request() {
    let fixture = with_two_programs(&format!("mod grain;\nmod stone;\nmod mortar;\n{USES}"));
    let plan_of = |more: &[&str]| {
        let args = [&["analyze", ".", "--format", "json"], more].concat();
        let report = fixture.run(&args).json();
        let package = &report["packages"][0];
        (package["target"]["name"].clone(), plan(&report), package["other_targets"].clone())
    };
    let (name, shown, others) = plan_of(&["--bin", "aaa"]);
    assert_eq!(name, "aaa");
    assert!(shown.contains("aaa::bread") && shown.contains("aaa::flour"), "{shown}");
    assert!(others[0]["target"]["name"] == "mill" && others[0]["standing"] == "not-judged", "{others}");
    let (name, shown, others) = plan_of(&["--package", "mill"]);
    assert_eq!(name, "aaa", "{shown}");
    let other = &others[0];
    // What both compile is counted with the first.
    assert_eq!((&other["target"]["name"], &other["modules"]), (&"mill".into(), &2.into()), "{others}");
    assert_eq!((&other["standing"], &other["verdict"]), (&"judged".into(), &"keep".into()), "{others}");
    let report = fixture.run(&["analyze", ".", "--bin", "bbb", "--format", "json"]);
    assert!(report.stderr.contains("no binary `bbb` can be planned"), "{}", report.stderr);
    let report = fixture.run(&["analyze", ".", "--package", "mill", "--lib"]);
    let said =
        "no library can be planned: `mill` builds the binary `aaa`, the binary `mill` with these features";
    assert!(report.stderr.contains(said), "{}", report.stderr);
}

#[test]
fn what_other_targets_take_from_the_new_crates_is_saved_and_listed() {
    let nested =
        format!("#[path = \"../grain.rs\"]\nmod grain;\n#[path = \"../stone.rs\"]\nmod stone;\n{USES}");
    let main = format!("mod grain;\nmod stone;\n{USES}");
    let plan = "[[crate]]\nname = \"mill-grain\"\nfrom = \"mill\"\nmodules = [\"mill::grain\"]\n";
    // Core seconds of a clean `cargo build` before and after, and the work.
    let judged = |other: &str| {
        let fixture = mill(&[("src/main.rs", &main), ("src/bin/aaa.rs", other)]);
        std::fs::write(fixture.path("plan.toml"), plan).unwrap();
        let args =
            ["what-if", ".", "--plan", "plan.toml", "--jobs", "1", "--mode", "dev", "--format", "json"];
        let report = fixture.run(&args).json();
        let clean =
            report["forecasts"].as_array().unwrap().iter().find(|f| f["scenario"] == "clean").unwrap();
        let work_s = |side: &str| clean[side]["work_s"].as_f64().unwrap();
        let edits = report["packages"][0]["plan"]["edits"].as_array().unwrap();
        let shares = edits.iter().find(|edit| edit["kind"] == "share-files");
        let detail = shares.map(|edit| edit["detail"].as_str().unwrap().to_owned());
        (work_s("before") - work_s("after"), detail)
    };
    let (saved_s, detail) = judged(&nested);
    let said = "in the binary `aaa` take `src/grain.rs` from `mill-grain` with `use`, in place of declaring it with `mod`";
    assert_eq!(detail.as_deref(), Some(said));
    assert!(saved_s > 0.3, "{saved_s}");
    // A file that needs what the other program alone has stays there.
    let (saved_s, detail) = judged("fn main() {}\n");
    assert_eq!(detail, None);
    assert!(saved_s < 0.0, "{saved_s}");
}

#[test]
fn a_program_that_uses_the_library_says_what_keeps_its_modules() {
    let main = format!(
        "mod flour;\nmod bread;\n{}",
        "fn main() { mill::grain::grain1(flour::flour1(bread::bread1(1))); }\n"
    );
    let fixture = mill(&[
        ("src/lib.rs", "pub mod grain;\npub mod stone;\n"),
        ("src/main.rs", &main),
        ("src/flour.rs", &functions("flour", 400)),
        ("src/bread.rs", &functions("bread", 400)),
    ]);
    let report = analyzed(&fixture);
    let package = &report["packages"][0];
    assert_eq!(package["target"]["kind"], "lib");
    assert_eq!(package["other_targets"][0]["standing"], "uses-library");
    let causes = package["verdict"]["causes"].as_array().unwrap();
    let cause = causes.iter().find(|cause| cause["kind"] == "other-targets").unwrap();
    let said = "its binary `mill` (2 modules, 3200 lines) uses the library: what of it is to be a crate has to go there first, \
                since a new crate can't use the package that uses it";
    assert_eq!(cause["detail"], said);
    let screen = fixture.run(&["analyze", "."]).stdout.replace('\n', " ");
    assert!(screen.contains("Targets  of `mill`: its binary `mill` (2 modules, 3200 lines)"), "{screen}");
}
