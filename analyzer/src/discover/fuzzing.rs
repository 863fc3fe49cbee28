//! What fuzz targets call: text that is otherwise found on disk or printed by cargo.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_metadata::MetadataCommand;
use ignore::gitignore::Gitignore;
use toml::Table;

use super::manifests::manifest::Manifest;
use super::manifests::raw::RawWorkspace;
use super::manifests::{cargo, tolerant};
use super::settings::configuration::Configuration;
use super::settings::profiles;
use super::settings::rustflags::rust_flags;
use super::tree::reading::Reading;
use super::{CfgSet, DiscoverOptions, Repository, assemble, lock};

/// A directory that isn't there.
const ROOT: &str = "/split-advisor-fuzzing";

/// What cargo has answered.
pub(crate) fn metadata(text: &str) -> Option<Repository> {
    let metadata = MetadataCommand::parse(text).ok()?;
    Some(repository(vec![cargo::raw(&metadata)]))
}

/// What cargo has said against a manifest.
pub(crate) fn refusal(stderr: &str) -> String {
    cargo::reason(Path::new(ROOT), stderr)
}

/// Manifests read without cargo; the first is the workspace's.
pub(crate) fn manifests(files: &[(String, String)]) -> Repository {
    let known: BTreeMap<PathBuf, Manifest> = files.iter().filter_map(manifest).collect();
    let top = files.first().and_then(manifest).map(|(_, top)| top);
    let mut diagnostics = Vec::new();
    let raw = top.and_then(|top| tolerant::workspace(Path::new(ROOT), &top, &known, &mut diagnostics));
    repository(raw.into_iter().collect())
}

fn manifest((path, text): &(String, String)) -> Option<(PathBuf, Manifest)> {
    let dir = Path::new(ROOT).join(path);
    let manifest = Manifest { dir: dir.clone(), table: text.parse().ok()? };
    manifest.patches();
    Some((dir, manifest))
}

/// The names of a lock file's packages, each with how many others it needs.
pub(crate) fn locked(text: &str) -> usize {
    lock::parse(text).map_or(0, |packages| packages.iter().map(|package| package.dependencies.len()).sum())
}

/// Profiles of a configuration and of a manifest.
pub(crate) fn configured(configuration: &str, manifest: &str) -> usize {
    let (Ok(table), Ok(manifest)) = (configuration.parse::<Table>(), manifest.parse::<Table>()) else {
        return 0;
    };
    let configuration = Configuration::of(&Path::new(ROOT).join(".cargo"), table);
    let found = configuration.path(&["build", "target-dir"]).is_some();
    let cfg = CfgSet::for_triple("x86_64-unknown-linux-gnu");
    profiles::profiles(Some(&manifest), &configuration, &rust_flags(&configuration, &cfg)).len()
        + usize::from(found)
}

fn repository(workspaces: Vec<RawWorkspace>) -> Repository {
    let options = DiscoverOptions { all_features: true, ..DiscoverOptions::default() };
    let reading = Reading::bare(Path::new(ROOT), &options.reading);
    let cfg = CfgSet::for_triple("x86_64-unknown-linux-gnu");
    assemble::assemble(&reading, workspaces, &Gitignore::empty(), cfg, &options, &mut Vec::new())
}
