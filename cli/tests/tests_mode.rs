//! `--mode test`: what `cargo test --no-run` compiles, by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use run::Fixture;
use serde_json::Value;

fn builds(report: &Value, key: &str) -> Vec<(String, String, f64)> {
    let text = |b: &Value, key: &str| b[key].as_str().unwrap().to_owned();
    let all = report[key].as_array().unwrap().iter();
    all.map(|b| {
        let seconds = if key == "builds" { &b["makespan_s"] } else { &b["before"]["time_s"] };
        (text(b, "mode"), text(b, "scenario"), seconds["p50"].as_f64().unwrap())
    })
    .collect()
}

fn seconds(builds: &[(String, String, f64)], mode: &str, scenario: &str) -> f64 {
    builds.iter().find(|b| b.0 == mode && b.1 == scenario).unwrap().2
}

#[test]
fn tests_take_longer_than_the_build_and_are_rebuilt_after_an_edit() {
    for fixture in ["shop", "services"] {
        let fixture = Fixture::copy(fixture);
        let report =
            fixture.run(&["simulate", "--jobs", "2", "--mode", "dev,test", "--format", "json"]).json();
        let all = builds(&report, "builds");
        for scenario in ["clean", "edit"] {
            let (dev, test) = (seconds(&all, "dev", scenario), seconds(&all, "test", scenario));
            assert!(test > dev, "{scenario}: {dev} {test}");
        }
        assert!(seconds(&all, "test", "edit") < seconds(&all, "test", "clean"));
    }
}

#[test]
fn a_split_is_predicted_for_tests_too() {
    let fixture = Fixture::copy("shop");
    let arguments = ["what-if", ".", "--plan", "plans/base.toml", "--mode", "dev,test", "--jobs", "2"];
    let report = fixture.run(&[&arguments[..], &["--format", "json"]].concat()).json();
    let all = builds(&report, "forecasts");
    assert!(seconds(&all, "test", "clean") > seconds(&all, "dev", "clean"));
    let screen = fixture.run(&arguments).success().stdout;
    assert!(screen.contains("clean build, cargo test --no-run"), "{screen}");
}

#[test]
fn four_commands_fit_on_the_screen() {
    let arguments = ["analyze", ".", "--crates", "2", "--mode", "check,dev,release,test"];
    let screen = Fixture::copy("shop").run(&arguments).success().stdout;
    assert!(screen.lines().all(|line| line.chars().count() <= 100), "{screen}");
    let rows: Vec<&str> = screen.lines().filter(|line| line.trim_start().starts_with("cargo ")).collect();
    assert_eq!(rows.len(), 4, "{screen}");
    assert!(screen.contains("clean build") && rows[3].contains("cargo test --no-run"), "{screen}");
}
