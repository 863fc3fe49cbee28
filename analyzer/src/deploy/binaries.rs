//! Deployable binaries: what each needs of the repository.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::model::Deployable;
use super::reach::Reach;
use crate::discover::{DependencyKind, Repository, TargetKind, is_auxiliary_target};
use crate::ids::{CrateId, Id, IdVec, ItemId, ModuleId, PackageId, TargetId};
use crate::plan::PlanInput;
use crate::resolve::Resolution;

/// Every enabled binary with the packages, modules and share of the cost that it needs: those that are deployed before those
/// that serve development, each by what they need, most first.
///
/// Modules are those with an item that the binary may run (`reach`), so code that a package holds for others doesn't count.
pub fn deployables(input: &PlanInput<'_>) -> Vec<Deployable> {
    let total = input.costs.first().map_or(0.0, |costs| costs.items.iter().map(|cost| cost.total_s()).sum());
    let (reach, own) = (Reach::new(input.resolution, input.graph), own_items(input.resolution));
    let targets = input.repository.targets.iter_enumerated();
    let binaries: Vec<TargetId> = targets
        .filter(|(_, target)| target.kind == TargetKind::Bin && target.enabled)
        .map(|(id, _)| id)
        .collect();
    let deployable = |id: TargetId| {
        let target = &input.repository.targets[id];
        let packages = needed_packages(input.repository, target.package);
        let krate = CrateId::from_index(id.index());
        let linked = |other: CrateId| other == krate || linked(input.repository, &packages, other);
        let modules = reach.modules(&own[krate], &linked);
        let cost = modules_cost(input, &modules);
        Deployable {
            package: target.package,
            auxiliary: is_auxiliary_target(input.repository, id),
            name: target.name.clone(),
            cost_share: if total > 0.0 { cost / total } else { 0.0 },
            packages,
            modules,
        }
    };
    let mut found: Vec<Deployable> = binaries.into_par_iter().map(deployable).collect();
    found.sort_by(|a, b| a.auxiliary.cmp(&b.auxiliary).then(b.cost_share.total_cmp(&a.cost_share)));
    found
}

/// Whether a crate is the library of one of some packages (sorted).
pub(super) fn linked(repository: &Repository, packages: &[PackageId], krate: CrateId) -> bool {
    let target = &repository.targets[TargetId::from_index(krate.index())];
    let library = matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro);
    library && packages.binary_search(&target.package).is_ok()
}

/// The items of each crate, tests aside.
pub(super) fn own_items(resolution: &Resolution) -> IdVec<CrateId, Vec<ItemId>> {
    let mut own = IdVec::from_elem(Vec::new(), resolution.crates.len());
    for (id, item) in resolution.items.iter_enumerated().filter(|(_, item)| !item.test) {
        own[resolution.modules[item.module].krate].push(id);
    }
    own
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

fn modules_cost(input: &PlanInput<'_>, modules: &[ModuleId]) -> f64 {
    let Some(costs) = input.costs.first() else { return 0.0 };
    let items = modules.iter().flat_map(|&module| &input.resolution.modules[module].items);
    items.map(|&item| costs.items[item].total_s()).sum()
}
