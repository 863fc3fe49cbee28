//! What a change concerns by itself, before it spreads: for who lets it spread along something else than packages.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Affected, Cause};
use super::{Input, hits, spread};
use crate::ids::PackageId;
use crate::parse::FileUse;

/// Whom a change concerns, and why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Touched {
    /// Packages of which everything is compiled again.
    pub(crate) packages: BTreeMap<PackageId, BTreeSet<Cause>>,
    /// Of these, the paths for which a package is compiled again without becoming another: a build script that reads nothing runs.
    pub(crate) same: BTreeMap<PackageId, BTreeSet<String>>,
    /// Single targets that are.
    pub(crate) targets: BTreeMap<FileUse, BTreeSet<Cause>>,
}

impl Touched {
    /// Whether nothing is compiled.
    pub(crate) fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.targets.is_empty()
    }
}

/// What a change concerns by itself, and what it affects.
pub(crate) fn touched(input: &Input<'_>) -> (Touched, Affected) {
    let hits = hits(input);
    let affected = spread::spread(input.repository, &hits, input.depth, input.programs);
    let mut touched = Touched::default();
    for (package, hit) in hits.of.iter_enumerated() {
        if !hit.library.is_empty() {
            touched.packages.insert(package, hit.library.clone());
        }
        if !hit.said_again.is_empty() {
            touched.same.insert(package, hit.said_again.clone());
        }
        touched.targets.extend(hit.targets.iter().map(|(&used, causes)| (used, causes.clone())));
    }
    (touched, affected)
}
