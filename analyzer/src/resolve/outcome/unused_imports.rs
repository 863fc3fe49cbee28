//! Imports that no reference follows: a trait brought in for methods of receivers whose types aren't known, what only a
//! macro of another package names. Nothing else says that the code around needs what they name.

use rayon::prelude::*;

use crate::ids::{IdVec, ItemId, ModuleId};
use crate::resolve::model::{Confidence, ItemKind, RefKind, Reference, Resolution};

/// Makes the imports structural that nothing follows; `references` are sorted. Re-exports are left out: others follow them.
pub(in crate::resolve) fn mark_unfollowed(resolution: &Resolution, references: &mut [Reference]) {
    let modules: Vec<ModuleId> = resolution.modules.ids().collect();
    let used: Vec<Vec<ItemId>> = modules
        .into_par_iter()
        .map(|module| used_in(resolution, of_module(resolution, references, module)))
        .collect();
    let used: IdVec<ModuleId, Vec<ItemId>> = used.into_iter().collect();
    let unfollowed: Vec<usize> = (0..references.len())
        .filter(|&at| {
            let import = &references[at];
            import.kind == RefKind::Import
                && !import.test
                && import.confidence != Confidence::Unseen
                && !is_followed(resolution, references, &used, import)
        })
        .collect();
    unfollowed.into_iter().for_each(|at| references[at].structural = true);
}

/// The references of a module's items, which come one after the other.
fn of_module<'a>(resolution: &Resolution, references: &'a [Reference], module: ModuleId) -> &'a [Reference] {
    let data = &resolution.modules[module];
    between(references, data.item, *data.items.last().unwrap_or(&data.item))
}

fn between(references: &[Reference], first: ItemId, last: ItemId) -> &[Reference] {
    let start = references.partition_point(|r| r.from < first);
    let len = references[start..].partition_point(|r| r.from <= last);
    &references[start..start + len]
}

/// What references outside tests lead to, sorted: with an `impl` its trait and its type too.
fn used_in(resolution: &Resolution, references: &[Reference]) -> Vec<ItemId> {
    let mut used = Vec::new();
    for r in references.iter().filter(|r| r.kind != RefKind::Import && !r.test) {
        used.push(r.to);
        if let Some(header) = &resolution.items[r.to].imp {
            used.extend(header.trait_item.into_iter().chain(header.self_item));
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}

fn is_followed(
    resolution: &Resolution,
    references: &[Reference],
    used: &IdVec<ModuleId, Vec<ItemId>>,
    import: &Reference,
) -> bool {
    let from = &resolution.items[import.from];
    if from.kind != ItemKind::Module {
        // An import within a body serves that body.
        let own = used_in(resolution, between(references, import.from, import.from));
        return own.binary_search(&import.to).is_ok();
    }
    let place = (from.module, import.line, import.to);
    let exported = &resolution.re_exports;
    let at = exported.partition_point(|r| (r.module, r.line, r.to) < place);
    if exported.get(at).is_some_and(|r| (r.module, r.line, r.to) == place) {
        return true;
    }
    // Modules below may bring the name in by `use super::*`.
    let mut open = vec![from.module];
    while let Some(module) = open.pop() {
        if used[module].binary_search(&import.to).is_ok() {
            return true;
        }
        open.extend(&resolution.modules[module].children);
    }
    false
}
