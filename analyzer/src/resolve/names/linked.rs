//! Whose code a package can run: its dependencies', and theirs. Types lead anywhere in a repository, an `impl` of a package
//! that isn't linked is none.

use fixedbitset::FixedBitSet;

use super::def::{DefId, World};
use crate::discover::{DependencyKind, Repository};
use crate::ids::{Id, IdVec, ModuleId, PackageId};

/// For each package, those of the repository that are compiled before it.
pub(in crate::resolve) struct Linked(IdVec<PackageId, FixedBitSet>);

impl Linked {
    pub(in crate::resolve) fn new(repository: &Repository) -> Self {
        Self(repository.packages.ids().map(|package| linked(repository, package)).collect())
    }

    /// Whether a definition may be what code of a module means.
    pub(in crate::resolve) fn may_mean(&self, world: &World<'_>, module: ModuleId, to: DefId) -> bool {
        let (own, other) = (world.modules[module].krate, world.modules[world.defs[to].module].krate);
        if own == other {
            return true;
        }
        let targets = &world.repository.targets;
        let package = |krate: crate::ids::CrateId| targets.as_slice()[krate.index()].package;
        let (own, other) = (package(own), package(other));
        own == other || self.0[own].contains(other.index())
    }
}

/// Its own dev-dependencies count, those of its dependencies don't.
fn linked(repository: &Repository, package: PackageId) -> FixedBitSet {
    let mut linked = FixedBitSet::with_capacity(repository.packages.len());
    let mut stack = vec![package];
    while let Some(next) = stack.pop() {
        for dependency in &repository.packages[next].dependencies {
            let counts = next == package || dependency.kind != DependencyKind::Dev;
            if let Some(local) = dependency.local.filter(|_| counts)
                && !linked.put(local.index())
            {
                stack.push(local);
            }
        }
    }
    linked
}
