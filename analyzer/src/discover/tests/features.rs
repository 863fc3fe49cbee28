//! Features against the real cargo: workspaces of path dependencies only, which it can resolve anywhere.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{CargoOpt, MetadataCommand};

use super::*;

type Features = BTreeMap<String, BTreeSet<String>>;

fn ours(root: &Path, options: &DiscoverOptions) -> Features {
    let (repository, _) = discover(root, options).unwrap();
    repository.packages.iter().map(|p| (p.name.clone(), p.enabled_features.clone())).collect()
}

fn cargos(root: &Path, options: &[CargoOpt]) -> Features {
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml")).other_options(["--offline".to_owned()]);
    for option in options {
        command.features(option.clone());
    }
    let metadata = command.exec().unwrap();
    let nodes = metadata.resolve.clone().unwrap().nodes;
    let features = nodes
        .into_iter()
        .map(|n| (metadata[&n.id].name.to_string(), n.features.iter().map(ToString::to_string).collect()));
    features.collect()
}

/// A workspace of packages `a`, `b`, `c`…, given what follows `[package]` in each.
fn workspace(members: &[&str]) -> tempfile::TempDir {
    let names: Vec<String> = ('a'..='z').take(members.len()).map(String::from).collect();
    let dir = tree(&[("Cargo.toml", &format!("[workspace]\nresolver = '2'\nmembers = {names:?}\n"))]);
    for (name, rest) in names.iter().zip(members) {
        add(
            dir.path(),
            &[(&format!("{name}/Cargo.toml"), &package(name, rest)), (&format!("{name}/src/lib.rs"), "")],
        );
    }
    dir
}

const CASES: &[(&str, &[&str])] = &[
    ("defaults", &["[features]\ndefault = ['x']\nx = ['y']\ny = []\nz = []"]),
    (
        "a dependent asks",
        &["[dependencies]\nb = { path = '../b', features = ['x'] }", "[features]\nx = ['y']\ny = []\nz = []"],
    ),
    (
        "dev and build dependencies ask, too",
        &[
            "[dev-dependencies]\nb = { path = '../b', features = ['x'] }\n[build-dependencies]\nb = { path = '../b', features = ['y'] }",
            "[features]\nx = []\ny = []\nz = []",
        ],
    ),
    (
        "a platform's dependencies ask, whichever the platform",
        &[
            "[target.'cfg(windows)'.dependencies]\nb = { path = '../b', features = ['x'] }",
            "[features]\nx = []",
        ],
    ),
    (
        "slash switches an optional dependency on, with its feature",
        &[
            "[features]\ndefault = ['b/x']\n[dependencies]\nb = { path = '../b', optional = true }",
            "[features]\nx = []",
        ],
    ),
    (
        "dep: hides the implicit feature",
        &[
            "[features]\ndefault = ['net']\nnet = ['dep:b', 'b?/x']\n[dependencies]\nb = { path = '../b', optional = true }",
            "[features]\nx = []",
        ],
    ),
    (
        "an implicit feature",
        &[
            "[features]\ndefault = ['b']\n[dependencies]\nb = { path = '../b', optional = true, features = ['x'] }",
            "[features]\nx = []",
        ],
    ),
    (
        "renamed",
        &[
            "[features]\ndefault = ['bee/x']\n[dependencies]\nbee = { path = '../b', package = 'b' }",
            "[features]\nx = []",
        ],
    ),
    (
        "an optional dependency that stays off asks for nothing",
        &["[dependencies]\nb = { path = '../b', optional = true, features = ['x'] }", "[features]\nx = []"],
    ),
    (
        "chains and circles",
        &[
            "[dependencies]\nb = { path = '../b', default-features = false, features = ['x'] }",
            "[features]\ndefault = ['q']\nq = []\nx = ['y', 'c/k']\ny = ['x']\n[dependencies]\nc = { path = '../c', default-features = false }",
            "[features]\ndefault = ['d']\nd = []\nk = []\n[dev-dependencies]\na = { path = '../a' }",
        ],
    ),
];

#[test]
fn as_cargo_unifies() {
    for (name, members) in CASES {
        let dir = workspace(members);
        assert_eq!(ours(dir.path(), &DiscoverOptions::default()), cargos(dir.path(), &[]), "{name}");
    }
}

#[test]
fn all_features_and_none() {
    for (name, members) in CASES {
        let dir = workspace(members);
        let all = DiscoverOptions { all_features: true, ..DiscoverOptions::default() };
        assert_eq!(ours(dir.path(), &all), cargos(dir.path(), &[CargoOpt::AllFeatures]), "{name}");
        let none = DiscoverOptions { no_default_features: true, ..DiscoverOptions::default() };
        assert_eq!(ours(dir.path(), &none), cargos(dir.path(), &[CargoOpt::NoDefaultFeatures]), "{name}");
    }
}

#[test]
fn chosen_features() {
    let dir = workspace(&[
        "[features]\nx = ['b/x']\n[dependencies]\nb = { path = '../b' }",
        "[features]\nx = []\ny = []\nz = []",
    ]);
    for chosen in ["x", "b/y", "x,b/z"] {
        let options = DiscoverOptions { features: vec![chosen.to_owned()], ..DiscoverOptions::default() };
        let theirs = chosen.split(',').map(str::to_owned).collect();
        assert_eq!(
            ours(dir.path(), &options),
            cargos(dir.path(), &[CargoOpt::SomeFeatures(theirs)]),
            "{chosen}"
        );
    }
}

/// `x?/f` alone doesn't switch `x` on: a build leaves it out, although cargo's resolver lists it.
#[test]
fn weak_features() {
    let members = [
        "[features]\ndefault = ['std']\nstd = ['c?/x']\n[dependencies]\nc = { path = '../c', optional = true }",
        "",
        "[features]\nx = []",
    ];
    let dir = workspace(&members);
    let (repository, _) = run(dir.path());
    let a = &repository.packages.as_slice()[0];
    assert!(!a.dependencies[0].enabled);
    assert!(!repository.packages.as_slice()[2].enabled_features.contains("x"));
    let on = DiscoverOptions { features: vec!["a/c".into()], ..DiscoverOptions::default() };
    let (repository, _) = discover(dir.path(), &on).unwrap();
    assert!(repository.packages.as_slice()[0].dependencies[0].enabled);
    assert!(repository.packages.as_slice()[2].enabled_features.contains("x"));
}

#[test]
fn required_features_of_targets() {
    let cases = [
        ("['x']", "", false),
        ("['x']", "default = ['x']", true),
        ("['b/y']", "", false),
        ("['b/y']", "default = ['b/y']", true),
    ];
    for (required, default, expected) in cases {
        let a = format!(
            "[[bin]]\nname = 't'\npath = 'src/lib.rs'\nrequired-features = {required}\n[features]\nx = []\n{default}\n[dependencies]\nb = {{ path = '../b' }}"
        );
        let dir = workspace(&[&a, "[features]\ny = []"]);
        let (repository, _) = run(dir.path());
        let bin = repository.targets.iter().find(|t| t.kind == TargetKind::Bin).unwrap();
        assert_eq!(bin.enabled, expected, "{required} with {default}");
    }
}
