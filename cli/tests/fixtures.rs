//! The real binary on the workspaces of `fixtures/`: what their READMEs promise, what it says on one screen, and what
//! it makes of broken input.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::collections::BTreeSet;
use std::fs;

use run::{Answer, Fixture};
use serde_json::Value;

/// The names in a JSON array of strings.
fn names(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// The elements of an array.
fn all(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn package<'a>(report: &'a Value, name: &str) -> &'a Value {
    all(&report["packages"]).iter().find(|p| p["name"] == name).unwrap_or_else(|| panic!("no package {name}"))
}

fn verdict<'a>(report: &'a Value, name: &str) -> &'a str {
    package(report, name)["verdict"]["kind"].as_str().unwrap()
}

/// The position in the order of crates (dependencies first) of the crate that takes this module or item.
fn crate_with(plan: &Value, path: &str) -> usize {
    let takes = |krate: &Value| {
        let listed = |field: &str| names(&krate[field]).into_iter().any(|name| name == path);
        listed("modules") || listed("items")
    };
    let crates = all(&plan["crates"]);
    crates.iter().position(takes).unwrap_or_else(|| {
        crates.iter().position(|krate| krate["residual"] == true).expect("one crate stays")
    })
}

/// No crate of a plan needs one that comes after it: a DAG.
fn assert_acyclic(plan: &Value) {
    let crates = all(&plan["crates"]);
    let order: Vec<&str> = crates.iter().map(|krate| krate["name"].as_str().unwrap()).collect();
    for (index, krate) in crates.iter().enumerate() {
        for dependency in names(&krate["depends_on"]) {
            let before = order[..index].contains(&dependency);
            assert!(before, "{} depends on {dependency}, which does not come before it", order[index]);
        }
    }
}

/// The advice for a package with a plan of so many crates.
fn plan_of(fixture: &Fixture, name: &str, crates: usize) -> Value {
    let count = crates.to_string();
    let report =
        fixture.run(&["analyze", ".", "--package", name, "--crates", &count, "--format", "json"]).json();
    package(&report, name).clone()
}

#[test]
fn shop_has_a_legal_plan_whatever_the_verdict() {
    let fixture = Fixture::copy("shop");
    for crates in 3..=6 {
        let report = plan_of(&fixture, "shop", crates);
        let plan = &report["plan"];
        let holds_code = |krate: &&Value| krate["residual"] == false || krate["lines"] != 0;
        assert_eq!(all(&plan["crates"]).iter().filter(holds_code).count(), crates);
        assert_acyclic(plan);
        for cut in all(&plan["cuts"]) {
            assert!(
                cut["line"].as_u64().unwrap() > 0 && !cut["detail"].as_str().unwrap().is_empty(),
                "{cut}"
            );
            assert!(fixture.path(cut["file"].as_str().unwrap()).is_file(), "{cut}");
            let from = cut["from"].as_str().unwrap();
            assert!(!from.starts_with("shop::catalog::search::tests"), "a test-only edge is cut: {cut}");
        }
    }
}

#[test]
fn shop_moves_its_error_type_below_everything_that_uses_it() {
    let fixture = Fixture::copy("shop");
    let report = plan_of(&fixture, "shop", 5);
    let plan = &report["plan"];
    let error = crate_with(plan, "shop::Error");
    for domain in ["catalog", "customers", "orders", "billing", "shipping", "reporting"] {
        assert!(error <= crate_with(plan, &format!("shop::{domain}")), "{domain} lies below the error type");
    }
    let cut = |cut: &&Value| cut["to"] == "shop::Error";
    assert_eq!(all(&plan["cuts"]).iter().find(cut), None, "the error type is to be moved, not cut");
}

#[test]
fn shop_s_pinned_impl_takes_what_it_needs_down_with_it() {
    let report = plan_of(&Fixture::copy("shop"), "shop", 4);
    let plan = &report["plan"];
    let catalog = crate_with(plan, "shop::catalog");
    // The module goes with most of its code, the `impl`, which lies with its type.
    assert_eq!(crate_with(plan, "shop::reporting::labels"), catalog);
    let of_labels = |cut: &&Value| cut["to"].as_str().unwrap().starts_with("shop::reporting::labels");
    assert_eq!(all(&plan["cuts"]).iter().find(of_labels), None);
    assert!(catalog < crate_with(plan, "shop::reporting"));
}

#[test]
fn shop_s_real_cycle_stays_in_one_crate_or_is_cut() {
    for crates in 3..=6 {
        let report = plan_of(&Fixture::copy("shop"), "shop", crates);
        let plan = &report["plan"];
        let together = crate_with(plan, "shop::orders") == crate_with(plan, "shop::billing");
        let is_cut = all(&plan["cuts"]).iter().any(|cut| {
            let between =
                |cut: &Value, side: &str, domain: &str| cut[side].as_str().unwrap().starts_with(domain);
            between(cut, "from", "shop::orders") && between(cut, "to", "shop::billing")
                || between(cut, "from", "shop::billing") && between(cut, "to", "shop::orders")
        });
        assert!(together || is_cut, "{crates} crates: {plan:#}");
    }
}

#[test]
fn shop_s_couplings_are_found_where_they_were_planted() {
    let fixture = Fixture::copy("shop");
    let explain = |from: &str, to: &str| {
        fixture.run(&["explain", ".", "--from", from, "--to", to, "--format", "json"]).success().stdout
    };
    for (from, to, place) in [
        ("shop::orders", "shop::billing", "src/orders/order.rs"),
        ("shop::billing", "shop::orders", "src/billing/ledger.rs"),
        ("shop::shipping", "shop::reporting", "src/shipping/parcel.rs"),
        ("shop::orders", "shop::Shop", "src/orders/checkout.rs"),
        ("shop::shipping", "shop::billing", "src/shipping/rates.rs"),
    ] {
        let text = explain(from, to);
        assert!(text.contains(place), "{from} → {to}: {place} is not in\n{text}");
    }
}

#[test]
fn shop_s_test_edge_is_marked() {
    let graph = Fixture::copy("shop").run(&["graph", ".", "--level", "file", "--format", "json"]).json();
    let id = |path: &str| all(&graph["nodes"]).iter().find(|n| n["path"] == path).unwrap()["id"].clone();
    let edge = |from: &str, to: &str| {
        let (from, to) = (id(from), id(to));
        all(&graph["edges"]).iter().find(|e| e["from"] == from && e["to"] == to).cloned()
    };
    let test = edge("src/catalog/search.rs", "src/orders/testing.rs").unwrap();
    assert_eq!(test["weight"], test["test_weight"]);
    // Through the facade and two globs, to where things are defined.
    assert!(edge("src/reporting/sales.rs", "src/orders/book.rs").is_some());
    assert_eq!(edge("src/reporting/sales.rs", "src/prelude.rs"), None);
    assert!(edge("src/orders/discount.rs", "src/money/amount.rs").is_some());
    // `NUMBERS` is named only in the body of a macro.
    assert!(edge("src/macros.rs", "src/lib.rs").is_some());
}

#[test]
fn tidy_is_kept() {
    let report = Fixture::copy("tidy").run(&["analyze", ".", "--format", "json"]).json();
    for name in ["geometry", "report", "route", "sensors", "survey"] {
        assert_eq!(verdict(&report, name), "keep", "{name}");
    }
    let [survey] = all(&report["deployables"]) else { panic!("{}", report["deployables"]) };
    let mut needed = names(&survey["packages"]);
    needed.sort_unstable();
    assert_eq!(needed, ["geometry", "report", "route", "sensors", "survey"]);
}

#[test]
fn tidy_s_packages_know_only_what_they_need() {
    let graph = Fixture::copy("tidy").run(&["graph", ".", "--level", "crate", "--format", "json"]).json();
    let name = |id: &Value| all(&graph["nodes"]).iter().find(|n| n["id"] == *id).unwrap()["package"].clone();
    let edges: Vec<(Value, Value)> =
        all(&graph["edges"]).iter().map(|e| (name(&e["from"]), name(&e["to"]))).collect();
    for (from, to) in [("route", "sensors"), ("sensors", "route"), ("geometry", "route")] {
        assert!(!edges.contains(&(from.into(), to.into())), "{from} → {to}");
    }
    assert!(edges.contains(&("report".into(), "route".into())), "{edges:?}");
}

#[test]
fn services_differ_in_what_they_need() {
    let report = Fixture::copy("services").run(&["analyze", ".", "--format", "json"]).json();
    let needs = |name: &str| {
        let found = all(&report["deployables"]).iter().find(|d| d["name"] == name);
        names(&found.unwrap_or_else(|| panic!("{name} is not deployable"))["packages"]).join(" ")
    };
    assert_eq!(needs("api"), "api contracts pricing");
    assert_eq!(needs("worker"), "contracts storage worker");
    assert_eq!(needs("compact"), "contracts storage worker");
    for name in ["api", "contracts", "pricing", "storage", "worker"] {
        assert_eq!(verdict(&report, name), "keep", "{name}");
    }
    let modules = |name: &str| {
        let found = all(&report["deployables"]).iter().find(|d| d["name"] == name).unwrap();
        names(&found["modules"]).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let needs_module = |name: &str, module: &str| modules(name).iter().any(|m| m == module);
    for (name, module, needed) in [
        ("compact", "storage::log", true),
        ("compact", "worker", false),
        ("worker", "compact", false),
        ("api", "storage::log", false),
    ] {
        assert_eq!(needs_module(name, module), needed, "{name}, {module}: {:?}", modules(name));
    }
}

#[test]
fn tangled_is_to_be_untangled_first() {
    let fixture = Fixture::copy("tangled");
    let report = fixture.run(&["analyze", ".", "--format", "json"]).json();
    let advice = package(&report, "tangled");
    assert_eq!(advice["verdict"]["kind"], "untangle-first");
    let causes: Vec<&Value> = all(&advice["verdict"]["causes"]).iter().map(|cause| &cause["kind"]).collect();
    assert_eq!(causes, ["pays", "tangled"]);
    // Macros make what the books cost; their lines would not say so.
    let books = ["annals", "armoury", "atlas", "bestiary", "census", "herbal", "hymnal", "tithes"];
    let plan = &advice["plan"];
    assert_acyclic(plan);
    let with_books: BTreeSet<usize> =
        books.iter().map(|book| crate_with(plan, &format!("tangled::{book}"))).collect();
    assert!(!with_books.contains(&crate_with(plan, "tangled::actor")), "{plan:#}");
    let share: f64 =
        with_books.iter().map(|&index| plan["crates"][index]["cost_share"].as_f64().unwrap()).sum();
    assert!(share > 0.9, "{share}");
    let cuts = all(&plan["cuts"]);
    let is_book = |side: &Value| {
        books.iter().any(|book| side.as_str().unwrap().starts_with(&format!("tangled::{book}::")))
    };
    assert!(!cuts.is_empty() && cuts.iter().all(|cut| is_book(&cut["from"]) != is_book(&cut["to"])));
}

#[test]
fn a_saving_below_what_is_asked_for_is_none() {
    let fixture = Fixture::copy("tangled");
    let report = fixture
        .run(&["analyze", ".", "--min-saving", "60", "--package", "tangled", "--format", "json"])
        .json();
    let verdict = &package(&report, "tangled")["verdict"];
    assert_eq!((&verdict["kind"], &verdict["causes"][0]["kind"]), (&"keep".into(), &"below-noise".into()));
    assert_refused(&fixture.run(&["analyze", ".", "--min-saving=-1"]), "seconds");
    assert_refused(&fixture.run(&["analyze", ".", "--min-saving=nan"]), "seconds");
}

#[test]
fn tangled_in_four_has_cuts_by_hand() {
    let package = plan_of(&Fixture::copy("tangled"), "tangled", 4);
    assert_ne!(package["verdict"]["kind"], "split");
    assert_acyclic(&package["plan"]);
    let cuts = all(&package["plan"]["cuts"]);
    assert!(cuts.len() >= 10, "only {} cuts", cuts.len());
    let by_hand = |cut: &&Value| cut["fix"] == "split-impl" || cut["fix"] == "invert-through-trait";
    assert!(cuts.iter().any(|cut| by_hand(&cut)), "{cuts:?}");
}

#[test]
fn two_runs_are_identical() {
    for name in ["shop", "tangled", "services"] {
        let fixture = Fixture::copy(name);
        let run = || fixture.run(&["analyze", ".", "--format", "json"]).success().stdout;
        assert!(run() == run(), "{name}");
    }
}

/// Broken input: what it says (on stderr, with the path), and what is analysed all the same.
#[test]
fn broken_input_is_named_and_the_rest_goes_on() {
    for (name, path, said, left) in [
        ("broken-manifest", "bad/Cargo.toml", "3", "good"),
        ("missing-member", "Cargo.toml", "not-here", "here"),
        ("missing-module", "src/lib.rs:5", "gone", "missing-module"),
        ("syntax-error", "src/broken.rs:", "", "syntax-error"),
        ("non-utf8", "src/latin.rs:1", "UTF-8", "non-utf8"),
        ("broken-lock", "Cargo.lock", "", "broken-lock"),
    ] {
        let fixture = Fixture::copy(&format!("invalid/{name}"));
        let answer = fixture.run(&["analyze", ".", "--format", "json"]);
        assert_eq!(answer.code, 0, "{name}: {}", answer.stderr);
        assert!(answer.stderr.contains(path) && answer.stderr.contains(said), "{name}: {}", answer.stderr);
        package(&answer.json(), left);
        let strict = fixture.run(&["analyze", ".", "--strict"]);
        assert_eq!(strict.code, 2, "{name} with --strict: {}", strict.stderr);
        assert!(strict.stderr.contains(path), "{name} with --strict: {}", strict.stderr);
    }
}

#[test]
fn packages_of_one_name_in_two_workspaces_are_both_analysed() {
    let report = Fixture::copy("invalid/duplicate-names").run(&["analyze", ".", "--format", "json"]).json();
    let manifests: Vec<_> =
        all(&report["packages"]).iter().map(|p| p["manifest"].as_str().unwrap()).collect();
    assert_eq!(manifests, ["one/Cargo.toml", "two/Cargo.toml"]);
    let said =
        |d: &Value| d["code"] == "duplicate-package" && d["message"].as_str().unwrap().contains("twin");
    assert!(all(&report["diagnostics"]).iter().any(said), "{}", report["diagnostics"]);
}

#[test]
fn input_without_a_package_is_refused() {
    for (name, said) in [("only-broken", "Cargo.toml"), ("no-manifest", "no Cargo.toml")] {
        let answer = Fixture::copy(&format!("invalid/{name}")).run(&["analyze", "."]);
        assert_refused(&answer, said);
    }
    assert_refused(&Fixture::empty().run(&["analyze", "."]), "no Cargo.toml");
    assert_refused(&Fixture::empty().run(&["analyze", "not/here"]), "not/here");
    let fixture = Fixture::copy("tidy");
    assert_refused(&fixture.run(&["analyze", "Cargo.lock"]), "Cargo.lock");
    assert_refused(&fixture.run(&["analyze", ".", "--package", "nothing"]), "nothing");
    assert_refused(&fixture.run(&["analyze", ".", "--no-such-option"]), "--no-such-option");
}

#[test]
fn a_package_without_sources_is_no_reason_to_panic() {
    let answer = Fixture::copy("invalid/no-target").run(&["analyze", "."]);
    assert_eq!(answer.code, 0, "{answer:?}");
    assert!(answer.stderr.contains("Cargo.toml"), "{answer:?}");
}

fn assert_refused(answer: &Answer, said: &str) {
    assert_eq!(answer.code, 2, "{answer:?}");
    assert!(answer.stderr.contains(said), "`{said}` is not in {answer:?}");
    assert_eq!(answer.stdout, "", "data in spite of a failure");
}

/// Input that can't be kept in a repository.
#[cfg(unix)]
mod made {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// The tidy workspace with one more module in `geometry`.
    fn with_module(name: &str, text: &str) -> Fixture {
        let fixture = Fixture::copy("tidy");
        let root = fixture.path("crates/geometry/src/lib.rs");
        let old = fs::read_to_string(&root).unwrap();
        fs::write(&root, format!("{old}\nmod {name};\n")).unwrap();
        fs::write(fixture.path(&format!("crates/geometry/src/{name}.rs")), text).unwrap();
        fixture
    }

    fn assert_goes_on(fixture: &Fixture, said: &str) {
        let answer = fixture.run(&["analyze", ".", "--format", "json"]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        assert!(answer.stderr.contains(said), "`{said}` is not in {}", answer.stderr);
        for name in ["geometry", "route", "survey"] {
            package(&answer.json(), name);
        }
    }

    /// Thirty files behind a `cfg` that is off are told, and with it on they are not.
    #[test]
    fn a_library_of_which_most_is_left_out() {
        let fixture = Fixture::copy("tidy");
        let root = fixture.path("crates/geometry/src/lib.rs");
        let mut text = fs::read_to_string(&root).unwrap();
        for i in 0..30 {
            text += &format!("\n#[cfg(chip)]\nmod part{i};\n");
            let part = fixture.path(&format!("crates/geometry/src/part{i}.rs"));
            fs::write(part, "pub fn f() {}\n").unwrap();
        }
        fs::write(&root, text).unwrap();
        let said = "files of `geometry` are left out";
        let off = fixture.run(&["analyze", "."]);
        assert!(off.stderr.contains("crates/geometry/src/lib.rs: 30 of "), "{}", off.stderr);
        assert!(off.stderr.contains(said), "{}", off.stderr);
        let on = fixture.run(&["analyze", ".", "--cfg", "chip"]);
        assert!(!on.stderr.contains(said), "{}", on.stderr);
    }

    #[test]
    fn deep_nesting() {
        let deep = format!("fn f() -> u32 {{ {}1{} }}\n", "(".repeat(10_000), ")".repeat(10_000));
        assert_goes_on(&with_module("deep", &deep), "crates/geometry/src/deep.rs");
        let blocks = format!("fn f() {{ {}{} }}\n", "{".repeat(10_000), "}".repeat(10_000));
        assert_goes_on(&with_module("deep", &blocks), "crates/geometry/src/deep.rs");
    }

    #[test]
    fn a_loop_of_symbolic_links() {
        let fixture = Fixture::copy("tidy");
        symlink(fixture.path("crates"), fixture.path("crates/geometry/again")).unwrap();
        symlink(fixture.path("crates/route/src/self.rs"), fixture.path("crates/route/src/self.rs")).unwrap();
        let answer = fixture.run(&["analyze", ".", "--format", "json"]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        assert_eq!(all(&answer.json()["packages"]).len(), 5);
    }

    #[test]
    fn a_module_that_is_a_link_to_itself() {
        let fixture = with_module("round", "");
        let path = fixture.path("crates/geometry/src/round.rs");
        fs::remove_file(&path).unwrap();
        symlink(&path, &path).unwrap();
        assert_goes_on(&fixture, "crates/geometry/src/");
    }

    #[test]
    fn an_unreadable_file() {
        let fixture = with_module("secret", "pub fn f() {}\n");
        let path = fixture.path("crates/geometry/src/secret.rs");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Root reads it all the same; then there is nothing to report.
        if fs::read(&path).is_err() {
            assert_goes_on(&fixture, "crates/geometry/src/secret.rs");
        }
    }

    #[test]
    fn a_directory_in_place_of_a_file() {
        let fixture = with_module("folder", "");
        let path = fixture.path("crates/geometry/src/folder.rs");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_goes_on(&fixture, "crates/geometry/src/");
    }

    /// A file that vanishes between the walk and its reading looks like a broken link: listed, but not there.
    #[test]
    fn a_file_that_vanishes() {
        let fixture = with_module("ghost", "");
        let path = fixture.path("crates/geometry/src/ghost.rs");
        fs::remove_file(&path).unwrap();
        symlink(fixture.path("nowhere.rs"), &path).unwrap();
        assert_goes_on(&fixture, "ghost");
    }
}

#[test]
fn nothing_is_written_outside_of_out() {
    let fixture = Fixture::copy("services");
    let before = fixture.listing();
    for arguments in [
        &["analyze", "."][..],
        &["graph", ".", "--level", "file"],
        &["explain", ".", "--from", "worker", "--to", "contracts"],
        &["simulate", "."],
    ] {
        fixture.run(arguments).success();
        assert_eq!(fixture.listing(), before, "{arguments:?}");
    }
    let out = Fixture::empty();
    let dir = out.path("artifact");
    fixture.run(&["analyze", ".", "--out", dir.to_str().unwrap()]).success();
    assert_eq!(fixture.listing(), before);
    let written: Vec<String> = out.listing().into_keys().filter(|path| path.contains('.')).collect();
    let expected = ["metrics.txt", "report.html", "report.json", "report.md", "report.sarif", "summary.md"];
    assert_eq!(written, expected.map(|name| format!("artifact/{name}")));
}

/// What is seen on a terminal; accepted with `cargo insta review` after a look.
///
/// What follows from the cost model's coefficients is masked: it changes with every fit.
#[test]
fn one_screen_each() {
    let mut settings = insta::Settings::clone_current();
    for (volatile, mask) in [
        (r"(?s)^(Keep `\w+`).*?\n\n", "$1 [reason]\n\n"),
        (r"(?s)(must be cut first\.).*?\n\n", "$1 [gain]\n\n"),
        (r"(?s)  save[sd].*?\n\n", "[savings]\n\n"),
        (r"(?s)Figures .*?\nInput", "[figures]\nInput"),
        (r"(?s)(Cheaper|Helps) .*?\nBinaries", "[levers]\nBinaries"),
        (r"\s[0-9.]+ %", " [n] %"),
    ] {
        settings.add_filter(volatile, mask);
    }
    settings.bind(|| {
        for (name, arguments) in [
            ("shop_in_four", &["analyze", ".", "--package", "shop", "--crates", "4"][..]),
            ("tangled", &["analyze", "."]),
            ("tangled_in_two", &["analyze", ".", "--package", "tangled", "--crates", "2"]),
            ("tidy", &["analyze", "."]),
            ("services", &["analyze", "."]),
        ] {
            let fixture = Fixture::copy(name.split('_').next().unwrap());
            let screen = fixture.run(arguments).success().stdout;
            insta::assert_snapshot!(name, screen);
        }
    });
}
