//! What a plan's boundaries ask of members, tests, build scripts and other packages, by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fs;

use run::Fixture;
use serde_json::Value;

const MANIFEST: &str = "[package]\nname = \"inn\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/// A repository of these files; one package `inn` unless there is a manifest among them.
fn repository(files: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::empty();
    let manifest = [("Cargo.toml", MANIFEST)];
    let own = files.iter().all(|(path, _)| *path != "Cargo.toml");
    for (path, text) in files.iter().chain(manifest.iter().filter(|_| own)) {
        let path = fixture.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fixture
}

/// The plan that takes these modules out of `from` as `inn-base`.
fn plan(from: &str, modules: &str) -> String {
    format!("[[crate]]\nname = \"inn-base\"\nfrom = \"{from}\"\nmodules = [{modules}]\n")
}

/// The answer about `inn::base`: the plan of the first package, and the whole.
fn judged(files: &[(&str, &str)]) -> Value {
    let fixture = repository(files);
    fs::write(fixture.path("plan.toml"), plan("inn", "\"inn::base\"")).unwrap();
    let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--assume-cuts", "--format", "json"]);
    answer.json()
}

/// `item:line` of what is to be made visible, `(tests)` behind what tests alone need.
fn widened(report: &Value) -> Vec<String> {
    let show = |w: &Value| {
        let tests = if w["tests_only"] == true { " (tests)" } else { "" };
        format!("{}:{}{tests}", w["item"].as_str().unwrap(), w["line"])
    };
    list(report, "visibility").iter().map(show).collect()
}

fn list(report: &Value, field: &str) -> Vec<Value> {
    report["packages"][0]["plan"][field].as_array().cloned().unwrap_or_default()
}

fn names(report: &Value, list_name: &str, field: &str) -> Vec<String> {
    list(report, list_name).iter().map(|entry| entry[field].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn members_are_listed_one_by_one() {
    let lib = "pub mod base;\npub mod top;\n";
    let cases: &[(&str, &str, &[&str])] = &[
        // Methods and associated constants that cross, not the others, nor what is `pub`.
        (
            "pub struct Room;\nimpl Room {\n    pub(crate) const BEDS: u8 = 2;\n    pub(crate) fn lock(&self) {}\n    \
             pub(crate) fn air(&self) {}\n    pub fn open(&self) {}\n}\n",
            "pub fn t(r: &crate::base::Room) -> u8 {\n    r.lock();\n    r.open();\n    crate::base::Room::BEDS\n}\n",
            &["inn::base::Room::BEDS:3", "inn::base::Room::lock:4"],
        ),
        // A type that isn't `pub` is listed beside its members.
        (
            "pub(crate) struct Key {\n    pub(crate) teeth: u8,\n    pub(crate) bow: u8,\n}\n\
             pub(crate) fn cut() -> Key {\n    Key { teeth: 1, bow: 2 }\n}\n",
            "pub fn t() -> u8 {\n    crate::base::cut().teeth\n}\n",
            &["inn::base::Key:1", "inn::base::cut:5", "inn::base::Key::teeth:2"],
        ),
        // Several fields of one line; a literal names them all.
        (
            "pub struct Bill { pub(crate) net: u8, pub(crate) tax: u8, pub sum: u8 }\n",
            "pub fn t() -> crate::base::Bill {\n    crate::base::Bill { net: 1, tax: 2, sum: 3 }\n}\n",
            &["inn::base::Bill::net:1", "inn::base::Bill::tax:1"],
        ),
        // A tuple struct's constructor, as a function, as a value and in a pattern, and `..rest` need all fields.
        (
            "#[derive(Default)]\npub struct Tab(pub(crate) u8, pub(crate) u8);\npub struct Tip(pub(super) u8);\npub struct Tax(pub u8);\n\
             #[derive(Default)]\npub struct Due {\n    pub(crate) net: u8,\n    pub(crate) day: u8,\n}\n",
            "use crate::base::*;\npub fn t(tab: Tab) -> Vec<Tip> {\n    let Tab(net, ..) = tab;\n    let _ = (Tax(1), Due { net, ..Due::default() });\n    \
             vec![1].into_iter().map(Tip).collect()\n}\n",
            &[
                "inn::base::Due::day:8",
                "inn::base::Due::net:7",
                "inn::base::Tab::0:2",
                "inn::base::Tab::1:2",
                "inn::base::Tip::0:3",
            ],
        ),
        // Variants and a trait's methods are as visible as what is around them.
        (
            "pub enum Meal { Soup(u8) }\npub trait Cook {\n    fn cook(&self) -> Meal {\n        Meal::Soup(1)\n    }\n}\n\
             impl Cook for u8 {}\n",
            "use crate::base::{Cook, Meal};\npub fn t() -> u8 {\n    match 1u8.cook() {\n        Meal::Soup(n) => n,\n    }\n}\n",
            &[],
        ),
    ];
    for (base, top, expected) in cases {
        let report = judged(&[("src/lib.rs", lib), ("src/base.rs", base), ("src/top.rs", top)]);
        let (mut found, mut expected) = (widened(&report), expected.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{base}");
    }
}

#[test]
fn what_only_tests_need_is_listed_as_such() {
    let lib = "pub mod base;\npub mod top;\n";
    let base = "pub(crate) fn status() -> u8 {\n    1\n}\npub(crate) fn used() -> u8 {\n    2\n}\n\
                pub struct Log {\n    pub(crate) lines: u8,\n}\nimpl Log {\n    pub(crate) fn new() -> Self {\n        \
                Log { lines: 0 }\n    }\n}\n";
    let cases: &[(&str, &[&str])] = &[
        ("crate::base::status();", &["inn::base::status:1 (tests)", "inn::base::used:4"]),
        ("crate::base::used();", &["inn::base::used:4"]),
        (
            "assert_eq!(crate::base::Log::new().lines, 0);",
            &["inn::base::Log::lines:8 (tests)", "inn::base::Log::new:11 (tests)", "inn::base::used:4"],
        ),
    ];
    for (test, expected) in cases {
        let top = format!(
            "pub fn top() -> u8 {{\n    crate::base::used()\n}}\n#[cfg(test)]\nmod tests {{\n    #[test]\n    \
             fn t() {{\n        {test}\n    }}\n}}\n"
        );
        let report = judged(&[("src/lib.rs", lib), ("src/base.rs", base), ("src/top.rs", &top)]);
        let mut found = widened(&report);
        found.sort_unstable();
        assert_eq!(found, *expected, "{test}");
    }
}

#[test]
fn unit_tests_move_when_types_of_their_own_crate_cross() {
    let lib = "pub mod base;\npub mod top;\n";
    let top = "use crate::base::{Guest, Stay};\npub struct Diary(pub u8);\nimpl Stay for Diary {\n    \
               fn guest(&self) -> Guest {\n        Guest(self.0)\n    }\n}\npub fn nights() -> u8 {\n    3\n}\n";
    let cases: &[(&str, &[&str], bool)] = &[
        // An implementation for the other copy of the trait.
        ("#[test]\nfn t() {\n    super::bill(&crate::top::Diary(1));\n}", &["inn::base::tests::t"], false),
        // By way of what several tests share, which moves along; the test that needs nothing above stays.
        (
            "fn diary() -> crate::top::Diary {\n    crate::top::Diary(2)\n}\n#[test]\nfn t() {\n    \
             super::bill(&diary());\n}\n#[test]\nfn alone() {\n    super::double(2);\n}",
            &["inn::base::tests::diary", "inn::base::tests::t"],
            false,
        ),
        // Nothing of its own crate's types: a dev-dependency does.
        ("#[test]\nfn t() {\n    assert_eq!(super::double(crate::top::nights()), 6);\n}", &[], true),
    ];
    for (test, moved, dev) in cases {
        let base = format!(
            "pub struct Guest(pub u8);\npub trait Stay {{\n    fn guest(&self) -> Guest;\n}}\n\
             pub fn bill(s: &dyn Stay) -> u8 {{\n    s.guest().0\n}}\npub fn double(n: u8) -> u8 {{\n    n * 2\n}}\n\
             #[cfg(test)]\nmod tests {{\n{test}\n}}\n"
        );
        let report = judged(&[("src/lib.rs", lib), ("src/base.rs", &base), ("src/top.rs", top)]);
        let found = names(&report, "test_moves", "item");
        assert_eq!(found, *moved, "{test}");
        let notes = report["notes"].as_array().unwrap();
        let noted = notes.iter().any(|note| note["kind"] == "test-only-cycle");
        assert_eq!(noted, *dev, "{test}");
    }
}

#[test]
fn what_tests_need_of_a_program_or_under_cfg_test_goes_elsewhere() {
    let base = "pub fn size(v: &[u8]) -> usize {\n    v.len()\n}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        \
                super::size(&crate::kit::data());\n    }\n}\n";
    let main = "mod base;\nTESTmod kit;\nfn main() {\n    base::size(&[1]);\n    USE\n}\n";
    let kit = "pub fn data() -> Vec<u8> {\n    vec![1]\n}\n";
    let program = |test: &str, uses: &str| main.replace("TEST", test).replace("USE", uses);
    // A module for tests only moves whole, a function of the program alone.
    let report = judged(&[
        ("src/main.rs", &program("#[cfg(test)]\n", "")),
        ("src/base.rs", base),
        ("src/kit.rs", kit),
    ]);
    assert_eq!(names(&report, "test_support", "item"), ["inn::kit"]);
    assert_eq!(names(&report, "test_support", "to_crate"), ["inn-base"]);
    let report =
        judged(&[("src/main.rs", &program("", "kit::data();")), ("src/base.rs", base), ("src/kit.rs", kit)]);
    assert_eq!(names(&report, "test_support", "item"), ["inn::kit::data"]);
    assert_eq!(names(&report, "test_support", "to_crate"), ["inn-base"]);
    // What needs more of the program can't move: the test does.
    let needy = "pub fn data() -> Vec<u8> {\n    vec![crate::one()]\n}\n";
    let main = format!("{}fn one() -> u8 {{\n    1\n}}\n", program("", "kit::data();"));
    let report = judged(&[("src/main.rs", &main), ("src/base.rs", base), ("src/kit.rs", needy)]);
    assert_eq!(names(&report, "test_moves", "item"), ["inn::base::tests::t"]);
    assert_eq!(names(&report, "test_moves", "cause"), ["no-library"]);
    // Tests of both crates use it: one of them would lose it.
    let lib = "pub mod base;\npub mod top;\n";
    let base = "pub fn f() {}\n#[cfg(test)]\npub(crate) fn sample() -> u8 {\n    1\n}\n#[cfg(test)]\nmod tests {\n    #[test]\n    \
                fn t() {\n        super::sample();\n    }\n}\n";
    let top = "pub fn g() {\n    crate::base::f();\n}\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        \
               crate::base::sample();\n    }\n}\n";
    let report = judged(&[("src/lib.rs", lib), ("src/base.rs", base), ("src/top.rs", top)]);
    assert_eq!(names(&report, "test_support", "item"), ["inn::base::sample"]);
    assert_eq!(names(&report, "test_support", "to_crate"), ["-"]);
}

#[test]
fn what_tests_of_another_crate_need_of_a_type_is_compiled_under_a_feature() {
    let lib = "pub mod base;\npub mod top;\n";
    // `cfg(test)` in `base`, what a test in `top` does with it, and the work.
    let cases: &[(&str, &str, &[&str])] = &[
        // A method of an `impl` that others use as well, by its line; it becomes `pub` if it isn't.
        (
            "impl Bed {\n    pub fn new() -> Self {\n        Bed(1)\n    }\n    #[cfg(test)]\n    pub fn soft() -> Self {\n        \
             Bed(2)\n    }\n}\n",
            "crate::base::Bed::soft();",
            &["test-feature inn-base: inn::base::Bed::soft:5"],
        ),
        (
            "impl Bed {\n    pub fn new() -> Self {\n        Bed(1)\n    }\n    #[cfg(test)]\n    pub(crate) fn size(&self) -> u8 {\n        \
             self.0\n    }\n}\n",
            "crate::base::Bed::new().size();",
            &[
                "test-feature inn-base: inn::base::Bed::size:5",
                "widen inn-base: inn::base::Bed::size:5 [pub(crate)]",
            ],
        ),
        // An inherent `impl`, and one of a trait from elsewhere, as a whole.
        (
            "#[cfg(test)]\nimpl Bed {\n    pub fn soft() -> Self {\n        Bed(2)\n    }\n}\n",
            "crate::base::Bed::soft();",
            &["test-feature inn-base: inn::base::<impl Bed>:1"],
        ),
        (
            "#[cfg(test)]\nimpl Default for Bed {\n    fn default() -> Self {\n        Bed(2)\n    }\n}\n",
            "let _: crate::base::Bed = Default::default();",
            &["test-feature inn-base: inn::base::<impl Default for Bed>:1"],
        ),
        // A field.
        (
            "pub struct Room {\n    #[cfg(test)]\n    pub beds: u8,\n    pub door: u8,\n}\n",
            "let see = |room: crate::base::Room| room.beds + room.door;",
            &["test-feature inn-base: inn::base::Room::beds:2"],
        ),
        // A variant.
        (
            "pub enum Size {\n    Small,\n    #[cfg(test)]\n    Odd,\n}\n",
            "let odd = crate::base::Size::Odd;",
            &["test-feature inn-base: inn::base::Size::Odd:3"],
        ),
        // An `impl` of a trait that lies above goes there, a function anywhere.
        (
            "#[cfg(test)]\nimpl crate::top::Soft for Bed {\n    fn soft(&self) {}\n}\n",
            "use crate::top::Soft;\n        crate::base::bed().soft();",
            &["move-tests inn: inn::base::<impl Soft for Bed>:1 [inn-base]"],
        ),
        (
            "#[cfg(test)]\npub fn made() -> Bed {\n    Bed(3)\n}\n",
            "crate::base::made();",
            &["test-support inn: inn::base::made:1 [inn-base]"],
        ),
        // Nobody else's tests need it.
        (
            "#[cfg(test)]\nimpl Bed {\n    pub fn soft() -> Self {\n        Bed(2)\n    }\n}\n",
            "crate::base::bed();",
            &[],
        ),
    ];
    for (base, test, expected) in cases {
        let base = format!("{base}pub struct Bed(pub u8);\npub fn bed() -> Bed {{\n    Bed(0)\n}}\n");
        let top = format!(
            "pub trait Soft {{\n    fn soft(&self);\n}}\npub fn top() {{\n    crate::base::bed();\n}}\n#[cfg(test)]\nmod tests {{\n    \
             #[test]\n    fn t() {{\n        {test}\n    }}\n}}\n"
        );
        let report = judged(&[("src/lib.rs", lib), ("src/base.rs", &base), ("src/top.rs", &top)]);
        let mut found = boundary_work(&report);
        found.sort_unstable();
        assert_eq!(found, *expected, "{base}");
        let bound = list(&report, "test_support").iter().any(|support| support["bound"] == true);
        assert_eq!(bound, expected.iter().any(|work| work.starts_with("test-feature")), "{base}");
    }
}

#[test]
fn what_tests_below_get_by_a_dev_dependency_is_made_public() {
    let lib = "#[macro_use]\nmod kit;\npub mod base;\npub mod top;\n";
    let kit = "macro_rules! check {\n    ($e:expr) => {\n        assert!($e > 0)\n    };\n}\n#[macro_export]\nmacro_rules! open {\n    \
               ($e:expr) => {\n        assert!($e > 0)\n    };\n}\n";
    let top = "pub(crate) fn nights() -> u8 {\n    3\n}\npub fn days() -> u8 {\n    crate::base::one()\n}\npub mod deep {\n    mod own {\n        \
               pub fn far() -> u8 {\n            1\n        }\n    }\n    pub(crate) use own::far;\n}\n";
    let cases: &[(&str, &[&str])] = &[
        ("crate::top::days()", &[]),
        ("crate::top::nights()", &["widen inn: inn::top::nights:1 [pub(crate)]"]),
        ("crate::top::deep::far()", &["widen inn: inn::top::deep::far:13 [pub(crate)]"]),
        // Textual order ends at the border of a crate.
        ("{ check!(super::one()); 1 }", &["export-macro inn: inn::kit::check:1"]),
        ("{ open!(super::one()); 1 }", &[]),
    ];
    for (test, expected) in cases {
        let base = format!(
            "pub fn one() -> u8 {{\n    1\n}}\n#[cfg(test)]\nmod tests {{\n    #[test]\n    fn t() {{\n        \
             assert!({test} + super::one() > 0);\n    }}\n}}\n"
        );
        let report =
            judged(&[("src/lib.rs", lib), ("src/kit.rs", kit), ("src/base.rs", &base), ("src/top.rs", top)]);
        assert_eq!(boundary_work(&report), *expected, "{test}");
    }
}

#[test]
fn the_build_script_goes_along() {
    let lib = "pub mod base;\npub mod top;\n";
    let top = "pub fn t() {\n    crate::base::f();\n}\n";
    let cases: &[(&str, &[u64])] = &[
        ("include!(concat!(env!(\"OUT_DIR\"), \"/t.rs\"));\npub fn f() {}\n", &[1]),
        ("pub fn f() {\n    let _ = env!(\"GIT_HASH\");\n}\n", &[2]),
        ("pub mod wire {\n    include!(concat!(env!(\"OUT_DIR\"), \"/t.rs\"));\n}\npub fn f() {}\n", &[2]),
        ("pub fn f() {\n    let _ = env!(\"CARGO_PKG_VERSION\");\n}\n", &[]),
        (
            "pub fn f() {\n    let _ = concat!(\"v\", env!(\"CARGO_PKG_VERSION\"));\n    let _ = concat!(\"a\", \"b\");\n}\n",
            &[],
        ),
        (
            "pub fn f() {\n    let _ = (1, concat!(env!(\"OUT_DIR\"), \"/t\"));\n    let _ = concat!(\"a\", env!(\"GIT_HASH\"));\n}\n",
            &[2, 3],
        ),
        // What is compiled by a `cfg` that the script sets.
        ("#[cfg(fast)]\npub fn f() {}\n#[cfg(not(fast))]\npub fn f() {}\n", &[1, 3]),
        ("pub fn f() -> bool {\n    cfg!(any(unix, mode = \"a\"))\n}\n", &[2]),
        ("#[cfg(feature = \"fast\")]\npub fn g() {}\npub fn f() {}\n", &[]),
        // Macros that include what the script wrote.
        ("pub mod wire {\n    tonic::include_proto!(\"wire\");\n}\npub fn f() {}\n", &[2]),
        ("slint::include_modules!();\nlalrpop_util::lalrpop_mod!(pub sums);\npub fn f() {}\n", &[1, 2]),
    ];
    let script = "fn main() {\n    println!(\"cargo:rustc-cfg=fast\");\n    \
                  println!(\"cargo::rustc-cfg=mode=\\\"a\\\"\");\n    println!(\"cargo:rustc-cfg={}\", 1);\n}\n";
    for (base, expected) in cases {
        let files = [("src/lib.rs", lib), ("src/base.rs", *base), ("src/top.rs", top), ("build.rs", script)];
        let lines = |report: &Value| -> Vec<u64> {
            list(report, "build_script").iter().map(|need| need["line"].as_u64().unwrap()).collect()
        };
        assert_eq!(lines(&judged(&files)), *expected, "{base}");
        assert!(lines(&judged(&files[..3])).is_empty(), "{base}");
    }
}

#[test]
fn paths_of_other_packages_are_kept() {
    let base =
        "pub struct Guest(pub u8);\npub fn walk<S: crate::top::Source>(s: &S) -> u8 {\n    s.get().0\n}\n";
    let top = "use crate::base::Guest;\npub trait Store {\n    fn load(&self) -> Guest;\n}\npub trait Source {\n    \
               fn get(&self) -> Guest;\n}\nimpl<S: Store> Source for S {\n    fn get(&self) -> Guest {\n        self.load()\n    }\n}\n";
    let user = "pub struct M;\nimpl inn::top::Store for M {\n    fn load(&self) -> inn::base::Guest {\n        \
                inn::base::Guest(1)\n    }\n}\n";
    let manifest = "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ninn = { path = \"../inn\" }\n";
    for (call, kept) in [("", false), ("pub fn size() -> u8 {\n    inn::base::walk(&M)\n}\n", true)] {
        let user = format!("{user}{call}");
        let report = judged(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"inn\", \"user\"]\nresolver = \"2\"\n"),
            ("inn/Cargo.toml", MANIFEST),
            ("inn/src/lib.rs", "pub mod base;\npub mod top;\n"),
            ("inn/src/base.rs", base),
            ("inn/src/top.rs", top),
            ("user/Cargo.toml", manifest),
            ("user/src/lib.rs", &user),
        ]);
        let expected: &[&str] = if kept { &["inn::base::walk"] } else { &[] };
        assert_eq!(names(&report, "facade", "path"), expected, "{call}");
    }
}

#[test]
fn packages_of_one_name_are_told_apart() {
    let module = "pub fn f() {}\n";
    let fixture = repository(&[
        ("Cargo.toml", "[workspace]\nmembers = []\nexclude = [\"one\", \"two\"]\n"),
        ("one/Cargo.toml", MANIFEST),
        ("one/src/lib.rs", "pub mod a;\npub mod base;\n"),
        ("one/src/a.rs", module),
        ("one/src/base.rs", module),
        ("two/Cargo.toml", MANIFEST),
        ("two/src/lib.rs", "pub mod x;\npub mod base;\n"),
        ("two/src/x.rs", module),
        ("two/src/base.rs", module),
    ]);
    let ask = |from: &str, modules: &str| {
        fs::write(fixture.path("plan.toml"), plan(from, modules)).unwrap();
        let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--format", "json"]);
        serde_json::from_str::<Value>(&answer.stdout).unwrap()
    };
    let manifest = |report: &Value| report["packages"][0]["manifest"].as_str().map(str::to_owned);
    assert_eq!(manifest(&ask("inn", "\"inn::x\"")).as_deref(), Some("two/Cargo.toml"));
    assert_eq!(manifest(&ask("inn", "\"inn::a\"")).as_deref(), Some("one/Cargo.toml"));
    assert_eq!(manifest(&ask("two", "\"inn::base\"")).as_deref(), Some("two/Cargo.toml"));
    let refused = ask("inn", "\"inn::base\"");
    assert_eq!(refused["refusals"][0]["kind"], "unknown-package");
    let analyze = |package: &str| fixture.run(&["analyze", ".", "--package", package]);
    let refused = analyze("inn");
    assert!(
        refused.code != 0 && refused.stderr.contains("one/Cargo.toml or two/Cargo.toml"),
        "{}",
        refused.stderr
    );
    for package in ["two", "./two", "two/Cargo.toml"] {
        analyze(package).success();
        let report = fixture.run(&["analyze", ".", "--package", package, "--format", "json"]).json();
        let levers =
            report["levers"].as_array().unwrap().iter().map(|lever| lever["workspace"].as_str().unwrap());
        assert_eq!(levers.collect::<Vec<_>>(), ["two"], "{report}");
    }
    let all = fixture.run(&["analyze", "."]).success().stdout;
    assert!(all.contains("inn (one)") && all.contains("inn (two)"), "{all}");
}

/// `kind crate: items [from]` of the work that isn't there to remove a cut.
fn boundary_work(report: &Value) -> Vec<String> {
    let edits = list(report, "edits");
    let own = edits.iter().filter(|edit| edit["cuts"].as_array().unwrap().is_empty());
    let show = |edit: &Value| {
        let items = edit["items"].as_array().unwrap().iter();
        let items: Vec<String> =
            items.map(|item| format!("{}:{}", item["item"].as_str().unwrap(), item["line"])).collect();
        let from = edit["from"].as_str().or(edit["from_crate"].as_str()).map(|from| format!(" [{from}]"));
        let (kind, krate) = (edit["kind"].as_str().unwrap(), edit["crate"].as_str().unwrap());
        format!("{kind} {krate}: {}{}", items.join(" "), from.unwrap_or_default())
    };
    own.map(show).collect()
}

#[test]
fn what_boundaries_ask_for_is_work_with_its_places() {
    let lib = "pub mod base;\npub mod top;\n";
    let build = ("build.rs", "fn main() {\n    println!(\"cargo:rustc-env=STAMP=1\");\n}\n");
    type Files<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(&str, &str, Files<'_>, &[&str])] = &[
        (
            "mod deep {\n    pub(super) fn near() {}\n    pub(in crate::base) fn far() {}\n    fn own() {}\n}\n\
             pub(crate) fn wide() {\n    deep::near();\n    deep::far();\n}\npub struct Room {\n    pub(crate) beds: u8,\n}\n",
            "pub fn t(r: crate::base::Room) -> u8 {\n    crate::base::wide();\n    r.beds\n}\n",
            &[],
            &[
                "widen inn-base: inn::base::wide:6 [pub(crate)]",
                "widen inn-base: inn::base::Room::beds:11 [pub(crate)]",
            ],
        ),
        (
            "macro_rules! twice {\n    ($x:expr) => {\n        $x + $x\n    };\n}\npub(crate) use twice;\n",
            "pub fn t() -> u8 {\n    crate::base::twice!(2)\n}\n",
            &[],
            &["export-macro inn-base: inn::base::twice:1", "widen inn-base: inn::base::twice:6 [pub(crate)]"],
        ),
        (
            "pub const TEXT: &str = include_str!(\"text.txt\");\npub const STAMP: &str = env!(\"STAMP\");\n",
            "pub fn t() -> usize {\n    crate::base::TEXT.len()\n}\n",
            &[("src/text.txt", "."), build],
            &["build-script inn-base: inn::base::STAMP:2", "move-file inn-base: inn::base::TEXT:1"],
        ),
    ];
    for (base, top, others, expected) in cases {
        let own = [("src/lib.rs", lib), ("src/base.rs", base), ("src/top.rs", top)];
        let report = judged(&[&own[..], others].concat());
        let found = boundary_work(&report);
        assert_eq!(found, *expected, "{base}");
    }
}

#[test]
fn a_visibility_is_named_as_it_is_written() {
    let base = "pub mod deep {\n    pub(super) fn own() {}\n    pub(in crate::base) fn far() {}\n    pub(crate) fn wide() {}\n}\npub fn f() {\n    \
                deep::own();\n    deep::far();\n    deep::wide();\n}\n";
    let fixture = repository(&[("src/lib.rs", "pub mod base;\n"), ("src/base.rs", base)]);
    fs::write(fixture.path("plan.toml"), plan("inn", "\"inn::base::deep\"")).unwrap();
    let report = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--format", "json"]).json();
    assert_eq!(
        boundary_work(&report),
        [
            "widen inn-base: inn::base::deep::own:2 [pub(super)]",
            "widen inn-base: inn::base::deep::far:3 [pub(super)]",
            "widen inn-base: inn::base::deep::wide:4 [pub(crate)]",
        ]
    );
}

/// `kind file:line places` of what changes without an error.
fn silent(report: &Value) -> Vec<String> {
    let show = |change: &Value| {
        assert_eq!(change["crate"], "inn-base");
        let text = |field: &str| change[field].as_str().unwrap().to_owned();
        assert!(!text("detail").is_empty());
        format!("{} {}:{} {}", text("kind"), text("file"), change["line"], change["places"])
    };
    list(report, "silent").iter().map(show).collect()
}

#[test]
fn what_changes_without_an_error_is_listed() {
    let root = "pub mod base;\npub mod top;\n";
    let cases: &[(&str, &str, &[&str])] = &[
        (root, "pub fn f() {}\n", &[]),
        // Registries: by path, by import, as an attribute of a static, a function, a trait and an impl.
        (root, "pub struct P;\ninventory::submit! { P }\n", &["link-time-registry src/base.rs:2 1"]),
        (
            root,
            "use linkme::distributed_slice;\n/// All.\n#[distributed_slice]\npub static ALL: [u8];\n",
            &["link-time-registry src/base.rs:3 1"],
        ),
        (root, "#[ctor::ctor]\nfn init() {}\n", &["link-time-registry src/base.rs:1 1"]),
        (
            root,
            "#[typetag::serde]\npub trait T {}\npub struct P;\n#[typetag::serde]\nimpl T for P {}\n",
            &["link-time-registry src/base.rs:1 1", "link-time-registry src/base.rs:4 1"],
        ),
        // A macro of the same name that is ours is none, nor is a comment or a text.
        (
            root,
            "macro_rules! submit { () => {} }\nsubmit!();\n// inventory::submit! {}\nconst T: &str = \"module_path!()\";\n",
            &[],
        ),
        (root, "pub const P: &str = module_path!();\n", &["module-path src/base.rs:1 1"]),
        // Of log calls the first of a crate, and how many; not those with a target of their own.
        (
            root,
            "use tracing::{info, warn};\npub fn f() {\n    info!(\"a\");\n    warn!(target: \"inn\", \"b\");\n    log::error!(\"c\");\n}\n",
            &["log-target src/base.rs:3 2"],
        ),
        (
            "#[macro_use]\nextern crate log;\npub mod base;\n",
            "pub fn f() { debug!(\"a\"); }\n",
            &["log-target src/base.rs:1 1"],
        ),
        (root, "pub fn f() { println!(\"a\"); }\n", &[]),
        // Snapshots in files; one that is written in the call moves along.
        (
            root,
            "pub fn f() {}\n#[cfg(test)]\nmod tests {\n    use insta::assert_snapshot;\n    #[test]\n    fn t() {\n        assert_snapshot!(\"a\", @\"a\");\n        \
             assert_snapshot!(\"a\");\n        insta::assert_debug_snapshot!(1);\n    }\n}\n",
            &["test-data src/base.rs:8 2"],
        ),
        (
            root,
            "pub const V: &str = env!(\"CARGO_PKG_VERSION\");\npub const D: &str = env!(\"CARGO_MANIFEST_DIR\");\npub const H: Option<&str> = option_env!(\"HASH\");\npub const X: &str = env!(\"HASH\");\n",
            &[
                "package-variable src/base.rs:1 1",
                "manifest-dir src/base.rs:2 1",
                "build-variable src/base.rs:3 1",
            ],
        ),
        (
            root,
            "pub async fn f() { sqlx::query!(\"a\"); sqlx::query_as!(P, \"b\"); sqlx::migrate!(); }\n",
            &["manifest-dir src/base.rs:1 1", "offline-queries src/base.rs:1 2"],
        ),
        (
            root,
            "/// Text.\n/// ```\n/// inn::base::f();\n/// std::mem::drop(1);\n/// ```\npub fn f() {}\n",
            &["doc-test src/base.rs:3 1"],
        ),
    ];
    for (lib, base, expected) in cases {
        let files = [
            ("src/lib.rs", *lib),
            ("src/base.rs", *base),
            ("src/top.rs", "pub const V: &str = module_path!();\n"),
        ];
        assert_eq!(silent(&judged(&files)), *expected, "{base}");
    }
}

#[test]
fn what_changes_without_an_error_is_said_in_short() {
    let base = "pub fn f() {\n    log::info!(\"a\");\n}\npub const V: &str = env!(\"CARGO_PKG_VERSION\");\npub const N: &str = env!(\"CARGO_PKG_NAME\");\npub const M: &str = module_path!();\n";
    let fixture = repository(&[("src/lib.rs", "pub mod base;\n"), ("src/base.rs", base)]);
    fs::write(fixture.path("plan.toml"), plan("inn", "\"inn::base\"")).unwrap();
    let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml", "--scenario", "clean"]).success();
    let text: Vec<&str> = answer.stdout.split_whitespace().collect();
    let text = text.join(" ");
    assert!(text.contains("`module_path!()` begins with `inn_base` then (src/base.rs:6)"), "{text}");
    assert!(text.contains("and 2 more, see --format json"), "{text}");
}

/// `name -> what to write @ crate: file:line …` of names that come through a module of imports.
fn other_paths(report: &Value) -> Vec<String> {
    let show = |path: &Value| {
        let places = path["places"].as_array().unwrap().iter();
        let places: Vec<String> =
            places.map(|place| format!("{}:{}", place["file"].as_str().unwrap(), place["line"])).collect();
        let write = path["write"].as_str().unwrap_or("?");
        let (name, krate) = (path["name"].as_str().unwrap(), path["crate"].as_str().unwrap());
        format!("{name} -> {write} @ {krate}: {}", places.join(" "))
    };
    list(report, "other_paths").iter().map(show).collect()
}

#[test]
fn names_of_modules_that_only_import_them_need_another_path() {
    let manifest = format!("{MANIFEST}[dependencies]\nspec = {{ path = \"spec\" }}\n[workspace]\n");
    let spec = "[package]\nname = \"spec\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let root = "pub mod base;\npub mod top;\n";
    let top = "pub(crate) use spec::Error as SpecError;\npub use std::collections::HashMap;\npub use crate::base::Guest;\n\
               pub use spec::codes as numbers;\npub fn t() -> Guest {\n    crate::base::guest()\n}\n";
    let guest = "pub struct Guest;\npub fn guest() -> Guest {\n    Guest\n}\n";
    let cases: &[(&str, &str, &[&str])] = &[
        // By an import, by a path, renamed, and by a module on the path.
        (
            root,
            "use crate::top::SpecError;\npub fn f(_: SpecError) {}\n",
            &["inn::top::SpecError -> spec::Error @ inn-base: src/base.rs:5"],
        ),
        (
            root,
            "pub fn f(_: crate::top::SpecError, _: super::top::HashMap<u8, u8>) {}\n",
            &[
                "inn::top::HashMap -> std::collections::HashMap @ inn-base: src/base.rs:5",
                "inn::top::SpecError -> spec::Error @ inn-base: src/base.rs:5",
            ],
        ),
        (
            root,
            "use crate::top::SpecError as E;\npub fn f(_: E) {}\n",
            &["inn::top::SpecError -> spec::Error @ inn-base: src/base.rs:5"],
        ),
        (
            root,
            "pub fn f() -> u8 {\n    crate::top::numbers::LOW\n}\n",
            &["inn::top::numbers -> spec::codes @ inn-base: src/base.rs:6"],
        ),
        (
            root,
            "pub fn f() -> u8 {\n    use crate::top;\n    top::numbers::LOW\n}\n",
            &["inn::top::numbers -> spec::codes @ inn-base: src/base.rs:7"],
        ),
        // Its own item by way of what stays above.
        (
            root,
            "pub mod deep {\n    pub fn f(_: crate::top::Guest) {}\n}\n",
            &["inn::top::Guest -> inn::base::Guest @ inn-base: src/base.rs:6"],
        ),
        // By a glob, where it is used.
        (
            root,
            "use crate::top::*;\npub fn f(_: SpecError) {}\n",
            &["inn::top::SpecError -> spec::Error @ inn-base: src/base.rs:6"],
        ),
        // Through two modules of imports: that of the new crate is one's own.
        (
            "pub mod base;\npub mod top;\npub(crate) use top::SpecError;\n",
            "use crate::SpecError;\npub fn f(_: SpecError) {}\n",
            &["inn::SpecError -> spec::Error @ inn-base: src/base.rs:5"],
        ),
        (
            root,
            "mod names {\n    pub(super) use crate::top::SpecError;\n}\nuse names::SpecError;\npub fn f(_: SpecError) {}\n",
            &["inn::top::SpecError -> spec::Error @ inn-base: src/base.rs:6"],
        ),
        // Directly, or not at all.
        (
            root,
            "use spec::Error;\nuse std::collections::HashMap;\npub fn f(_: Error, _: HashMap<u8, Guest>) {}\n",
            &[],
        ),
    ];
    for (root, base, expected) in cases {
        let base = format!("{guest}{base}");
        let files = [
            ("Cargo.toml", manifest.as_str()),
            ("spec/Cargo.toml", spec),
            ("spec/src/lib.rs", "pub struct Error;\npub mod codes {\n    pub const LOW: u8 = 1;\n}\n"),
            ("src/lib.rs", root),
            ("src/base.rs", &base),
            ("src/top.rs", top),
        ];
        let report = judged(&files);
        assert_eq!(other_paths(&report), *expected, "{base}");
        let of_spec = expected.iter().any(|path| path.contains("-> spec::")) || base.contains("use spec::");
        let needs = list(&report, "crates")[0]["dependencies"].as_array().cloned().unwrap_or_default();
        assert_eq!(needs.iter().any(|need| need["package"] == "spec"), of_spec, "{base}: {needs:?}");
        let work = boundary_work(&report);
        assert_eq!(
            work.iter().filter(|work| work.starts_with("other-path ")).count(),
            expected.len(),
            "{work:?}"
        );
    }
}

#[test]
fn an_import_that_moves_along_is_found_by_other_crates_if_it_is_public() {
    let root = "pub mod base;\npub mod top;\n";
    let top = "pub fn t(_: crate::base::Text) {\n    crate::base::f();\n}\n";
    for (import, expected) in [
        ("pub use std::string::String as Text;", &[][..]),
        (
            "pub(crate) use std::string::String as Text;",
            &["inn::base::Text -> std::string::String @ inn: src/top.rs:1"],
        ),
    ] {
        let base = format!("{import}\npub fn f() {{}}\n");
        let report = judged(&[("src/lib.rs", root), ("src/base.rs", &base), ("src/top.rs", top)]);
        assert_eq!(other_paths(&report), *expected, "{import}");
    }
}

#[test]
fn a_package_with_links_says_where_they_stay() {
    let linked = format!("{MANIFEST}links = \"z\"\n");
    for (manifest, said) in [(MANIFEST, false), (linked.as_str(), true)] {
        let report = judged(&[
            ("Cargo.toml", manifest),
            ("build.rs", "fn main() {}\n"),
            ("src/lib.rs", "pub mod base;\npub mod top;\n"),
            ("src/base.rs", "include!(concat!(env!(\"OUT_DIR\"), \"/t.rs\"));\npub fn f() {}\n"),
            ("src/top.rs", "pub fn t() {\n    crate::base::f();\n}\n"),
        ]);
        let edits = list(&report, "edits");
        let edit = edits.iter().find(|edit| edit["kind"] == "build-script").unwrap();
        let detail = edit["detail"].as_str().unwrap();
        assert_eq!(detail.contains("`links = \"z\"` stays in one of the two manifests"), said, "{detail}");
    }
}

/// `file: +line … keeps` of the manifests of users, if these depend on the crates that they use.
fn manifests(files: &[(&str, &str)]) -> Vec<String> {
    let fixture = repository(files);
    fs::write(fixture.path("plan.toml"), plan("inn", "\"inn::base\"")).unwrap();
    let ask = ["what-if", ".", "--plan", "plan.toml", "--direct-users", "--format", "json"];
    let report = fixture.run(&ask).json();
    let edits = list(&report, "edits");
    let show = |edit: &Value| {
        let manifest = &edit["manifest"];
        let mut text = manifest["file"].as_str().unwrap().to_owned();
        for table in ["dependencies", "dev_dependencies", "build_dependencies"] {
            for line in manifest[table].as_array().into_iter().flatten() {
                text += &format!("\n{table}: {}", line.as_str().unwrap());
            }
        }
        format!("{text}\nkeeps: {}", manifest["keeps_in"].as_str().unwrap_or("-"))
    };
    edits.iter().filter(|edit| edit["kind"] == "user-manifest").map(show).collect()
}

#[test]
fn manifests_of_users_get_what_they_use() {
    let own = format!("{MANIFEST}[features]\nfast = []\nslow = []\n");
    let root = "pub mod base;\npub mod top;\npub use std::collections::HashMap as Map;\n";
    let base = "pub use std::collections::HashSet as Set;\npub fn f() {}\n#[cfg(feature = \"fast\")]\npub fn g() {}\n";
    let top = "pub fn t() {\n    crate::base::f();\n}\n";
    let test = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        inn::BODY();\n    }\n}\n";
    let cases: &[(&str, &str, &str)] = &[
        (
            "",
            "pub fn u() {\n    inn::base::f();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: -",
        ),
        (
            "",
            "pub fn u() {\n    inn::base::f();\n    inn::top::t();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: dependencies",
        ),
        (
            ", default-features = false, features = [\"fast\", \"slow\"]",
            "pub fn u() {\n    inn::base::f();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\", default-features = false, features = [\"fast\"] }\nkeeps: -",
        ),
        (
            "",
            &format!("pub fn u() {{\n    inn::base::f();\n}}\n{}", test.replace("BODY", "top::t")),
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: dev-dependencies",
        ),
        (
            "",
            &format!("pub fn u() {{\n    inn::top::t();\n}}\n{}", test.replace("BODY", "base::f")),
            "dev_dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: dependencies",
        ),
        ("", "pub fn u() {\n    inn::top::t();\n}\n", ""),
        // What the package has from elsewhere, by its own re-exports, stays with it.
        (
            "",
            "pub fn u(_: inn::Map<u8, u8>) {\n    inn::base::f();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: dependencies",
        ),
        (
            "",
            "use inn::*;\npub fn u(_: Map<u8, u8>) {\n    base::f();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: dependencies",
        ),
        (
            "",
            "pub fn u(_: inn::base::Set<u8>) {\n    inn::base::f();\n}\n",
            "dependencies: inn-base = { path = \"../inn-base\" }\nkeeps: -",
        ),
    ];
    for (more, user, expected) in cases {
        let manifest = format!(
            "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ninn = {{ path = \"../inn\"{more} }}\n"
        );
        let found = manifests(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"inn\", \"user\"]\nresolver = \"2\"\n"),
            ("inn/Cargo.toml", &own),
            ("inn/src/lib.rs", root),
            ("inn/src/base.rs", base),
            ("inn/src/top.rs", top),
            ("user/Cargo.toml", &manifest),
            ("user/src/lib.rs", user),
        ]);
        let expected: Vec<String> = Some(*expected)
            .filter(|text| !text.is_empty())
            .map(|text| format!("user/Cargo.toml\n{text}"))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{user}");
    }
}

#[test]
fn what_an_edit_moves_becomes_visible_where_it_was() {
    let lib = "#[macro_use]\nmod kit;\npub mod base;\npub mod top;\n";
    let kit = "macro_rules! two {\n    ($x:expr) => {\n        ($x, $x)\n    };\n}\n";
    let users = |of: &str| {
        (0..12).map(|i| format!("pub fn {of}{i}() -> u8 {{\n    {i} + f()\n}}\n")).collect::<String>()
    };
    let base = format!(
        "use crate::top::{{Conf, LIMIT}};\npub fn f() -> u8 {{\n    LIMIT + Conf::new().n + two!(1u8).0\n}}\n{}",
        users("b")
    );
    let own = "pub(crate) const LIMIT: u8 = 3;\npub(crate) struct Conf {\n    pub(crate) n: u8,\n}\nimpl Conf {\n    \
               pub(crate) fn new() -> Conf {\n        Conf { n: 1 }\n    }\n}\nuse crate::base::f;\n";
    let crossing = "pub fn g() -> u8 {\n    LIMIT + Conf::new().n + two!(2u8).1\n}\n";
    for (uses, expected) in [
        ("", &[][..]),
        (
            crossing,
            &[
                "widen inn-base: inn::top::LIMIT:1 [pub(crate)]",
                "widen inn-base: inn::top::Conf:2 [pub(crate)]",
                "widen inn-base: inn::top::Conf::n:3 [pub(crate)]",
                "widen inn-base: inn::top::Conf::new:6 [pub(crate)]",
                "export-macro inn-base: inn::kit::two:1",
            ],
        ),
    ] {
        let top = format!("{own}{}{uses}", users("t"));
        let report =
            judged(&[("src/lib.rs", lib), ("src/kit.rs", kit), ("src/base.rs", &base), ("src/top.rs", &top)]);
        let mut moved: Vec<String> = list(&report, "edits")
            .iter()
            .filter(|edit| edit["kind"] == "move-items")
            .map(|edit| edit["items"][0]["item"].as_str().unwrap().to_owned())
            .collect();
        moved.sort_unstable();
        assert_eq!(moved, ["inn::kit::two", "inn::top::Conf", "inn::top::LIMIT"]);
        let (mut found, mut expected) = (boundary_work(&report), expected.to_vec());
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{uses}");
    }
}
