//! What keeps a package in one piece, or what its users would gain by its parts, by name: by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use run::Fixture;
use serde_json::{Value, json};

fn repository(files: &[(&str, String)]) -> Fixture {
    let fixture = Fixture::empty();
    for (path, text) in files {
        let path = fixture.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    fixture
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\n{dependencies}"
    )
}

/// Functions with this between their name and their body, which is of several lines.
fn functions(name: &str, count: usize, parameters: &str, body: &str) -> String {
    let mut code = String::new();
    for i in 0..count {
        writeln!(code, "pub fn {name}{i}({parameters}) -> Vec<String> {{\n{body}\n}}").unwrap();
    }
    code
}

const BODY: &str = "    let mut out = Vec::new();\n    for x in x.iter().filter(|x| **x > 3) {\n        \
                    out.push(format!(\"{}-{}\", x, 3));\n    }\n    out";

/// A type `Depot` in a module of its own, and modules of 120 methods each.
fn depot(modules: &[&str], header: &str) -> Vec<(&'static str, String)> {
    let mut files = vec![("Cargo.toml", manifest("depot", ""))];
    let mut root = "pub mod store;\n".to_owned();
    for module in modules {
        writeln!(root, "pub mod {module};").unwrap();
        let methods = functions(module, 120, "&self, x: &[u64]", BODY);
        let path: &'static str = format!("src/{module}.rs").leak();
        files.push((path, format!("use crate::store::Depot;\n{header} {{\n{methods}}}\n")));
    }
    files.push(("src/lib.rs", root));
    files.push(("src/store.rs", "pub struct Depot {\n    pub rows: Vec<u64>,\n}\n".to_owned()));
    files
}

fn package(fixture: &Fixture, name: &str, arguments: &[&str]) -> Value {
    let report = fixture.run(&[&["analyze", ".", "--format", "json"], arguments].concat()).json();
    let packages = report["packages"].as_array().unwrap().clone();
    packages.into_iter().find(|package| package["name"] == name).unwrap()
}

fn cause<'a>(package: &'a Value, kind: &str) -> Option<&'a str> {
    let causes = package["verdict"]["causes"].as_array().unwrap();
    causes.iter().find(|cause| cause["kind"] == kind).map(|cause| cause["detail"].as_str().unwrap())
}

#[test]
fn a_type_whose_inherent_impls_tie_modules_together_is_the_reason() {
    let fixture = repository(&depot(&["carts", "docks", "lifts", "racks"], "impl Depot"));
    let expected = "`Depot` has inherent impls in 4 files (src/carts.rs:2, src/docks.rs:2, src/lifts.rs:2 and 1 more), 100 % \
                    of the lines, which only its own crate may hold: as extension traits or free functions they could be \
                    split";
    for arguments in [&[][..], &["--package", "depot"], &["--crates", "3"]] {
        let package = package(&fixture, "depot", arguments);
        assert_eq!(cause(&package, "inherent-impls"), Some(expected), "{arguments:?}");
        let tied = &package["tied_types"];
        assert_eq!(tied[0]["item"], "depot::store::Depot");
        assert_eq!(tied[0]["impls"][3], json!({ "file": "src/racks.rs", "line": 2, "lines": 842 }));
        assert_eq!(tied.as_array().unwrap().len(), 1);
    }
    let said = fixture.run(&["analyze", "."]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("as extension traits or free functions they could be split"), "{said}");
}

#[test]
fn impls_that_a_move_of_their_file_takes_along_tie_nothing() {
    // Two files only; impls of a trait, which may lie with it or its type.
    for (modules, header) in
        [(&["carts", "docks"][..], "impl Depot"), (&["carts", "docks", "lifts"], "impl Plan for Depot")]
    {
        let mut files = depot(modules, header);
        if header.contains(" for ") {
            for (path, text) in &mut files {
                if path.starts_with("src/") && *path != "src/lib.rs" && *path != "src/store.rs" {
                    *text = text.replace("pub fn", "fn").replace("use crate", "pub trait Plan {}\nuse crate");
                }
            }
        }
        let package = package(&repository(&files), "depot", &[]);
        assert_eq!(cause(&package, "inherent-impls"), None, "{header}");
        assert!(package.get("tied_types").is_none());
    }
}

/// A package of two modules and 200 lines, and users of many lines, each of which uses what is said.
fn hub(users: &[(&str, &str)]) -> Fixture {
    let members: Vec<String> = users.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let mut files = vec![
        (
            "Cargo.toml",
            format!("[workspace]\nmembers = [\"base\", {}]\nresolver = \"2\"\n", members.join(", ")),
        ),
        ("base/Cargo.toml", manifest("base", "")),
        ("base/src/lib.rs", "pub mod east;\npub mod west;\n".to_owned()),
        ("base/src/east.rs", functions("east", 15, "x: &[u64]", BODY)),
        ("base/src/west.rs", functions("west", 15, "x: &[u64]", BODY)),
    ];
    for (name, used) in users {
        let body = format!("    let first = {used};\n    drop(first);\n{BODY}");
        files.push((format!("{name}/Cargo.toml").leak(), manifest(name, "base = { path = \"../base\" }\n")));
        files.push((format!("{name}/src/lib.rs").leak(), functions("f", 700, "x: &[u64]", &body)));
    }
    repository(&files)
}

#[test]
fn a_package_that_many_depend_on_is_judged_by_its_users_too() {
    let fixture = hub(&[("left", "base::east::east1(x)"), ("right", "base::west::west1(x)")]);
    for arguments in [&[][..], &["--package", "base"]] {
        let package = package(&fixture, "base", arguments);
        let said = cause(&package, "direct-users").unwrap();
        let users = "2 of its users compile less if they depend on the parts that they use (`what-if --direct-users`: `left` on \
                     `base-east`; `right` on `base-west`): after an edit of `base`, `cargo build` is ";
        assert!(said.starts_with(users), "{said}");
        let direct = &package["direct_users"];
        let line = "base-west = { path = \"../base-west\" }";
        let manifest = json!({ "file": "right/Cargo.toml", "dependencies": [line] });
        assert_eq!(
            direct["users"][1],
            json!({ "package": "right", "crates": ["base-west"], "manifest": manifest })
        );
        let work = |field: &str| direct[field].as_f64().unwrap();
        assert!(work("edit_work_after_s") < 0.7 * work("edit_work_before_s"), "{direct}");
        // A small package has no other reason that anybody wants to read first.
        assert_eq!(package["verdict"]["causes"][0]["kind"], "direct-users");
    }
    // Who uses all of it gains nothing.
    let both = "(base::east::east1(x), base::west::west1(x))";
    let package = package(&hub(&[("left", both), ("right", both)]), "base", &["--package", "base"]);
    assert_eq!(cause(&package, "direct-users"), None);
}

/// One crate of the plan, and of what the rest of the crates is made.
fn what_if(files: &[(&'static str, String)], module: &str) -> (i32, String) {
    let fixture = repository(files);
    let name = files[0].1.split('"').nth(1).unwrap();
    let plan =
        format!("[[crate]]\nname = \"{name}-new\"\nfrom = \"{name}\"\nmodules = [\"{name}::{module}\"]\n");
    std::fs::write(fixture.path("plan.toml"), plan).unwrap();
    let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml"]);
    (answer.code, answer.stdout.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_refused_impl_has_an_answer_of_its_kind() {
    let of_type = depot(&["carts"], "impl Depot");
    let (code, said) = what_if(&of_type, "carts");
    assert_ne!(code, 0);
    assert!(said.contains("or write an extension trait or free functions in its place."), "{said}");

    // An `impl` for a type parameter is for all types already.
    let of_all = [
        ("Cargo.toml", manifest("depot", "")),
        ("src/lib.rs", "pub mod plan;\npub mod store;\n".to_owned()),
        ("src/plan.rs", "pub trait Plan {\n    fn size(&self) -> usize;\n}\n".to_owned()),
        (
            "src/store.rs",
            "pub trait Store {\n    fn rows(&self) -> usize;\n}\nimpl<S: Store> crate::plan::Plan for S {\n    \
             fn size(&self) -> usize {\n        self.rows()\n    }\n}\n"
                .to_owned(),
        ),
    ];
    let (code, said) = what_if(&of_all, "plan");
    assert_ne!(code, 0);
    assert!(said.contains("or write one for each type in its place."), "{said}");
    assert!(!said.contains("once for all"), "{said}");
}

/// A type that a build script writes, for which a trait of `tools` is implemented where it is included.
fn written_by_a_script(functions_of_each: usize) -> Vec<(&'static str, String)> {
    let body = "    let mut out = Vec::new();\n    for x in x.iter().filter(|x| **x > 3) {\n        \
                out.push(format!(\"{}-{}\", x, 3));\n    }\n    out";
    let script = "fn main() {\n    let dir = std::env::var(\"OUT_DIR\").unwrap();\n    \
                  std::fs::write(format!(\"{dir}/marks.rs\"), \"pub struct Mark(pub u32);\").unwrap();\n}\n";
    let marks = "use crate::tools::Weigh;\ninclude!(concat!(env!(\"OUT_DIR\"), \"/marks.rs\"));\nimpl Weigh for Mark {\n    \
                 fn weigh(&self) -> usize {\n        self.0 as usize\n    }\n}\npub fn sum(all: &[Mark]) -> usize {\n    \
                 crate::tools::total(all)\n}\n";
    let tools = "pub trait Weigh {\n    fn weigh(&self) -> usize;\n}\npub fn total<T: Weigh>(all: &[T]) -> usize {\n    \
                 all.iter().map(|one| one.weigh()).sum()\n}\n";
    vec![
        ("Cargo.toml", manifest("scale", "").replace("[dep", "build = \"build.rs\"\n[dep")),
        ("build.rs", script.to_owned()),
        ("src/lib.rs", "pub mod marks;\npub mod tools;\n".to_owned()),
        ("src/marks.rs", format!("{marks}{}", functions("mark", functions_of_each, "x: &[u64]", body))),
        ("src/tools.rs", format!("{tools}{}", functions("tool", functions_of_each, "x: &[u64]", body))),
    ]
}

#[test]
fn a_type_that_a_build_script_writes_is_of_its_module() {
    let (code, said) = what_if(&written_by_a_script(1), "tools");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Work nothing but moving the modules"), "{said}");

    let fixture = repository(&written_by_a_script(200));
    let package = package(&fixture, "scale", &["--package", "scale", "--crates", "2"]);
    let crates = package["plan"]["crates"].as_array().unwrap();
    let tools = crates.iter().find(|krate| krate["name"] == "scale-tools").unwrap();
    assert_eq!(tools["items"], json!([]), "the `impl` for `Mark` stays with it");
    assert_eq!(package["plan"]["cuts"], json!([]));
}

#[test]
fn code_that_programs_wrote_is_told_apart() {
    let code = |mark: &str| format!("{mark}{}", functions("f", 300, "x: &[u64]", BODY));
    let files = |east: &str, lib: &str| {
        vec![
            ("Cargo.toml", manifest("wire", "")),
            ("build.rs", "fn main() {}\n".to_owned()),
            ("src/lib.rs", lib.to_owned()),
            ("src/east.rs", code(east)),
            ("src/west.pb.rs", code("")),
        ]
    };
    let helps = "what generates it has to write each part into a crate of its own, or each module behind a feature, so that \
                 users compile only what they use";
    let west = "#[path = \"west.pb.rs\"]\npub mod west;\n";
    let include = "pub mod a {\n    include!(concat!(env!(\"OUT_DIR\"), \"/a.rs\"));\n}\n";
    for (east, lib, said) in [
        (
            "// @generated by hand\n",
            format!("pub mod east;\n{west}"),
            Some("100 % of its lines are generated (src/east.rs, src/west.pb.rs)"),
        ),
        ("", format!("pub mod east;\n{west}"), None),
        ("", include.to_owned(), Some("its build script writes nearly all of its code (src/lib.rs:2)")),
        ("", format!("pub mod east;\n{include}"), None),
    ] {
        let package = package(&repository(&files(east, &lib)), "wire", &[]);
        let expected = said.map(|said| format!("{said}: {helps}"));
        assert_eq!(cause(&package, "generated"), expected.as_deref(), "{lib}");
        assert!(package["generated"].is_object(), "{package}");
    }
}

/// A verdict that counts on a change of the users counts on it for the commits too.
#[test]
fn commits_are_counted_as_the_verdict_has_the_users() {
    let fixture = hub(&[("left", "base::east::east1(x)"), ("right", "base::west::west1(x)")]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
        let mut git = Command::new("git");
        let status =
            git.current_dir(fixture.path("")).args(identity).args(arguments).output().unwrap().status;
        assert!(status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    for round in 0..3 {
        let path = fixture.path("base/src/east.rs");
        let text = fs::read_to_string(&path).unwrap() + &format!("pub const ROUND{round}: u8 = {round};\n");
        fs::write(path, text).unwrap();
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "round"]);
    }
    let often = ["--jobs", "1", "--commits-per-week", "1000", "--payback-weeks", "500"];
    let analyze = [&["analyze", ".", "--package", "base", "--format", "json"][..], &often].concat();
    let report = fixture.run(&analyze).success().json();
    let package = &report["packages"][0];
    assert_eq!(package["direct_users"]["counted"], true, "{}", package["verdict"]);
    let after =
        |build: &Value| (build["today"]["p50"].as_f64().unwrap(), build["planned"]["p50"].as_f64().unwrap());
    let in_ci = |build: &&Value| build["scenario"] == "ci" && build["mode"] == "dev";
    let (today, planned) =
        report["commits"]["builds"].as_array().unwrap().iter().find(in_ci).map(after).unwrap();
    assert!(planned < 0.8 * today, "{today} {planned}");
    // What CI keeps: nothing, what did not change, and that without compiling what only depends on it.
    let with = |cache: &str| {
        let report = fixture.run(&[&analyze[..], &["--cache", cache]].concat()).success().json();
        assert_eq!(report["commits"]["cache"], cache);
        report["commits"]["builds"].as_array().unwrap().iter().find(in_ci).map(after).unwrap().0
    };
    let (none, each, relink) = (with("none"), with("crate"), with("relink"));
    assert_eq!(each, today, "the default");
    assert!(none >= each && each > 1.1 * relink, "{none} {each} {relink}");
}
