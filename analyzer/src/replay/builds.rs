//! What sets of changed crates make cargo compile, and for how long: each set once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Input;
use super::again::{Again, Repeated, Repeats, costs_of_tests};
use super::changed::{ChangedSet, Owners, Placed};
use super::model::ReplayedScenario;
use super::yard::Yard;
use crate::base::number::count;
use crate::cost::{Costs, Mode};
use crate::discover::is_auxiliary_dir;
use crate::ids::{CrateId, Id, PackageId, WorkspaceId};
use crate::plan::{CarriedOut, PackageAdvice, Placements};

/// The commits with what they change, and what that takes.
pub(super) struct Builds {
    /// The kinds of builds.
    pub(super) kinds: Vec<(ReplayedScenario, Mode)>,
    /// Of each commit.
    pub(super) commits: Vec<CommitBuilds>,
    /// Of each set.
    pub(super) rebuilds: Vec<Rebuild>,
    /// Packages whose plans are carried out, with the crate that is taken apart.
    pub(super) planned: Vec<PackageId>,
    /// Packages that any build compiles.
    pub(super) packages: u32,
    /// Where the files of planned crates go.
    pub(super) placements: BTreeMap<CrateId, Placements>,
    /// What there is to test and to link.
    pub(super) repeated: Repeated,
}

/// What a commit changes: positions in [`Builds::rebuilds`].
pub(super) struct CommitBuilds {
    /// All of it.
    pub(super) all: usize,
    /// Each file by itself.
    pub(super) files: Vec<(String, usize)>,
    /// Each package by itself.
    pub(super) packages: Vec<(PackageId, usize)>,
    /// Packages with a plan of which it isn't known what changed.
    pub(super) unplaced: BTreeSet<PackageId>,
}

/// What a set of changed crates takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rebuild {
    pub(super) today: Taken,
    /// With the plans carried out, if there are any.
    pub(super) planned: Option<Taken>,
}

/// Before or after.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Taken {
    /// Seconds, in the order of [`Builds::kinds`].
    pub(super) seconds: Vec<f64>,
    /// Packages of which something is compiled in the first mode; crates of a plan count by themselves.
    pub(super) packages: u32,
    /// What is tested and linked.
    pub(super) again: Again,
}

impl Builds {
    pub(super) fn new(input: &Input<'_>, advice: &[&PackageAdvice]) -> Self {
        let carried_out = CarriedOut::new(&input.plan, advice);
        let owners = Owners {
            repository: input.plan.repository,
            uses: input.uses,
            mentions: input.mentions,
            placements: carried_out.placements(),
        };
        let placed: Vec<_> =
            input.commits.par_iter().map(|commit| owners.of_commit(&commit.touched)).collect();
        let mut sets = Sets::default();
        let commits = placed.into_iter().map(|files| sets.commit(input, files)).collect();
        let world = World::new(input, &carried_out, advice);
        let rebuilds = sets.sets.par_iter().map(|set| world.rebuild(set)).collect();
        let (kinds, packages) = (world.kinds(), world.packages());
        Self {
            kinds,
            commits,
            rebuilds,
            planned: carried_out.packages(),
            packages,
            placements: owners.placements,
            repeated: world.repeats.repeated,
        }
    }
}

/// Different sets of changed crates, numbered as they come.
#[derive(Default)]
struct Sets {
    sets: Vec<ChangedSet>,
    known: BTreeMap<ChangedSet, usize>,
}

impl Sets {
    fn number(&mut self, set: ChangedSet) -> usize {
        *self.known.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            self.sets.len() - 1
        })
    }

    fn commit(&mut self, input: &Input<'_>, files: Vec<(String, PackageId, Placed)>) -> CommitBuilds {
        let mut all = Placed::default();
        let mut of_file: BTreeMap<String, ChangedSet> = BTreeMap::new();
        let mut of_package: BTreeMap<PackageId, ChangedSet> = BTreeMap::new();
        for (file, package, placed) in files {
            of_file.entry(file).or_default().extend(&placed.changed);
            of_package.entry(package).or_default().extend(&placed.changed);
            all.add(placed);
        }
        let package = |&krate: &CrateId| {
            input.plan.repository.targets[input.plan.resolution.crates[krate].target].package
        };
        CommitBuilds {
            unplaced: all.unplaced.iter().map(package).collect(),
            all: self.number(all.changed),
            files: of_file.into_iter().map(|(file, set)| (file, self.number(set))).collect(),
            packages: of_package.into_iter().map(|(package, set)| (package, self.number(set))).collect(),
        }
    }
}

/// The units of every workspace that somebody builds, by mode.
struct World {
    /// By mode, then by workspace.
    modes: Vec<Vec<Yard>>,
    repeats: Repeats,
}

impl World {
    fn new(input: &Input<'_>, carried_out: &CarriedOut<'_>, advice: &[&PackageAdvice]) -> Self {
        let repository = input.plan.repository;
        let built = |workspace: &WorkspaceId| {
            let members = &repository.workspaces[*workspace].members;
            members.iter().any(|&member| !is_auxiliary_dir(&repository.packages[member].dir))
        };
        let workspaces: Vec<WorkspaceId> = repository.workspaces.ids().filter(built).collect();
        let yards = |costs: &Costs| -> Vec<Yard> {
            workspaces.iter().map(|&workspace| Yard::new(input, carried_out, (workspace, costs))).collect()
        };
        let modes = || input.plan.costs.par_iter().map(yards).collect();
        let (modes, tests): (Vec<Vec<Yard>>, _) =
            rayon::join(modes, || costs_of_tests(&input.plan).map(|costs| yards(&costs)));
        Self { repeats: Repeats::new(&input.plan, advice, (&modes, tests)), modes }
    }

    fn kinds(&self) -> Vec<(ReplayedScenario, Mode)> {
        let modes = || self.modes.iter().filter_map(|yards| Some(yards.first()?.units.mode));
        let edits = modes().filter(|&mode| mode != Mode::Release).map(|mode| (ReplayedScenario::Edit, mode));
        edits.chain(modes().map(|mode| (ReplayedScenario::Ci, mode))).collect()
    }

    fn packages(&self) -> u32 {
        let yards = self.modes.first().into_iter().flatten();
        let packages: BTreeSet<PackageId> =
            yards.flat_map(|yard| yard.of.iter().flatten().map(|&(package, _)| package)).collect();
        count(packages.len())
    }

    fn rebuild(&self, set: &ChangedSet) -> Rebuild {
        let any_plan = self.modes.iter().flatten().any(|yard| yard.units.after.is_some());
        Rebuild { today: self.taken(set, false), planned: any_plan.then(|| self.taken(set, true)) }
    }

    fn taken(&self, set: &ChangedSet, planned: bool) -> Taken {
        let (mut edits, mut ci) = (Vec::new(), Vec::new());
        let mut compiled: BTreeSet<(PackageId, usize)> = BTreeSet::new();
        let mut again = self.repeats.tests(set, planned);
        for (position, yards) in self.modes.iter().enumerate() {
            let (mut edit_s, mut ci_s, mut release) = (0.0, 0.0, false);
            for (at, yard) in yards.iter().enumerate() {
                let rebuilt = yard.rebuilt(set, planned);
                release = yard.units.mode == Mode::Release;
                if !release {
                    edit_s += yard.edit_s(&rebuilt);
                }
                ci_s += yard.ci_s(&rebuilt);
                if position == 0 {
                    compiled.extend(rebuilt.units.iter().filter_map(|unit| *yard.of.get(unit.index())?));
                }
                self.repeats.link((position, at), &rebuilt, &mut again);
            }
            if !release {
                edits.push(edit_s);
            }
            ci.push(ci_s);
        }
        edits.extend(ci);
        Taken { seconds: edits, packages: count(compiled.len()), again }
    }
}
