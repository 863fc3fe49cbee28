//! The published JSON Schemas: up to date, and true of what is really written.
//!
//! `UPDATE_SCHEMA=1 cargo test -p split-analyzer --test schema` writes them anew.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use split_analyzer::cost::Mode;
use split_analyzer::gate::{check_schema, diff, diff_schema, trend, trend_schema};
use split_analyzer::graph::Level;
use split_analyzer::plan::{PlanFile, WhatIfOptions};
use split_analyzer::report::{
    SCHEMA_VERSION, WhatIfReport, affected_schema, apply_schema, costs_schema, graph_schema, report_schema,
    services_schema, simulation_schema, verify_schema, what_if_schema,
};
use split_analyzer::{Options, SimulateOptions, analyze, what_if};

fn schema_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name)
}

fn generated() -> [(&'static str, Value); 12] {
    [
        ("affected.schema.json", serde_json::to_value(affected_schema()).unwrap()),
        ("apply.schema.json", serde_json::to_value(apply_schema()).unwrap()),
        ("check.schema.json", serde_json::to_value(check_schema()).unwrap()),
        ("diff.schema.json", serde_json::to_value(diff_schema()).unwrap()),
        ("trend.schema.json", serde_json::to_value(trend_schema()).unwrap()),
        ("costs.schema.json", serde_json::to_value(costs_schema()).unwrap()),
        ("report.schema.json", serde_json::to_value(report_schema()).unwrap()),
        ("graph.schema.json", serde_json::to_value(graph_schema()).unwrap()),
        ("services.schema.json", serde_json::to_value(services_schema()).unwrap()),
        ("simulation.schema.json", serde_json::to_value(simulation_schema()).unwrap()),
        ("verify.schema.json", serde_json::to_value(verify_schema()).unwrap()),
        ("what-if.schema.json", serde_json::to_value(what_if_schema()).unwrap()),
    ]
}

fn published(name: &str) -> Value {
    let text = fs::read_to_string(schema_file(name)).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

#[test]
fn published_schemas_are_current() {
    for (name, schema) in generated() {
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(schema_file(name), serde_json::to_string_pretty(&schema).unwrap() + "\n").unwrap();
        }
        assert!(published(name) == schema, "{name} is out of date: run this test with UPDATE_SCHEMA=1");
    }
}

/// A package that is worth a plan when asked for: two domains that share a type, one misplaced call.
fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    write("src/main.rs", "fn main() { shop::orders::place(shop::money::Cents(1)); }\n");
    write("src/lib.rs", "pub mod money;\npub mod orders;\npub mod billing;\n");
    write("src/money.rs", "#[derive(Clone)]\npub struct Cents(pub u64);\n");
    write(
        "src/orders.rs",
        "use crate::money::Cents;\npub fn place(c: Cents) { crate::billing::charge(&c); lost::name(); }\npub fn count() {}\n",
    );
    write(
        "src/billing.rs",
        "pub fn charge(_: &crate::money::Cents) { crate::orders::count(); }\nmod gone;\n",
    );
    dir
}

#[test]
fn real_output_is_valid() {
    let dir = workspace();
    let options = Options { package: Some("shop".into()), crates: Some(3), ..Options::new(dir.path()) };
    let analysis = analyze(&options).unwrap();
    let report = serde_json::to_value(analysis.report()).unwrap();
    assert_eq!(report["schema_version"], SCHEMA_VERSION);
    assert_valid("report.schema.json", &report);
    // What reads reports.
    let typed = analysis.report();
    let check = analysis.check(&typed).unwrap().report;
    assert!(!check.findings.is_empty() && typed.builds.len() == 6);
    assert_valid("check.schema.json", &serde_json::to_value(check).unwrap());
    assert_valid(
        "diff.schema.json",
        &serde_json::to_value(diff(("a", &typed), ("b", &typed), None)).unwrap(),
    );
    let points = trend(&[("a".to_owned(), typed)], Mode::Dev);
    assert_valid("trend.schema.json", &serde_json::to_value(points).unwrap());
    let crates = report["packages"][0]["plan"]["crates"].as_array().unwrap();
    assert!(!crates.is_empty());
    assert!(!report["diagnostics"].as_array().unwrap().is_empty());
    for level in [Level::Item, Level::Module, Level::File, Level::Crate] {
        let graph = serde_json::to_value(analysis.codebase.graph_report(level, true)).unwrap();
        assert!(!graph["edges"].as_array().unwrap().is_empty(), "{level:?}");
        assert_valid("graph.schema.json", &graph);
    }
}

#[test]
fn forecasts_are_valid() {
    let dir = workspace();
    let options = Options::new(dir.path());
    let analysis = analyze(&options).unwrap();
    let cases = [("shop::money", true), ("shop::orders", false), ("shop::gone", false)];
    for (module, predicted) in cases {
        let text = format!("[[crate]]\nname = \"new\"\nfrom = \"shop\"\nmodules = [\"{module}\"]\n");
        let plan = PlanFile::parse(Path::new("plan.toml"), &text).unwrap();
        let report = what_if(&options, &plan, &WhatIfOptions::default()).unwrap();
        assert_eq!(report.predicted, predicted, "{module}: {:?}", report.refusals);
        // Without reading the repository again the answer is the same, but for what planning has to say.
        let again = analysis.what_if(&plan, &WhatIfOptions::default()).unwrap();
        assert_eq!(
            WhatIfReport { diagnostics: Vec::new(), ..again },
            WhatIfReport { diagnostics: Vec::new(), ..report.clone() }
        );
        assert_valid("what-if.schema.json", &serde_json::to_value(report).unwrap());
    }
    let simulation =
        split_analyzer::read(&options).unwrap().simulate(&SimulateOptions::default(), None).unwrap();
    assert!(!simulation.builds.is_empty());
    assert_valid("simulation.schema.json", &serde_json::to_value(simulation).unwrap());
}

fn assert_valid(schema: &str, instance: &Value) {
    let validator = jsonschema::validator_for(&published(schema)).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// Ensures that the check above can fail.
#[test]
fn the_schema_refuses_other_data() {
    let validator = jsonschema::validator_for(&published("report.schema.json")).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({"schema_version": 1})));
}

#[test]
fn two_runs_give_the_same_bytes() {
    let dir = workspace();
    let run = || {
        let analysis = analyze(&Options::new(dir.path())).unwrap();
        let graph = analysis.codebase.graph_report(Level::Item, true);
        serde_json::to_string(&analysis.report()).unwrap() + &serde_json::to_string(&graph).unwrap()
    };
    assert_eq!(run(), run());
}
