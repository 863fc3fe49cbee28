//! Seconds out of files in the place of modelled ones, by the real binary.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fs;

use run::{Answer, Fixture};
use serde_json::Value;

/// `cargo check --timings` of the shop: the library takes 12 s, the binary 3.
const PAGE: &str = r#"<td>Profile:</td><td>dev</td>
const UNIT_DATA = [
{"i":0,"name":"shop","version":"0.1.0","mode":"todo","target":" (check)","start":0.0,"duration":12.0,"sections":null},
{"i":1,"name":"shop","version":"0.1.0","mode":"todo","target":" backoffice \"bin\" (check)","start":12.0,"duration":3.0,"sections":null}
];"#;

/// The same as a log of `cargo -Zbuild-analysis`.
const LOG: &str = r#"{"reason":"build-started","command":["cargo","check"],"cwd":"/x","host":"h","jobs":1,"profile":"dev","rustc_version":"1.97.0"}
{"reason":"unit-registered","package_id":"path+file:///x/shop#0.1.0","target":{"name":"shop","kind":"lib"},"mode":"check","platform":"h","index":0}
{"reason":"unit-registered","package_id":"path+file:///x/shop#0.1.0","target":{"name":"backoffice","kind":"bin"},"mode":"check","platform":"h","index":1,"dependencies":[0]}
{"reason":"unit-started","index":0,"elapsed":0.0}
{"reason":"unit-finished","index":0,"elapsed":12.0}
{"reason":"unit-started","index":1,"elapsed":12.0}
{"reason":"unit-finished","index":1,"elapsed":15.0}"#;

fn ask(command: &[&str], flag: &str, text: &str) -> Answer {
    let fixture = Fixture::copy("shop");
    fs::write(fixture.path("seconds"), text).unwrap();
    fixture.run(&[command, &[flag, "seconds"]].concat())
}

#[test]
fn simulations_take_them() {
    let command =
        ["simulate", ".", "--jobs", "1", "--mode", "check,dev", "--scenario", "clean", "--format", "json"];
    for (flag, text) in [("--timings", PAGE), ("--build-analysis", LOG)] {
        let report = ask(&command, flag, text).json();
        let median = |build: usize| report["builds"][build]["makespan_s"]["p50"].as_f64().unwrap();
        // What cargo itself takes for its start and for each unit comes on top.
        assert!((15.0..15.1).contains(&median(0)), "{flag}: {}", median(0));
        let modes = &report["costs"]["modes"];
        assert_eq!((&modes[0]["source"], &modes[1]["source"]), (&"imported".into(), &"modelled".into()));
        // The file tells nothing of dev builds: the weakest source names the whole.
        assert_eq!(report["source"], "modelled");
        let crates: Vec<(&str, &str, f64)> = modes[0]["crates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| {
                (
                    c["target"].as_str().unwrap(),
                    c["source"].as_str().unwrap(),
                    c["frontend_s"].as_f64().unwrap(),
                )
            })
            .collect();
        assert_eq!(crates, [("shop", "imported", 12.0), ("backoffice", "imported", 3.0)]);
        // What is known is known better.
        let width = |build: usize| {
            let time = &report["builds"][build]["makespan_s"];
            time["p90"].as_f64().unwrap() / time["p50"].as_f64().unwrap()
        };
        assert!(width(0) < 1.25 && width(1) > 1.5, "{} {}", width(0), width(1));
    }
}

#[test]
fn plans_and_forecasts_take_them() {
    let report = ask(&["analyze", ".", "--format", "json"], "--timings", PAGE).json();
    assert_eq!(report["costs"]["modes"][0]["frontend_s"], 15.0);
    let command =
        ["what-if", ".", "--plan", "plans/base.toml", "--mode", "check", "--jobs", "8", "--format", "json"];
    // A minute for the library, so that there is something to save.
    let report = ask(&command, "--timings", &PAGE.replace("12.0", "60.0")).json();
    let clean = &report["forecasts"][1];
    assert_eq!(clean["scenario"], "clean");
    let before = clean["before"]["time_s"]["p50"].as_f64().unwrap();
    assert!((63.0..63.1).contains(&before), "{before}");
    // With a minute to share out, more than the noise hangs on where an edit is made: the top saves, the base loses, and of
    // their mean nothing is sure.
    let edit = &report["forecasts"][2];
    assert_eq!((&edit["scenario"], &edit["outcome"]), (&"edit".into(), &"none".into()), "{edit}");
    let saves = |krate: &str| {
        let edits = edit["edits"].as_array().unwrap();
        let found = edits.iter().find(|e| e["crate"] == krate).unwrap();
        found["before_s"].as_f64().unwrap() - found["after_s"].as_f64().unwrap()
    };
    assert!(saves("shop") > 1.0 && saves("shop-base") < -1.0, "{edit}");
}

/// The same log with a package from elsewhere below the library.
fn log_with_external() -> String {
    let below = r#"{"reason":"unit-registered","package_id":"registry+https://example.com/index#itoa@1.0.0","target":{"name":"itoa","kind":"lib"},"mode":"check","platform":"h","index":2}
{"reason":"unit-started","index":2,"elapsed":0.0}
{"reason":"unit-rmeta-finished","index":2,"elapsed":4.0}
{"reason":"unit-finished","index":2,"elapsed":4.0}
{"reason":"unit-started","index":0,"elapsed":0.0}"#;
    LOG.replace(
        r#""mode":"check","platform":"h","index":0}"#,
        r#""mode":"check","platform":"h","index":0,"dependencies":[2]}"#,
    )
    .replace(r#"{"reason":"unit-started","index":0,"elapsed":0.0}"#, below)
}

#[test]
fn cold_builds_have_the_units_that_were_seen() {
    let command =
        ["simulate", ".", "--jobs", "1", "--mode", "check", "--scenario", "clean,cold", "--format", "json"];
    // With a package from elsewhere, and without: then the lock file says what there is, which is nothing.
    for (log, cold_s, units) in [(log_with_external(), 19.0, 3), (LOG.to_owned(), 15.0, 2)] {
        let report = ask(&command, "--build-analysis", &log).json();
        let build = |i: usize| {
            let build = &report["builds"][i];
            (build["makespan_s"]["p50"].as_f64().unwrap(), build["units"].as_u64().unwrap())
        };
        assert!((15.0..15.1).contains(&build(0).0) && build(0).1 == 2, "{:?}", build(0));
        assert!((cold_s..cold_s + 0.1).contains(&build(1).0) && build(1).1 == units, "{:?}", build(1));
    }
}

#[test]
fn a_cold_build_without_a_lock_file_is_not_predicted() {
    let fixture = Fixture::copy("shop");
    fs::remove_file(fixture.path("Cargo.lock")).unwrap();
    let manifest = fs::read_to_string(fixture.path("Cargo.toml")).unwrap();
    fs::write(fixture.path("Cargo.toml"), format!("{manifest}\n[dependencies.itoa]\nversion = \"1\"\n"))
        .unwrap();
    let said = "no cold build is predicted";
    for (scenario, builds) in [("cold", 0), ("clean", 1), ("cold,clean", 1)] {
        let more = ["--mode", "check", "--jobs", "2", "--scenario", scenario, "--format", "json"];
        let answer = fixture.run(&[&["simulate", "."], &more[..]].concat()).success();
        assert_eq!(answer.stderr.contains(said), scenario != "clean", "{scenario}: {}", answer.stderr);
        assert_eq!(answer.json()["builds"].as_array().unwrap().len(), builds, "{scenario}");
        let plan = ["what-if", ".", "--plan", "plans/base.toml"];
        let report = fixture.run(&[&plan[..], &more[..]].concat()).json();
        assert_eq!(report["forecasts"].as_array().unwrap().len(), builds, "{scenario}");
        let notes = report["notes"].as_array().unwrap();
        assert_eq!(notes.iter().any(|n| n["kind"] == "no-cold-build"), scenario != "clean", "{notes:?}");
    }
}

#[test]
fn the_terminal_says_where_seconds_come_from() {
    let answer = ask(&["simulate", ".", "--mode", "check"], "--timings", PAGE).success();
    assert!(
        answer.stdout.contains("Seconds of `cargo check` are those of cargo's own records."),
        "{}",
        answer.stdout
    );
}

#[test]
fn wrong_files_are_named() {
    let elsewhere = PAGE.replace("\"shop\"", "\"other\"");
    let other = PAGE.replace("<td>dev</td>", "<td>dist</td>").replace(" (check)", "");
    let cases: [(&str, &str, &str); 6] = [
        ("--timings", "<html></html>", "seconds: not a page of `cargo build --timings`"),
        ("--timings", &PAGE.replace("12.0,\"dur", "x,\"dur"), "seconds:4: UNIT_DATA can't be read"),
        ("--timings", &elsewhere, "of its 2 units none is a crate of this repository"),
        ("--timings", &other, "of its 2 units none is a crate of this repository"),
        ("--build-analysis", "{}", "seconds:1: not a message"),
        ("--costs", "{\n}", "seconds:2: not a costs file"),
    ];
    for (flag, text, said) in cases {
        let answer = ask(&["simulate", ".", "--mode", "check"], flag, text);
        assert_eq!(answer.code, 2);
        assert!(answer.stderr.contains(said) && answer.stdout.is_empty(), "{}", answer.stderr);
    }
    let missing = Fixture::copy("shop").run(&["simulate", ".", "--costs", "gone.json"]);
    assert!(missing.code == 2 && missing.stderr.contains("cannot read gone.json"), "{}", missing.stderr);
    assert_eq!(missing.stderr.matches("os error").count(), 1, "the cause is said once: {}", missing.stderr);
}

/// The names and units of a build that keeps what a change doesn't touch.
fn units(cache: &str, scenario: &str) -> Value {
    let command = ["simulate", ".", "--mode", "dev", "--jobs", "2", "--format", "json", "--cache", cache];
    Fixture::copy("services").run(&[&command[..], &["--scenario", scenario]].concat()).json()["builds"][0]
        .clone()
}

#[test]
fn caches_leave_less_to_build() {
    let seconds = |cache: &str, scenario: &str| units(cache, scenario)["makespan_s"]["p50"].as_f64().unwrap();
    let (all, some, linked) =
        (seconds("none", "clean"), seconds("crate", "clean"), seconds("relink", "clean"));
    assert!(all > some && some > linked && linked > 0.0, "{all} {some} {linked}");
    assert!(seconds("none", "edit") > seconds("relink", "edit"));
    assert_eq!(seconds("none", "edit"), seconds("crate", "edit"));
}
