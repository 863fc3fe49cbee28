//! Which crate of a plan a file goes to.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::ids::{FileId, Id, ItemId, ModuleId, PlanCrateId};
use crate::plan::Plan;
use crate::resolve::{ItemKind, Resolution};

/// Lines of a file's items in one crate of the plan, then the number of modules declared there, which
/// decides for a file that holds nothing but imports.
type Claim = (u64, u32);

/// The files of each crate of the plan, sorted by path: a file goes to the crate that gets most lines of its
/// items (the earlier crate of equals), a file without planned items to the crate of its module.
pub(in crate::report) fn files_of_plan(resolution: &Resolution, plan: &Plan) -> Vec<Vec<String>> {
    let mut owner = by_items(resolution, plan);
    by_modules(resolution, plan, &mut owner);
    let mut files = vec![Vec::new(); plan.crates.len()];
    for (file, krate) in owner {
        files[krate.0 as usize].push(resolution.files[file].path.clone());
    }
    for (list, krate) in files.iter_mut().zip(&plan.crates) {
        list.extend(krate.unlinked.iter().cloned());
        list.sort();
    }
    files
}

fn by_items(resolution: &Resolution, plan: &Plan) -> BTreeMap<FileId, PlanCrateId> {
    let mut claims: BTreeMap<FileId, BTreeMap<PlanCrateId, Claim>> = BTreeMap::new();
    for (krate, planned) in plan.crates.iter_enumerated() {
        for &id in &planned.all_items {
            let item = &resolution.items[id];
            let claim = claims.entry(item.file).or_default().entry(krate).or_default();
            if item.kind == ItemKind::Module {
                claim.1 += 1;
            } else {
                claim.0 += u64::from(item.end_line.saturating_sub(item.line)) + 1;
            }
        }
    }
    let most = |claims: BTreeMap<PlanCrateId, Claim>| {
        claims.into_iter().max_by_key(|&(krate, claim)| (claim, Reverse(krate))).map(|(krate, _)| krate)
    };
    claims.into_iter().filter_map(|(file, claims)| Some((file, most(claims)?))).collect()
}

/// Adds the files whose items the plan doesn't place (test modules, empty files).
fn by_modules(resolution: &Resolution, plan: &Plan, owner: &mut BTreeMap<FileId, PlanCrateId>) {
    let mut planned: BTreeMap<ModuleId, PlanCrateId> = BTreeMap::new();
    let mut roots: BTreeMap<ModuleId, PlanCrateId> = BTreeMap::new();
    let residual = plan.crates.iter_enumerated().find(|(_, c)| c.residual).map(|(id, _)| id);
    for (id, krate) in plan.crates.iter_enumerated() {
        planned.extend(krate.modules.iter().map(|&m| (m, id)));
        if let Some(residual) = residual {
            let root =
                |&item| resolution.crates[resolution.modules[resolution.items[item].module].krate].root;
            roots.extend(krate.all_items.iter().map(root).map(|root| (root, residual)));
        }
    }
    for (id, module) in resolution.modules.iter_enumerated() {
        if !owner.contains_key(&module.file)
            && let Some(krate) = nearest(resolution, &planned, id).or_else(|| nearest(resolution, &roots, id))
        {
            owner.insert(module.file, krate);
        }
    }
}

fn nearest(
    resolution: &Resolution,
    planned: &BTreeMap<ModuleId, PlanCrateId>,
    module: ModuleId,
) -> Option<PlanCrateId> {
    let mut at = Some(module);
    while let Some(id) = at {
        if let Some(&krate) = planned.get(&id) {
            return Some(krate);
        }
        at = resolution.modules[id].parent;
    }
    None
}

/// The path of an item's file.
pub(in crate::report) fn file_of(resolution: &Resolution, item: ItemId) -> &str {
    let file = resolution.items[item].file;
    debug_assert!(file.index() < resolution.files.len());
    &resolution.files[file].path
}
