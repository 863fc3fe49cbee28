//! The repository that changes, and git as the tests use it.

use std::fs;
use std::path::Path;
use std::process::Command;

use split_analyzer::report::AffectedReport;
use split_analyzer::{AffectedOptions, Options, Result, affected};

/// Every file of the repository, `== PATH` and then its lines.
///
/// `base` ← `mid` ← `app`; `feat` uses `base` by a feature that is off; `devuser` in its tests alone, and `above` uses
/// `devuser`. `scripted` has a build script that says what it looks at, `whole` one that doesn't, `late` one that says so only
/// when it runs; `gen` is a build-dependency of `scripted`. `asker` asks `opt` for a feature. `nested` is a workspace of its
/// own, and `bridge` depends on its package; `lone` is excluded. `shared/shared.rs` is a module of `base`.
const FILES: &str = r#"
== Cargo.toml
[workspace]
resolver = "2"
members = ["crates/*", "tools/gen"]
exclude = ["nested", "lone", "crates/off"]
[workspace.package]
version = "0.1.0"
edition = "2021"
license = "MIT"
[workspace.dependencies]
serde = "1"
log = "0.4"
base = { path = "crates/base" }
[workspace.lints.rust]
unsafe_code = "forbid"
[profile.dev]
debug = 1
== Cargo.lock
version = 4
[[package]]
name = "above"
version = "0.1.0"
dependencies = ["devuser"]
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["mid"]
[[package]]
name = "base"
version = "0.1.0"
dependencies = ["log"]
[[package]]
name = "devuser"
version = "0.1.0"
dependencies = ["base", "rand"]
[[package]]
name = "feat"
version = "0.1.0"
dependencies = ["base", "extra"]
[[package]]
name = "extra"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "log"
version = "0.4.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "mid"
version = "0.1.0"
dependencies = ["base", "serde"]
[[package]]
name = "rand"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["serde_core"]
[[package]]
name = "serde_core"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
== crates/base/Cargo.toml
[package]
name = "base"
version.workspace = true
edition.workspace = true
[dependencies]
log.workspace = true
[lints]
workspace = true
== crates/base/src/lib.rs
#![doc = include_str!("../README.md")]
mod a;
#[path = "../../../shared/shared.rs"]
mod shared;
#[cfg(test)]
mod unit;
pub const TABLE: &str = include_str!("../table.txt");
include!("more.rs");
== crates/base/src/a.rs
pub struct A;
== crates/base/src/more.rs
pub struct More;
== crates/base/src/unit.rs
#[test]
fn t() {}
== crates/base/README.md
base
== crates/base/CHANGELOG.md
new
== crates/base/table.txt
1
== crates/base/tests/api.rs
fn main() { std::fs::read("tests/data/input.txt").unwrap(); }
== crates/base/tests/data/input.txt
1
== crates/base/benches/speed.rs
fn main() {}
== crates/base/examples/show.rs
fn main() {}
== crates/base/notes.txt
1
== shared/shared.rs
pub struct Shared;
== crates/mid/Cargo.toml
[package]
name = "mid"
version.workspace = true
[dependencies]
base.workspace = true
serde = { workspace = true }
== crates/mid/src/lib.rs
pub struct Mid;
#[derive(Template)]
#[template(path = "page.html")]
struct Page;
fn migrate() { migrate!("./migrations"); }
== crates/mid/templates/page.html
<p>
== crates/mid/migrations/1_init.sql
select 1;
== crates/app/Cargo.toml
[package]
name = "app"
version = "0.1.0"
[dependencies]
mid = { path = "../mid" }
== crates/app/src/main.rs
mod cmd;
fn main() {}
== crates/app/src/cmd.rs
pub fn run() {}
== crates/app/src/bin/extra.rs
fn main() { println!("{}", env!("CARGO_PKG_RUST_VERSION")) }
== crates/app/tests/cli.rs
fn main() {}
== crates/app/tests/fixture/Cargo.toml
[package]
name = "fixture"
version = "0.1.0"
[workspace]
== crates/app/tests/fixture/src/lib.rs
pub struct Fixture;
== crates/feat/Cargo.toml
[package]
name = "feat"
version = "0.1.0"
[dependencies]
base = { path = "../base", optional = true }
extra = { version = "1", optional = true }
[features]
with-base = ["dep:base"]
with-extra = ["dep:extra"]
== crates/feat/src/lib.rs
== crates/devuser/Cargo.toml
[package]
name = "devuser"
version = "0.1.0"
[dev-dependencies]
base = { path = "../base" }
rand = "1"
== crates/devuser/src/lib.rs
== crates/devuser/tests/it.rs
#[test]
fn t() {}
== crates/above/Cargo.toml
[package]
name = "above"
version = "0.1.0"
[dependencies]
devuser = { path = "../devuser" }
== crates/above/src/lib.rs
== crates/scripted/Cargo.toml
[package]
name = "scripted"
version = "0.1.0"
[build-dependencies]
gen = { path = "../../tools/gen" }
== crates/scripted/build.rs
fn main() { println!("cargo:rerun-if-changed=proto/x.proto"); println!("cargo::rerun-if-changed=../../proto/y.proto"); }
== crates/scripted/src/lib.rs
== crates/scripted/proto/x.proto
x
== crates/scripted/other.txt
x
== proto/y.proto
y
== crates/whole/Cargo.toml
[package]
name = "whole"
version = "0.1.0"
exclude = ["docs/"]
== crates/whole/build.rs
fn main() {}
== crates/whole/src/lib.rs
== crates/whole/docs/more.txt
== crates/whole/notes.txt
x
== crates/late/Cargo.toml
[package]
name = "late"
version = "0.1.0"
== crates/late/build.rs
fn main() { for file in files() { println!("cargo:rerun-if-changed={file}"); } }
== crates/late/src/lib.rs
== crates/late/grammar/g.txt
x
== tools/gen/Cargo.toml
[package]
name = "gen"
version = "0.1.0"
== tools/gen/src/lib.rs
== crates/asker/Cargo.toml
[package]
name = "asker"
version = "0.1.0"
[dependencies]
opt = { path = "../opt", features = ["fast"] }
log = { version = "0.4" }
== crates/asker/src/lib.rs
== crates/opt/Cargo.toml
[package]
name = "opt"
version = "0.1.0"
[features]
fast = []
slow = []
== crates/opt/src/lib.rs
== nested/Cargo.toml
[workspace]
members = ["inner", "side"]
[profile.dev]
debug = 2
== nested/inner/Cargo.toml
[package]
name = "inner"
version = "0.1.0"
== nested/inner/src/lib.rs
== nested/side/Cargo.toml
[package]
name = "side"
version = "0.1.0"
== nested/side/src/lib.rs
== crates/bridge/Cargo.toml
[package]
name = "bridge"
version = "0.1.0"
[dependencies]
inner = { path = "../../nested/inner" }
== crates/bridge/src/lib.rs
== lone/Cargo.toml
[package]
name = "lone"
version = "0.1.0"
== lone/src/lib.rs
== crates/off/Cargo.toml
[package]
name = "off"
version = "0.1.0"
== crates/off/src/lib.rs
== rust-toolchain.toml
[toolchain]
channel = "stable"
== .cargo/config.toml
[build]
jobs = 2
== nested/.cargo/config.toml
[build]
jobs = 1
== README.md
top
== LICENSE
MIT
== docs/guide.md
guide
== Makefile
all:
== scripts/run.sh
true
== .github/workflows/ci.yml
on: push
== rustfmt.toml
max_width = 100
"#;

/// Writes all files of the repository into a directory.
pub(crate) fn write_all(dir: &Path) {
    for entry in FILES.split("\n== ").skip(1) {
        let (path, text) = entry.split_once('\n').unwrap_or((entry, ""));
        write(dir, path, &format!("{text}\n"));
    }
}

/// Writes a file and the directories above it.
pub(crate) fn write(dir: &Path, path: &str, text: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git in a directory, without anybody's configuration.
pub(crate) fn git(dir: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(dir).args([
        "-c",
        "user.name=n",
        "-c",
        "user.email=n@x",
        "-c",
        "commit.gpgSign=false",
    ]);
    command.args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0"]);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Commits everything.
pub(crate) fn commit(dir: &Path) {
    git(dir, &["add", "-A"]);
    git(dir, &["commit", "-q", "--allow-empty", "-m", "m"]);
}

/// The repository with one commit, in a directory that the file system knows by one name.
pub(crate) fn repository() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().canonicalize().unwrap().join("r");
    fs::create_dir(&path).unwrap();
    write_all(&path);
    git(&path, &["init", "-q", "-b", "main"]);
    commit(&path);
    (dir, path)
}

/// What the changes since a revision affect.
pub(crate) fn since(dir: &Path, revision: &str) -> Result<AffectedReport> {
    affected(&Options::new(dir), &AffectedOptions::since(revision))
}

/// The packages that are compiled again, by name: `name`, `name(programs)`, `name(tests)`; then the others that have tests to
/// run, as `name(run)`.
pub(crate) fn packages(report: &AffectedReport) -> Vec<String> {
    let part = |part| format!("{part:?}").to_lowercase();
    let compiled = report.packages.iter().map(|package| match part(package.part).as_str() {
        "library" => package.name.clone(),
        part => format!("{}({part})", package.name),
    });
    let tested = report.tests.iter().map(|test| test.package.as_str());
    let only = tested.filter(|name| !report.packages.iter().any(|package| package.name == *name));
    let mut all: Vec<String> = compiled.chain(only.map(|name| format!("{name}(run)"))).collect();
    all.sort();
    all.dedup();
    all
}
