//! Packages as cargo or a manifest describes them, before ids are given out. Paths are absolute here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::discover::model::{DependencyKind, Edition, TargetKind};

/// A workspace with its member packages.
pub(in crate::discover) struct RawWorkspace {
    pub(in crate::discover) dir: PathBuf,
    pub(in crate::discover) packages: Vec<RawPackage>,
}

pub(in crate::discover) struct RawPackage {
    pub(in crate::discover) name: String,
    pub(in crate::discover) version: String,
    pub(in crate::discover) dir: PathBuf,
    pub(in crate::discover) edition: Edition,
    /// With the implicit feature of each optional dependency that `dep:` doesn't hide.
    pub(in crate::discover) features: BTreeMap<String, Vec<String>>,
    pub(in crate::discover) dependencies: Vec<RawDependency>,
    pub(in crate::discover) targets: Vec<RawTarget>,
    pub(in crate::discover) publishable: bool,
    pub(in crate::discover) links: Option<String>,
}

#[derive(Clone)]
pub(in crate::discover) struct RawDependency {
    /// The key in the manifest, which the feature table uses.
    pub(in crate::discover) key: String,
    pub(in crate::discover) package: String,
    /// Whether `package = "…"` gives it another name than its own.
    pub(in crate::discover) renamed: bool,
    pub(in crate::discover) path: Option<PathBuf>,
    pub(in crate::discover) kind: DependencyKind,
    pub(in crate::discover) optional: bool,
    pub(in crate::discover) target: Option<String>,
    pub(in crate::discover) features: Vec<String>,
    pub(in crate::discover) default_features: bool,
}

pub(in crate::discover) struct RawTarget {
    pub(in crate::discover) name: String,
    pub(in crate::discover) kind: TargetKind,
    pub(in crate::discover) src: PathBuf,
    pub(in crate::discover) edition: Edition,
    pub(in crate::discover) required_features: Vec<String>,
    pub(in crate::discover) tested: bool,
    pub(in crate::discover) doctested: bool,
}
