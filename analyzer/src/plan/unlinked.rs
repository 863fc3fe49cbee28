//! Files of a package that the analysed build leaves out: which crate of the plan they would go to.

use std::collections::{BTreeMap, BTreeSet};

use super::input::PlanInput;
use super::model::PlanCrate;
use crate::ids::{CrateId, FileId, Id, IdVec, ModuleId, PlanCrateId, TargetId};

/// Gives each unlinked file beside the crate's sources to the crate of the closest module whose directory it is in.
pub(super) fn adopt_unlinked(
    input: &PlanInput<'_>,
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
    // A file may have been read and then left out by a `cfg`: what counts is that something of it is there.
    let resolution = input.resolution;
    let of_modules = resolution.modules.iter().map(|module| module.file);
    let of_items = resolution.items.iter().map(|item| item.file);
    let mut has_items = IdVec::<FileId, bool>::from_elem(false, resolution.files.len());
    of_modules.chain(of_items).for_each(|file| has_items[file] = true);
    let files = resolution.files.iter_enumerated().filter(|(file, _)| has_items[*file]);
    let linked: BTreeSet<&str> = files.map(|(_, file)| file.path.as_str()).collect();
    let mut by_directory: BTreeMap<&str, PlanCrateId> = BTreeMap::new();
    for (&module, &id) in modules {
        let data = &input.resolution.modules[module];
        if !data.inline {
            by_directory.insert(directory_of(&input.resolution.files[data.file].path), id);
        }
    }
    by_directory.insert(source, residual);
    for path in &input.repository.rust_files {
        let inside = path.strip_prefix(source).is_some_and(|rest| rest.starts_with('/'));
        if inside
            && !linked.contains(path.as_str())
            && let Some(id) = above(path).find_map(|directory| by_directory.get(directory))
        {
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
