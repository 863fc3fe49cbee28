//! The reader of manifests against cargo: the same workspace with and without a broken member.

use super::*;

/// Everything that the two might read differently.
fn rich() -> tempfile::TempDir {
    tree(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = ['crates/*', './tools/gen']\nexclude = ['crates/out']\n[workspace.package]\nversion = '2.3.4'\nedition = '2021'\npublish = false\n\
             [workspace.dependencies]\nb = { path = 'crates/b', default-features = false, features = ['x'] }\nserde = { version = '1', features = ['rc'] }\nold = { package = 'new-name', version = '1' }\n",
        ),
        (
            "crates/a/Cargo.toml",
            "[package]\nname = 'a-a'\nversion.workspace = true\nedition.workspace = true\npublish.workspace = true\nautobenches = false\n\
             [dependencies]\nb = { workspace = true, features = ['y'], optional = true }\nserde = { workspace = true, default-features = true }\nold.workspace = true\nplain = '1'\n\
             [target.'cfg(unix)'.dependencies]\nlibc = { version = '0.2', default-features = false }\n\
             [dev-dependencies]\nb = { workspace = true }\n[build-dependencies]\ncc = { version = '1', optional = true }\n\
             [features]\ndefault = ['dep:b']\nnative = ['cc']\n",
        ),
        ("crates/a/src/lib.rs", ""),
        ("crates/a/src/main.rs", "fn main() {}"),
        ("crates/a/src/bin/one.rs", "fn main() {}"),
        ("crates/a/src/bin/two/main.rs", "fn main() {}"),
        ("crates/a/src/bin/two/part.rs", ""),
        ("crates/a/tests/it.rs", ""),
        ("crates/a/tests/big/main.rs", ""),
        ("crates/a/tests/common/mod.rs", ""),
        ("crates/a/benches/unlisted.rs", ""),
        ("crates/a/build.rs", "fn main() {}"),
        (
            "crates/b/Cargo.toml",
            "[package]\nname = 'b'\nversion = '0.1.0'\nbuild = 'gen/make.rs'\nlinks = 'q'\n[lib]\npath = 'lib.rs'\nproc-macro = true\n\
             [[bin]]\nname = 'renamed'\npath = 'src/main.rs'\nrequired-features = ['x']\n[features]\nx = []\ny = ['x']\ndefault = ['y']\n",
        ),
        ("crates/b/lib.rs", ""),
        ("crates/b/src/main.rs", "fn main() {}"),
        ("crates/b/src/bin/not_found_in_2015.rs", "fn main() {}"),
        ("crates/b/gen/make.rs", "fn main() {}"),
        ("crates/out/Cargo.toml", &package("out", "[workspace]")),
        ("crates/out/src/lib.rs", ""),
        (
            "tools/gen/Cargo.toml",
            &package(
                "gen",
                "[[example]]\nname = 'e'\n[[test]]\nname = 't'\npath = 'checks/t.rs'\n[dependencies]\nhelp = { path = '../help' }",
            ),
        ),
        ("tools/gen/src/main.rs", "fn main() {}"),
        ("tools/gen/src/bin/more.rs", "fn main() {}"),
        ("tools/gen/examples/e.rs", "fn main() {}"),
        ("tools/gen/examples/f.rs", "fn main() {}"),
        ("tools/gen/checks/t.rs", ""),
        ("tools/help/Cargo.toml", &package("help", "autolib = true\npublish = ['mine']")),
        ("tools/help/src/lib.rs", ""),
    ])
}

#[test]
fn reads_what_cargo_reads() {
    let dir = rich();
    let by_cargo = run(dir.path());
    assert_eq!(shown(&by_cargo.1), []);
    assert_eq!(by_cargo.0.packages.len(), 5);
    add(dir.path(), &[("crates/zz/Cargo.toml", "[package]\nname = 7\n")]);
    let without = run(dir.path());
    assert_eq!(shown(&without.1), [(Code::InvalidManifest, "crates/zz/Cargo.toml:2".to_owned())]);
    assert_eq!(manifests(&without.0), manifests(&by_cargo.0));
    for (ours, theirs) in without.0.packages.iter().zip(&by_cargo.0.packages) {
        let (ours, theirs) = (dump(&without.0, ours), dump(&by_cargo.0, theirs));
        assert!(ours == theirs, "without cargo:\n{ours}\nwith it:\n{theirs}");
    }
}
