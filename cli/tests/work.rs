//! A plan's work: one piece for all the dependencies that it cuts, never what the language refuses, and a file that says it
//! again.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod run;

use std::fmt::Write;
use std::fs;

use run::Fixture;
use serde_json::Value;

const PLAN: &str = "[[crate]]\nname = \"app-low\"\nfrom = \"app\"\nmodules = [\"app::low\"]\n";

/// Enough lines that a module is not moved as a whole.
fn filler(name: &str, functions: usize) -> String {
    let mut text = format!("pub struct {name}(pub u64);\nimpl {name} {{\n");
    for i in 0..functions {
        let _ = writeln!(text, "    pub fn f{i}(&self) -> u64 {{\n        self.0 + {i}\n    }}");
    }
    text + "}\n"
}

/// The work on a package `app` with modules `low` and `high`, of which `low` becomes a crate.
fn edits(low: &str, high: &str) -> Vec<Value> {
    let fixture = Fixture::empty();
    fs::create_dir(fixture.path("src")).unwrap();
    // What stays needs the new crate more than the other way round, so that it can't lie below.
    let mut users = String::new();
    for i in 0..20 {
        let _ =
            writeln!(users, "pub fn all{i}(low: &crate::low::Low) -> u64 {{\n    low.f1() + low.f2()\n}}");
    }
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    for (file, text) in [
        ("Cargo.toml", manifest),
        ("src/lib.rs", "pub mod high;\npub mod low;\n"),
        ("src/low.rs", low),
        ("src/high.rs", &(high.to_owned() + &users)),
        ("plan.toml", PLAN),
    ] {
        fs::write(fixture.path(file), text).unwrap();
    }
    let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--assume-cuts", "--format", "json"]);
    let report = answer.success().json();
    report["packages"][0]["plan"]["edits"].as_array().unwrap().clone()
}

fn kinds(edits: &[Value]) -> Vec<(&str, usize)> {
    let of = |edit: &'_ Value| edit["cuts"].as_array().unwrap().len();
    edits.iter().map(|edit| (edit["kind"].as_str().unwrap(), of(edit))).collect()
}

#[test]
fn one_item_that_many_read_is_one_move() {
    let mut low = filler("Low", 60);
    for i in 0..6 {
        let _ = writeln!(low, "pub fn g{i}(n: u64) -> bool {{\n    n + {i} < crate::high::LIMIT\n}}");
    }
    let found = edits(&low, &format!("pub const LIMIT: u64 = 9;\n{}", filler("High", 60)));
    assert_eq!(kinds(&found), [("move-items", 6)]);
    let detail = found[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("move `LIMIT` (1 line) down to `app-low`"), "{detail}");
}

#[test]
fn what_one_move_cuts_needs_no_other() {
    let low = filler("Low", 150)
        + "pub fn convert(c: &crate::high::Config) -> u64 {\n    crate::high::big(c.0 + crate::high::LIMIT)\n}\n";
    let high = format!(
        "pub const LIMIT: u64 = 9;\npub struct Config(pub u64);\npub fn big(n: u64) -> u64 {{\n    High(n).f0() + LIMIT + \
         Config(n).0\n}}\n{}",
        filler("High", 300)
    );
    let found = edits(&low, &high);
    assert_eq!(kinds(&found), [("move-items", 3)], "{found:#?}");
    let detail = found[0]["detail"].as_str().unwrap();
    assert!(detail.starts_with("move `convert` (3 lines) up to `app`: nothing uses it"), "{detail}");
}

#[test]
fn a_trait_goes_along_with_an_impl_for_all_types() {
    let low = filler("Low", 60)
        + "pub trait Source {\n    fn get(&self) -> u64;\n}\nimpl<S: crate::high::Store> Source for S {\n    fn get(&self) -> \
           u64 {\n        self.load()\n    }\n}\n";
    let high = "pub trait Store {\n    fn load(&self) -> u64;\n    fn all(&self) -> High {\n        High(self.load())\n    }\n}\n"
        .to_owned()
        + &filler("High", 300);
    let found = edits(&low, &high);
    let [only] = &found[..] else { panic!("{found:?}") };
    if only["kind"] == "move-items" && only["crate"] == "app" {
        let items: Vec<&str> =
            only["items"].as_array().unwrap().iter().map(|item| item["item"].as_str().unwrap()).collect();
        assert!(items.contains(&"app::low::Source"), "{items:?}");
        assert!(only["detail"].as_str().unwrap().contains("`Source`"), "{only}");
    }
}

/// Passing in "what it returns" would drop the call, and nobody would notice.
#[test]
fn what_is_called_for_its_effect_is_passed_as_a_function() {
    let low =
        filler("Low", 60) + "pub fn run(n: u64) {\n    crate::high::record(n);\n}\n" + &filler("More", 150);
    let low = low.replace("self.0 + 0", "{ run(self.0); self.0 }");
    let high = "use std::sync::atomic::{AtomicU64, Ordering};\nstatic TOTAL: AtomicU64 = AtomicU64::new(0);\npub fn record(n: \
                u64) {\n    TOTAL.fetch_add(n + big().0, Ordering::Relaxed);\n}\npub fn big() -> High {\n    High(1)\n}\n"
        .to_owned()
        + &filler("High", 300);
    let found = edits(&low, &high);
    assert_eq!(kinds(&found), [("pass-function", 1)], "{found:?}");
}

#[test]
fn the_file_of_a_plan_says_the_plan_again() {
    let fixture = Fixture::copy("shop");
    let written = ["analyze", ".", "-p", "shop", "--crates", "4", "--out", "out", "--format", "json"];
    let report = fixture.run(&written).success().json();
    let plan = &report["packages"][0]["plan"];
    for file in ["out/plan.toml", "out/report.json"] {
        let asked = ["what-if", ".", "--plan", file, "--assume-cuts", "--format", "json"];
        let answer = fixture.run(&asked).success().json();
        let again = &answer["packages"][0]["plan"];
        let crates = |plan: &Value| -> Vec<(String, Value, Value)> {
            let of = |krate: &Value| {
                (
                    krate["name"].as_str().unwrap().to_owned(),
                    krate["lines"].clone(),
                    krate["depends_on"].clone(),
                )
            };
            let mut crates: Vec<_> = plan["crates"].as_array().unwrap().iter().map(of).collect();
            crates.sort_by(|a, b| a.0.cmp(&b.0));
            crates
        };
        assert_eq!(crates(again), crates(plan), "{file}");
        let cuts = |plan: &Value| plan["cuts"].as_array().unwrap().len();
        assert_eq!(cuts(again), cuts(plan), "{file}");
    }
}
