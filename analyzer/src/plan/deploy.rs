//! Deployable binaries: what each needs of the repository.

use std::collections::BTreeSet;

use petgraph::visit::EdgeRef;

use super::auxiliary::is_auxiliary_target;
use super::input::PlanInput;
use super::model::Deployable;
use crate::discover::{DependencyKind, TargetKind};
use crate::ids::{CrateId, Id, ItemId, ModuleId, PackageId, TargetId};

/// Every enabled binary with the packages, modules and share of the cost that it needs, in the order of targets.
///
/// Modules are those with an item that the binary reaches by non-test references, so code that a package holds for
/// others doesn't count.
pub fn deployables(input: &PlanInput<'_>) -> Vec<Deployable> {
    let total = input.costs.first().map_or(0.0, |costs| costs.items.iter().map(|cost| cost.total_s()).sum());
    input
        .repository
        .targets
        .iter_enumerated()
        .filter(|(_, target)| target.kind == TargetKind::Bin && target.enabled)
        .map(|(id, target)| {
            let modules = reached_modules(input, id);
            let cost = modules_cost(input, &modules);
            Deployable {
                package: target.package,
                auxiliary: is_auxiliary_target(input.repository, id),
                name: target.name.clone(),
                packages: needed_packages(input, target.package),
                cost_share: if total > 0.0 { cost / total } else { 0.0 },
                modules: modules.into_iter().collect(),
            }
        })
        .collect()
}

/// Packages below a package by normal and build dependencies, itself included.
fn needed_packages(input: &PlanInput<'_>, root: PackageId) -> Vec<PackageId> {
    let mut needed = BTreeSet::new();
    let mut stack = vec![root];
    while let Some(package) = stack.pop() {
        if needed.insert(package) {
            let dependencies = input.repository.packages[package].dependencies.iter();
            stack.extend(
                dependencies.filter(|d| d.enabled && d.kind != DependencyKind::Dev).filter_map(|d| d.local),
            );
        }
    }
    needed.into_iter().collect()
}

fn reached_modules(input: &PlanInput<'_>, target: TargetId) -> BTreeSet<ModuleId> {
    let resolution = input.resolution;
    let krate = CrateId::from_index(target.index());
    let mut seen = vec![false; resolution.items.len()];
    let mut stack: Vec<ItemId> = Vec::new();
    let mut modules = BTreeSet::new();
    for (item, data) in resolution.items.iter_enumerated() {
        if resolution.modules[data.module].krate == krate && !data.test {
            seen[item.index()] = true;
            stack.push(item);
        }
    }
    while let Some(item) = stack.pop() {
        modules.insert(resolution.items[item].module);
        for edge in input.graph.edges((item.index() as u32).into()) {
            let to = edge.target().index();
            if edge.weight().structural > 0 && !std::mem::replace(&mut seen[to], true) {
                stack.push(ItemId::from_index(to));
            }
        }
    }
    modules
}

fn modules_cost(input: &PlanInput<'_>, modules: &BTreeSet<ModuleId>) -> f64 {
    let Some(costs) = input.costs.first() else { return 0.0 };
    let items = modules.iter().flat_map(|&module| &input.resolution.modules[module].items);
    items.map(|&item| costs.items[item].total_s()).sum()
}
