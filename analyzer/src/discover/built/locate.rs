//! Which directories cargo builds a workspace in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::budget::is_real_dir;
use super::{BuiltOptions, LeftOutDir};
use crate::base::ReadOptions;
use crate::discover::Repository;
use crate::discover::paths::{normalize, relative};
use crate::discover::settings::configuration::Configuration;
use crate::discover::tree::reading::Reading;
use crate::ids::WorkspaceId;

/// A directory to read.
#[derive(Debug, PartialEq)]
pub(super) struct TargetDir {
    pub(super) dir: PathBuf,
    /// Relative to the analysed root, if it lies in or beside it.
    pub(super) shown: String,
    pub(super) workspaces: Vec<WorkspaceId>,
}

/// The directories that are there, in the order of their paths.
pub(super) fn locate(
    repository: &Repository,
    options: &BuiltOptions,
    left_out: &mut Vec<LeftOutDir>,
) -> Vec<TargetDir> {
    let mut by_dir: BTreeMap<PathBuf, Vec<WorkspaceId>> = BTreeMap::new();
    for (id, workspace) in repository.workspaces.iter_enumerated() {
        let root = normalize(&repository.root.join(&workspace.dir));
        for (dir, named) in directories(&root, options) {
            let Some(dir) = expanded(&dir, &root, options.cargo_home.as_deref()) else {
                let reason =
                    "its path holds a variable that only cargo can fill in; give the directory itself";
                left_out.push(LeftOutDir { dir: dir.display().to_string(), reason: reason.to_owned() });
                continue;
            };
            let dir = normalize(&dir);
            // Who names a directory may name a link: what is merely there may not lead anywhere else.
            let real =
                if named { dir.canonicalize().ok().filter(|dir| dir.is_dir()) } else { Some(dir.clone()) };
            match real {
                Some(real) if is_real_dir(&real) => by_dir.entry(real).or_default().push(id),
                Some(real) if real.is_symlink() => {
                    let reason = "a link, which is not followed; give the directory itself";
                    left_out.push(LeftOutDir { dir: shown(repository, &dir), reason: reason.to_owned() });
                }
                _ if options.target_dir.as_ref().is_some_and(|given| normalize(given) == dir) => {
                    let reason = "no such directory".to_owned();
                    left_out.push(LeftOutDir { dir: shown(repository, &dir), reason });
                }
                _ => {}
            }
        }
    }
    left_out.sort();
    left_out.dedup();
    let place = |(dir, workspaces): (PathBuf, Vec<WorkspaceId>)| {
        let shown = shown(repository, &dir);
        TargetDir { dir, shown, workspaces }
    };
    by_dir.into_iter().map(place).collect()
}

/// Where cargo builds a workspace, and whether that was named by someone: the build directory, and the target directory, which
/// holds what was built before there was one of the other kind.
fn directories(root: &Path, options: &BuiltOptions) -> Vec<(PathBuf, bool)> {
    let reading = Reading::bare(root, &ReadOptions::default());
    // Discovery has said already which files can't be used.
    let config = Configuration::read(&reading, root, options.cargo_home.as_deref(), &mut Vec::new());
    let build_dir = options
        .build_dir
        .clone()
        .or_else(|| config.path(&["build", "build-dir"]))
        .filter(|_| !options.only_target_dir);
    let named = options.target_dir.clone().or_else(|| config.path(&["build", "target-dir"]));
    let is_named = named.is_some();
    let target_dir = named.unwrap_or_else(|| root.join("target"));
    build_dir.map(|dir| (dir, true)).into_iter().chain([(target_dir, is_named)]).collect()
}

/// With `build.build-dir`'s variables filled in (the Cargo Book, "Configuration: build.build-dir"); `None` for that whose
/// value only cargo can work out.
fn expanded(dir: &Path, root: &Path, cargo_home: Option<&Path>) -> Option<PathBuf> {
    let text = dir.to_string_lossy();
    if !text.contains('{') {
        return Some(dir.to_owned());
    }
    let filled = text.replace("{workspace-root}", &root.to_string_lossy());
    let filled = match cargo_home {
        Some(home) => filled.replace("{cargo-cache-home}", &home.to_string_lossy()),
        None => filled,
    };
    (!filled.contains('{')).then(|| PathBuf::from(filled))
}

/// Relative to the analysed root in it or one level beside it, as it is elsewhere.
pub(super) fn shown(repository: &Repository, dir: &Path) -> String {
    let relative = relative(&repository.root, dir);
    if relative.starts_with("../..") { dir.display().to_string() } else { relative }
}
