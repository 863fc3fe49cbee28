//! Packages as cargo or a manifest describes them, before ids are given out. Paths are absolute here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::model::{DependencyKind, Edition, TargetKind};

/// A workspace with its member packages.
pub(super) struct RawWorkspace {
    pub(super) dir: PathBuf,
    pub(super) packages: Vec<RawPackage>,
}

pub(super) struct RawPackage {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) dir: PathBuf,
    pub(super) edition: Edition,
    /// With the implicit feature of each optional dependency that `dep:` doesn't hide.
    pub(super) features: BTreeMap<String, Vec<String>>,
    pub(super) dependencies: Vec<RawDependency>,
    pub(super) targets: Vec<RawTarget>,
    pub(super) publishable: bool,
    pub(super) links: Option<String>,
}

#[derive(Clone)]
pub(super) struct RawDependency {
    /// The key in the manifest, which the feature table uses.
    pub(super) key: String,
    pub(super) package: String,
    /// Whether `package = "…"` gives it another name than its own.
    pub(super) renamed: bool,
    pub(super) path: Option<PathBuf>,
    pub(super) kind: DependencyKind,
    pub(super) optional: bool,
    pub(super) target: Option<String>,
    pub(super) features: Vec<String>,
    pub(super) default_features: bool,
}

pub(super) struct RawTarget {
    pub(super) name: String,
    pub(super) kind: TargetKind,
    pub(super) src: PathBuf,
    pub(super) edition: Edition,
    pub(super) required_features: Vec<String>,
    pub(super) tested: bool,
    pub(super) doctested: bool,
}
