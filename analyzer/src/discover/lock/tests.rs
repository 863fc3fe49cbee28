//! What builds take of a lock file, with a cargo home of our own.

use std::fs;
use std::path::Path;

use crate::diagnostic::Code;
use crate::discover::{DiscoverOptions, LockedPackage, Repository, discover};
use crate::ids::{IdVec, LockedId};

/// An application, what it depends on from elsewhere, and what the index says of that.
fn application(dir: &Path, manifest: &str, locked: &[(&str, &[&str])], index: &[(&str, &str)]) {
    let write = |path: &str, text: &str| {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "app/Cargo.toml",
        &format!("[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{manifest}"),
    );
    write("app/src/lib.rs", "");
    let entry = |(name, below): &(&str, &[&str])| {
        let source = match *name {
            "app" => String::new(),
            name => format!("source = \"registry+https://example.com/index\"\nchecksum = \"sum-{name}\"\n"),
        };
        let below: Vec<String> = below.iter().map(|name| format!("\"{name}\"")).collect();
        let version = if *name == "app" { "0.1.0" } else { "1.0.0" };
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}dependencies = [{}]\n",
            below.join(", ")
        )
    };
    write("app/Cargo.lock", &format!("version = 4\n{}", locked.iter().map(entry).collect::<String>()));
    for (name, rest) in index {
        let line = format!("{{\"name\":\"{name}\",\"vers\":\"1.0.0\",\"cksum\":\"sum-{name}\",{rest}}}");
        let place = format!("home/registry/index/example.com-1/.cache/{}/{}/{name}", &name[..2], &name[2..4]);
        write(&place, &format!("\u{3}\u{2}\0\0\0etag\01.0.0\0{line}\0"));
    }
}

fn read(dir: &Path, change: impl Fn(&mut DiscoverOptions)) -> Repository {
    read_and_told(dir, change).0
}

/// Also what is said of the index.
fn read_and_told(dir: &Path, change: impl Fn(&mut DiscoverOptions)) -> (Repository, Vec<String>) {
    let mut options = DiscoverOptions { cargo_home: Some(dir.join("home")), ..DiscoverOptions::default() };
    change(&mut options);
    let (repository, diagnostics) = discover(&dir.join("app"), &options).unwrap();
    let told = diagnostics.into_iter().filter(|d| d.code == Code::NotInIndex).map(|d| d.message);
    (repository, told.collect())
}

/// `name: what it takes`, of those that take anything.
fn shown(repository: &Repository, of: impl Fn(&LockedPackage) -> &Vec<LockedId>) -> Vec<String> {
    let locked: &IdVec<LockedId, LockedPackage> = &repository.workspaces.iter().next().unwrap().locked;
    let names = |package: &LockedPackage| -> Vec<String> {
        of(package).iter().map(|&id| locked[id].name.clone()).collect()
    };
    let rows = locked.iter().map(|package| (package.name.clone(), names(package)));
    rows.filter(|(_, names)| !names.is_empty())
        .map(|(name, names)| format!("{name}: {}", names.join(" ")))
        .collect()
}

fn dependency(name: &str, rest: &str) -> String {
    format!("{{\"name\":\"{name}\",\"features\":[],\"optional\":false,\"default_features\":true,\"kind\":\"normal\"{rest}}}")
        .replace("\"optional\":false,\"default_features\":true,\"kind\":\"normal\",\"optional\":true", "\"optional\":true,\"default_features\":true,\"kind\":\"normal\"")
}

const LOCKED: [(&str, &[&str]); 8] = [
    ("app", &["http", "term"]),
    ("http", &["h2fast", "pool", "tracing"]),
    ("h2fast", &["pool"]),
    ("pool", &[]),
    ("term", &["winapi", "pool"]),
    ("tracing", &["tracing-core"]),
    ("tracing-core", &[]),
    ("winapi", &[]),
];

fn index() -> Vec<(&'static str, String)> {
    let http = [
        dependency("h2fast", ",\"optional\":true"),
        dependency("pool", ""),
        dependency("log", ",\"optional\":true").replace("\"kind\"", "\"package\":\"tracing\",\"kind\""),
    ];
    let term = [
        dependency("winapi", ",\"target\":\"cfg(windows)\""),
        dependency("pool", "").replace("\"normal\"", "\"dev\""),
    ];
    let tracing = [dependency("tracing-core", ",\"optional\":true")];
    let features = "\"features\":{\"default\":[],\"http2\":[\"dep:h2fast\"],\"log\":[\"dep:log\"]},\"features2\":{\"spans\":[\"log/std\"],\"weak\":[\"log?/std\"]}";
    vec![
        ("http", format!("\"deps\":[{}],{features}", http.join(","))),
        ("h2fast", format!("\"deps\":[{}],\"features\":{{}}", dependency("pool", ""))),
        ("pool", "\"deps\":[],\"features\":{}".to_owned()),
        ("term", format!("\"deps\":[{}],\"features\":{{}}", term.join(","))),
        ("tracing", format!("\"deps\":[{}],\"features\":{{\"std\":[\"tracing-core\"]}}", tracing.join(","))),
    ]
}

#[test]
fn features_and_platforms_say_what_is_taken() {
    let index = index();
    let index: Vec<(&str, &str)> = index.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let linux = "x86_64-unknown-linux-gnu";
    for (features, followed, built) in [
        ("", &["app: http term", "http: pool", "term: winapi"][..], &["app: http term", "http: pool"][..]),
        (
            "\"http2\"",
            &["app: http term", "http: h2fast pool", "h2fast: pool", "term: winapi"],
            &["app: http term", "http: h2fast pool", "h2fast: pool"],
        ),
        ("\"weak\"", &["app: http term", "http: pool", "term: winapi"], &["app: http term", "http: pool"]),
        (
            "\"log\"",
            &["app: http term", "http: pool tracing", "term: winapi"],
            &["app: http term", "http: pool tracing"],
        ),
        (
            "\"spans\"",
            &["app: http term", "http: pool tracing", "term: winapi", "tracing: tracing-core"],
            &["app: http term", "http: pool tracing", "tracing: tracing-core"],
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        let manifest =
            format!("[dependencies]\nhttp = {{ version = \"1\", features = [{features}] }}\nterm = \"1\"\n");
        application(&dir, &manifest, &LOCKED, &index);
        let target = |asked: Option<&str>| read(&dir, |options| options.target = asked.map(str::to_owned));
        let found = target(Some(linux));
        assert_eq!(shown(&found, |p| &p.built), built, "{features}");
        assert_eq!(shown(&found, |p| &p.tested), built, "{features}");
        assert_eq!(
            shown(&found, |p| &p.followed),
            built,
            "only the platform that was asked for counts: {features}"
        );
        assert_eq!(shown(&target(None), |p| &p.followed), followed, "{features}");
        let windows = target(Some("x86_64-pc-windows-msvc"));
        assert_eq!(shown(&windows, |p| &p.built), followed, "{features}");
    }
}

#[test]
fn own_features_ask_for_features_below() {
    let index = index();
    let index: Vec<(&str, &str)> = index.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let manifest = "[dependencies]\nhttp = \"1\"\n[features]\ndefault = [\"http/http2\"]\n";
    application(&dir, manifest, &LOCKED, &index);
    let (found, told) =
        read_and_told(&dir, |options| options.target = Some("x86_64-unknown-linux-gnu".to_owned()));
    assert!(told.is_empty(), "{told:?}");
    assert_eq!(shown(&found, |p| &p.built), ["app: http", "http: h2fast pool", "h2fast: pool"]);
}

#[test]
fn what_the_index_does_not_know_takes_all() {
    let index = index();
    let known: Vec<(&str, &str)> =
        index.iter().filter(|(name, _)| *name != "http").map(|(name, rest)| (*name, rest.as_str())).collect();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    application(
        &dir,
        "[dependencies]\nhttp = \"1\"\nterm = { version = \"1\", optional = true }\n",
        &LOCKED,
        &known,
    );
    let linux = |options: &mut DiscoverOptions| options.target = Some("x86_64-unknown-linux-gnu".to_owned());
    let (found, told) = read_and_told(&dir, linux);
    assert!(told[0].starts_with("of 7 published packages 1 are not"), "{told:?}");
    let all = ["app: http", "http: h2fast pool tracing", "h2fast: pool", "tracing: tracing-core"];
    assert_eq!(shown(&found, |p| &p.built), all);
    // No index at all: everything that is reached takes everything.
    let (found, told) = read_and_told(&dir, |options| {
        linux(options);
        options.cargo_home = None;
    });
    assert_eq!(shown(&found, |p| &p.built), all);
    assert!(told[0].starts_with("of 7 published packages 3 are not"), "{told:?}");
    // Another archive than the one that the index has.
    let lock = dir.join("app/Cargo.lock");
    let text = fs::read_to_string(&lock).unwrap().replace("sum-tracing\"", "another\"");
    fs::write(&lock, text).unwrap();
    assert_eq!(shown(&read(&dir, linux), |p| &p.built), all);
}

#[test]
fn dev_dependencies_switch_on_features_of_tests_only() {
    let index = index();
    let index: Vec<(&str, &str)> = index.iter().map(|(name, rest)| (*name, rest.as_str())).collect();
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().canonicalize().unwrap();
    let manifest = "[dependencies]\nhttp = \"1\"\n[dev-dependencies]\nhttp = { version = \"1\", features = [\"http2\"] }\n";
    application(&dir, manifest, &LOCKED, &index);
    let found = read(&dir, |options| options.target = Some("x86_64-unknown-linux-gnu".to_owned()));
    assert_eq!(shown(&found, |p| &p.built), ["app: http", "http: pool"]);
    assert_eq!(shown(&found, |p| &p.tested), ["app: http", "http: h2fast pool", "h2fast: pool"]);
}
