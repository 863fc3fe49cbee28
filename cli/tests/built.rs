//! Seconds that a real build has left in its target directory, by the real binary and against cargo's own page.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod run;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use run::Fixture;
use serde_json::Value;
use split_analyzer::cost::built::{Built, built};
use split_analyzer::cost::import::CostInput;
use split_analyzer::cost::measured::UnitCost;
use split_analyzer::discover::{BuiltOptions, DiscoverOptions, built_dirs, discover};

/// Runs cargo in the fixture as a user would, into its own `target`.
fn cargo(fixture: &Fixture, arguments: &[&str]) {
    let mut cargo = Command::new("cargo");
    cargo.args(arguments).arg("--offline").current_dir(fixture.path(""));
    // What the tests themselves are built with is none of the fixture's.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_") && name != "CARGO_HOME"
            || name.starts_with("RUSTC")
            || name == "RUSTFLAGS"
        {
            cargo.env_remove(name);
        }
    }
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn simulate(fixture: &Fixture, more: &[&str]) -> Value {
    let fixed = ["simulate", ".", "--mode", "dev", "--scenario", "clean", "--jobs", "2", "--format", "json"];
    fixture.run(&[&fixed, more].concat()).json()
}

/// Where each crate's seconds are from; a procedural macro's are those of the host.
fn sources(report: &Value) -> Vec<&str> {
    let crates = report["costs"]["modes"][0]["crates"].as_array().into_iter().flatten();
    crates
        .filter(|krate| krate["package"] != "macros")
        .map(|krate| krate["source"].as_str().unwrap())
        .collect()
}

fn page(fixture: &Fixture) -> PathBuf {
    let pages = fs::read_dir(fixture.path("target/cargo-timings")).unwrap();
    let mut pages = pages.map(|page| page.unwrap().path());
    pages.find(|page| page.file_name().unwrap().to_str().unwrap().starts_with("cargo-timing-")).unwrap()
}

fn read(fixture: &Fixture) -> (Built, Vec<UnitCost>) {
    let (repository, _) = discover(&fixture.path(""), &DiscoverOptions::default()).unwrap();
    let dirs = built_dirs(&repository, &BuiltOptions::default());
    let path = page(fixture);
    let input = CostInput::Timings { bytes: fs::read(&path).unwrap(), path, log: None };
    (built(&dirs, &repository), input.read(&repository).unwrap().units)
}

#[test]
fn a_build_that_happened_is_a_measurement() {
    let fixture = Fixture::copy("observed");
    let without = simulate(&fixture, &[]);
    assert!(without["costs"].get("built").is_none() && sources(&without).is_empty());

    cargo(&fixture, &["build", "--timings"]);
    let (built, page_units) = read(&fixture);
    let found = &built.builds[0].costs.units;
    assert_eq!(found.len(), page_units.len());
    for unit in &page_units {
        let same = found
            .iter()
            .find(|same| same.title() == unit.title())
            .unwrap_or_else(|| panic!("{}", unit.title()));
        let near = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 0.5;
        assert!(near(same.duration_s(), unit.duration_s()), "{same:?} {unit:?}");
        if unit.frontend_s().is_some() {
            assert!(near(same.frontend_s(), unit.frontend_s()), "{same:?} {unit:?}");
        }
    }
    let counts = built.builds[0].counts;
    assert_eq!((counts.known_edges, counts.unsure), (counts.edges, 0));

    let before = fixture.listing();
    let report = simulate(&fixture, &[]);
    assert_eq!(fixture.listing(), before, "nothing is written");
    let left = &report["costs"]["built"][0];
    assert_eq!(
        (&left["directory"], &left["profile"], &left["used"]),
        (&"target".into(), &"dev".into(), &true.into())
    );
    assert_eq!(left["units"]["whole"], page_units.len());
    assert!(sources(&report).iter().all(|&source| source == "built"), "{:?}", sources(&report));
    let terminal = fixture.run(&["simulate", ".", "--mode", "dev", "--scenario", "clean"]).success();
    assert!(
        terminal.stdout.replace("\n         ", " ").contains("earlier builds have left in target ("),
        "{}",
        terminal.stdout
    );

    // Left out, or something better given.
    let left_out = simulate(&fixture, &["--no-built"]);
    assert!(left_out["costs"].get("built").is_none() && sources(&left_out).is_empty());
    let page = page(&fixture).display().to_string();
    let given = simulate(&fixture, &["--timings", &page]);
    assert!(sources(&given).iter().all(|&source| source == "imported"), "{:?}", sources(&given));
    assert_eq!(given["costs"]["built"][0]["used"], false);
}

#[test]
fn a_rebuild_is_told_from_a_whole_compilation() {
    let fixture = Fixture::copy("observed");
    cargo(&fixture, &["build", "--timings"]);
    if fixture.path("target/debug/incremental").metadata().unwrap().created().is_err() {
        return;
    }
    // Longer than the pause that ends a build.
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let library = fixture.path("store/src/lib.rs");
    let text = fs::read_to_string(&library).unwrap();
    fs::write(&library, format!("{text}\npub fn added() -> u32 {{ 7 }}\n")).unwrap();
    cargo(&fixture, &["build"]);
    let report = simulate(&fixture, &[]);
    let edits = report["costs"]["measured_edits"].as_array().unwrap();
    let [edit] = &edits[..] else { panic!("{edits:?}") };
    assert_eq!(edit["edited"], serde_json::json!(["store 0.1.0 (lib)"]));
    assert_eq!(
        (&edit["units"], &edit["complete"], &edit["mode"]),
        (&2.into(), &true.into(), &"build".into())
    );
    let left = &report["costs"]["built"][0]["units"];
    assert_eq!((&left["rebuilt"], &left["unsure"]), (&2.into(), &0.into()));
}
