//! What a program is linked from.

use std::collections::BTreeSet;

use crate::discover::{DependencyKind, Repository, TargetKind};
use crate::ids::{CrateId, Id, PackageId, TargetId};

/// Whether a crate is the library of one of some packages (sorted).
pub(super) fn linked(repository: &Repository, packages: &[PackageId], krate: CrateId) -> bool {
    let target = &repository.targets[TargetId::from_index(krate.index())];
    let library = matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro);
    library && packages.binary_search(&target.package).is_ok()
}

/// Of some packages (sorted) those of which something is reached, and the program's own: what is linked and never runs concerns
/// nobody.
pub(super) fn running_packages(
    repository: &Repository,
    linked: &[PackageId],
    own: PackageId,
    reached: &[CrateId],
) -> Vec<PackageId> {
    let of = |krate: &CrateId| repository.targets[TargetId::from_index(krate.index())].package;
    let running: BTreeSet<PackageId> = reached.iter().map(of).chain([own]).collect();
    linked.iter().copied().filter(|package| running.contains(package)).collect()
}

/// Packages below a package by normal and build dependencies, itself included.
pub(super) fn needed_packages(repository: &Repository, root: PackageId) -> Vec<PackageId> {
    let mut needed = BTreeSet::new();
    let mut stack = vec![root];
    while let Some(package) = stack.pop() {
        if needed.insert(package) {
            let dependencies = repository.packages[package].dependencies.iter();
            stack.extend(
                dependencies.filter(|d| d.enabled && d.kind != DependencyKind::Dev).filter_map(|d| d.local),
            );
        }
    }
    needed.into_iter().collect()
}
