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
