//! Trouble: it is reported with its place, and everything else is still found.

use super::*;

#[test]
fn nothing_to_analyse() {
    let empty = discover(tree(&[]).path(), &DiscoverOptions::default());
    assert!(matches!(empty, Err(Error::NoManifest { .. })));
    let absent = discover(Path::new("no/such/place"), &DiscoverOptions::default());
    assert!(matches!(absent, Err(Error::Unreadable { .. })));
    let dir = tree(&[("main.rs", "")]);
    let file = discover(&dir.path().join("main.rs"), &DiscoverOptions::default());
    assert!(matches!(file, Err(Error::NotADirectory { .. })));
    let broken = tree(&[("Cargo.toml", "[package]\nname = 'a'\nversion = \n")]);
    match discover(broken.path(), &DiscoverOptions::default()) {
        Err(Error::NoPackage { first, .. }) => assert!(first.starts_with("Cargo.toml:3: "), "{first}"),
        other => panic!("{other:?}"),
    }
    let virtual_only = tree(&[("Cargo.toml", "[workspace]\n")]);
    let found = discover(virtual_only.path(), &DiscoverOptions::default());
    assert!(matches!(found, Err(Error::NoPackage { .. })));
}

/// One member is broken, in ways that cargo finds at different stages; the other is analysed all the same.
#[test]
fn a_broken_member() {
    let cases = [
        ("[package]\nname = 'b'\nversion =\n", 3, false),
        ("[package]\nname = 'b'\nversion = 'x'\n", 3, true),
        ("[package]\nname = 'b'\n\nedition = '1999'\n", 4, true),
        ("[package]\nversion = '0.1.0'\n", 0, false),
        ("[package]\nname = 'b'\n[features]\nf = ['absent']\n", 4, true),
        ("[package]\nname = 'b'\n[dependencies]\nq.workspace = true\n", 4, true),
        ("[package]\nname = 'b'\n[dependencies]\nq = { path = '../q' }\n", 4, true),
    ];
    for (manifest, line, usable) in cases {
        let dir = tree(&[
            ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n"),
            ("a/Cargo.toml", &package("a", "")),
            ("a/src/lib.rs", ""),
            ("b/Cargo.toml", manifest),
            ("b/src/lib.rs", ""),
        ]);
        let (repository, diagnostics) = run(dir.path());
        assert_eq!(
            shown(&diagnostics),
            [(Code::InvalidManifest, format!("b/Cargo.toml:{line}"))],
            "{manifest}"
        );
        assert_eq!(repository.packages.len(), 1 + usize::from(usable), "{manifest}");
        assert_eq!(repository.workspaces.len(), 1);
    }
}

#[test]
fn a_missing_member() {
    let dir = tree(&[
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'gone']\n"),
        ("a/Cargo.toml", &package("a", "")),
        ("a/src/lib.rs", ""),
    ]);
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(manifests(&repository), ["a/Cargo.toml"]);
    assert_eq!(shown(&diagnostics), [(Code::InvalidManifest, "Cargo.toml:2".to_owned())]);
}

/// The members of a workspace whose root can't be read stand alone.
#[test]
fn a_broken_root() {
    let dir = tree(&[
        ("Cargo.toml", "[workspace\n"),
        ("a/Cargo.toml", "[package]\nname = 'a'\nversion.workspace = true\n"),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", &package("b", "")),
        ("b/src/lib.rs", ""),
    ]);
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(manifests(&repository), ["a/Cargo.toml", "b/Cargo.toml"]);
    assert!(
        shown(&diagnostics).contains(&(Code::InvalidManifest, "Cargo.toml:1".to_owned())),
        "{diagnostics:?}"
    );
}

#[test]
fn a_manifest_that_is_not_text() {
    let dir = tree(&[("Cargo.toml", &package("a", "")), ("src/lib.rs", ""), ("x/Cargo.toml", "")]);
    fs::write(dir.path().join("x/Cargo.toml"), b"[package]\nname = '\xff'\n").unwrap();
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(manifests(&repository), ["Cargo.toml"]);
    assert_eq!(shown(&diagnostics), [(Code::InvalidManifest, "x/Cargo.toml:0".to_owned())]);
}

/// Nesting that would overflow a recursive reader's stack.
#[test]
fn deep_manifests() {
    let dotted = vec!["a"; 50_000].join(".");
    for nested in [format!("m = {}", "[".repeat(50_000)), format!("{dotted} = 1"), format!("[{dotted}]")] {
        let dir = tree(&[("Cargo.toml", &package("a", "")), ("src/lib.rs", ""), ("x/Cargo.toml", &nested)]);
        let (repository, diagnostics) = run(dir.path());
        assert_eq!(manifests(&repository), ["Cargo.toml"]);
        let places: Vec<_> = diagnostics
            .iter()
            .filter(|d| d.code == Code::InvalidManifest)
            .map(|d| d.path.as_deref())
            .collect();
        assert_eq!(places, [Some("x/Cargo.toml")]);
    }
}

#[cfg(unix)]
#[test]
fn symbolic_links() {
    use std::os::unix::fs::symlink;
    let dir = tree(&[("Cargo.toml", &package("a", "")), ("src/lib.rs", ""), ("src/real.rs", "")]);
    let src = dir.path().join("src");
    symlink("..", src.join("up")).unwrap();
    symlink("self", src.join("self")).unwrap();
    symlink("real.rs", src.join("linked.rs")).unwrap();
    symlink("gone.rs", src.join("dangling.rs")).unwrap();
    symlink("src", dir.path().join("other")).unwrap();
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(repository.rust_files, ["src/lib.rs", "src/linked.rs", "src/real.rs"]);
    assert_eq!(
        shown(&diagnostics),
        [
            (Code::Unreadable, "src/dangling.rs:0".to_owned()),
            (Code::SymlinkLoop, "src/self:0".to_owned()),
            (Code::SymlinkLoop, "src/up:0".to_owned()),
        ]
    );
}

/// An administrator may read everything: then nothing may be reported.
#[cfg(unix)]
#[test]
fn an_unreadable_directory() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tree(&[("Cargo.toml", &package("a", "")), ("src/lib.rs", ""), ("shut/x.rs", "")]);
    let shut = dir.path().join("shut");
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&shut).is_ok();
    let (repository, diagnostics) = run(dir.path());
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).unwrap();
    let expected = if readable { vec![] } else { vec![(Code::Unreadable, "shut:0".to_owned())] };
    assert_eq!(shown(&diagnostics), expected);
    assert_eq!(repository.rust_files.len(), 1 + usize::from(readable));
}

#[test]
fn unknown_features() {
    let dir = tree(&[("Cargo.toml", &package("a", "[features]\nf = []")), ("src/lib.rs", "")]);
    let options =
        DiscoverOptions { features: vec!["f,absent".into(), "a/nope".into()], ..DiscoverOptions::default() };
    let (repository, diagnostics) = discover(dir.path(), &options).unwrap();
    let messages: Vec<_> =
        diagnostics.iter().filter(|d| d.code == Code::InvalidConfig).map(|d| &d.message).collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(repository.packages.as_slice()[0].enabled_features.contains("f"));
}
