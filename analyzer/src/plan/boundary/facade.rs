//! Old paths that a plan has to keep for other packages of the repository.
//!
//! The package that stays re-exports a new crate's modules whole. An item that comes to lie elsewhere than its module
//! isn't among what they hold, so that its old path has to be kept by a re-export of its own.

use std::collections::BTreeSet;

use crate::ids::{ItemId, ModuleId, PackageId};
use crate::plan::edit::{Edit, EditKind};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::{FacadePath, Plan};
use crate::plan::users::{OutsideUse, outside_uses};
use crate::resolve::{ItemKind, Resolution, Visibility};

/// The path by which other packages name an item: its own where all of it is public, else the shortest re-export.
pub(in crate::plan) fn public_path(resolution: &Resolution, index: &Index, item: ItemId) -> Option<String> {
    let data = &resolution.items[item];
    if data.visibility == Visibility::Public && is_public(resolution, data.module) {
        return Some(data.path.clone());
    }
    let re_exports = index.re_exports.get(&item).into_iter().flatten().map(|&at| &resolution.re_exports[at]);
    re_exports
        .filter(|r| r.visibility == Visibility::Public && is_public(resolution, r.module))
        .map(|r| format!("{}::{}", resolution.modules[r.module].path, data.name))
        .min_by_key(|path| (path.matches("::").count(), path.clone()))
}

fn is_public(resolution: &Resolution, module: ModuleId) -> bool {
    let parent = |&module: &ModuleId| resolution.modules[module].parent;
    let path = std::iter::successors(Some(module), parent);
    path.into_iter().all(|at| {
        resolution.modules[at].parent.is_none() || resolution.modules[at].visibility == Visibility::Public
    })
}

/// Paths to keep: of items that lie in another crate than their module, by the plan or once its work is done.
pub(in crate::plan) fn facade_paths(
    (input, index): (&PlanInput<'_>, &Index),
    package: PackageId,
    plan: &Plan,
) -> Vec<FacadePath> {
    let resolution = input.resolution;
    let moves = |edit: &&Edit| matches!(edit.kind, EditKind::MoveItems(_) | EditKind::MoveTrait);
    let moved = plan.edits.iter().filter(moves).flat_map(|edit| edit.items.iter().copied());
    let items = plan.crates.iter().flat_map(|krate| krate.items.iter().copied()).chain(moved);
    let named = |item: &ItemId| !matches!(resolution.items[*item].kind, ItemKind::Impl | ItemKind::Module);
    let items: BTreeSet<ItemId> = items.filter(named).collect();
    outside_uses(input, package, &items)
        .into_iter()
        .filter_map(|(item, OutsideUse { users, references })| {
            let path = public_path(resolution, index, item)?;
            Some(FacadePath { item, path, users: users.into_iter().collect(), references })
        })
        .collect()
}
