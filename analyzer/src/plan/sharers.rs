//! Other targets of a package that declare the same modules: what of them leaves the planned target they take from the new crates, which
//! compile it once.

use std::collections::{BTreeMap, BTreeSet};

use super::index::{Index, references_of};
use super::input::PlanInput;
use super::partition::assemble::Assembled;
use crate::ids::{CrateId, FileId, ItemId, PackageId, PlanCrateId, UnitId};
use crate::resolve::ItemKind;
use crate::simulate::Units;

/// A target that compiles files of the planned one, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sharer {
    pub(super) krate: CrateId,
    /// What it takes from the new crates, and from which of them.
    pub(super) files: BTreeMap<FileId, BTreeSet<PlanCrateId>>,
}

impl Sharer {
    /// The crates of the plan that it depends on.
    pub(super) fn crates(&self) -> BTreeSet<PlanCrateId> {
        self.files.values().flatten().copied().collect()
    }

    /// The units whose work it lessens.
    pub(super) fn units(&self, units: &Units) -> Vec<UnitId> {
        units.compiling(self.krate).collect()
    }
}

/// The other targets that can do so: what they no longer compile must need nothing else of theirs.
pub(super) fn sharers(
    input: &PlanInput<'_>,
    index: &Index,
    (package, krate): (PackageId, CrateId),
    assembled: &Assembled,
) -> Vec<Sharer> {
    let Some(shared) = index.targets.shared(input.repository, package) else { return Vec::new() };
    if !shared.crates.contains(&krate) {
        return Vec::new();
    }
    let mut homes: BTreeMap<FileId, BTreeSet<PlanCrateId>> = BTreeMap::new();
    for &(item, home) in &assembled.of_item {
        homes.entry(input.resolution.items[item].file).or_default().insert(home);
    }
    let residual = assembled.residual();
    homes.retain(|file, homes| !homes.contains(&residual) && shared.files.contains_key(file));
    let others = shared.crates.iter().copied().filter(|&other| other != krate);
    let sharer = |other: CrateId| {
        let own = homes.iter().filter(|(file, _)| shared.files[*file].contains(&other));
        let mut files: BTreeMap<FileId, BTreeSet<PlanCrateId>> =
            own.map(|(&file, homes)| (file, homes.clone())).collect();
        while let Some(bound) = bound_file(input, index, other, &files) {
            files.remove(&bound);
        }
        (!files.is_empty()).then_some(Sharer { krate: other, files })
    };
    others.filter_map(sharer).collect()
}

/// A file whose code needs what the target goes on compiling itself.
fn bound_file(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    files: &BTreeMap<FileId, BTreeSet<PlanCrateId>>,
) -> Option<FileId> {
    let items = &input.resolution.items;
    let stays = |to: ItemId| {
        let item = &items[to];
        index.crate_of[to] == krate && item.kind != ItemKind::Module && !files.contains_key(&item.file)
    };
    let leaving = index.items[krate].iter().filter(|&&item| files.contains_key(&items[item].file));
    let bound = leaving.filter(|&&item| !items[item].test).find(|&&item| {
        references_of(input.resolution, item).iter().any(|reference| !reference.test && stays(reference.to))
    });
    bound.map(|&item| items[item].file)
}
