//! What is known of a repository before cargo has answered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::base::FileTree;
use crate::discover::manifests::edition::{above, edition};
use crate::discover::manifests::manifest::Manifest;
use crate::discover::model::Edition;
use crate::discover::paths::relative;

/// The walk's files, and the manifests' editions as far as they can be read without cargo.
pub(crate) struct Glimpse {
    /// The directory that is analysed.
    pub(crate) root: PathBuf,
    /// The same as the place that files are read from.
    pub(crate) files: FileTree,
    /// All `.rs` files, relative to it.
    pub(crate) rust_files: Vec<String>,
    /// Directories of packages, relative to it, with their editions: a guess, but mostly a right one.
    pub(crate) editions: Vec<(String, Edition)>,
}

/// The edition of each manifest that has a package.
pub(in crate::discover) fn editions(
    root: &Path,
    manifests: &BTreeMap<PathBuf, Manifest>,
) -> Vec<(String, Edition)> {
    let packages = manifests.values().filter_map(|manifest| Some((manifest, manifest.package()?)));
    let one = |(manifest, package): (&Manifest, _)| {
        (relative(root, &manifest.dir), edition(package, above(&manifest.dir, manifests)))
    };
    packages.map(one).collect()
}
