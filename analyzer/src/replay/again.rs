//! What a change makes run and link again: test programs, by the units of `cargo test`, and programs, by those of the first mode that
//! links.

use std::collections::BTreeMap;

use super::changed::ChangedSet;
use super::yard::{Rebuilt, Yard, at};
use crate::base::number::count;
use crate::cost::{Costs, Mode, for_tests};
use crate::discover::{TargetKind, is_auxiliary_target};
use crate::ids::{CrateId, Id, ItemId, UnitId};
use crate::plan::{PackageAdvice, Plan, PlanInput};
use crate::resolve::{Item, ItemKind};

/// What there is to test and to link.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Repeated {
    /// Test programs with a test in them, today and with the plans; `None` where no costs of tests are known.
    pub(super) tests: Option<[u32; 2]>,
    /// Programs, and what links them; `None` where no mode links.
    pub(super) programs: Option<(u32, Mode)>,
}

/// What one change takes of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Again {
    /// Test programs that are built again, and run.
    pub(super) tests: u32,
    /// Seconds of `cargo test --no-run` in CI.
    pub(super) test_s: f64,
    /// Programs that are linked again.
    pub(super) programs: u32,
    /// Core seconds of linking them.
    pub(super) link_s: f64,
}

/// The units that count.
pub(super) struct Repeats {
    pub(super) repeated: Repeated,
    /// Of each workspace its yard and test programs.
    tests: Vec<(Yard, [Vec<UnitId>; 2])>,
    /// The programs of each workspace in the mode at this position.
    programs: Option<(usize, Vec<Vec<UnitId>>)>,
}

/// What tests cost, where a `dev` build is known: they are compiled as it is.
pub(super) fn costs_of_tests(input: &PlanInput<'_>) -> Option<Costs> {
    let dev = input.costs.iter().find(|costs| costs.mode == Mode::Dev)?;
    Some(for_tests(input.repository, input.resolution, dev))
}

impl Repeats {
    /// `modes` and `tests` are the yards of each workspace.
    pub(super) fn new(
        input: &PlanInput<'_>,
        advice: &[&PackageAdvice],
        (modes, tests): (&[Vec<Yard>], Option<Vec<Yard>>),
    ) -> Self {
        let known = tests.is_some();
        let testing = Testing::new(input, advice);
        let with_harnesses = |yard: Yard| {
            let harnesses = testing.harnesses(&yard);
            (yard, harnesses)
        };
        let tests: Vec<(Yard, [Vec<UnitId>; 2])> = tests.into_iter().flatten().map(with_harnesses).collect();
        let linking = |yards: &Vec<Yard>| yards.first().is_some_and(|yard| yard.units.mode != Mode::Check);
        let position = modes.iter().position(linking);
        let programs = position.map(|position| {
            let of_yard = |yard: &Yard| programs(input, yard);
            (position, modes[position].iter().map(of_yard).collect::<Vec<Vec<UnitId>>>())
        });
        let all = |planned: usize| tests.iter().map(|(_, harnesses)| harnesses[planned].len()).sum();
        let repeated = Repeated {
            tests: known.then(|| [count(all(0)), count(all(1))]),
            programs: programs.as_ref().and_then(|(position, of)| {
                let mode = modes[*position].first()?.units.mode;
                Some((count(of.iter().map(Vec::len).sum()), mode))
            }),
        };
        Self { repeated, tests, programs }
    }

    /// The test programs that a change of these crates makes worth running.
    pub(super) fn tests(&self, set: &ChangedSet, planned: bool) -> Again {
        let mut again = Again::default();
        for (yard, harnesses) in &self.tests {
            let rebuilt = yard.rebuilt(set, planned);
            let run = harnesses[usize::from(planned)].iter().filter(|&&unit| rebuilt.has(unit));
            again.tests += count(run.count());
            again.test_s += yard.ci_s(&rebuilt);
        }
        again
    }

    /// Adds the programs that a yard links again, if it is the one that counts. `at` are its mode and its workspace.
    pub(super) fn link(&self, (mode, workspace): (usize, usize), rebuilt: &Rebuilt<'_>, again: &mut Again) {
        let Some((_, of)) = self.programs.as_ref().filter(|(position, _)| *position == mode) else { return };
        for &unit in of.get(workspace).into_iter().flatten().filter(|&&unit| rebuilt.has(unit)) {
            again.programs += 1;
            again.link_s += rebuilt.linking_s(unit);
        }
    }
}

/// The programs of a workspace that serve more than its tests. A plan leaves them their units: of a program that is taken apart
/// the crate that stays links.
fn programs(input: &PlanInput<'_>, yard: &Yard) -> Vec<UnitId> {
    let crates = input.resolution.crates.iter_enumerated().filter(|(_, krate)| {
        let target = &input.repository.targets[krate.target];
        target.kind == TargetKind::Bin && !is_auxiliary_target(input.repository, krate.target)
    });
    crates.filter_map(|(krate, _)| at(&yard.units.today.of_crate, krate)).collect()
}

/// A function that is there for tests alone: most of these are tests.
fn is_test(item: &Item) -> bool {
    item.test && item.kind == ItemKind::Fn
}

/// Where tests are.
struct Testing<'a> {
    input: PlanInput<'a>,
    /// By the crate that each takes apart.
    plans: BTreeMap<CrateId, &'a Plan>,
    /// Whether each crate has any.
    crates: Vec<bool>,
}

impl<'a> Testing<'a> {
    fn new(input: &PlanInput<'a>, advice: &[&'a PackageAdvice]) -> Self {
        let plan = |advice: &&'a PackageAdvice| Some((advice.krate, advice.plan.as_ref()?));
        let targets = input.resolution.crates.iter().map(|krate| &input.repository.targets[krate.target]);
        // These are nothing but tests.
        let mut crates: Vec<bool> = targets
            .map(|target| matches!(target.kind, TargetKind::Test | TargetKind::Bench | TargetKind::Example))
            .collect();
        for item in input.resolution.items.iter().filter(|item| is_test(item)) {
            crates[input.resolution.modules[item.module].krate.index()] = true;
        }
        Self { input: *input, plans: advice.iter().filter_map(plan).collect(), crates }
    }

    /// The test programs of a workspace with a test in them, today and with the plans.
    fn harnesses(&self, yard: &Yard) -> [Vec<UnitId>; 2] {
        let (mut today, mut planned) = (Vec::new(), Vec::new());
        for krate in self.input.resolution.crates.ids() {
            let Some(harness) = at(&yard.units.today.harness_of_crate, krate) else { continue };
            let has = self.crates[krate.index()];
            today.extend(has.then_some(harness));
            match yard.units.parts.get(&harness) {
                Some(parts) => {
                    let tested = parts.iter().zip(self.parts(krate)).filter(|&(_, has)| has);
                    planned.extend(tested.map(|(&part, _)| part));
                }
                None => planned.extend(has.then_some(harness)),
            }
        }
        [today, planned]
    }

    /// Whether each crate that a plan makes of one has tests; what the package has beside that one has test programs of its own.
    fn parts(&self, krate: CrateId) -> Vec<bool> {
        let resolution = self.input.resolution;
        let is_tests = |&item: &ItemId| {
            let item = &resolution.items[item];
            is_test(item) && resolution.modules[item.module].krate == krate
        };
        let plan = self.plans.get(&krate).into_iter().flat_map(|plan| plan.crates.iter());
        plan.map(|part| part.all_items.iter().any(is_tests)).collect()
    }
}
