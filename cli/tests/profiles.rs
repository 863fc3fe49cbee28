//! What profiles do to the seconds of `simulate` and to the advice of `analyze`.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking too")]

mod run;

use std::fmt::Write as _;

use run::Fixture;
use serde_json::Value;

/// One crate of many functions, with this at the end of its manifest and this as cargo's configuration.
fn workspace(manifest: &str, configuration: &str) -> Fixture {
    let fixture = Fixture::empty();
    let mut code = String::new();
    for i in 0..2_000 {
        writeln!(
            code,
            "pub fn f{i}(a: &[u32]) -> u32 {{ a.iter().map(|x| x ^ {i}).sum::<u32>() + a.len() as u32 }}"
        )
        .unwrap();
    }
    for (path, text) in [
        (
            "Cargo.toml",
            format!("[workspace]\n[package]\nname = 'app'\nversion = '0.1.0'\nedition = '2024'\n{manifest}"),
        ),
        (".cargo/config.toml", configuration.to_owned()),
        ("src/lib.rs", code),
        ("src/main.rs", "fn main() { app::f1(&[]); }".to_owned()),
    ] {
        let path = fixture.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    fixture
}

/// Seconds of a clean build and of one after an edit, one job.
fn seconds(fixture: &Fixture, mode: &str) -> (f64, f64) {
    let answer = fixture.run(&["simulate", "--jobs", "1", "--mode", mode, "--format", "json"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let report: Value = serde_json::from_str(&answer.stdout).unwrap();
    let of = |scenario: &str| {
        let builds = report["builds"].as_array().unwrap();
        builds.iter().find(|b| b["scenario"] == scenario).unwrap()["makespan_s"]["p50"].as_f64().unwrap()
    };
    (of("clean"), of("edit"))
}

/// Whether a rebuild is incremental is what the profile says, wherever that is written.
#[test]
fn rebuilds_are_in_full_where_the_profile_is_not_incremental() {
    let in_full = |manifest: &str, configuration: &str, mode: &str| {
        let (clean, edit) = seconds(&workspace(manifest, configuration), mode);
        // Where the program alone is edited the library stays; that is a small share of the edits.
        if edit > 0.9 * clean {
            true
        } else {
            assert!(edit < 0.6 * clean, "{manifest} {configuration} {mode}: {clean} {edit}");
            false
        }
    };
    for (manifest, configuration, mode, expected) in [
        ("", "", "dev", false),
        ("", "", "check", false),
        ("", "", "release", true),
        ("[profile.dev]\nincremental = false", "", "dev", true),
        ("[profile.dev]\nincremental = false", "", "check", true),
        ("[profile.dev]\nincremental = false", "", "release", true),
        ("[profile.release]\nincremental = true", "", "release", false),
        ("", "[profile.dev]\nincremental = false", "dev", true),
        ("[profile.dev]\nincremental = false", "[profile.dev]\nincremental = true", "dev", false),
        ("", "[build]\nincremental = false", "dev", true),
        ("", "[build]\nincremental = true", "release", false),
        ("[profile.dev.package.app]\nincremental = false", "", "dev", true),
        ("[profile.dev.package.'*']\nincremental = false", "", "dev", false),
        ("[profile.dev.build-override]\nincremental = false", "", "dev", false),
    ] {
        assert_eq!(in_full(manifest, configuration, mode), expected, "{manifest} {configuration} {mode}");
    }
}

#[test]
fn optimisation_debug_information_and_lto_are_part_of_the_seconds() {
    let clean = |manifest: &str, mode: &str| seconds(&workspace(manifest, ""), mode).0;
    let (dev, release) = (clean("", "dev"), clean("", "release"));
    for (manifest, mode, default, longer) in [
        ("[profile.dev]\nopt-level = 2", "dev", dev, true),
        ("[profile.dev]\ndebug = false", "dev", dev, false),
        ("[profile.dev]\ndebug = 'line-tables-only'", "dev", dev, false),
        ("[profile.release]\ndebug = true", "release", release, true),
        ("[profile.release]\nlto = 'thin'", "release", release, true),
        ("[profile.release]\nopt-level = 0", "release", release, false),
        ("[profile.release]\ncodegen-units = 1", "release", release, false),
    ] {
        let with = clean(manifest, mode);
        assert!(
            (with > 1.02 * default, with < 0.98 * default) == (longer, !longer),
            "{manifest}: {default} {with}"
        );
    }
    // Fat LTO leaves more to the libraries that are linked, and does less in all: of much code no more than without it.
    let (thin, fat) = (
        clean("[profile.release]\nlto = 'thin'", "release"),
        clean("[profile.release]\nlto = true", "release"),
    );
    assert!(fat < thin && fat != release, "{fat} {thin} {release}");
    let check = clean("", "check");
    assert_eq!(clean("[profile.dev]\nopt-level = 2\ndebug = false", "check"), check);
}

/// Who has set what a lever advises isn't advised to, wherever it is set.
#[test]
fn debug_information_set_in_the_configuration_is_known() {
    let lever = |configuration: &str| {
        let answer = workspace("", configuration).run(&["analyze", "--format", "json"]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        let report: Value = serde_json::from_str(&answer.stdout).unwrap();
        report["levers"].as_array().unwrap().iter().any(|l| l["kind"] == "debug-info")
    };
    assert!(lever(""));
    assert!(!lever("[profile.dev]\ndebug = 'line-tables-only'"));
}
