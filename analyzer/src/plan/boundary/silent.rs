//! What means something else once it is in another crate, without an error of the compiler.

use std::collections::BTreeMap;

use crate::ids::{FileId, PackageId, PlanCrateId};
use crate::plan::input::PlanInput;
use crate::plan::model::SilentChange;
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{BoundKind, ItemKind};

/// Places in code that leaves the package, by kind, crate, file and line. Of log calls, queries, examples in docs and snapshots only the
/// first place of each crate is listed, and all are counted.
pub(in crate::plan) fn silent_changes(
    input: &PlanInput<'_>,
    package: PackageId,
    assembled: &Assembled,
) -> Vec<SilentChange> {
    let resolution = input.resolution;
    let own_name = input.repository.packages[package].name.replace('-', "_");
    let mut found: BTreeMap<(BoundKind, PlanCrateId, FileId, u32, &str), u32> = BTreeMap::new();
    for (file, homes) in homes(input, assembled) {
        for bound in &resolution.files[file].bound {
            let Some(krate) = homes.of(bound.line).filter(|&krate| !assembled.crates[krate].residual) else {
                continue;
            };
            // An example may name other crates.
            if bound.kind == BoundKind::DocTest && bound.what != own_name {
                continue;
            }
            *found.entry((bound.kind, krate, file, bound.line, &bound.what)).or_default() += 1;
        }
    }
    let mut changes: Vec<SilentChange> = Vec::new();
    for ((kind, krate, file, line, what), places) in found {
        let same = |change: &&mut SilentChange| change.kind == kind && change.krate == krate;
        match changes.last_mut().filter(same) {
            Some(first) if summed_up(kind) => first.places += places,
            _ => changes.push(SilentChange { kind, krate, file, line, what: what.to_owned(), places }),
        }
    }
    changes
}

/// Kinds with so many places that the first stands for all.
fn summed_up(kind: BoundKind) -> bool {
    use BoundKind::{DocTest, LogTarget, OfflineQueries, TestData};
    matches!(kind, LogTarget | OfflineQueries | DocTest | TestData)
}

/// The crates that the lines of a file go to.
#[derive(Default)]
struct Homes {
    /// Of what stands between items.
    around: Option<PlanCrateId>,
    /// First and last lines of items and inline modules.
    parts: Vec<(u32, u32, PlanCrateId)>,
}

impl Homes {
    /// By the smallest part around the line.
    fn of(&self, line: u32) -> Option<PlanCrateId> {
        let around = self.parts.iter().filter(|(first, last, _)| (*first..=*last).contains(&line));
        around.min_by_key(|(first, last, _)| last - first).map(|&(.., krate)| krate).or(self.around)
    }
}

fn homes(input: &PlanInput<'_>, assembled: &Assembled) -> BTreeMap<FileId, Homes> {
    let resolution = input.resolution;
    let mut homes: BTreeMap<FileId, Homes> = BTreeMap::new();
    for (&module, &krate) in &assembled.of_module {
        let data = &resolution.modules[module];
        let home = homes.entry(data.file).or_default();
        if data.inline {
            let item = &resolution.items[data.item];
            home.parts.push((item.line, item.end_line, krate));
        } else {
            home.around = Some(krate);
        }
    }
    for &(id, krate) in &assembled.of_item {
        let item = &resolution.items[id];
        if item.kind != ItemKind::Module {
            homes.entry(item.file).or_default().parts.push((item.line, item.end_line, krate));
        }
    }
    homes
}
