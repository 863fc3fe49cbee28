//! Other versions of manifests and lock files, as texts: what a commit made of a workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Table;

use super::lock;
use super::manifests::manifest::Manifest;
use super::manifests::raw::{RawDependency, RawPackage};
use super::manifests::tolerant;
use super::model::{DependencyKind, LockedPackage, Repository};
use super::options::DiscoverOptions;
use super::paths::{normalize, relative};
use super::settings::features::unify;
use crate::ids::{IdVec, LockedId, PackageId};

/// The packages of a lock file's text; `None` if it is none.
pub(crate) fn locked_packages(text: &str) -> Option<IdVec<LockedId, LockedPackage>> {
    lock::parse(text).ok()
}

/// Tells which packages of a lock file builds take, by today's manifests of the packages in it that are local.
pub(crate) fn follow_locked(repository: &Repository, locked: &mut IdVec<LockedId, LockedPackage>) {
    // What the index lacks was said of the lock file as it is.
    let _ = lock::follow(repository, locked);
}

/// Which features a workspace switches on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WorkspaceFeatures {
    /// Of each member, by its directory.
    pub(crate) members: BTreeMap<String, BTreeSet<String>>,
    /// What members ask of each package from elsewhere, `default` included.
    pub(crate) asked: BTreeMap<String, BTreeSet<String>>,
}

/// The features of the workspace in `dir`, worked out from manifests by directory (relative to `root`). `None` without a root
/// manifest.
pub(crate) fn workspace_features(
    root: &Path,
    dir: &str,
    manifests: &BTreeMap<String, Arc<Table>>,
    options: &DiscoverOptions,
) -> Option<WorkspaceFeatures> {
    let place = |dir: &str| normalize(&root.join(dir));
    let known: BTreeMap<PathBuf, Manifest> = manifests
        .iter()
        .map(|(dir, table)| (place(dir), Manifest { dir: place(dir), table: Table::clone(table) }))
        .collect();
    let top = known.get(&place(dir))?;
    // What is wrong with a manifest has been said of today's; of an old one nobody wants to know.
    let workspace = tolerant::workspace(root, top, &known, &mut Vec::new())?;
    let position: BTreeMap<&Path, usize> =
        workspace.packages.iter().enumerate().map(|(i, package)| (package.dir.as_path(), i)).collect();
    let patches = top.patches();
    let local: Vec<Vec<Option<usize>>> = workspace
        .packages
        .iter()
        .map(|package| {
            let of = |d: &RawDependency| {
                position.get(d.path.as_deref().or(patches.get(&d.package).map(PathBuf::as_path))?).copied()
            };
            package.dependencies.iter().map(of).collect()
        })
        .collect();
    let packages: Vec<&RawPackage> = workspace.packages.iter().collect();
    let enabled = unify(&packages, &local, options, &mut BTreeSet::new());
    let mut found = WorkspaceFeatures::default();
    for ((package, enabled), local) in packages.iter().zip(enabled).zip(&local) {
        for (dependency, _) in package.dependencies.iter().zip(local).filter(|(_, local)| local.is_none()) {
            if enabled.dependencies.contains(&dependency.key) {
                let asked = found.asked.entry(dependency.package.clone()).or_default();
                asked.extend(dependency.features.iter().cloned());
                asked.extend(enabled.asked_of(&dependency.key));
                asked.extend(dependency.default_features.then(|| "default".to_owned()));
            }
        }
        let dir = relative(root, &package.dir);
        found.members.insert(dir, enabled.features);
    }
    Some(found)
}

/// A dependency by path that leads out of the analysed directory: the package that has it, the directory (it begins with `../`),
/// and whether only its tests need it. Paths of packages that are analysed don't count.
pub(crate) fn outside_dependencies(repository: &Repository) -> Vec<(PackageId, String, bool)> {
    let root = repository.root.as_path();
    let known = |dir: &str| {
        let path = if dir.is_empty() { "Cargo.toml".to_owned() } else { format!("{dir}/Cargo.toml") };
        let dir = normalize(&root.join(dir));
        Some((dir.clone(), Manifest { dir, table: manifest_table(repository, &path)? }))
    };
    let mut found = Vec::new();
    for workspace in &repository.workspaces {
        let members = workspace.members.iter().map(|&id| repository.packages[id].dir.as_str());
        let manifests: BTreeMap<PathBuf, Manifest> =
            members.chain([workspace.dir.as_str()]).filter_map(known).collect();
        let Some(top) = manifests.get(&normalize(&root.join(&workspace.dir))) else { continue };
        let raw = tolerant::workspace(root, top, &manifests, &mut Vec::new());
        for package in raw.into_iter().flat_map(|workspace| workspace.packages) {
            let dir = relative(root, &package.dir);
            let Some(id) = workspace.members.iter().copied().find(|&id| repository.packages[id].dir == dir)
            else {
                continue;
            };
            for dependency in package.dependencies {
                let outside = dependency.path.map(|path| relative(root, &path));
                let dev = dependency.kind == DependencyKind::Dev;
                found.extend(outside.filter(|dir| dir.starts_with("..")).map(|dir| (id, dir, dev)));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The manifest at a path of the repository as it is now; `None` if it can't be read.
pub(crate) fn manifest_table(repository: &Repository, path: &str) -> Option<Table> {
    repository.files.read_text(&repository.root.join(path)).ok()?.parse().ok()
}
