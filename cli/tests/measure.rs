//! `measure` on a small workspace that is really built.
#![expect(clippy::unwrap_used, reason = "a test that panics has failed, as it should")]

mod run;

use std::fs;
use std::path::Path;

use run::{Answer, Fixture};
use serde_json::Value;

/// Measures with cargo silent and writes to stdout; as many arguments more as given.
fn measure(fixture: &Fixture, more: &[&str]) -> Answer {
    let fixed = ["measure", ".", "--quiet", "--jobs", "2", "--out", "-"];
    fixture.run(&[&fixed, more].concat())
}

/// `package kind mode: dependency…`, sorted; `!` where all of a dependency is needed.
fn units(costs: &Value) -> Vec<String> {
    let all = costs["units"].as_array().unwrap();
    let name = |unit: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        format!("{} {} {}", text(&unit["package"]), text(&unit["target"]["kind"]), text(&unit["mode"]))
    };
    let mut lines: Vec<String> = all
        .iter()
        .map(|unit| {
            let edges = unit["dependencies"].as_array().unwrap();
            let mut below: Vec<String> = edges
                .iter()
                .map(|edge| {
                    let to = &all[edge["unit"].as_u64().unwrap() as usize];
                    format!("{}{}", name(to), if edge["artifact"] == "all" { "!" } else { "" })
                })
                .collect();
            below.sort();
            format!("{}: {}", name(unit), below.join(", ")).trim_end().to_owned()
        })
        .collect();
    lines.sort();
    lines
}

fn assert_valid(costs: &Value) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../analyzer/schema/costs.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(costs).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn a_build_is_measured_unit_by_unit() {
    let fixture = Fixture::copy("observed");
    let before = fixture.listing();
    let costs = measure(&fixture, &["--mode", "build"]).json();
    assert_eq!(fixture.listing(), before, "nothing is written into the workspace");
    assert_valid(&costs);
    assert_eq!(costs["build"]["outcome"], "complete");
    assert_eq!(
        units(&costs),
        [
            "app bin build: macros proc-macro build!, store build-script build!, store build-script run!, \
             store lib build!, store-sys build-script build!, store-sys build-script run!, store-sys lib build!",
            "macros proc-macro build:",
            "store build-script build:",
            "store build-script run: store build-script build!, store-sys build-script run!",
            "store lib build: macros proc-macro build!, store build-script run!, store-sys lib build",
            "store-sys build-script build:",
            "store-sys build-script run: store-sys build-script build!",
            "store-sys lib build: store-sys build-script run!",
        ]
    );
    for unit in costs["units"].as_array().unwrap() {
        let time = |field: &str| unit[field].as_f64();
        let (start, end) = (time("start_s").unwrap(), time("end_s").unwrap());
        assert!(start > 0.0 && end > start && end <= costs["build"]["wall_s"].as_f64().unwrap(), "{unit}");
        assert_eq!(unit["status"], "done");
        assert_eq!(unit["member"], true);
        let library = unit["target"]["kind"] == "lib";
        assert_eq!(time("metadata_s").is_some(), library, "{unit}");
        assert_eq!(
            unit["host"],
            unit["target"]["kind"] == "proc-macro" || unit["target"]["kind"] == "build-script"
        );
        if cfg!(unix) {
            assert!(unit["peak_memory_bytes"].as_u64().unwrap() > 0, "{unit}");
            assert!(unit["cpu"]["frontend_s"].as_f64().unwrap() > 0.0, "{unit}");
        }
    }
}

#[test]
fn a_failing_build_keeps_what_was_measured() {
    let fixture = Fixture::copy("observed");
    let answer = measure(&fixture, &["--mode", "check", "--features", "store/broken"]);
    let costs = answer.json();
    assert_valid(&costs);
    assert_eq!(costs["build"]["outcome"], "failed");
    let status = |package: &str, mode: &str| {
        let all = costs["units"].as_array().unwrap();
        let found = all.iter().find(|u| u["package"] == package && u["mode"] == mode);
        found.map(|u| u["status"].as_str().unwrap())
    };
    assert_eq!(status("store-sys", "check"), Some("done"));
    assert_eq!(status("store", "check"), Some("failed"));
    assert_eq!(status("app", "check"), None);
    assert!(answer.stderr.contains("warning: store 0.1.0 (lib) failed"), "{}", answer.stderr);
    assert!(answer.stderr.contains("the feature `broken` is on"), "{}", answer.stderr);
}

#[test]
fn where_nothing_is_built_there_is_nothing_to_measure() {
    let fixture = Fixture::copy("observed");
    fs::write(fixture.path("Cargo.toml"), "[workspace\n").unwrap();
    let answer = measure(&fixture, &[]);
    assert_eq!(answer.code, 2);
    assert!(
        answer.stderr.contains("nothing to measure") && answer.stderr.contains("Cargo.toml"),
        "{}",
        answer.stderr
    );
    let answer = Fixture::empty().run(&["measure", "gone"]);
    assert_eq!((answer.code, answer.stdout.as_str()), (2, ""));
    assert!(answer.stderr.contains("cannot read gone"), "{}", answer.stderr);
}

#[test]
fn a_dry_run_says_what_would_be_run() {
    let fixture = Fixture::copy("observed");
    let before = fixture.listing();
    let arguments = ["--mode", "test", "--profile", "release", "--features", "store/broken", "--jobs", "3"];
    let more = ["--target-dir", "/t", "--dry-run", "--", "--locked", "--config", "a='b c'"];
    let answer = fixture.run(&[&["measure", "."][..], &arguments, &more].concat()).success();
    assert_eq!(fixture.listing(), before);
    insta::with_settings!({filters => vec![
        (r"RUSTC_WRAPPER=\S+", "RUSTC_WRAPPER=[program]"),
        (r"(?m)^\S*cargo test", "cargo test"),
    ]}, { insta::assert_snapshot!(answer.stdout) });
}

#[test]
fn a_dry_run_with_modules_has_a_second_build() {
    let fixture = Fixture::copy("observed");
    let arguments = ["measure", ".", "--modules", "--jobs", "3", "--target-dir", "/t", "--dry-run"];
    let answer = fixture.run(&arguments).success();
    insta::with_settings!({filters => vec![
        (r"WRAPPER=\S+", "WRAPPER=[program]"),
        (r"(?m)^\S*cargo build", "cargo build"),
    ]}, { insta::assert_snapshot!(answer.stdout) });
}

/// `observed` with two modules more in `store`, one of which has far more to compile.
fn with_modules() -> Fixture {
    let fixture = Fixture::copy("observed");
    let heavy: String = (0..60)
        .map(|i| {
            format!(
                "pub fn f{i}(words: &[String]) -> Vec<String> {{\n    let mut all: Vec<String> = words.iter()\
                 .filter(|w| w.len() > {i}).map(|w| format!(\"{{w}}{i}\")).collect();\n    all.sort();\n    all\n}}\n"
            )
        })
        .collect();
    fs::write(fixture.path("store/src/heavy.rs"), heavy).unwrap();
    fs::write(fixture.path("store/src/light.rs"), "pub fn one() -> u32 {\n    1\n}\n").unwrap();
    let root = fixture.path("store/src/lib.rs");
    let text = fs::read_to_string(&root).unwrap();
    fs::write(root, format!("{text}\npub mod heavy;\npub mod light;\n")).unwrap();
    fixture
}

#[test]
fn modules_are_told_apart() {
    let fixture = with_modules();
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("t");
    let before = fixture.listing();
    for (mode, generates_code) in [("check", false), ("build", true)] {
        let more = ["--mode", mode, "--modules", "--target-dir", target.to_str().unwrap()];
        let costs = measure(&fixture, &more).json();
        assert_valid(&costs);
        assert_eq!(fixture.listing(), before, "nothing is written into the workspace");
        assert!(!target.join("profiles").exists(), "profiles are deleted");
        let all = costs["modules"].as_array().unwrap();
        let of = |path: &str, part: &str| {
            let module =
                all.iter().find(|m| m["path"] == path).unwrap_or_else(|| panic!("{path} in {all:?}"));
            assert_eq!((&module["package"], &module["target"]["kind"]), (&"store".into(), &"lib".into()));
            module[part].as_f64().unwrap()
        };
        let parts: &[&str] = if generates_code { &["frontend_s", "codegen_s"] } else { &["frontend_s"] };
        for part in parts {
            let (heavy, light) = (of("store::heavy", part), of("store::light", part));
            assert!(heavy > 5.0 * light && heavy > 0.0, "{mode} {part}: {heavy} {light}");
        }
        let units = costs["units"].as_array().unwrap();
        let store = units.iter().find(|u| u["package"] == "store" && u["target"]["kind"] == "lib").unwrap();
        let whole = store["cpu"]["frontend_s"].as_f64().unwrap();
        let sum: f64 =
            all.iter().filter(|m| m["package"] == "store").map(|m| m["frontend_s"].as_f64().unwrap()).sum();
        assert!(sum <= whole && sum > 0.0, "{mode}: {sum} of {whole}");
        assert!(units.len() < 10, "the second build's units are not recorded");
    }
}

/// The shares are used, and the report says so.
#[test]
fn measured_modules_are_used() {
    let fixture = with_modules();
    let costs = measure(&fixture, &["--mode", "check", "--modules"]).success().stdout;
    fs::write(fixture.path("costs.json"), costs).unwrap();
    let report = fixture.run(&["analyze", ".", "--costs", "costs.json", "--format", "json"]).json();
    let modes = report["costs"]["modes"].as_array().unwrap();
    let check = modes.iter().find(|m| m["mode"] == "check").unwrap();
    // The procedural macro has one too.
    assert_eq!(check["measured_modules"], 6, "{check}");
    let page =
        fixture.run(&["analyze", ".", "--costs", "costs.json", "--format", "markdown"]).success().stdout;
    assert!(page.contains("modules as measured"), "{page}");
}

/// A compiler that takes no `-Z`: the message says so, and crates are measured all the same.
#[cfg(unix)]
#[test]
fn without_a_compiler_that_allows_it_modules_are_left_out() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::copy("observed");
    let rustc = fixture.path("rustc");
    let script = "#!/bin/sh\nfor a; do case \"$a\" in -Z*) echo \"error: unknown option $a\" >&2; exit 1;; esac; done\n\
                  exec rustc \"$@\"\n";
    fs::write(&rustc, script).unwrap();
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755)).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_split-advisor"))
        .args(["measure", ".", "--quiet", "--mode", "check", "--modules", "--out", "-"])
        .current_dir(fixture.path("."))
        .env("RUSTC", &rustc)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("modules are not measured") && said.contains("unknown option -Zself-profile"),
        "{said}"
    );
    let costs: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(costs["build"]["outcome"], "complete");
    assert!(costs.get("modules").is_none() && !costs["units"].as_array().unwrap().is_empty());
}

/// A directory that is somebody's is never built into.
#[test]
fn a_directory_with_other_things_is_refused() {
    let fixture = Fixture::copy("observed");
    fs::create_dir(fixture.path("mine")).unwrap();
    fs::write(fixture.path("mine/file"), "precious").unwrap();
    let answer = measure(&fixture, &["--target-dir", "mine"]);
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("not empty"), "{}", answer.stderr);
    assert_eq!(fs::read_to_string(fixture.path("mine/file")).unwrap(), "precious");
}

/// The user's own wrapper keeps its place: it sees each call of rustc, and the build is measured all the same.
#[cfg(unix)]
#[test]
fn the_users_wrapper_is_chained() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::copy("observed");
    let script = fixture.path("tools/wrap");
    fs::create_dir(fixture.path("tools")).unwrap();
    fs::write(&script, "#!/bin/sh\necho x >> \"$(dirname \"$0\")/log\"\nexec \"$@\"\n").unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(fixture.path(".cargo")).unwrap();
    fs::write(fixture.path(".cargo/config.toml"), "[build]\nrustc-wrapper = 'tools/wrap'\n").unwrap();
    let answer = measure(&fixture, &["--mode", "check"]);
    let costs = answer.json();
    let compiled = costs["units"].as_array().unwrap().iter().filter(|u| u["mode"] != "run").count();
    let calls = fs::read_to_string(fixture.path("tools/log")).unwrap().lines().count();
    assert!(compiled == 7 && calls >= compiled, "{compiled} units, {calls} calls");
    assert_eq!(costs["build"]["wrappers"], serde_json::json!(["wrap"]));
    assert!(answer.stderr.contains("`wrap` took part"), "{}", answer.stderr);
}

/// Ctrl-C: what was measured is written.
#[cfg(unix)]
#[test]
fn an_interrupted_build_keeps_what_was_measured() {
    let fixture = Fixture::copy("observed");
    let slow = "fn main() {\n    std::thread::sleep(std::time::Duration::from_secs(60));\n}\n";
    fs::write(fixture.path("store/build.rs"), slow).unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_split-advisor"))
        .args(["measure", ".", "--quiet", "--mode", "check", "--jobs", "2", "--target-dir", "t"])
        .args(["--out", "costs.json"])
        .current_dir(fixture.path("."))
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let runs = |dir: &Path| {
        let entries = fs::read_dir(dir).into_iter().flatten().flatten();
        let texts = entries.filter(|e| e.path().extension().is_some_and(|x| x == "start"));
        texts.filter(|e| fs::read_to_string(e.path()).unwrap_or_default().contains("Script")).count()
    };
    let began = std::time::Instant::now();
    while runs(&fixture.path("t/records")) < 2 && began.elapsed().as_secs() < 60 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let costs: Value =
        serde_json::from_str(&fs::read_to_string(fixture.path("costs.json")).unwrap()).unwrap();
    assert_valid(&costs);
    assert_eq!(costs["build"]["outcome"], "interrupted");
    let all = costs["units"].as_array().unwrap();
    assert!(all.iter().any(|u| u["status"] == "done"));
    let script = all.iter().find(|u| u["package"] == "store" && u["mode"] == "run").unwrap();
    assert_eq!(script["status"], "interrupted");
}
