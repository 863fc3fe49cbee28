//! What a split does to the builds, by simulation.

use std::collections::BTreeMap;

use super::direct::direct_users;
use super::harness::{SplitHarness, split_harness};
use super::inherit::Inherited;
use super::sharing::take_from_parts;
use super::split::{Edges, Work, edit_weights, split_unit};
use crate::cost::{Costs, Mode};
use crate::ids::{CrateId, Id, UnitId, WorkspaceId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::Assembled;
use crate::plan::sharers::sharers;
use crate::simulate::{
    Machine, Replaced, Schedule, UnitGraph, Units, clean_units, edit, edit_s, machine_of, simulate_on,
};

/// Today's builds of one workspace, one per mode.
pub(in crate::plan) struct Builds {
    builds: Vec<Build>,
    machine: Machine,
    jobs: u32,
}

/// Today's clean build in one mode.
pub(in crate::plan) struct Build {
    units: Units,
    clean: Schedule,
}

/// Seconds of the two scenarios.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::plan) struct Times {
    /// The workspace's crates, dependencies cached.
    pub(in crate::plan) clean_s: f64,
    /// After a change of one file of the package, averaged; incremental where the mode is.
    pub(in crate::plan) edit_s: f64,
}

/// A split as the simulator sees it.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct Prediction {
    pub(in crate::plan) before: Times,
    pub(in crate::plan) after: Times,
    /// Share of the clean build after the split that new crates hold up one after the other.
    pub(in crate::plan) chain_share: f64,
    /// Share of the edit-rebuild before the split that goes into linking.
    pub(in crate::plan) link_share: f64,
    /// What is compiled again after an edit; not asked of every candidate.
    pub(in crate::plan) edit_work: Option<EditWork>,
}

/// What other packages depend on after a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Users {
    /// The residual crate, which re-exports the others.
    Facade,
    /// The crates whose items they use.
    Direct,
}

/// Core seconds of a rebuild after an edit, averaged over the edits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) struct EditWork {
    pub(in crate::plan) before_s: f64,
    pub(in crate::plan) after_s: f64,
}

impl Builds {
    pub(in crate::plan) fn new(input: &PlanInput<'_>, workspace: WorkspaceId, jobs: u32) -> Self {
        let machine = machine_of(input.repository, workspace, jobs);
        let build = |costs: &Costs| {
            let units = clean_units((input.repository, input.resolution), costs, workspace);
            let clean = simulate_on(&units.graph, jobs, &machine);
            Build { units, clean }
        };
        Self { builds: input.costs.iter().map(build).collect(), machine, jobs }
    }

    /// Predicts a split of `krate` in each mode; without a prediction where the build doesn't compile it. Other packages use
    /// the crates that `users` says.
    pub(in crate::plan) fn predictions(
        &self,
        view: (&PlanInput<'_>, &Index),
        krate: CrateId,
        assembled: &Assembled,
        users: Users,
    ) -> Vec<Prediction> {
        let modes = self.builds.iter().zip(view.0.costs);
        modes.filter_map(|mode| self.predict(view, mode, (krate, assembled), Some(users))).collect()
    }

    /// The same in the mode that candidates are judged by: a `cargo build`, which has a front end, code generation and
    /// links; the first mode where that isn't asked for.
    pub(in crate::plan) fn judged(
        &self,
        view: (&PlanInput<'_>, &Index),
        krate: CrateId,
        assembled: &Assembled,
    ) -> Option<Prediction> {
        let mut modes = self.builds.iter().zip(view.0.costs);
        let mode = modes.clone().find(|(_, costs)| costs.mode == Mode::Dev).or_else(|| modes.next())?;
        self.predict(view, mode, (krate, assembled), None)
    }

    fn predict(
        &self,
        (input, index): (&PlanInput<'_>, &Index),
        (build, costs): (&Build, &Costs),
        (krate, assembled): (CrateId, &Assembled),
        users: Option<Users>,
    ) -> Option<Prediction> {
        let shares = costs.incremental();
        let simulate = |graph: &UnitGraph| simulate_on(graph, self.jobs, &self.machine);
        let unit = build.units.first_of(krate)?;
        let work = Work::of_unit(costs, krate, assembled, &build.units);
        let graph = &build.units.graph;
        let edges = Edges {
            inherited: Inherited::new(input, index, &build.units, krate, assembled).of(graph, unit),
            direct: if users == Some(Users::Direct) {
                direct_users((input, index), (krate, assembled), (&build.units, unit), true)
            } else {
                BTreeMap::new()
            },
        };
        let mut after = split_unit(graph, unit, costs, &work, assembled, edges);
        let mut own: Vec<Vec<UnitId>> = after.units.iter().map(|&unit| vec![unit]).collect();
        let mut whole = vec![unit];
        if let Some(harness) = build.units.harness_beside(krate) {
            let SplitHarness { graph, parts } =
                split_harness(after.graph, harness, costs, krate, assembled, &after.units);
            after.graph = graph;
            own.iter_mut().zip(parts).for_each(|(own, (harness, _))| own.push(harness));
            whole.push(harness);
        }
        let package = input.repository.targets[input.resolution.crates[krate].target].package;
        let sharers = sharers(input, index, (package, krate), assembled);
        // Today a change of a part is one of every target that compiles it.
        let mut today: Vec<Vec<UnitId>> = vec![whole.clone(); own.len()];
        for sharer in &sharers {
            take_from_parts(&mut after.graph, (input, index), (&build.units, costs), sharer, &after.units);
            for part in sharer.crates() {
                today[part.index()].extend(sharer.units(&build.units));
            }
        }
        let clean = simulate(&after.graph);
        let rebuilt = edit(&build.units.graph, &whole, shares);
        let edit_before = simulate(&rebuilt);
        let weights = edit_weights(input, assembled);
        let before_s = |units: &[UnitId]| match units == whole {
            true => edit_before.makespan_s,
            false => edit_s(&build.units.graph, units, shares, self.jobs, &self.machine),
        };
        let edited_s = if sharers.is_empty() {
            edit_before.makespan_s
        } else {
            weights.iter().zip(&today).map(|(weight, units)| weight * before_s(units)).sum()
        };
        let edit_after = weights
            .iter()
            .zip(&own)
            .filter(|(weight, _)| **weight > 0.0)
            .map(|(weight, own)| weight * edit_s(&after.graph, own, shares, self.jobs, &self.machine))
            .sum();
        let edit_work = users.is_some().then(|| EditWork {
            before_s: if sharers.is_empty() {
                work_s(&rebuilt)
            } else {
                let of = |units: &[UnitId]| work_s(&edit(&build.units.graph, units, shares));
                weights.iter().zip(&today).map(|(weight, units)| weight * of(units)).sum()
            },
            after_s: weights
                .iter()
                .zip(&own)
                .map(|(weight, own)| weight * work_s(&edit(&after.graph, own, shares)))
                .sum(),
        });
        Some(Prediction {
            before: Times { clean_s: build.clean.makespan_s, edit_s: edited_s },
            after: Times { clean_s: clean.makespan_s, edit_s: edit_after },
            chain_share: chain_share(&after, &clean),
            link_share: link_share(&rebuilt, &edit_before),
            edit_work,
        })
    }
}

/// Core seconds of what a build compiles.
fn work_s(graph: &UnitGraph) -> f64 {
    graph.units.iter().filter(|unit| !unit.fresh).map(|unit| unit.work_s()).sum()
}

/// Seconds that the plan's own crates hold the critical path, as a share of the whole build.
fn chain_share(after: &Replaced, clean: &Schedule) -> f64 {
    let held: f64 = clean
        .critical_path
        .iter()
        .filter(|unit| after.units.contains(unit))
        .map(|&unit| after.graph.units[unit].frontend_s)
        .sum();
    if clean.makespan_s > 0.0 { (held / clean.makespan_s).min(1.0) } else { 0.0 }
}

/// Seconds of the critical path in which something is linked, as a share of the build: of each unit there the part of its
/// time that linking is of its work.
fn link_share(graph: &UnitGraph, schedule: &Schedule) -> f64 {
    let of_unit = |&unit: &UnitId| {
        let (data, span) = (&graph.units[unit], &schedule.spans[unit]);
        let linking = (data.link_s + data.lto_s) / data.work_s().max(f64::MIN_POSITIVE);
        linking * (span.end_s - span.start_s)
    };
    let linking: f64 = schedule.critical_path.iter().map(of_unit).sum();
    if schedule.makespan_s > 0.0 { (linking / schedule.makespan_s).min(1.0) } else { 0.0 }
}
