//! Imports that others may name too, as lines of their own: references go on to what is defined.

use crate::ids::{Id as _, IdVec, ItemId};
use crate::resolve::model::{ReExport, Resolution, Visibility};
use crate::resolve::names::def::{Def, DefId, ImportData, World};

/// The re-exports of a repository's modules, sorted.
pub(in crate::resolve) fn re_exports(
    world: &World<'_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
) -> Vec<ReExport> {
    let of_import = |import: &ImportData| {
        let to = import.found.defs().find_map(|def| match def {
            Def::Item(id) | Def::Variant(id, _) => Some(ids[id]),
            Def::Module(module) => Some(resolution.modules[module].item),
            Def::Prim(_) | Def::Ext(_) => None,
        })?;
        Some(ReExport {
            module: import.module,
            line: import.line,
            to,
            glob: import.glob,
            visibility: import.vis,
            test: import.test || resolution.modules[import.module].test,
        })
    };
    let shared = world.imports.iter().filter(|i| i.compiled && i.vis != Visibility::Within(i.module));
    let mut found: Vec<ReExport> =
        shared.filter_map(of_import).filter(|r| r.to.index() < resolution.items.len()).collect();
    found.sort_unstable();
    found.dedup();
    found
}
