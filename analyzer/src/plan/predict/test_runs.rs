//! Which tests run after an edit, before a split and after it.
//!
//! Tests run that are compiled again: those of the edited crate and of all that depends on it. A test goes where its
//! module goes.

use std::collections::BTreeSet;

use super::forecast::Builds;
use super::pair::Split;
use crate::cost::import::TestTimes;
use crate::cost::{Mode, TestSeconds, model};
use crate::ids::{Id, IdVec, UnitId, WorkspaceId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::predict::model::EditedTests;
use crate::plan::predict::model::TestRuns;

use crate::simulate::{Scenario, UnitGraph, rebuild_set};

/// Seconds that tests run after an edit of each crate of the plan.
pub(in crate::plan) fn test_runs(
    input: &PlanInput<'_>,
    index: &Index,
    splits: &[Split],
    times: &TestTimes,
) -> TestRuns {
    let seconds = TestSeconds::new(times, input.repository, input.resolution);
    // Only what depends on what is needed of these.
    let costs = model(input.repository, input.resolution, Mode::Test);
    let workspaces: BTreeSet<WorkspaceId> =
        splits.iter().map(|split| input.repository.packages[split.package].workspace).collect();
    let mut edits = Vec::new();
    for workspace in workspaces {
        let builds = Builds::new(input, index, splits, (workspace, Scenario::Edit, &costs));
        let Some(builds) = builds else { continue };
        let tests = Tests::new(&builds, splits, &seconds);
        edits.extend(builds.edits.iter().map(|edit| {
            let before = tests.run(&builds.pair.before, &tests.before, &edit.before);
            let after = tests.run(&builds.pair.after, &tests.after, &edit.after);
            EditedTests {
                krate: edit.name.clone(),
                weight: edit.weight,
                before_s: before.seconds,
                after_s: after.seconds,
                spared: tests.spared(&before.units, &after.units, &builds.pair.after),
            }
        }));
    }
    let mean = |of: fn(&EditedTests) -> f64| edits.iter().map(|edit| edit.weight * of(edit)).sum();
    TestRuns {
        total_s: seconds.total_s(),
        unknown_s: seconds.unknown_s,
        before_s: mean(|edit| edit.before_s),
        after_s: mean(|edit| edit.after_s),
        edits,
    }
}

/// Seconds of the tests in each unit that is a harness.
struct Tests {
    before: IdVec<UnitId, f64>,
    after: IdVec<UnitId, f64>,
    /// The harness before of each one after.
    was: IdVec<UnitId, UnitId>,
}

struct Run {
    units: BTreeSet<UnitId>,
    seconds: f64,
}

impl Tests {
    fn new(builds: &Builds<'_>, splits: &[Split], seconds: &TestSeconds) -> Self {
        let (units_before, units_after) = (builds.pair.before.units.len(), builds.pair.after.units.len());
        let mut before: IdVec<UnitId, f64> = IdVec::from_elem(0.0, units_before);
        for &(krate, harness) in &builds.harnesses {
            before[harness] = seconds.crates[krate];
        }
        let mut after: IdVec<UnitId, f64> = IdVec::from_elem(0.0, units_after);
        let mut was: IdVec<UnitId, UnitId> = builds.pair.after.units.ids().collect();
        for unit in before.ids() {
            after[unit] = before[unit];
        }
        for parts in &builds.pair.parts {
            let split = &splits[parts.split];
            let harness = builds.harnesses.iter().any(|&(k, u)| (k, u) == (split.krate, parts.whole));
            if !harness {
                continue;
            }
            let assembled = &split.assembled;
            let own = |krate: usize| -> f64 {
                let modules = seconds.modules.iter().filter(|(module, _)| {
                    assembled.of_module.get(module).is_some_and(|id| id.index() == krate)
                });
                modules.map(|(_, seconds)| seconds).sum()
            };
            let residual = assembled.residual().index();
            let all = before[parts.whole];
            let others: f64 = (0..parts.crates.len()).filter(|&k| k != residual).map(own).sum();
            for (krate, &(unit, _)) in parts.crates.iter().enumerate() {
                after[unit] = if krate == residual { (all - others).max(0.0) } else { own(krate) };
                was[unit] = parts.whole;
            }
        }
        Self { before, after, was }
    }

    /// What runs after a change of these units.
    fn run(&self, graph: &UnitGraph, seconds: &IdVec<UnitId, f64>, changed: &[UnitId]) -> Run {
        let rebuilt = rebuild_set(graph, changed).into_iter().filter(|&unit| seconds[unit] > 0.0);
        let units: BTreeSet<UnitId> = rebuilt.collect();
        Run { seconds: units.iter().map(|&unit| seconds[unit]).sum(), units }
    }

    /// The harnesses whose tests ran before and needn't now.
    fn spared(&self, before: &BTreeSet<UnitId>, after: &BTreeSet<UnitId>, graph: &UnitGraph) -> Vec<String> {
        let spared = self.after.ids().filter(|&unit| {
            self.after[unit] > 0.0 && before.contains(&self.was[unit]) && !after.contains(&unit)
        });
        spared.map(|unit| graph.units[unit].name.clone()).collect()
    }
}
