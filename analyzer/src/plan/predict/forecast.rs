//! Builds before and after a split, by simulation, with their 80 % intervals: of a described one, and of one that is advised.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::direct::direct_users;
use super::harness::split_harness;
use super::inherit::Inherited;
use super::model::{EditForecast, Forecast, ForecastBuild, Outcome};
use super::pair::{Pair, Parts, Shared, Split};
use super::sharing::take_from_parts;
use super::split::{Edges, Work, edit_weights, split_unit};
use super::uncertainty::{SAMPLES, Spread, Times, disturb, perturbed, seconds, shares};
use crate::cost::{Costs, IncrementalShares};
use crate::ids::{CrateId, Id, IdVec, PlanCrateId, UnitId, WorkspaceId};
use crate::plan::index::{Index, item_lines};
use crate::plan::input::PlanInput;
use crate::plan::input::WhatIfOptions;
use crate::plan::model::Interval;
use crate::plan::sharers::sharers;
use crate::simulate::{
    CriticalUnit, Machine, Scenario, Schedule, UnitGraph, Units, edit, edit_s, machine_of, simulate_on,
};

/// All builds asked for, of the workspaces whose packages are split.
pub(in crate::plan) fn forecasts(
    input: &PlanInput<'_>,
    index: &Index,
    splits: &[Split],
    options: &WhatIfOptions,
) -> Vec<Forecast> {
    let workspaces: BTreeSet<WorkspaceId> =
        splits.iter().map(|split| input.repository.packages[split.package].workspace).collect();
    let mut kinds: Vec<(WorkspaceId, Scenario, &Costs)> = Vec::new();
    for workspace in workspaces {
        for &scenario in &options.scenarios {
            kinds.extend(input.costs.iter().map(|costs| (workspace, scenario, costs)));
        }
    }
    let of_kind = |&(workspace, scenario, costs): &(WorkspaceId, Scenario, &Costs)| {
        let builds = Builds::new(input, index, splits, (workspace, scenario, costs));
        let one = |&jobs: &u32| builds.as_ref().map(|builds| builds.forecast(jobs, options));
        options.jobs.iter().filter_map(one).collect::<Vec<_>>()
    };
    kinds.par_iter().flat_map_iter(of_kind).collect()
}

/// A kind of build, before and after.
pub(in crate::plan) struct Builds<'a> {
    input: &'a PlanInput<'a>,
    workspace: WorkspaceId,
    scenario: Scenario,
    costs: &'a Costs,
    pub(in crate::plan) pair: Pair,
    pub(in crate::plan) edits: Vec<Edit>,
    /// The harness of each crate that has one, before.
    pub(in crate::plan) harnesses: Vec<(CrateId, UnitId)>,
}

/// A change of one crate of the plan.
pub(in crate::plan) struct Edit {
    pub(in crate::plan) name: String,
    pub(in crate::plan) weight: f64,
    /// The units that compile it today: the same for all edits of one package, but where other targets compile the same files.
    pub(in crate::plan) before: Vec<UnitId>,
    pub(in crate::plan) after: Vec<UnitId>,
}

impl<'a> Builds<'a> {
    /// `None` if this build compiles none of the packages.
    pub(in crate::plan) fn new(
        input: &'a PlanInput<'a>,
        index: &Index,
        splits: &[Split],
        (workspace, scenario, costs): (WorkspaceId, Scenario, &'a Costs),
    ) -> Option<Self> {
        let units = scenario.units((input.repository, input.resolution), costs, workspace)?;
        let here = splits.iter().filter(|split| {
            input.repository.packages[split.package].workspace == workspace
                && units.first_of(split.krate).is_some()
        });
        let here: Vec<&Split> = here.collect();
        let pair = split_all(input, index, &here, (&units, costs));
        let edits = if scenario == Scenario::Edit { edits(input, &here, &pair) } else { Vec::new() };
        let harnesses = units.harness_of_crate.iter_enumerated();
        let harnesses = harnesses.filter_map(|(krate, unit)| Some((krate, (*unit)?))).collect();
        (!here.is_empty()).then_some(Self { input, workspace, scenario, costs, pair, edits, harnesses })
    }

    fn forecast(&self, jobs: u32, options: &WhatIfOptions) -> Forecast {
        let nominal = self.runs(&self.pair, jobs);
        let split_share = self.split_share();
        let samples: Vec<Vec<Times>> = (0..SAMPLES)
            .into_par_iter()
            .map(|sample| {
                let mut runs = self.runs(&perturbed(&self.pair, self.costs, sample), jobs);
                disturb(&mut runs, self.scenario, sample, split_share);
                runs
            })
            .collect();
        let whole = self.mean(&nominal);
        let spread = Spread::new(whole, samples.iter().map(|runs| self.mean(runs)));
        let (before, after) = seconds(self.costs, whole, &spread);
        let saved_pct = shares(whole, &spread);
        let [before, after] = self.built(jobs, before, after);
        let of_edit = |(at, edit): (usize, &Edit)| {
            let spread = Spread::new(nominal[at], samples.iter().map(|runs| runs[at]));
            let times = nominal[at];
            let saved_pct = shares(times, &spread);
            EditForecast {
                krate: edit.name.clone(),
                weight: edit.weight,
                before_s: times.0,
                after_s: times.1,
                saved_pct,
                outcome: outcome(times, saved_pct, options),
            }
        };
        Forecast {
            workspace: self.workspace,
            scenario: self.scenario,
            mode: self.costs.mode,
            jobs,
            before,
            after,
            saved_pct,
            outcome: outcome(whole, saved_pct, options),
            without_lto: false,
            edits: self.edits.iter().enumerate().map(of_edit).collect(),
            cases: samples.iter().map(|runs| self.mean(runs)).collect(),
        }
    }

    /// The share of the work that is split: all of what an edit makes again.
    fn split_share(&self) -> f64 {
        if self.scenario == Scenario::Edit {
            return 1.0;
        }
        let units = &self.pair.before.units;
        let all_s: f64 = units.iter().map(|unit| unit.work_s()).sum();
        let split_s: f64 = self.pair.parts.iter().map(|parts| units[parts.whole].work_s()).sum();
        if all_s > 0.0 { (split_s / all_s).min(1.0) } else { 1.0 }
    }

    fn shares(&self) -> IncrementalShares {
        self.costs.incremental()
    }

    fn machine(&self, jobs: u32) -> Machine {
        machine_of(self.input.repository, self.workspace, jobs)
    }

    fn simulate(&self, graph: &UnitGraph, jobs: u32) -> Schedule {
        simulate_on(graph, jobs, &self.machine(jobs))
    }

    /// Wall seconds before and after of the build, or of each edit.
    fn runs<'b>(&'b self, pair: &Pair, jobs: u32) -> Vec<Times> {
        if self.scenario != Scenario::Edit {
            return vec![
                [&pair.before, &pair.after].map(|graph| self.simulate(graph, jobs).makespan_s).into(),
            ];
        }
        let machine = self.machine(jobs);
        let rebuild =
            |graph: &UnitGraph, units: &[UnitId]| edit_s(graph, units, self.shares(), jobs, &machine);
        let mut before: Option<(&'b [UnitId], f64)> = None;
        let of_edit = |e: &'b Edit| {
            let known = before.filter(|(units, _)| *units == e.before).map(|(_, seconds)| seconds);
            let seconds = known.unwrap_or_else(|| rebuild(&pair.before, &e.before));
            before = Some((&e.before, seconds));
            (seconds, rebuild(&pair.after, &e.after))
        };
        self.edits.iter().map(of_edit).collect()
    }

    /// Of the edits by their weight.
    fn mean(&self, runs: &[Times]) -> Times {
        if self.scenario != Scenario::Edit {
            return runs.first().copied().unwrap_or_default();
        }
        runs.iter().zip(&self.edits).fold((0.0, 0.0), |sum, (times, edit)| {
            (sum.0 + edit.weight * times.0, sum.1 + edit.weight * times.1)
        })
    }

    /// Work and critical paths; after an edit, those of the likeliest one.
    fn built(&self, jobs: u32, before: Interval, after: Interval) -> [ForecastBuild; 2] {
        let likeliest = self.edits.iter().rev().max_by(|a, b| a.weight.total_cmp(&b.weight));
        let graphs = match likeliest {
            None => [self.pair.before.clone(), self.pair.after.clone()],
            Some(e) => [
                edit(&self.pair.before, &e.before, self.shares()),
                edit(&self.pair.after, &e.after, self.shares()),
            ],
        };
        let mut times = [before, after].into_iter();
        graphs.map(|graph| {
            let schedule = self.simulate(&graph, jobs);
            ForecastBuild {
                time_s: times.next().unwrap_or(before),
                work_s: schedule.work_s,
                units: graph.units.iter().filter(|unit| !unit.fresh).count() as u32,
                critical_path: critical_path(&graph, &schedule),
            }
        })
    }
}

fn critical_path(graph: &UnitGraph, schedule: &Schedule) -> Vec<CriticalUnit> {
    schedule.critical_path.iter().map(|&unit| CriticalUnit::new(graph, schedule, unit)).collect()
}

/// A saving counts when even the lower end of its interval is above the floor; a loss when its median is, and it is sure to
/// be one. Of what may be either nothing is said.
fn outcome((before, after): Times, saved: Interval, options: &WhatIfOptions) -> Outcome {
    let seconds = before - after;
    if saved.p10 >= options.noise_floor_pct && seconds >= options.noise_floor_s {
        Outcome::Faster
    } else if saved.p50 <= -options.noise_floor_pct && saved.p90 < 0.0 && -seconds >= options.noise_floor_s {
        Outcome::Slower
    } else {
        Outcome::None
    }
}

/// Replaces the unit of each package by those of its crates, one package after the other.
pub(in crate::plan) fn split_all(
    input: &PlanInput<'_>,
    index: &Index,
    splits: &[&Split],
    (units, costs): (&Units, &Costs),
) -> Pair {
    let mut after = units.graph.clone();
    let (mut parts, mut shared) = (Vec::new(), Vec::new());
    for (position, split) in splits.iter().enumerate() {
        let of = |units: &IdVec<CrateId, Option<UnitId>>| units.get(split.krate).copied().flatten();
        let target = Work::of_unit(costs, split.krate, &split.assembled, units);
        let host = Work::of_host(costs, split.krate, &split.assembled);
        let inherited = Inherited::new(input, index, units, split.krate, &split.assembled);
        let mut libraries = Vec::new();
        for (unit, work) in [(units.first_of(split.krate), target), (of(&units.host_of_crate), host)] {
            let Some(unit) = unit else { continue };
            let edges = Edges {
                inherited: inherited.of(&after, unit),
                direct: direct_users(
                    (input, index),
                    (split.krate, &split.assembled),
                    (units, unit),
                    split.direct_users,
                ),
            };
            let replaced = split_unit(&after, unit, costs, &work, &split.assembled, edges);
            let crates = replaced.units.iter().copied().zip(work.own.iter().copied()).collect();
            parts.push(Parts { split: position, whole: unit, crates });
            if libraries.is_empty() {
                libraries = replaced.units;
            }
            after = replaced.graph;
        }
        if let Some(harness) = units.harness_beside(split.krate) {
            let of_harness = split_harness(after, harness, costs, split.krate, &split.assembled, &libraries);
            after = of_harness.graph;
            parts.push(Parts { split: position, whole: harness, crates: of_harness.parts });
        }
        for sharer in sharers(input, index, (split.package, split.krate), &split.assembled) {
            take_from_parts(&mut after, (input, index), (units, costs), &sharer, &libraries);
            shared.push(Shared { split: position, units: sharer.units(units), crates: sharer.crates() });
        }
    }
    Pair { before: units.graph.clone(), after, parts, shared, error_factors: error_factors(units, costs) }
}

/// That of the crate that a unit compiles; the model's for packages from elsewhere and runs of build scripts.
fn error_factors(units: &Units, costs: &Costs) -> Vec<f64> {
    let mut factors = vec![costs.error_factor; units.graph.units.len()];
    for krate in units.of_crate.ids() {
        for unit in units.compiling(krate) {
            factors[unit.index()] = costs.crate_error_factor(krate);
        }
    }
    factors
}

/// The crates that may be edited. Packages share the edits by their lines, the crates of each by its history.
fn edits(input: &PlanInput<'_>, splits: &[&Split], pair: &Pair) -> Vec<Edit> {
    let lines = |split: &Split| -> f64 {
        let items = split.assembled.of_item.iter();
        items.map(|&(item, _)| f64::from(item_lines(&input.resolution.items[item]))).sum()
    };
    let all: f64 = splits.iter().map(|split| lines(split)).sum();
    let mut edits = Vec::new();
    for (position, split) in splits.iter().enumerate() {
        let share = if all > 0.0 { lines(split) / all } else { 1.0 / splits.len() as f64 };
        let weights = edit_weights(input, &split.assembled);
        let own: Vec<&Parts> = pair.parts.iter().filter(|parts| parts.split == position).collect();
        for (i, (krate, weight)) in split.assembled.crates.iter().zip(weights).enumerate() {
            if weight > 0.0 {
                let id = PlanCrateId::from_index(i);
                let shared = pair.shared.iter().filter(|shared| shared.split == position);
                let others = shared.filter(|shared| shared.crates.contains(&id)).flat_map(|s| &s.units);
                edits.push(Edit {
                    name: krate.name.clone(),
                    weight: weight * share,
                    before: own.iter().map(|parts| parts.whole).chain(others.copied()).collect(),
                    after: own.iter().map(|parts| parts.crates[i].0).collect(),
                });
            }
        }
    }
    edits
}
