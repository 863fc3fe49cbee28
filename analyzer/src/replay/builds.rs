//! What sets of changed crates make cargo compile, and for how long: each set once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::Input;
use super::changed::{Changed, ChangedSet, Owners, Placed};
use super::model::ReplayedScenario;
use crate::base::number::count;
use crate::cost::{IncrementalShares, Mode};
use crate::discover::is_auxiliary_dir;
use crate::ids::{CrateId, Id, IdVec, PackageId, UnitId, WorkspaceId};
use crate::plan::{CarriedOut, PackageAdvice, Placements, PlannedUnits};
use crate::simulate::{Cache, Machine, UnitGraph, rebuild_s, rebuild_set, relink_s, simulate_on};

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
        let world = World::new(input, &carried_out);
        let rebuilds = sets.sets.par_iter().map(|set| world.rebuild(set)).collect();
        let (kinds, packages) = (world.kinds(), world.packages());
        Self {
            kinds,
            commits,
            rebuilds,
            planned: carried_out.packages(),
            packages,
            placements: owners.placements,
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
    jobs: u32,
    /// What CI keeps.
    cache: Cache,
}

/// One workspace in one mode.
struct Yard {
    units: PlannedUnits,
    machine: Machine,
    /// What each unit is of: a package, or (with the part's number) a crate of a plan.
    of: Vec<Option<(PackageId, usize)>>,
    /// Seconds of a build of everything, today and with the plans; zeros where nothing asks for them.
    clean_s: [f64; 2],
}

impl World {
    fn new(input: &Input<'_>, carried_out: &CarriedOut<'_>) -> Self {
        let repository = input.plan.repository;
        let built = |workspace: &WorkspaceId| {
            let members = &repository.workspaces[*workspace].members;
            members.iter().any(|&member| !is_auxiliary_dir(&repository.packages[member].dir))
        };
        let workspaces: Vec<WorkspaceId> = repository.workspaces.ids().filter(built).collect();
        let yard = |&workspace: &WorkspaceId, costs| {
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
            Yard { of: packages_of(input, &units), machine, units, clean_s }
        };
        let modes = input
            .plan
            .costs
            .par_iter()
            .map(|costs| workspaces.iter().map(|workspace| yard(workspace, costs)).collect())
            .collect();
        Self { modes, jobs: input.jobs, cache: input.cache }
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
        for (position, yards) in self.modes.iter().enumerate() {
            let (mut edit_s, mut ci_s, mut release) = (0.0, 0.0, false);
            for yard in yards {
                let (graph, changed) = yard.changed(set, planned);
                let rebuilt = rebuild_set(graph, &changed);
                let on = (self.jobs, &yard.machine);
                release = yard.units.mode == Mode::Release;
                if !release {
                    edit_s += rebuild_s(graph, &changed, &rebuilt, yard.units.shares, on);
                }
                ci_s += match self.cache {
                    Cache::None => yard.clean_s[usize::from(planned)],
                    Cache::Crate => rebuild_s(graph, &changed, &rebuilt, IncrementalShares::NONE, on),
                    Cache::Relink => relink_s(graph, &changed, &rebuilt, on),
                };
                if position == 0 {
                    compiled.extend(rebuilt.iter().filter_map(|unit| *yard.of.get(unit.index())?));
                }
            }
            if !release {
                edits.push(edit_s);
            }
            ci.push(ci_s);
        }
        edits.extend(ci);
        Taken { seconds: edits, packages: count(compiled.len()) }
    }
}

impl Yard {
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

fn at(units: &IdVec<CrateId, Option<UnitId>>, krate: CrateId) -> Option<UnitId> {
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
