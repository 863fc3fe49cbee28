//! What cargo says of the package that is split.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

/// A package and where it lies.
#[derive(Debug)]
pub(crate) struct LocatedPackage {
    pub(crate) manifest: PathBuf,
    /// The directory of the workspace's root manifest.
    pub(crate) workspace: PathBuf,
    /// Names of its dependencies as code writes them.
    pub(crate) externs: Vec<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
    targets: Vec<Target>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

/// Asks cargo for the package of a manifest.
pub(crate) fn find(manifest: &Path) -> anyhow::Result<LocatedPackage> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
        .arg(manifest)
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let package = metadata.packages.into_iter().find(|package| package.manifest_path == manifest);
    let package = package.with_context(|| format!("no package {}", manifest.display()))?;
    let name =
        |dependency: &Dependency| dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_");
    Ok(LocatedPackage {
        manifest: package.manifest_path,
        workspace: metadata.workspace_root,
        externs: package.dependencies.iter().map(name).collect(),
        targets: package.targets,
    })
}

impl LocatedPackage {
    /// The root file of the target with this name as a crate; the library, where several have it.
    pub(crate) fn root_of(&self, name: &str) -> Option<&Path> {
        let named = self.targets.iter().filter(|t| t.name.replace('-', "_") == name);
        let built =
            named.filter(|t| t.kind.iter().any(|k| k.ends_with("lib") || k == "bin" || k == "proc-macro"));
        built.min_by_key(|t| t.kind.iter().any(|k| k == "bin")).map(|t| t.src_path.as_path())
    }

    pub(crate) fn directory(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new(""))
    }

    /// The manifest as it is written.
    pub(crate) fn table(&self) -> anyhow::Result<toml::Table> {
        let text = fs::read_to_string(&self.manifest)?;
        text.parse().with_context(|| self.manifest.display().to_string())
    }
}
