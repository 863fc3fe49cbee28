//! What an answer says of other numbers of crates, against what `--crates` gives: by the real binary, on workspaces of `fixtures/`.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use run::Fixture;
use serde_json::Value;

/// Fixtures with a package of several modules each.
const PACKAGES: [(&str, &str); 5] = [
    ("shop", "shop"),
    ("tangled", "tangled"),
    ("depot", "depot"),
    ("monolith", "market"),
    ("atlas", "atlas"),
];
const VERDICTS: [&str; 4] = ["split", "untangle-first", "measure-first", "keep"];

/// The advice on a package, with more arguments.
fn advice(fixture: &Fixture, package: &str, more: &[&str]) -> Value {
    let arguments = [&["analyze", ".", "--package", package, "--format", "json"], more].concat();
    fixture.run(&arguments).json()["packages"][0].clone()
}

fn chosen(advice: &Value) -> &Value {
    advice["frontier"].as_array().unwrap().iter().find(|one| one["recommended"] == true).unwrap()
}

fn standing(advice: &Value) -> usize {
    VERDICTS.iter().position(|kind| advice["verdict"]["kind"] == *kind).unwrap()
}

/// Crates of its plan that hold code.
fn crates(advice: &Value) -> usize {
    let all = advice["plan"]["crates"].as_array().unwrap();
    all.iter().filter(|krate| krate["residual"] == false || krate["lines"] != 0).count()
}

/// A saving of its table, in percent.
fn saved(advice: &Value, scenario: &str) -> f64 {
    let is_it = |saving: &&Value| saving["scenario"] == scenario && saving["mode"] == "dev";
    let all = advice["savings"].as_array().unwrap();
    all.iter().find(is_it).unwrap()["saved_pct"]["p50"].as_f64().unwrap()
}

#[test]
fn an_alternative_is_what_its_number_gives() {
    let mut seen = 0;
    for (name, package) in PACKAGES {
        let fixture = Fixture::copy(name);
        let free = advice(&fixture, package, &[]);
        for said in free["frontier"].as_array().unwrap().iter().filter(|one| one["recommended"] == false) {
            let number = said["crates"].as_u64().unwrap();
            let given = advice(&fixture, package, &["--crates", &number.to_string()]);
            let mut expected = said.clone();
            expected["recommended"] = true.into();
            assert_eq!(chosen(&given), &expected, "{name}");
            assert_eq!(crates(&given) as u64, number, "{name}");
            for (scenario, field) in [("clean", "clean_saved_pct"), ("edit", "edit_saved_pct")] {
                let (table, said) = (saved(&given, scenario), said[field].as_f64().unwrap());
                assert!((table - said).abs() < 0.1, "{name} {number} {scenario}: {table} {said}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn no_number_gives_a_better_verdict() {
    for (name, package) in PACKAGES {
        let fixture = Fixture::copy(name);
        let often = ["--commits-per-week", "1000"];
        let free = advice(&fixture, package, &often);
        for number in 2..=6 {
            let asked = advice(&fixture, package, &[&often[..], &["--crates", &number.to_string()]].concat());
            assert!(standing(&asked) >= standing(&free), "{name} {number}: {}", asked["verdict"]);
        }
    }
}
