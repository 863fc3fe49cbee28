//! Runs the built binary on a copy of a fixture.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Says that something was not looked at, to whoever runs the tests with their output.
#[expect(clippy::print_stderr, reason = "a test that does nothing has to say so")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Where `.ci/run` puts what tests need beside the toolchain.
pub(crate) fn cache() -> Option<PathBuf> {
    let own = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    Some(own.or_else(|| Some(std::env::home_dir()?.join(".cache")))?.join("split-advisor-ci"))
}

/// A directory of its own, outside of any repository, so that no history leaks into the answers.
pub(crate) struct Fixture {
    dir: TempDir,
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Fixture {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// A copy of a directory below `fixtures/`.
    pub(crate) fn copy(name: &str) -> Self {
        let fixture = Self::empty();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name);
        copy_dir(&source, fixture.dir.path());
        fixture
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    /// Runs the binary in the directory.
    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_split-advisor"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env("NO_COLOR", "1")
            .env_remove("CLICOLOR_FORCE")
            // What the tests themselves are built with is none of a fixture's.
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("CARGO_BUILD_TARGET_DIR")
            .env_remove("CARGO_BUILD_BUILD_DIR")
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        Answer {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file and directory with its size and time of change.
    pub(crate) fn listing(&self) -> BTreeMap<String, (u64, std::time::SystemTime)> {
        let mut found = BTreeMap::new();
        list(self.dir.path(), "", &mut found);
        found
    }
}

impl Answer {
    /// The same, if it went well.
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }

    /// Its data.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn copy_dir(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap_or_else(|e| panic!("{}: {e}", from.display())) {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_name() == "target" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn list(dir: &Path, prefix: &str, found: &mut BTreeMap<String, (u64, std::time::SystemTime)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata().unwrap();
        let size = if metadata.is_dir() { 0 } else { metadata.len() };
        if metadata.is_dir() {
            list(&entry.path(), &format!("{name}/"), found);
        }
        found.insert(name, (size, metadata.modified().unwrap()));
    }
}
