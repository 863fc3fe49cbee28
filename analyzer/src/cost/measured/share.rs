//! A crate's measured seconds, shared out to its items.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs};
use crate::discover::Repository;
use crate::ids::{CrateId, ItemId, ModuleId};
use crate::resolve::{Module, Resolution};

use super::apply::{kind_of, scaled};
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

/// Gives a crate its measured seconds, and its items their part: those of a measured module share that module's seconds,
/// the others what is left, each in the proportions of the model. The fixed part of a crate is no item's.
pub(super) fn share_out(
    costs: &mut Costs,
    resolution: &Resolution,
    krate: CrateId,
    real: Cost,
    modules: &BTreeMap<ModuleId, Cost>,
) {
    let modelled = std::mem::replace(&mut costs.crates[krate], real);
    let mut groups: BTreeMap<Option<ModuleId>, Vec<ItemId>> = BTreeMap::new();
    for (item, data) in resolution.items.iter_enumerated() {
        if resolution.modules[data.module].krate == krate {
            let module = modules.contains_key(&data.module).then_some(data.module);
            groups.entry(module).or_default().push(item);
        }
    }
    let all = groups.values().fold(Cost::default(), |all, items| plus(all, sum(costs, items)));
    let of_items = Cost {
        frontend_s: part(real.frontend_s, all.frontend_s, modelled.frontend_s),
        codegen_s: part(real.codegen_s, all.codegen_s, modelled.codegen_s),
    };
    let measured = groups.keys().flatten().fold(Cost::default(), |all, module| plus(all, modules[module]));
    let left = Cost {
        frontend_s: (of_items.frontend_s - measured.frontend_s).max(0.0),
        codegen_s: (of_items.codegen_s - measured.codegen_s).max(0.0),
    };
    for (module, items) in &groups {
        let real = module.map_or(left, |module| modules[&module]);
        let modelled = sum(costs, items);
        let frontend = part(1.0, real.frontend_s, modelled.frontend_s);
        let codegen = part(1.0, real.codegen_s, modelled.codegen_s);
        for &item in items {
            costs.items[item] = scaled(costs.items[item], frontend, codegen);
        }
    }
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
