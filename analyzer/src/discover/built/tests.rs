//! Which directories are read, and what is not.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::discover::settings::configuration::Configuration;
use crate::discover::{DiscoverOptions, discover};

fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A package, with one unit in a target directory.
fn package() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "Cargo.toml", "[package]\nname = 'a'\nversion = '1.0.0'\nedition = '2024'");
    write(dir.path(), "src/lib.rs", "");
    dir
}

/// One unit in a profile's directory, in the old layout or the new one.
fn unit(profile: &Path, new: bool) {
    let (fingerprint, out) = if new {
        ("build/a/0123456789abcdef/fingerprint", "build/a/0123456789abcdef/out")
    } else {
        (".fingerprint/a-0123456789abcdef", "deps")
    };
    write(profile, &format!("{fingerprint}/invoked.timestamp"), "");
    write(profile, &format!("{out}/liba-0123456789abcdef.rmeta"), "");
    write(profile, &format!("{out}/liba-0123456789abcdef.rlib"), "");
    write(profile, &format!("{fingerprint}/lib-a.json"), "{}");
    write(profile, &format!("{fingerprint}/lib-a"), "0100000000000000");
    write(profile, ".cargo-build-lock", "");
}

/// `directory triple profile package` of every unit.
fn found(dir: &Path, options: &BuiltOptions) -> Vec<String> {
    let (repository, _) = discover(dir, &DiscoverOptions::default()).unwrap();
    let dirs = built_dirs(&repository, options);
    let shown = |dir: &BuiltDir| {
        let triple = dir.triple.as_deref().unwrap_or("-");
        dir.units
            .iter()
            .map(|u| format!("{} {triple} {} {} {:?}", dir.target_dir, dir.profile_dir, u.package, u.output))
            .collect::<Vec<_>>()
    };
    let reasons = dirs.left_out.iter().map(|left| format!("{}: {}", left.dir, left.reason));
    dirs.dirs.iter().flat_map(shown).chain(reasons).collect()
}

#[test]
fn directories_by_layout() {
    let cases = [
        ("target/debug", false, "target - debug a Code"),
        ("target/debug", true, "target - debug a Code"),
        ("target/release", false, "target - release a Code"),
        ("target/dist", false, "target - dist a Code"),
        ("target/wasm32-unknown-unknown/debug", false, "target wasm32-unknown-unknown debug a Code"),
        ("target/doc/debug", false, "target: no build has left anything in it"),
    ];
    for (profile, new, expected) in cases {
        let dir = package();
        unit(&dir.path().join(profile), new);
        assert_eq!(found(dir.path(), &BuiltOptions::default()), [expected], "{profile} {new}");
    }
}

#[test]
fn a_target_directory_in_another_is_one_of_its_own() {
    let dir = package();
    unit(&dir.path().join("target/rust-analyzer/debug"), false);
    write(dir.path(), "target/rust-analyzer/.rustc-info.json", "{}");
    assert_eq!(found(dir.path(), &BuiltOptions::default()), ["target/rust-analyzer - debug a Code"]);
}

#[test]
fn directories_by_configuration() {
    let elsewhere = tempfile::tempdir().unwrap();
    let home = tempfile::tempdir().unwrap();
    let shown = |path: &Path| path.canonicalize().unwrap().display().to_string();
    unit(&elsewhere.path().join("debug"), false);
    let config = |key: &str, value: &Path| format!("[build]\n{key} = '{}'", value.display());
    // The configuration, that of cargo's home, and what is given; then whether `elsewhere` is read.
    let given = |target_dir: Option<&Path>, build_dir: Option<&Path>| BuiltOptions {
        target_dir: target_dir.map(Path::to_owned),
        build_dir: build_dir.map(Path::to_owned),
        cargo_home: Some(home.path().to_owned()),
        ..BuiltOptions::default()
    };
    let away = elsewhere.path();
    let cases = [
        (String::new(), given(None, None), false),
        (config("target-dir", away), given(None, None), true),
        (config("build-dir", away), given(None, None), true),
        (config("target-dir", Path::new("nowhere")), given(Some(away), None), true),
        (config("target-dir", away), given(Some(Path::new("/nowhere")), None), false),
        (String::new(), given(None, Some(away)), true),
        (config("build-dir", Path::new("{workspace-path-hash}")), given(None, None), false),
        ("not toml".to_owned(), given(None, None), false),
    ];
    for (text, options, expected) in cases {
        let dir = package();
        write(dir.path(), ".cargo/config.toml", &text);
        let found = found(dir.path(), &options);
        let read = found.iter().any(|line| line.contains(" - debug a Code"));
        assert_eq!(read, expected, "{text} {options:?}: {found:?} of {}", shown(away));
    }
}

#[test]
fn the_nearest_configuration_wins_and_paths_are_relative_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let inner = dir.path().join("a/b");
    write(dir.path(), ".cargo/config.toml", "[build]\ntarget-dir = 'outer'\nbuild-dir = 'built'");
    write(&inner, ".cargo/config", "[build]\ntarget-dir = 'inner'");
    let reading =
        crate::discover::tree::reading::Reading::bare(dir.path(), &crate::base::ReadOptions::default());
    let config = Configuration::read(&reading, &inner, None, &mut Vec::new());
    assert_eq!(config.path(&["build", "target-dir"]), Some(inner.join("inner")));
    assert_eq!(config.path(&["build", "build-dir"]), Some(dir.path().join("built")));
}

#[cfg(unix)]
#[test]
fn links_and_special_files_are_left_alone() {
    let away = tempfile::tempdir().unwrap();
    unit(&away.path().join("debug"), false);
    // The whole directory, a profile, and a unit.
    for (link, to) in [
        ("target", away.path().to_owned()),
        ("target/debug", away.path().join("debug")),
        ("target/debug/.fingerprint", away.path().join("debug/.fingerprint")),
    ] {
        let dir = package();
        let link = dir.path().join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&to, &link).unwrap();
        let found = found(dir.path(), &BuiltOptions::default());
        assert!(!found.iter().any(|line| line.contains("a Code")), "{found:?}");
    }
    // Somebody who names a link means where it leads.
    let dir = package();
    let link: PathBuf = dir.path().join("named");
    std::os::unix::fs::symlink(away.path(), &link).unwrap();
    let options = BuiltOptions { target_dir: Some(link), ..BuiltOptions::default() };
    assert_eq!(found(dir.path(), &options).len(), 1);
}

#[test]
fn reading_is_bounded() {
    let dir = package();
    unit(&dir.path().join("target/debug"), false);
    for limits in [Limits { entries: 3, ..Limits::default() }, Limits { bytes: 10, ..Limits::default() }] {
        let found = found(dir.path(), &BuiltOptions { limits, ..BuiltOptions::default() });
        let [line] = &found[..] else { panic!("{found:?}") };
        assert!(line.contains("more files than are read"), "{line}");
    }
}
