//! One workspace built in one mode, today and with the plans carried out: what changed crates are there, and what they take.

use super::Input;
use super::changed::{Changed, ChangedSet};
use crate::cost::{Costs, IncrementalShares};
use crate::ids::{CrateId, Id, IdVec, PackageId, UnitId, WorkspaceId};
use crate::plan::{CarriedOut, PlannedUnits};
use crate::simulate::{Cache, Machine, UnitGraph, rebuild_s, rebuild_set, relink_s, simulate_on};

/// One workspace in one mode.
pub(super) struct Yard {
    pub(super) units: PlannedUnits,
    jobs: u32,
    machine: Machine,
    /// What CI keeps.
    cache: Cache,
    /// What each unit is of: a package, or (with the part's number) a crate of a plan.
    pub(super) of: Vec<Option<(PackageId, usize)>>,
    /// Seconds of a build of everything, today and with the plans; zeros where nothing asks for them.
    clean_s: [f64; 2],
}

/// What a set of changed crates makes a yard compile.
pub(super) struct Rebuilt<'a> {
    graph: &'a UnitGraph,
    changed: Vec<UnitId>,
    /// Sorted.
    pub(super) units: Vec<UnitId>,
    planned: bool,
}

impl Yard {
    pub(super) fn new(
        input: &Input<'_>,
        carried_out: &CarriedOut<'_>,
        (workspace, costs): (WorkspaceId, &Costs),
    ) -> Self {
        let units = carried_out.units(workspace, costs);
        let machine = carried_out.machine(workspace, input.jobs);
        let clean_s = |graph: &UnitGraph| simulate_on(graph, input.jobs, &machine).makespan_s;
        let clean_s = match input.cache {
            Cache::None => {
                let today = clean_s(&units.today.graph);
                [today, units.after.as_ref().map_or(today, clean_s)]
            }
            Cache::Crate | Cache::Relink => [0.0; 2],
        };
        let of = packages_of(input, &units);
        Self { of, jobs: input.jobs, machine, units, cache: input.cache, clean_s }
    }

    /// What is compiled again after a change of these crates.
    pub(super) fn rebuilt(&self, set: &ChangedSet, planned: bool) -> Rebuilt<'_> {
        let (graph, changed) = self.changed(set, planned);
        Rebuilt { units: rebuild_set(graph, &changed), graph, changed, planned }
    }

    /// Seconds of that for somebody who has built before.
    pub(super) fn edit_s(&self, rebuilt: &Rebuilt<'_>) -> f64 {
        let on = (self.jobs, &self.machine);
        rebuild_s(rebuilt.graph, &rebuilt.changed, &rebuilt.units, self.units.shares, on)
    }

    /// Seconds of that for CI.
    pub(super) fn ci_s(&self, rebuilt: &Rebuilt<'_>) -> f64 {
        let on = (self.jobs, &self.machine);
        let (graph, changed, units) = (rebuilt.graph, &rebuilt.changed, &rebuilt.units);
        match self.cache {
            Cache::None => self.clean_s[usize::from(rebuilt.planned)],
            Cache::Crate => rebuild_s(graph, changed, units, IncrementalShares::NONE, on),
            Cache::Relink => relink_s(graph, changed, units, on),
        }
    }

    /// The graph, and the units of it that a set of crates changes.
    fn changed(&self, set: &ChangedSet, planned: bool) -> (&UnitGraph, Vec<UnitId>) {
        let units = &self.units;
        let after = units.after.as_ref().filter(|_| planned);
        let of_harness = |krate: CrateId| at(&units.today.harness_of_crate, krate);
        let parts = |unit: UnitId| after.and_then(|_| units.parts.get(&unit));
        let mut changed: Vec<UnitId> = Vec::new();
        for &one in set {
            match one {
                // Of a planned crate the parts are in the set as well.
                Changed::Crate(krate) => {
                    changed.extend(units.today.compiling(krate).filter(|&unit| parts(unit).is_none()));
                }
                Changed::Harness(krate) => {
                    let parts =
                        of_harness(krate).map(|unit| parts(unit).cloned().unwrap_or_else(|| vec![unit]));
                    changed.extend(parts.into_iter().flatten());
                }
                Changed::Part(krate, part) => changed.extend(
                    units.today.compiling(krate).filter_map(|unit| parts(unit)?.get(part.index()).copied()),
                ),
            }
        }
        changed.sort_unstable();
        changed.dedup();
        (after.unwrap_or(&units.today.graph), changed)
    }
}

impl Rebuilt<'_> {
    /// Whether a unit is compiled again.
    pub(super) fn has(&self, unit: UnitId) -> bool {
        self.units.binary_search(&unit).is_ok()
    }

    /// Seconds that a unit takes to link, and to optimise what it links with one thread.
    pub(super) fn linking_s(&self, unit: UnitId) -> f64 {
        let unit = &self.graph.units[unit];
        unit.link_s + unit.lto_s
    }
}

/// The unit of a crate.
pub(super) fn at(units: &IdVec<CrateId, Option<UnitId>>, krate: CrateId) -> Option<UnitId> {
    units.get(krate).copied().flatten()
}

/// Of each unit, today's and those of plans.
fn packages_of(input: &Input<'_>, units: &PlannedUnits) -> Vec<Option<(PackageId, usize)>> {
    let after = units.after.as_ref().map_or(0, |graph| graph.units.len());
    let mut of = vec![None; units.today.graph.units.len().max(after)];
    for (krate, data) in input.plan.resolution.crates.iter_enumerated() {
        let package = input.plan.repository.targets[data.target].package;
        for unit in units.today.compiling(krate) {
            of[unit.index()] = Some((package, 0));
            for (position, part) in units.parts.get(&unit).into_iter().flatten().enumerate() {
                if *part != unit {
                    of[part.index()] = Some((package, position + 1));
                }
            }
        }
    }
    of
}
