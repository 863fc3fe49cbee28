//! Finds workspaces, packages, targets, features and lock files. The only stage that walks the tree, and the only one beside
//! `measure` that runs cargo: for metadata.
//!
//! The walk and cargo's first answer run side by side; then cargo is asked for whatever other workspaces the walk has
//! found. Where cargo refuses, the manifests are read without it. Nothing is ever written, and nothing of the
//! repository is run.

mod assemble;
mod auxiliary;
mod built;
mod deployment;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzzing;
mod invalid_names;
mod lock;
mod manifests;
mod model;
mod options;
mod paths;
mod settings;
#[cfg(test)]
mod tests;
mod tree;
mod versions;

use std::path::{Path, PathBuf};

use manifests::cargo::Cargo;

pub(crate) use auxiliary::{is_auxiliary_dir, is_auxiliary_target, is_fixture_dir};
pub use built::{
    BuiltDir, BuiltDirs, BuiltOptions, IncrementalCache, LeftOutDir, Limits, Output, Stamp, StampedUnit,
    TimingsPage, built_dirs,
};
#[cfg(test)]
pub(crate) use deployment::form as deployment_form;
pub(crate) use deployment::{DeploymentFile, DeploymentForm, deployment_files, is_read};
pub use model::{
    CfgSet, Dependency, DependencyKind, Edition, LockedPackage, Overrides, Package, Profile, Repository,
    RustFlags, Settings, Target, TargetKind, Workspace,
};
pub use options::{DiscoverOptions, cargo_home};
pub(crate) use paths::{above, in_dir, normalize};
pub use settings::cfg::{CfgExpr, eval_cfg, target_applies};
pub use settings::profiles::ProfiledPackage;
pub(crate) use tree::glimpse::Glimpse;
use tree::reading::Reading;
pub(crate) use versions::{
    WorkspaceFeatures, follow_locked, locked_packages, manifest_table, outside_dependencies,
    workspace_features,
};

use crate::diagnostic::{Code, Diagnostic};
use crate::error::{Error, Result};

/// Everything known of the directory `root` (or that of the `Cargo.toml` given) before a `.rs` file is read.
///
/// `root` may hold one workspace, several, nested ones or a lone package, or lie in the middle of a workspace, whose
/// members below it are then analysed. Trouble with part of it is a diagnostic.
///
/// ```
/// use split_analyzer::discover::{DiscoverOptions, TargetKind, discover};
///
/// // This library's own directory: one member of a workspace.
/// let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
/// let (repository, _diagnostics) = discover(here, &DiscoverOptions::default())?;
/// let package = repository.packages.iter().find(|p| p.name == "split-analyzer").expect("it is here");
/// assert_eq!(package.manifest, "Cargo.toml");
/// let library = package.targets.iter().map(|t| &repository.targets[*t]).find(|t| t.kind == TargetKind::Lib);
/// assert_eq!(library.map(|t| t.src.as_str()), Some("src/lib.rs"));
/// # Ok::<(), split_analyzer::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Unreadable`] and [`Error::NotADirectory`] for the path itself, [`Error::NoManifest`] if nothing is in or
/// below it, [`Error::NoPackage`] if not one manifest is usable, [`Error::InvalidOption`] for a target, `cfg` or pattern
/// that means nothing.
pub fn discover(root: &Path, options: &DiscoverOptions) -> Result<(Repository, Vec<Diagnostic>)> {
    discover_telling(root, options, |_| ())
}

/// Likewise; `tell` is called with what the walk has found while cargo is still at work.
pub(crate) fn discover_telling(
    given: &Path,
    options: &DiscoverOptions,
    tell: impl FnOnce(Glimpse),
) -> Result<(Repository, Vec<Diagnostic>)> {
    let root = directory(given)?;
    let mut diagnostics = Vec::new();
    let (cfg, exclude) = (options.cfg()?, options.exclusions(&root)?);
    let reading = Reading::new(&root, options);
    let (entry, cargo) = (reading.entry(), Cargo::new(&reading, &options.tools));
    let (walk, found) = std::thread::scope(|scope| {
        let first = scope.spawn(|| entry.map(|entry| manifests::workspaces::first(&reading, entry, &cargo)));
        let walk = tree::walk::walk(&reading, &exclude);
        let glimpse = |editions| Glimpse {
            root: root.clone(),
            files: reading.files.clone(),
            rust_files: walk.rust_files.clone(),
            editions,
        };
        let found = manifests::workspaces::collect(
            &reading,
            &walk.manifests,
            |editions| tell(glimpse(editions)),
            || first.join().ok().flatten(),
            &cargo,
            options,
            &mut diagnostics,
        );
        (walk, found)
    });
    if walk.manifests.is_empty() {
        return Err(Error::NoManifest { path: given.to_owned() });
    }
    diagnostics.extend(walk.diagnostics);
    let mut repository = assemble::assemble(&reading, found, &exclude, cfg, options, &mut diagnostics);
    repository.rust_files = walk.rust_files;
    repository.deployment_files = walk.deployment_files;
    diagnostics.sort();
    diagnostics.dedup();
    if repository.packages.is_empty() {
        let first = diagnostics.iter().find(|d| {
            d.code == Code::InvalidManifest || d.code == Code::Unreadable || d.code.is_of_reading()
        });
        let first = first.map_or_else(|| "no manifest has a `[package]`".to_owned(), ToString::to_string);
        return Err(Error::NoPackage { path: given.to_owned(), first });
    }
    Ok((repository, diagnostics))
}

/// The canonical directory to analyse.
pub(crate) fn directory(given: &Path) -> Result<PathBuf> {
    let path = given.canonicalize().map_err(|source| Error::Unreadable { path: given.to_owned(), source })?;
    if path.is_dir() {
        return Ok(path);
    }
    let parent = path.parent().filter(|_| path.ends_with("Cargo.toml"));
    parent.map(Path::to_owned).ok_or_else(|| Error::NotADirectory { path: given.to_owned() })
}
