//! The units of a workspace today and with plans carried out, for whoever asks what other builds than a verdict's take.

use std::collections::{BTreeMap, BTreeSet};

use super::forecast::split_all;
use super::pair::Split;
use crate::cost::{Costs, IncrementalShares, Mode};
use crate::discover::above;
use crate::ids::{CrateId, Id, ItemId, PackageId, PlanCrateId, UnitId, WorkspaceId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::{PackageAdvice, Plan};
use crate::plan::partition::assemble::Assembled;
use crate::simulate::{Machine, UnitGraph, Units, clean_units, machine_of};

/// Plans as far as other builds than a verdict's need them.
pub(crate) struct CarriedOut<'a> {
    input: PlanInput<'a>,
    index: Index,
    plans: Vec<(PackageId, &'a Plan)>,
    splits: Vec<Split>,
}

/// The units of one workspace in one mode.
pub(crate) struct PlannedUnits {
    /// What cargo does.
    pub(crate) mode: Mode,
    /// What of a unit an incremental rebuild does again.
    pub(crate) shares: IncrementalShares,
    /// Today's.
    pub(crate) today: Units,
    /// With the plans carried out; `None` if none of them concerns this workspace.
    pub(crate) after: Option<UnitGraph>,
    /// What each unit becomes that compiles a planned crate, in the order of the plan's crates.
    pub(crate) parts: BTreeMap<UnitId, Vec<UnitId>>,
}

impl<'a> CarriedOut<'a> {
    /// Of the given advice, whatever has a plan.
    pub(crate) fn new(input: &PlanInput<'a>, advice: &[&'a PackageAdvice]) -> Self {
        let index = Index::new(input.repository, input.resolution);
        let mut plans = Vec::new();
        let mut splits = Vec::new();
        for advice in advice {
            let Some(plan) = &advice.plan else { continue };
            let krate = advice.krate;
            plans.push((advice.package, plan));
            let (package, assembled) = (advice.package, assembled(plan, krate, &index));
            // As the verdict has it.
            let direct_users = advice.direct_users.as_ref().is_some_and(|direct| direct.counted);
            splits.push(Split { package, krate, assembled, direct_users });
        }
        Self { input: *input, index, plans, splits }
    }

    /// The packages whose plans are carried out.
    pub(crate) fn packages(&self) -> Vec<PackageId> {
        self.plans.iter().map(|&(package, _)| package).collect()
    }

    /// Where the files of each planned crate go.
    pub(crate) fn placements(&self) -> BTreeMap<CrateId, Placements> {
        let placements = |split: &Split| Placements::new(&self.input, &self.index, split);
        self.splits.iter().map(|split| (split.krate, placements(split))).collect()
    }

    /// The units of one workspace, packages from elsewhere built already.
    pub(crate) fn units(&self, workspace: WorkspaceId, costs: &Costs) -> PlannedUnits {
        let today = clean_units((self.input.repository, self.input.resolution), costs, workspace);
        let here: Vec<&Split> = self
            .splits
            .iter()
            .filter(|split| self.input.repository.packages[split.package].workspace == workspace)
            .filter(|split| today.first_of(split.krate).is_some())
            .collect();
        let (mut after, mut parts) = (None, BTreeMap::new());
        if !here.is_empty() {
            let pair = split_all(&self.input, &self.index, &here, (&today, costs));
            let of = |crates: &[(UnitId, _)]| crates.iter().map(|&(unit, _)| unit).collect();
            parts = pair.parts.iter().map(|parts| (parts.whole, of(&parts.crates))).collect();
            after = Some(pair.after);
        }
        PlannedUnits { mode: costs.mode, shares: costs.incremental(), today, after, parts }
    }

    /// The machine that builds of a workspace are predicted for.
    pub(crate) fn machine(&self, workspace: WorkspaceId, jobs: u32) -> Machine {
        machine_of(self.input.repository, workspace, jobs)
    }
}

/// A plan as predictions want it.
fn assembled(plan: &Plan, krate: CrateId, index: &Index) -> Assembled {
    let mut of_item: Vec<(ItemId, PlanCrateId)> = plan
        .crates
        .iter_enumerated()
        .flat_map(|(id, new)| new.all_items.iter().map(move |&item| (item, id)))
        .filter(|&(item, _)| index.crate_of[item] == krate)
        .collect();
    of_item.sort_unstable();
    // Groups and modules matter while a plan is made.
    Assembled {
        crates: plan.crates.clone(),
        of_group: Default::default(),
        of_item,
        of_module: BTreeMap::new(),
        moved: 0,
    }
}

/// Least share of the lines of a file, or of a directory, that a crate takes for a change of it to count as one of the
/// crate: a change falls into a few lines of it. A choice.
const LEAST_SHARE: f64 = 0.1;

/// Where files go that a crate is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Placements {
    /// Lines of each file by the crate that they go to: several where the plan takes a file apart.
    files: BTreeMap<String, BTreeMap<PlanCrateId, u32>>,
    /// The same of each directory, with everything below it.
    dirs: BTreeMap<String, BTreeMap<PlanCrateId, u32>>,
    /// The crates that need a dependency of the package, by its name.
    needing: BTreeMap<String, BTreeSet<PlanCrateId>>,
    crates: usize,
}

impl Placements {
    fn new(input: &PlanInput<'_>, index: &Index, split: &Split) -> Self {
        let mut placements = Self { crates: split.assembled.crates.len(), ..Self::default() };
        for &(item, id) in &split.assembled.of_item {
            let file = input.resolution.items[item].file;
            placements.add(&input.resolution.files[file].path, id, index.own_lines[item]);
        }
        for (id, new) in split.assembled.crates.iter_enumerated() {
            new.unlinked.iter().for_each(|path| placements.add(path, id, 1));
            for need in &new.dependencies {
                placements.needing.entry(need.package.clone()).or_default().insert(id);
            }
        }
        placements
    }

    fn add(&mut self, path: &str, id: PlanCrateId, lines: u32) {
        // An item without a line of its own is there all the same.
        let lines = lines.max(1);
        *self.files.entry(path.to_owned()).or_default().entry(id).or_default() += lines;
        for dir in above(path) {
            match self.dirs.get_mut(dir) {
                Some(known) => *known.entry(id).or_default() += lines,
                None => drop(self.dirs.insert(dir.to_owned(), BTreeMap::from([(id, lines)]))),
            }
        }
    }

    /// The crates that a file that is there today goes to, but for those that take next to nothing of it.
    pub(crate) fn of_file(&self, path: &str) -> Option<BTreeSet<PlanCrateId>> {
        self.files.get(path).map(mostly)
    }

    /// The crates that a file goes to. One that is no more would have gone where the rest of its directory goes; `None` if that
    /// isn't one crate.
    pub(crate) fn of(&self, path: &str) -> Option<BTreeSet<PlanCrateId>> {
        if let Some(known) = self.of_file(path) {
            return Some(known);
        }
        let around = mostly(above(path).find_map(|dir| self.dirs.get(dir))?);
        (around.len() == 1).then_some(around)
    }

    /// The crates that need a dependency of the package; `None` if none of them is known to.
    pub(crate) fn needing(&self, dependency: &str) -> Option<BTreeSet<PlanCrateId>> {
        self.needing.get(dependency).cloned()
    }

    /// All crates of the plan.
    pub(crate) fn all(&self) -> BTreeSet<PlanCrateId> {
        (0..self.crates).map(PlanCrateId::from_index).collect()
    }

    #[cfg(test)]
    pub(crate) fn of_files(crates: usize, files: &[(&str, u32)]) -> Self {
        let lines: Vec<_> = files.iter().map(|&(path, id)| (path, id, 10)).collect();
        Self::of_lines(crates, &lines)
    }

    #[cfg(test)]
    fn of_lines(crates: usize, files: &[(&str, u32, u32)]) -> Self {
        let mut placements = Self { crates, ..Self::default() };
        files.iter().for_each(|&(path, id, lines)| placements.add(path, PlanCrateId(id), lines));
        placements
    }
}

/// The crates with at least [`LEAST_SHARE`] of the lines.
fn mostly(lines: &BTreeMap<PlanCrateId, u32>) -> BTreeSet<PlanCrateId> {
    let all: u64 = lines.values().map(|&lines| u64::from(lines)).sum();
    let enough = |&(_, &lines): &(&PlanCrateId, &u32)| f64::from(lines) >= LEAST_SHARE * all as f64;
    lines.iter().filter(enough).map(|(&id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_that_takes_next_to_nothing_of_a_file_does_not_change_with_it() {
        let placements = Placements::of_lines(
            3,
            &[
                ("src/a.rs", 0, 95),
                ("src/a.rs", 1, 5),
                ("src/b.rs", 0, 90),
                ("src/b.rs", 1, 10),
                ("src/c/d.rs", 2, 3),
            ],
        );
        for (path, expected) in [
            ("src/a.rs", Some(&[0][..])),
            ("src/b.rs", Some(&[0, 1])),
            ("src/gone.rs", Some(&[0])),
            ("src/c/gone.rs", Some(&[2])),
        ] {
            let expected = expected.map(|ids| ids.iter().map(|&id| PlanCrateId(id)).collect());
            assert_eq!(placements.of(path), expected, "{path}");
        }
    }

    #[test]
    fn a_file_that_is_gone_goes_where_the_rest_of_its_directory_goes() {
        let placements = Placements::of_files(
            3,
            &[("src/lib.rs", 2), ("src/a/mod.rs", 0), ("src/a/x.rs", 0), ("src/b.rs", 1), ("src/b.rs", 2)],
        );
        for (path, expected) in [
            ("src/a/x.rs", Some(&[0][..])),
            ("src/b.rs", Some(&[1, 2])),
            ("src/a/gone.rs", Some(&[0])),
            ("src/a/deep/gone.rs", Some(&[0])),
            ("src/gone.rs", None),
            ("other/gone.rs", None),
        ] {
            let expected = expected.map(|ids| ids.iter().map(|&id| PlanCrateId(id)).collect());
            assert_eq!(placements.of(path), expected, "{path}");
        }
        assert_eq!(placements.all().len(), 3);
    }
}
