//! Incremental rebuilds of published crates: what share of a full build is done again.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use split_analyzer::cost::Mode;

use crate::fit::crates::scratch::{Run, Scratch};
use crate::fit::crates::wrapper::Call;

/// One crate's rebuild after an edit.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rebuild {
    pub(crate) name: String,
    pub(crate) mode: Mode,
    /// Whether its own sources were edited, or those of a crate that it depends on.
    pub(crate) edited: bool,
    /// Processor seconds of the first build, front end and code generation; then of the rebuild.
    pub(crate) full_s: (f64, f64),
    pub(crate) again_s: (f64, f64),
}

/// Chains of crates, dependencies first, that are copied and edited one after the other.
const CHAINS: [&[&str]; 4] = [
    &["memchr", "aho-corasick", "regex-syntax", "regex-automata", "regex", "globset"],
    &["winnow", "toml_parser", "toml"],
    &["fixedbitset", "petgraph"],
    &["clap_lex", "clap_builder"],
];

/// What an edit adds to a crate's root: a function that code generation has to look at.
const EDIT: &str = "\n#[doc(hidden)]\npub fn __edit(x: usize) -> usize { core::hint::black_box(x) + 1 }\n";

/// Copies the crates so that cargo compiles them incrementally, edits each, and times what follows.
pub(crate) fn measure() -> anyhow::Result<Vec<Rebuild>> {
    let mut rebuilds = Vec::new();
    for chain in CHAINS {
        let scratch = project(chain)?;
        for (mode, command) in [(Mode::Check, "check"), (Mode::Dev, "build")] {
            let full = scratch.cargo(&Run { arguments: &[command], incremental: true })?;
            for edited in chain {
                let root = scratch.dir.path().join("copies").join(edited).join("src/lib.rs");
                let before = std::fs::read_to_string(&root)?;
                std::fs::write(&root, format!("{before}{EDIT}"))?;
                let again = scratch.cargo(&Run { arguments: &[command], incremental: true })?;
                std::fs::write(&root, before)?;
                scratch.cargo(&Run { arguments: &[command], incremental: true })?;
                rebuilds.extend(chain.iter().filter_map(|name| {
                    let full_s = seconds(&full, name)?;
                    let again_s = seconds(&again, name)?;
                    Some(Rebuild { name: (*name).to_owned(), mode, edited: name == edited, full_s, again_s })
                }));
            }
        }
    }
    Ok(rebuilds)
}

fn seconds(calls: &[Call], name: &str) -> Option<(f64, f64)> {
    let call = calls.iter().find(|c| c.package == name && c.crate_type == "lib")?;
    let metadata_s = call.metadata_cpu_s?;
    Some((metadata_s, call.cpu_s - metadata_s))
}

/// A package that depends on copies of the crates.
fn project(chain: &[&str]) -> anyhow::Result<Scratch> {
    let scratch = Scratch::new()?;
    let wanted: String = chain.iter().map(|name| format!("{name} = \"*\"\n")).collect();
    let manifest = |patch: &str| {
        format!(
            "[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{wanted}{patch}"
        )
    };
    scratch.write("Cargo.toml", &manifest(""))?;
    scratch.write("src/lib.rs", "")?;
    let mut patch = String::from("[patch.crates-io]\n");
    for (name, dir) in sources(&scratch)? {
        if chain.contains(&name.as_str()) {
            copy(&dir, &scratch.dir.path().join("copies").join(&name))?;
            patch += &format!("{name} = {{ path = \"copies/{name}\" }}\n");
        }
    }
    scratch.write("Cargo.toml", &manifest(&patch))?;
    Ok(scratch)
}

/// Where cargo keeps the sources of each package of a project.
pub(crate) fn sources(scratch: &Scratch) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let output = std::process::Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version=1", "--quiet"])
        .current_dir(scratch.dir.path())
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("the packages")?;
    packages
        .iter()
        .map(|p| {
            let name = p["name"].as_str().context("a name")?.to_owned();
            let manifest = Path::new(p["manifest_path"].as_str().context("a path")?);
            Ok((name, manifest.parent().context("a directory")?.to_owned()))
        })
        .collect()
}

pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let target = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
