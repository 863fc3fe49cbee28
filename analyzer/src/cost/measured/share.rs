//! A crate's measured seconds, shared out to its items.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs};
use crate::discover::Repository;
use crate::ids::{CrateId, ItemId, ModuleId};
use crate::resolve::{Module, Resolution};

use super::observe::kind_of;
use super::{CostsFile, UnitTargetKind};

/// Measured modules by id.
pub(super) fn module_costs(
    file: &CostsFile,
    resolution: &Resolution,
    repository: &Repository,
) -> BTreeMap<ModuleId, Cost> {
    let by_path: BTreeMap<(&str, UnitTargetKind, &str), Cost> = file
        .modules
        .iter()
        .map(|m| {
            let cost = Cost { frontend_s: m.frontend_s, codegen_s: m.codegen_s };
            ((m.package.as_str(), m.target.kind, m.path.as_str()), cost)
        })
        .collect();
    let of_module = |(id, module): (ModuleId, &Module)| {
        let target = &repository.targets[resolution.crates[module.krate].target];
        let package = &repository.packages[target.package].name;
        let cost = by_path.get(&(package.as_str(), kind_of(target.kind), module.path.as_str()))?;
        Some((id, *cost))
    };
    resolution.modules.iter_enumerated().filter_map(of_module).collect()
}

/// Gives a crate its measured seconds, and its items their part: first to each module what was measured of it (to those of
/// which nothing was, what the model says), all scaled so that nothing is left over (what rustc does for the crate as a
/// whole, instances of other crates' generics); then within a module in the proportions of the model. The fixed part of a
/// crate is no item's. Returns how many of the crate's modules were measured.
pub(super) fn share_out(
    costs: &mut Costs,
    resolution: &Resolution,
    (krate, items): (CrateId, &[ItemId]),
    real: Cost,
    modules: &BTreeMap<ModuleId, Cost>,
) -> usize {
    let modelled = std::mem::replace(&mut costs.crates[krate], real);
    let mut groups: BTreeMap<Option<ModuleId>, Vec<ItemId>> = BTreeMap::new();
    for &item in items {
        let module = resolution.items[item].module;
        groups.entry(modules.contains_key(&module).then_some(module)).or_default().push(item);
    }
    let part_of = |seconds: fn(Cost) -> f64| {
        let known = groups.keys().flatten().any(|module| seconds(modules[module]) > 0.0);
        let own: Vec<f64> = groups.values().map(|items| seconds(sum(costs, items))).collect();
        let all: f64 = own.iter().sum();
        let of_items = part(seconds(real), all, seconds(modelled));
        let weight = |(module, own): (&Option<ModuleId>, &f64)| match module {
            Some(module) if known => seconds(modules[module]),
            _ => part(of_items, *own, all),
        };
        let weights: Vec<f64> = groups.keys().zip(&own).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        let factors =
            weights.iter().zip(&own).map(|(weight, own)| part(part(of_items, *weight, sum), 1.0, *own));
        factors.collect::<Vec<f64>>()
    };
    let (frontend, codegen) = (part_of(|c| c.frontend_s), part_of(|c| c.codegen_s));
    for (items, (&frontend, &codegen)) in groups.values().zip(frontend.iter().zip(&codegen)) {
        for &item in items {
            costs.items[item] = scaled(costs.items[item], frontend, codegen);
        }
    }
    groups.keys().flatten().count()
}

pub(super) fn scaled(cost: Cost, frontend: f64, codegen: f64) -> Cost {
    Cost { frontend_s: cost.frontend_s * frontend, codegen_s: cost.codegen_s * codegen }
}

fn sum(costs: &Costs, items: &[ItemId]) -> Cost {
    items.iter().fold(Cost::default(), |all, &item| plus(all, costs.items[item]))
}

fn plus(a: Cost, b: Cost) -> Cost {
    Cost { frontend_s: a.frontend_s + b.frontend_s, codegen_s: a.codegen_s + b.codegen_s }
}

/// `whole` × `share` / `of`; nothing of nothing.
fn part(whole: f64, share: f64, of: f64) -> f64 {
    if of > 0.0 { whole * share / of } else { 0.0 }
}
