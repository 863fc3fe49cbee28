//! Discovery on small trees made for each case.

mod bad_input;
mod features;
mod profiles;
mod tolerant;
mod trees;

use std::fs;
use std::path::Path;

use super::*;

/// A temporary directory with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    add(dir.path(), files);
    dir
}

fn add(dir: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn run(root: &Path) -> (Repository, Vec<Diagnostic>) {
    discover(root, &DiscoverOptions::default()).unwrap()
}

/// A manifest with this name and whatever follows `[package]`.
fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = '{name}'\nversion = '0.1.0'\nedition = '2021'\n{rest}\n")
}

fn manifests(repository: &Repository) -> Vec<&str> {
    repository.packages.iter().map(|p| p.manifest.as_str()).collect()
}

/// Diagnostics but for missing lock files, which most of these trees do without.
fn shown(diagnostics: &[Diagnostic]) -> Vec<(Code, String)> {
    let noted = diagnostics.iter().filter(|d| d.code != Code::NoLockFile);
    noted.map(|d| (d.code, format!("{}:{}", d.path.as_deref().unwrap_or("-"), d.line.unwrap_or(0)))).collect()
}

/// One package of the repository, everything but ids, to compare.
fn dump(repository: &Repository, package: &Package) -> String {
    let targets: Vec<_> = package.targets.iter().map(|t| &repository.targets[*t]).collect();
    let targets: Vec<_> = targets
        .iter()
        .map(|t| (t.kind, &t.name, &t.crate_name, &t.src, t.edition, &t.required_features, t.enabled))
        .collect();
    let header = (&package.name, &package.version, package.edition, package.publishable, &package.links);
    format!(
        "{header:?}\n{:?}\n{:?}\n{:#?}\n{targets:#?}",
        package.features, package.enabled_features, package.dependencies
    )
}
