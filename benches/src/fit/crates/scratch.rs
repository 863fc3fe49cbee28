//! The scratch project of `fit measure`: published crates of different kinds, built for the sake of timing them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::fit::crates::wrapper::{Call, RECORD};

/// Dependencies of the scratch package: parsers, data structures, text, concurrency, serialization, command
/// lines, tests, macros; some full of generics, some full of tables.
const DEPENDENCIES: &str = r#"
aho-corasick = "1"
anyhow = "1"
bstr = "1"
camino = "1"
cargo_metadata = "0.23"
cfg-expr = "0.20"
clap = { version = "4", features = ["derive", "wrap_help"] }
comfy-table = { version = "8", default-features = false }
criterion = { version = "0.8", default-features = false }
crossbeam-deque = "0.8"
fancy-regex = "0.20"
globset = "0.4"
ignore = "0.4"
indexmap = { version = "2", features = ["serde"] }
indicatif = { version = "0.18", default-features = false }
insta = { version = "1", features = ["json", "filters"] }
jsonschema = { version = "0.61", default-features = false }
leiden-rs = { version = "0.8", default-features = false }
minijinja = "3"
num = "0.4"
parking_lot = "0.12"
petgraph = { version = "0.8", default-features = false, features = ["std"] }
proptest = { version = "1", default-features = false, features = ["std"] }
quick-xml = "0.42"
rayon = "1"
regex = "1"
schemars = "1"
semver = "1"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
similar = "3"
snapbox = "1"
syn = { version = "3", default-features = false, features = ["full", "parsing", "printing", "visit", "clone-impls"] }
tempfile = "3"
thiserror = "2"
tokio = { version = "1", features = ["full"] }
toml = "1"
tracing = "0.1"
walkdir = "2"
"#;

/// A cargo project in a temporary directory, built with this program as `RUSTC_WRAPPER`.
pub(crate) struct Scratch {
    pub(crate) dir: tempfile::TempDir,
}

/// A measured run of cargo.
pub(crate) struct Run<'a> {
    /// `check`, `build`, `build --release`, and what else.
    pub(crate) arguments: &'a [&'a str],
    pub(crate) incremental: bool,
}

impl Scratch {
    /// An empty project.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self { dir: tempfile::tempdir()? })
    }

    /// A package that depends on [`DEPENDENCIES`] and three trivial libraries that load none, ten and all of
    /// them.
    pub(crate) fn of_published_crates() -> anyhow::Result<Self> {
        let scratch = Self::new()?;
        let names: Vec<&str> =
            DEPENDENCIES.lines().filter_map(|l| l.split_once(" = ")).map(|(name, _)| name).collect();
        let lines: Vec<&str> = DEPENDENCIES.lines().filter(|l| !l.is_empty()).collect();
        let mut members = String::new();
        for count in [0, 10, names.len()] {
            let name = format!("trivial{count}");
            let loads: Vec<String> = names[..count]
                .iter()
                .map(|n| format!("extern crate {} as _;\n", n.replace('-', "_")))
                .collect();
            scratch.package(&name, &lines[..count].join("\n"), "src/lib.rs", &loads.concat())?;
            scratch.package(
                &format!("bin{count}"),
                &lines[..count].join("\n"),
                "src/main.rs",
                &format!("{}fn main() {{}}\n", loads.concat()),
            )?;
            members += &format!("\"{name}\", \"bin{count}\", ");
        }
        scratch.write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n"))?;
        Ok(scratch)
    }

    /// Writes a package.
    pub(crate) fn package(
        &self,
        name: &str,
        dependencies: &str,
        root: &str,
        code: &str,
    ) -> anyhow::Result<()> {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n"
        );
        self.write(&format!("{name}/Cargo.toml"), &manifest)?;
        self.write(&format!("{name}/{root}"), code)
    }

    /// Writes a file below the project, with its directories.
    pub(crate) fn write(&self, path: &str, text: &str) -> anyhow::Result<()> {
        let path = self.dir.path().join(path);
        std::fs::create_dir_all(path.parent().context("a file's directory")?)?;
        Ok(std::fs::write(path, text)?)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.dir.path().join("target")
    }

    /// Runs cargo with one job and returns what the wrapper saw.
    pub(crate) fn cargo(&self, run: &Run<'_>) -> anyhow::Result<Vec<Call>> {
        let record = self.dir.path().join("record.jsonl");
        if record.exists() {
            std::fs::remove_file(&record)?;
        }
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(run.arguments)
            .args(["-j1", "--quiet"])
            .current_dir(self.dir.path())
            .env("RUSTC_WRAPPER", std::env::current_exe()?)
            .env(RECORD, &record)
            .env("CARGO_INCREMENTAL", if run.incremental { "1" } else { "0" })
            .env("CARGO_TARGET_DIR", self.target())
            .env_remove("RUSTFLAGS")
            .stdout(Stdio::null())
            .output()?;
        if !output.status.success() {
            bail!("cargo {}: {}", run.arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        read(&record)
    }
}

fn read(record: &Path) -> anyhow::Result<Vec<Call>> {
    if !record.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(record)?;
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}
