//! `what-if` by the real binary: what a described split is answered with.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fs;

use run::Fixture;
use serde_json::Value;

/// Asks about a plan of `fixtures/shop/plans`.
fn ask(plan: &str, more: &[&str]) -> run::Answer {
    let plan = format!("plans/{plan}.toml");
    let arguments: Vec<&str> =
        ["what-if", ".", "--plan", &plan].into_iter().chain(more.iter().copied()).collect();
    Fixture::copy("shop").run(&arguments)
}

fn kinds(report: &Value) -> Vec<&str> {
    report["refusals"].as_array().unwrap().iter().map(|r| r["kind"].as_str().unwrap()).collect()
}

#[test]
fn a_screen_for_the_answer_and_one_for_the_work() {
    for plan in ["base", "domains", "misnamed"] {
        let answer = ask(plan, &[]);
        assert_eq!(answer.code, if plan == "base" { 0 } else { 2 }, "{plan}: {}", answer.stderr);
        assert!(answer.stdout.lines().count() <= 80, "{}", answer.stdout);
        assert!(answer.stdout.lines().all(|line| line.chars().count() <= 100), "{}", answer.stdout);
        insta::assert_snapshot!(format!("what_if_{plan}"), answer.stdout);
    }
    let assumed = ask("domains", &["--assume-cuts", "--jobs", "2"]).success();
    insta::assert_snapshot!("what_if_domains_assumed", assumed.stdout);
}

#[test]
fn a_re_export_from_above_is_refused_unless_it_is_cut() {
    let fixture = Fixture::copy("shop");
    let module = fixture.path("src/money/mod.rs");
    let text = fs::read_to_string(&module).unwrap();
    fs::write(&module, format!("{text}pub use crate::customers::Customer;\n")).unwrap();
    let line = text.lines().count() + 1;
    let command = ["what-if", ".", "--plan", "plans/base.toml", "--format", "json"];
    let refused = fixture.run(&command);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    let report: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!((kinds(&report), &report["predicted"]), (vec!["cycle"], &false.into()));
    let place = &report["refusals"][0]["places"][0];
    assert_eq!((&place["file"], &place["line"]), (&"src/money/mod.rs".into(), &line.into()));
    let report = fixture.run(&[&command[..], &["--assume-cuts"]].concat()).json();
    assert_eq!(report["predicted"], true);
    let cuts = report["packages"][0]["plan"]["cuts"].as_array().unwrap();
    assert!(cuts.iter().any(|c| c["fix"] == "re-export" && c["line"] == line), "{cuts:?}");
}

#[test]
fn paths_that_lead_nowhere_are_told() {
    for (paths, told) in [(9, false), (10, true)] {
        let fixture = Fixture::copy("shop");
        let module = fixture.path("src/money/mod.rs");
        let text = fs::read_to_string(&module).unwrap();
        let more: String = (0..paths).map(|i| format!("use crate::time::Written{i};\n")).collect();
        fs::write(&module, format!("{text}{more}")).unwrap();
        let report = fixture.run(&["what-if", ".", "--plan", "plans/base.toml", "--format", "json"]).json();
        let notes = report["notes"].as_array().unwrap();
        let note = notes.iter().find(|note| note["kind"] == "lost-paths");
        assert_eq!(note.map(|n| n["places"].as_array().unwrap().len()), told.then_some(paths), "{notes:?}");
        let line = text.lines().count() + 1;
        let report = fixture.run(&["analyze", ".", "--crates", "2", "--format", "json"]).json();
        let note = report["packages"][0]["plan"]["note"].as_str().unwrap_or_default();
        let said = format!(
            "10 paths into this package lead to nothing that was found (the first: \
                            `crate::time::Written0`, src/money/mod.rs:{line})"
        );
        assert_eq!(note.contains(&said), told, "{note}");
    }
}

#[test]
fn a_legal_plan_is_predicted_in_every_format() {
    let report = ask("base", &["--format", "json", "--mode", "check,dev", "--jobs", "2,16"]).json();
    assert_eq!(report["predicted"], true);
    let forecasts = report["forecasts"].as_array().unwrap();
    assert_eq!(forecasts.len(), 3 * 2 * 2);
    for f in forecasts {
        let seconds = |when: &str, which: &str| f[when]["time_s"][which].as_f64().unwrap();
        for when in ["before", "after"] {
            assert!(
                seconds(when, "p10") <= seconds(when, "p50") && seconds(when, "p50") <= seconds(when, "p90")
            );
            assert!(!f[when]["critical_path"].as_array().unwrap().is_empty());
        }
        // A crate of two thousand lines has nothing to give away.
        assert_ne!(f["outcome"], "faster");
    }
    let crates = report["packages"][0]["plan"]["crates"].as_array().unwrap();
    let names: Vec<_> = crates.iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["shop-base", "shop-customers", "shop"]);
    let markdown = ask("base", &["--format", "markdown"]).success().stdout;
    assert!(
        markdown.starts_with("# A described split") && markdown.contains("`shop-customers`"),
        "{markdown}"
    );
}

/// What `fixtures/shop/README.md` says was planted against the order of `plans/layers.toml`, and nothing else.
#[test]
fn each_planted_coupling_is_cut_as_planted() {
    let planted = [
        ("orders::checkout::place", "Shop", "src/orders/checkout.rs", "move-up"),
        (
            "orders::checkout::place",
            "shipping::warehouse::<impl Warehouse>",
            "src/orders/checkout.rs",
            "move-up",
        ),
        (
            "orders::discount::<impl Discount>",
            "billing::tax::cash_rounding",
            "src/orders/discount.rs",
            "move-item",
        ),
        ("orders::order::<impl Order>", "billing::ledger::Ledger", "src/orders/order.rs", "split-impl"),
        (
            "orders::order::<impl Order>",
            "billing::ledger::<impl Ledger>",
            "src/orders/order.rs",
            "split-impl",
        ),
        (
            "reporting::labels::<impl Display for Product>",
            "reporting::labels::LABEL_WIDTH",
            "src/reporting/labels.rs",
            "move-item",
        ),
        (
            "reporting::labels::<impl Display for Product>",
            "reporting::labels::ellipsis",
            "src/reporting/labels.rs",
            "move-item",
        ),
        (
            "shipping::parcel::<impl Tabular for Parcel>",
            "reporting::table::Row",
            "src/shipping/parcel.rs",
            "move-up",
        ),
        (
            "shipping::parcel::<impl Tabular for Parcel>",
            "reporting::table::<impl Row>",
            "src/shipping/parcel.rs",
            "move-up",
        ),
        (
            "shipping::parcel::<impl Tabular for Parcel>",
            "reporting::table::Tabular",
            "src/shipping/parcel.rs",
            "move-up",
        ),
        // What moved up is re-exported below no more.
        ("orders", "orders::checkout::place", "src/orders/mod.rs", "re-export"),
    ];
    let report = ask("layers", &["--assume-cuts", "--format", "json"]).json();
    let plan = &report["packages"][0]["plan"];
    let text =
        |cut: &Value, field: &str| cut[field].as_str().unwrap().trim_start_matches("shop::").to_owned();
    let cuts: Vec<[String; 4]> = plan["cuts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cut| ["from", "to", "file", "fix"].map(|field| text(cut, field)))
        .collect();
    assert_eq!(cuts, planted.map(|(from, to, file, fix)| [from, to, file, fix].map(str::to_owned)));
    let path = &plan["paths"][0];
    assert_eq!(
        (&path["file"], &path["call"], &path["crate"]),
        (&"src/catalog/import.rs".into(), &"include_str!(\"starter.csv\")".into(), &"shop-catalog".into())
    );
    assert_eq!(plan["paths"].as_array().unwrap().len(), 1, "{}", plan["paths"]);
    let hidden: Vec<&str> =
        plan["visibility"].as_array().unwrap().iter().map(|item| item["item"].as_str().unwrap()).collect();
    let planted = [
        "macros::ensure",
        "macros::number_type",
        "billing::tax",
        "billing::tax::cash_rounding",
        "customers::validation::normalise_name",
        "customers::normalise_name",
        // `place` calls it from above.
        "orders::order::Order::new",
    ];
    assert_eq!(hidden, planted.map(|item| format!("shop::{item}")));
    // What exists for the tests of one crate only is no dev-dependency of another.
    let support = plan["test_support"].as_array().unwrap();
    assert!(support.iter().any(|s| s["item"] == "shop::orders::testing"), "{support:?}");
}

#[test]
fn an_illegal_plan_tells_every_reason_and_fails() {
    let refused = |plan: &str, more: &[&str]| {
        let answer = ask(plan, &[&["--format", "json"], more].concat());
        assert_eq!(answer.code, 2);
        assert!(answer.stderr.contains("the plan is refused"), "{}", answer.stderr);
        serde_json::from_str::<Value>(&answer.stdout).unwrap()
    };
    let report = refused("domains", &[]);
    assert_eq!(kinds(&report), ["orphaned-impl", "cycle", "cycle", "cycle", "cycle", "cycle"]);
    assert_eq!(report["predicted"], false);
    assert_eq!(report["forecasts"].as_array().unwrap().len(), 0);
    let fixture = Fixture::copy("shop");
    for refusal in report["refusals"].as_array().unwrap() {
        for place in refusal["places"].as_array().unwrap() {
            let text = fs::read_to_string(fixture.path(place["file"].as_str().unwrap())).unwrap();
            let line = place["line"].as_u64().unwrap() as usize;
            assert!(line >= 1 && line <= text.lines().count(), "{place}");
        }
    }
    assert!(!report["packages"][0]["plan"]["cuts"].as_array().unwrap().is_empty());
    let names = [
        "invalid-name",
        "name-taken",
        "unknown-module",
        "named-twice",
        "unknown-item",
        "unknown-item",
        "unknown-package",
        "empty-crate",
        "whole-package",
        "named-twice",
    ];
    assert_eq!(kinds(&refused("misnamed", &[])), names);
    // Names that mean nothing can't be cut.
    assert_eq!(kinds(&refused("misnamed", &["--assume-cuts"])), names);
}

#[test]
fn unreadable_plans_are_named_with_their_line() {
    let cases = [
        (None, "cannot read plan.toml"),
        (Some("[[crate]]\nname = \"a\"\nfrm = \"shop\"\n"), "plan.toml:3: unknown field `frm`"),
        (Some("[[crate]]\nname = a\n"), "plan.toml:2: "),
        (Some(""), "plan.toml:1: "),
    ];
    for (text, said) in cases {
        let fixture = Fixture::copy("shop");
        if let Some(text) = text {
            fs::write(fixture.path("plan.toml"), text).unwrap();
        }
        let answer = fixture.run(&["what-if", ".", "--plan", "plan.toml"]);
        assert_eq!(answer.code, 2);
        assert!(answer.stderr.contains(said) && answer.stdout.is_empty(), "{}", answer.stderr);
    }
}

#[test]
fn the_answer_is_written_where_asked() {
    let fixture = Fixture::copy("shop");
    fixture.run(&["what-if", ".", "--plan", "plans/base.toml", "--out", "out"]).success();
    for name in ["what-if.json", "what-if.md"] {
        assert!(fs::metadata(fixture.path("out").join(name)).unwrap().len() > 1000);
    }
}

#[test]
fn users_may_depend_on_what_they_use() {
    let fixture = Fixture::copy("services");
    let plan = "[[crate]]\nname = \"booking\"\nfrom = \"contracts\"\nmodules = [\"contracts::booking\"]\n";
    fs::write(fixture.path("plan.toml"), plan).unwrap();
    // Seconds of the rebuild after an edit of each crate.
    let edits = |more: &[&str]| {
        let asked =
            ["what-if", ".", "--plan", "plan.toml", "--mode", "check", "--jobs", "1", "--format", "json"];
        let report = fixture.run(&[&asked[..], &["--scenario", "edit"], more].concat()).json();
        assert_eq!(report["settings"]["direct_users"], !more.is_empty());
        ["booking", "contracts"].map(|krate| {
            let edits = report["forecasts"][0]["edits"].as_array().unwrap().clone();
            let edit = edits.into_iter().find(|e| e["crate"] == krate).unwrap();
            assert_eq!(edit["outcome"], "none", "{edit}");
            edit["after_s"].as_f64().unwrap()
        })
    };
    let (facade, direct) = (edits(&[]), edits(&["--direct-users"]));
    // `pricing` uses nothing but bookings: it needn't be built for an edit of the rest.
    assert!(direct[1] < facade[1] - 0.01, "{direct:?} {facade:?}");
    assert!((direct[0] - facade[0]).abs() < 0.01, "{direct:?} {facade:?}");
}
