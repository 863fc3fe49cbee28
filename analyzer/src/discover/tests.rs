//! Discovery on small trees made for each case.

use std::fs;
use std::path::Path;

use super::*;

/// A temporary directory with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn run(root: &Path) -> (Repository, Vec<Diagnostic>) {
    discover(root, &DiscoverOptions::default()).unwrap()
}

fn names(repository: &Repository) -> Vec<&str> {
    repository.packages.iter().map(|p| p.name.as_str()).collect()
}

const WORKSPACE: &[(&str, &str)] = &[
    ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\nresolver = '2'\n"),
    (
        "a/Cargo.toml",
        "[package]\nname = 'a'\nversion = '0.1.0'\nedition = '2021'\n[dependencies]\nb = { path = '../b' }\n",
    ),
    ("a/src/lib.rs", ""),
    ("b/Cargo.toml", "[package]\nname = 'b'\nversion = '0.1.0'\nedition = '2024'\n"),
    ("b/src/main.rs", "fn main() {}"),
    ("b/src/lib.rs", ""),
];

#[test]
fn a_virtual_workspace() {
    let dir = tree(WORKSPACE);
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(names(&repository), ["a", "b"]);
    assert_eq!(repository.rust_files, ["a/src/lib.rs", "b/src/lib.rs", "b/src/main.rs"]);
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::NoLockFile]);
    assert!(!dir.path().join("Cargo.lock").exists());
}

#[test]
fn nothing_to_analyse() {
    let empty = discover(tree(&[]).path(), &DiscoverOptions::default());
    assert!(matches!(empty, Err(Error::NoManifest { .. })));
    let absent = discover(Path::new("/no/such/place"), &DiscoverOptions::default());
    assert!(matches!(absent, Err(Error::Unreadable { .. })));
}
