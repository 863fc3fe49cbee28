//! Files of a package that the analysed build leaves out: which crate of the plan they would go to.

use std::collections::BTreeMap;

use crate::ids::{CrateId, Id, IdVec, ModuleId, PlanCrateId, TargetId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::PlanCrate;

/// Gives each unlinked file beside the crate's sources to the crate of the closest module whose directory it is in.
pub(in crate::plan) fn adopt_uncompiled(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    modules: &BTreeMap<ModuleId, PlanCrateId>,
    residual: PlanCrateId,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let root = &input.repository.targets[TargetId::from_index(krate.index())].src;
    let source = root.rsplit_once('/').map_or("", |(directory, _)| directory);
    // A binary beside the manifest, not in `src`, would claim the whole package.
    if source.is_empty() {
        return;
    }
    let mut by_directory: BTreeMap<&str, PlanCrateId> = BTreeMap::new();
    for (&module, &id) in modules {
        let data = &input.resolution.modules[module];
        if !data.inline {
            by_directory.insert(directory_of(&input.resolution.files[data.file].path), id);
        }
    }
    by_directory.insert(source, residual);
    for path in &index.unlinked {
        let inside = path.strip_prefix(source).is_some_and(|rest| rest.starts_with('/'));
        if inside && let Some(id) = above(path).find_map(|directory| by_directory.get(directory)) {
            crates[*id].unlinked.push(path.clone());
        }
    }
}

/// The directory that holds a module's children: `a` for both `a.rs` and `a/mod.rs`.
fn directory_of(file: &str) -> &str {
    file.strip_suffix("/mod.rs").or_else(|| file.strip_suffix(".rs")).unwrap_or(file)
}

/// The directories above a path, closest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(above, _)| above), |directory| {
        directory.rsplit_once('/').map(|(above, _)| above)
    })
}
