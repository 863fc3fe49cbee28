//! `services` on a workspace that is deployed in every form that is read.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::process::Command;

use run::Fixture;
use serde_json::{Value, json};

fn named(report: &Value) -> Vec<String> {
    let all = report["deployables"].as_array().unwrap().iter();
    all.map(|of| of["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_fleet_with_every_line_that_says_so() {
    let fixture = Fixture::copy("fleet");
    let answer = fixture.run(&["services", ".", "--format", "markdown"]).success();
    insta::assert_snapshot!("fleet_markdown", answer.stdout);
    insta::assert_snapshot!("fleet_terminal", fixture.run(&["services"]).success().stdout);
    let report = fixture.run(&["services", "--format", "json"]).json();
    let mut names = named(&report);
    names.sort();
    assert_eq!(names, ["app", "app serve", "app work", "billing", "gateway", "healthd", "resize"]);
    let others = &report["other_binaries"];
    assert_eq!((&others[0]["name"], &others[0]["because"]), (&json!("xtask"), &json!("tests")));
    let work = report["deployables"].as_array().unwrap().iter().find(|of| of["name"] == "app work").unwrap();
    assert_eq!(
        (&work["kind"], &work["target"], &work["role"]),
        (&json!("role"), &json!("app"), &json!("work"))
    );
    assert_eq!(work["packages"], json!(["app", "shared"]));
    for evidence in
        report["deployables"].as_array().unwrap().iter().flat_map(|of| of["evidence"].as_array().unwrap())
    {
        let text = std::fs::read_to_string(fixture.path(evidence["file"].as_str().unwrap())).unwrap();
        let line = evidence["line"].as_u64().unwrap();
        assert!((1..=text.lines().count() as u64).contains(&line), "{evidence}");
    }
    // `analyze` says the same.
    let analysis = fixture.run(&["analyze", ".", "--no-built", "--format", "json"]).json();
    let mut same = named(&analysis);
    same.sort();
    assert_eq!(same, names);
    let evidence = |report: &Value, name: &str| {
        report["deployables"].as_array().unwrap().iter().find(|of| of["name"] == name).unwrap()["evidence"]
            .clone()
    };
    assert_eq!(evidence(&analysis, "app work"), evidence(&report, "app work"));
    assert!(fixture.run(&["analyze", ".", "--no-built"]).success().stdout.contains("Services"));
}

#[test]
fn a_change_deploys_what_it_affects() {
    let fixture = Fixture::copy("fleet");
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let ran =
            Command::new("git").current_dir(fixture.path("")).args(who).args(arguments).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-qm", "one"]);
    std::fs::write(fixture.path("billing/src/main.rs"), "fn main() { println!(); }\n").unwrap();
    git(&["commit", "-qam", "two"]);
    let matrix = |extra: &[&str]| {
        let arguments = [&["services", ".", "--format", "github-matrix"], extra].concat();
        fixture.run(&arguments).success().stdout
    };
    assert_eq!(
        matrix(&["--since", "HEAD~1"]),
        "{\"include\":[{\"name\":\"billing\",\"package\":\"billing\",\"binary\":\"billing\",\"role\":\"\",\"dockerfile\":\"\"}]}\n"
    );
    let all: Value = serde_json::from_str(&matrix(&[])).unwrap();
    let names: Vec<&str> =
        all["include"].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    for name in ["app serve", "app work", "billing", "gateway", "healthd", "resize"] {
        assert!(names.contains(&name), "{names:?}");
    }
    std::fs::write(
        fixture.path("shared/src/lib.rs"),
        "pub mod clock { pub fn now() -> u64 { 1 } }\npub mod money { pub struct Cents(pub u64); }\n",
    )
    .unwrap();
    git(&["commit", "-qam", "three"]);
    let report = fixture.run(&["services", ".", "--since", "HEAD~1", "--format", "json"]).json();
    let affected: Vec<&str> =
        report["affected"].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    for name in ["app serve", "app work", "billing", "gateway", "resize"] {
        assert!(affected.contains(&name), "{affected:?}");
    }
    let affected = fixture.run(&["affected", ".", "--since", "HEAD~1", "--format", "json"]).json();
    assert!(affected["deployables"].as_array().unwrap().iter().all(|of| of["name"] != "xtask"));
    assert_eq!(fixture.run(&["services", ".", "--since", "nowhere"]).code, 2);
}

#[test]
fn roles_are_called_as_they_are_started() {
    let main = "#[derive(Clone, Copy)]\nenum Component { Compute, Meta, SingleNode }\nmod compute; mod meta; mod single;\n\
                fn main() {\n    let name = std::env::args().nth(1).unwrap_or_default();\n    \
                let component = match &*name {\n        \"compute\" | \"compute-node\" => Component::Compute,\n        \
                \"meta\" | \"meta_node\" => Component::Meta,\n        _ => Component::SingleNode,\n    };\n    \
                match component {\n        Component::Compute => compute::run(),\n        Component::Meta => meta::run(),\n        \
                Component::SingleNode => single::run(),\n    }\n}\n";
    let recipe = "FROM rust AS build\nCOPY . .\nRUN cargo build --release --bin wave\nFROM debian\n\
                  COPY --from=build /target/release/wave /bin/wave\nENTRYPOINT [\"/bin/wave\"]\nCMD [\"single_node\"]\n";
    let compose = "services:\n  a:\n    image: ${IMAGE:-ghcr.io/waves/wave:v1}\n    command: [compute-node, --port, \"1\"]\n  \
                   b:\n    image: ghcr.io/waves/wave:v1\n    command: meta-node\n  c:\n    image: postgres\n    command: compute\n";
    let fixture = Fixture::empty();
    for (path, text) in [
        ("Cargo.toml", "[package]\nname = \"wave\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("src/main.rs", main),
        ("src/compute.rs", "pub fn run() { println!(\"compute\") }\n"),
        ("src/meta.rs", "pub fn run() { println!(\"meta\") }\n"),
        ("src/single.rs", "pub fn run() { crate::compute::run(); crate::meta::run() }\n"),
        ("Dockerfile", recipe),
        ("compose.yml", compose),
    ] {
        std::fs::create_dir_all(fixture.path(path).parent().unwrap()).unwrap();
        std::fs::write(fixture.path(path), text).unwrap();
    }
    let report = fixture.run(&["services", "--format", "json"]).json();
    let deployed = report["deployables"].as_array().unwrap().iter().filter(|of| !of["role"].is_null());
    let shown = deployed.map(|of| {
        let mut files: Vec<&str> =
            of["files"].as_array().unwrap().iter().filter_map(|f| f.as_str()?.rsplit('/').next()).collect();
        files.sort_unstable();
        (of["role"].as_str().unwrap().to_owned(), files.join(" "), of["services"].clone())
    });
    let shown: Vec<(String, String, Value)> = shown.collect();
    assert_eq!(
        shown,
        [
            ("compute-node".to_owned(), "compute.rs main.rs".to_owned(), json!(["a"])),
            ("meta-node".to_owned(), "main.rs meta.rs".to_owned(), json!(["b"])),
            ("single_node".to_owned(), "compute.rs main.rs meta.rs single.rs".to_owned(), Value::Null),
        ]
    );
}
