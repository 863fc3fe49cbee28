//! Shapes of repositories.

use super::*;

fn workspace_of_two() -> tempfile::TempDir {
    tree(&[
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\nresolver = '2'\n[profile.release]\nlto = true\n"),
        (
            "a/Cargo.toml",
            &package(
                "a",
                "[dependencies]\nbee = { path = '../b', package = 'b-b' }\nb-b = { path = '../b' }",
            ),
        ),
        ("a/src/lib.rs", ""),
        (
            "b/Cargo.toml",
            &package(
                "b-b",
                "publish = false\nlinks = 'z'\n[lib]\nname = 'bbb'\n[[bin]]\nname = 'tool-x'\npath = 'src/tool.rs'\nrequired-features = ['cli']\n[features]\ncli = []",
            ),
        ),
        ("b/src/lib.rs", ""),
        ("b/src/tool.rs", "fn main() {}"),
        ("b/build.rs", "fn main() {}"),
        ("b/tests/it/main.rs", ""),
        ("b/examples/ex.rs", "fn main() {}"),
        ("b/benches/be.rs", ""),
    ])
}

#[test]
fn a_virtual_workspace() {
    let dir = workspace_of_two();
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(shown(&diagnostics), []);
    assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::NoLockFile]);
    assert_eq!(manifests(&repository), ["a/Cargo.toml", "b/Cargo.toml"]);
    let workspace = repository.workspaces.iter().next().unwrap();
    assert_eq!((workspace.dir.as_str(), workspace.members.len()), ("", 2));
    assert_eq!(workspace.profiles["release"].lto, "fat");
    let b = repository.packages.iter().nth(1).unwrap();
    assert_eq!((b.publishable, b.links.as_deref()), (false, Some("z")));
    let targets: Vec<_> =
        repository.targets.iter().map(|t| (t.kind, t.name.as_str(), t.src.as_str(), t.enabled)).collect();
    use TargetKind::*;
    assert_eq!(
        targets,
        [
            (Lib, "a", "a/src/lib.rs", true),
            (Lib, "bbb", "b/src/lib.rs", true),
            (Bin, "tool-x", "b/src/tool.rs", false),
            (Test, "it", "b/tests/it/main.rs", true),
            (Example, "ex", "b/examples/ex.rs", true),
            (Bench, "be", "b/benches/be.rs", true),
            (BuildScript, "build-script-build", "b/build.rs", true),
        ]
    );
    assert_eq!(repository.targets.iter().nth(2).unwrap().crate_name, "tool_x");
}

/// A renamed dependency goes by its new name, any other by the name of the library it is.
#[test]
fn extern_names() {
    let dir = workspace_of_two();
    let (repository, _) = run(dir.path());
    let a = repository.packages.iter().next().unwrap();
    let names: Vec<_> = a.dependencies.iter().map(|d| (d.extern_name.as_str(), d.package.as_str())).collect();
    assert_eq!(names, [("bbb", "b-b"), ("bee", "b-b")]);
    assert!(a.dependencies.iter().all(|d| d.local == Some(crate::ids::PackageId(1))));
}

/// The sources of a published package say what its library is called: those of the version in the lock file, else any.
#[test]
fn published_libraries_go_by_their_own_names() {
    let manifest = package(
        "a",
        "[dependencies]\nrust-ini = '1'\nmd-5 = '1'\nkept = { package = 'md-5', version = '1' }\nnone-here = '1'",
    );
    let library = |name: &str| format!("[package]\nname = \"p\"\n\n[lib]\nname = \"{name}\"\n");
    let lock =
        "version = 4\n\n[[package]]\nname = \"rust-ini\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n";
    let dir = tree(&[
        ("repo/Cargo.toml", &manifest),
        ("repo/src/lib.rs", ""),
        ("repo/Cargo.lock", lock),
        ("home/registry/src/index-1/rust-ini-1.0.0/Cargo.toml", &library("ini")),
        ("home/registry/src/index-1/rust-ini-0.9.0/Cargo.toml", &library("old")),
        ("home/registry/src/index-1/md-5-1.2.0/Cargo.toml", &library("md5")),
    ]);
    let names = |cargo_home: Option<std::path::PathBuf>| {
        let options = DiscoverOptions { cargo_home, ..DiscoverOptions::default() };
        let (repository, _) = discover(&dir.path().join("repo"), &options).unwrap();
        let a = repository.packages.iter().next().unwrap();
        a.dependencies.iter().map(|d| d.extern_name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(Some(dir.path().join("home"))), ["ini", "kept", "md5", "none_here"]);
    assert_eq!(names(None), ["kept", "md_5", "none_here", "rust_ini"]);
}

#[test]
fn nothing_is_written() {
    let dir = workspace_of_two();
    let list =
        || walkdir::WalkDir::new(dir.path()).sort_by_file_name().into_iter().map(|e| e.unwrap().into_path());
    let before: Vec<_> = list().collect();
    run(dir.path());
    assert_eq!(list().collect::<Vec<_>>(), before);
}

/// Neither a toolchain nor a compiler nor a source that the repository names is needed.
#[test]
fn what_the_repository_names_is_not_used() {
    let dir = tree(&[
        (
            "Cargo.toml",
            &package(
                "a",
                "[dependencies]\ng = { git = 'https://nowhere.invalid/g' }\n[patch.crates-io]\nh = { git = 'https://nowhere.invalid/h' }",
            ),
        ),
        ("src/lib.rs", ""),
        ("rust-toolchain.toml", "[toolchain]\nchannel = '1.2.3'\n"),
        (".cargo/config.toml", "[build]\nrustc = '/no/such/rustc'\n[env]\nX = 3.5\nthis is no toml"),
    ]);
    let (repository, diagnostics) = run(dir.path());
    // Read as data it is broken; cargo never sees it.
    assert_eq!(shown(&diagnostics), [(Code::InvalidConfig, ".cargo/config.toml:0".to_owned())]);
    let a = repository.packages.iter().next().unwrap();
    assert_eq!(a.dependencies[0].extern_name, "g");
}

#[test]
fn several_nested_and_lone() {
    let dir = tree(&[
        ("one/Cargo.toml", "[workspace]\nmembers = ['m']\nexclude = ['fuzz']\n"),
        ("one/m/Cargo.toml", &package("m", "[dependencies]\ncore = { path = '../../two' }")),
        ("one/m/src/lib.rs", ""),
        ("one/fuzz/Cargo.toml", &package("fuzz", "[workspace]")),
        ("one/fuzz/src/main.rs", "fn main() {}"),
        ("one/forgotten/Cargo.toml", &package("forgotten", "")),
        ("one/forgotten/src/lib.rs", ""),
        ("two/Cargo.toml", &package("core", "")),
        ("two/src/lib.rs", ""),
        ("three/Cargo.toml", &package("m", "")),
        ("three/src/lib.rs", ""),
    ]);
    let (repository, diagnostics) = run(dir.path());
    let dirs: Vec<_> = repository.workspaces.iter().map(|w| (w.dir.as_str(), w.members.len())).collect();
    assert_eq!(dirs, [("one", 1), ("one/forgotten", 1), ("one/fuzz", 1), ("three", 1), ("two", 1)]);
    assert_eq!(
        shown(&diagnostics),
        [
            (Code::InvalidManifest, "one/forgotten/Cargo.toml:0".to_owned()),
            (Code::DuplicatePackage, "three/Cargo.toml:0".to_owned()),
        ]
    );
    let m = repository.packages.iter().find(|p| p.manifest == "one/m/Cargo.toml").unwrap();
    let local = m.dependencies[0].local.unwrap();
    assert_eq!(repository.packages[local].name, "core");
}

#[test]
fn a_directory_inside_of_a_workspace() {
    let dir = tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = ['crates/*', 'app']\n[workspace.package]\nversion = '3.0.0'\n",
        ),
        (
            "app/Cargo.toml",
            &package("app", "[dependencies]\na = { path = '../crates/a', features = ['extra'] }"),
        ),
        ("app/src/main.rs", "fn main() {}"),
        ("crates/a/Cargo.toml", "[package]\nname = 'a'\nversion.workspace = true\n[features]\nextra = []\n"),
        ("crates/a/src/lib.rs", ""),
    ]);
    let (repository, diagnostics) = run(&dir.path().join("crates"));
    assert_eq!(shown(&diagnostics), []);
    assert_eq!(manifests(&repository), ["a/Cargo.toml"]);
    let a = repository.packages.iter().next().unwrap();
    assert_eq!((a.version.as_str(), a.enabled_features.len()), ("3.0.0", 1), "what `app` asks for counts");
    assert_eq!(repository.workspaces.iter().next().unwrap().dir, "..");
    let (by_manifest, _) = run(&dir.path().join("crates/a/Cargo.toml"));
    assert_eq!(manifests(&by_manifest), ["Cargo.toml"]);
}

#[test]
fn patched_dependencies_are_local() {
    let dir = tree(&[
        ("Cargo.toml", "[workspace]\nmembers = ['a', 'b']\n[patch.crates-io]\nb = { path = 'b' }\n"),
        ("a/Cargo.toml", &package("a", "[dependencies]\nb = { version = '0.1', features = ['x'] }")),
        ("a/src/lib.rs", ""),
        ("b/Cargo.toml", &package("b", "[features]\nx = []")),
        ("b/src/lib.rs", ""),
    ]);
    let (repository, _) = run(dir.path());
    let (a, b) = (&repository.packages.as_slice()[0], &repository.packages.as_slice()[1]);
    assert_eq!(a.dependencies[0].local, Some(crate::ids::PackageId(1)));
    assert!(b.enabled_features.contains("x"));
}

#[test]
fn lock_files_know_their_packages() {
    let dir = workspace_of_two();
    let lock = "version = 4\n[[package]]\nname = 'a'\nversion = '0.1.0'\ndependencies = ['b-b']\n[[package]]\nname = 'b-b'\nversion = '0.1.0'\n";
    add(dir.path(), &[("Cargo.lock", lock)]);
    let (repository, diagnostics) = run(dir.path());
    assert_eq!(diagnostics, []);
    let locked = repository.workspaces.iter().next().unwrap().locked.as_slice();
    assert_eq!(locked[0].dependencies, [crate::ids::LockedId(1)]);
    assert_eq!(locked[1].package, Some(crate::ids::PackageId(1)));
    add(dir.path(), &[("Cargo.lock", "version = 4\n[[package]]\nname = ???\n")]);
    assert_eq!(shown(&run(dir.path()).1), [(Code::InvalidLockFile, "Cargo.lock:3".to_owned())]);
}

#[test]
fn what_is_left_out() {
    let dir = tree(&[
        ("Cargo.toml", &package("a", "")),
        ("src/lib.rs", ""),
        ("target/debug/x.rs", ""),
        ("src/target/kept.rs", ""),
        ("cache/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55"),
        ("cache/x.rs", ""),
        (".git/x.rs", ""),
        (".git/info/exclude", "/private\n"),
        (".gitignore", "*.gen.rs\n/out/\n"),
        ("private/x.rs", ""),
        ("out/x.rs", ""),
        ("src/x.gen.rs", ""),
        ("src/deep/.gitignore", "!keep.gen.rs\nlocal.rs\n"),
        ("src/deep/keep.gen.rs", ""),
        ("src/deep/local.rs", ""),
        ("src/local.rs", ""),
        ("tools/t/Cargo.toml", &package("t", "[workspace]")),
        ("tools/t/src/lib.rs", ""),
    ]);
    let (repository, _) = run(dir.path());
    let expected =
        ["src/deep/keep.gen.rs", "src/lib.rs", "src/local.rs", "src/target/kept.rs", "tools/t/src/lib.rs"];
    assert_eq!(repository.rust_files, expected);
    assert_eq!(repository.packages.len(), 2);
    let below = discover(&dir.path().join("src/deep"), &DiscoverOptions::default());
    assert!(matches!(below, Err(Error::NoManifest { .. })));
    let options = DiscoverOptions { exclude: vec!["/tools".into()], ..DiscoverOptions::default() };
    let (repository, _) = discover(dir.path(), &options).unwrap();
    assert_eq!((repository.packages.len(), repository.rust_files.len()), (1, 4));
}

/// The ignore file of the repository's top applies to a directory in it.
#[test]
fn ignore_files_above() {
    let dir = tree(&[
        (".git/HEAD", ""),
        (".gitignore", "*.gen.rs\n/sub/out\n"),
        ("sub/Cargo.toml", &package("a", "")),
        ("sub/src/lib.rs", ""),
        ("sub/src/x.gen.rs", ""),
        ("sub/out/x.rs", ""),
    ]);
    assert_eq!(run(&dir.path().join("sub")).0.rust_files, ["src/lib.rs"]);
}

#[test]
fn many_fixtures() {
    let dir = tree(&[("Cargo.toml", &package("a", "[workspace]\nexclude = ['tests']")), ("src/lib.rs", "")]);
    for index in 0..40 {
        let fixture = format!("tests/fixtures/f{index:02}");
        let name = format!("f{index:02}");
        add(
            dir.path(),
            &[
                (&format!("{fixture}/Cargo.toml"), &package(&name, "")),
                (&format!("{fixture}/src/lib.rs"), ""),
            ],
        );
    }
    add(dir.path(), &[("tests/fixtures/broken/Cargo.toml", "[package]\nname =\n")]);
    let (repository, diagnostics) = run(dir.path());
    assert_eq!((repository.packages.len(), repository.workspaces.len()), (41, 41));
    assert_eq!(
        shown(&diagnostics),
        [(Code::InvalidManifest, "tests/fixtures/broken/Cargo.toml:2".to_owned())]
    );
    assert!(repository.targets.iter().all(|t| t.kind == TargetKind::Lib));
}

#[test]
fn the_same_twice() {
    let dir = workspace_of_two();
    let dumps = || {
        let (repository, diagnostics) = run(dir.path());
        let packages: Vec<_> = repository.packages.iter().map(|p| dump(&repository, p)).collect();
        (packages, diagnostics, repository.rust_files)
    };
    assert_eq!(dumps(), dumps());
}
