//! Profiles of manifests and of cargo's configuration.

use super::*;
use crate::diagnostic::Severity;

/// `opt-level debug incremental` of a profile.
fn line(repository: &Repository, name: &str) -> String {
    let profile = &repository.workspaces.iter().next().unwrap().profiles[name];
    format!("{} {} {}", profile.opt_level, profile.debug, profile.incremental)
}

#[test]
fn configuration_comes_before_the_manifest_and_what_is_near_before_what_is_far() {
    let dir = tree(&[
        (".cargo/config.toml", "[profile.dev]\ndebug = 1\nopt-level = 1\n[profile.ci]\ninherits = 'dev'"),
        ("repo/.cargo/config.toml", "[profile.dev]\ndebug = 'line-tables-only'"),
        ("repo/Cargo.toml", &package("app", "[profile.dev]\ndebug = 2\nincremental = false\nopt-level = 3")),
        ("repo/src/lib.rs", ""),
        ("home/config.toml", "[profile.release]\nincremental = true\ndebug = 2\n[profile.dev]\ndebug = 0"),
        ("home/config", "[profile.release]\ndebug = 1"),
    ]);
    let read = |options: DiscoverOptions| discover(&dir.path().join("repo"), &options).unwrap().0;
    let alone = read(DiscoverOptions::default());
    assert_eq!(line(&alone, "dev"), "1 line-tables-only false");
    assert_eq!(line(&alone, "test"), "1 line-tables-only false");
    assert_eq!(line(&alone, "ci"), "1 line-tables-only false");
    assert_eq!(line(&alone, "release"), "3 0 false");
    let with_home =
        DiscoverOptions { cargo_home: Some(dir.path().join("home")), ..DiscoverOptions::default() };
    let with_home = read(with_home);
    // `config` without an extension is the one that cargo takes.
    assert_eq!(line(&with_home, "release"), "3 1 false");
    assert_eq!(line(&with_home, "dev"), "1 line-tables-only false");
}

#[test]
fn the_setting_for_all_profiles_comes_first() {
    let dir = tree(&[
        (".cargo/config.toml", "[build]\nincremental = false"),
        (
            "Cargo.toml",
            &package("app", "[profile.dev]\nincremental = true\n[profile.release]\nincremental = true"),
        ),
        ("src/lib.rs", ""),
    ]);
    let (repository, _) = run(dir.path());
    assert_eq!([line(&repository, "dev"), line(&repository, "release")], ["0 2 false", "3 0 false"]);
}

#[test]
fn a_broken_configuration_is_a_diagnostic() {
    let large = format!("# {}", "x".repeat(1 << 20));
    for (text, why) in [("[profile", "line"), (&*large, "more than"), ("a = 1\na = 2", "duplicate")] {
        let dir = tree(&[
            (".cargo/config.toml", text),
            ("Cargo.toml", &package("app", "[profile.dev]\ndebug = 1")),
            ("src/lib.rs", ""),
        ]);
        let (repository, diagnostics) = run(dir.path());
        assert_eq!(line(&repository, "dev"), "0 1 true");
        let found = diagnostics.iter().find(|d| d.path.as_deref() == Some(".cargo/config.toml"));
        let found = found.unwrap_or_else(|| panic!("{why}: {diagnostics:?}"));
        assert_eq!((found.code, found.severity), (Code::InvalidConfig, Severity::Warning), "{why}");
    }
}
