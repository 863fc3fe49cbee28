//! Today's builds, simulated.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::codebase::Codebase;
use super::gather::past;
use crate::bug::caught_anywhere;
use crate::cost::import::{CostInput, TestTimes};
use crate::cost::measured::{CostsFile, Outcome, UnitStatus};
use crate::cost::{self, Costs, IncrementalShares, Mode, TestSeconds};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{Repository, TargetKind, in_dir};
use crate::error::Result;
use crate::history::{History, HistoryOptions};
use crate::ids::{CrateId, Id, IdVec, PackageId, UnitId, WorkspaceId};
use crate::report::{SimulatedBuild, SimulationReport, TestsReport, add_built};
use crate::simulate::{
    Cache, Machine, Scenario, Schedule, Seconds, UNKNOWN_COLD, UnitGraph, Units, clean_units, edit,
    knows_cold, machine_of, measured_graph, rebuild_set, relink, simulate_on,
};

/// Which builds [`Codebase::simulate`] predicts: all combinations, in every workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulateOptions {
    /// Numbers of parallel jobs.
    pub jobs: Vec<u32>,
    /// What cargo does.
    pub modes: Vec<Mode>,
    /// What is built. [`Scenario::Edit`] is a change of one crate, averaged over the crates by how many commits touched
    /// them (by their lines without a history), rebuilt with the shares of [`Costs::incremental`].
    pub scenarios: Vec<Scenario>,
    /// What is kept of earlier builds.
    pub cache: Cache,
    /// Files with measured or imported seconds, used in the place of modelled ones. A file that also says what every unit
    /// waits for gives a [`Scenario::Cold`] build its units: those that cargo built, in place of one for each package of
    /// the lock file.
    pub costs: Vec<CostInput>,
    /// How long tests ran: then the report says how long they run after an edit.
    pub test_times: Option<TestTimes>,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self {
            jobs: vec![1, 2, 4, 8],
            modes: vec![Mode::Check, Mode::Dev, Mode::Release],
            scenarios: vec![Scenario::Clean],
            cache: Cache::None,
            costs: Vec::new(),
            test_times: None,
        }
    }
}

impl Codebase {
    /// What git remembers of this repository.
    pub fn history(&self, options: &HistoryOptions) -> (History, Vec<Diagnostic>) {
        past(&self.repository.root, options)
    }

    /// Predicts today's builds. Workspaces come in their order, then scenarios, modes and jobs as given. `history` says
    /// how often each crate changes.
    ///
    /// # Errors
    /// Those of [`Codebase::costs_from`].
    pub fn simulate(&self, options: &SimulateOptions, history: Option<&History>) -> Result<SimulationReport> {
        let (costs, files) = self.costs_and_files(&options.modes, &options.costs)?;
        let observed: Vec<Observed> =
            files.iter().filter_map(|file| Observed::new(file, &self.repository)).collect();
        let changes = self.changes(history);
        let mut kinds = Vec::new();
        for workspace in self.repository.workspaces.ids() {
            for &scenario in &options.scenarios {
                kinds.extend(costs.iter().map(|costs| (workspace, scenario, costs)));
            }
        }
        let of_kind = |&(workspace, scenario, costs): &(WorkspaceId, Scenario, &Costs)| {
            let seen = observed
                .iter()
                .find(|o| scenario == Scenario::Cold && (o.workspace, o.mode) == (workspace, costs.mode));
            let asked = (workspace, scenario, options);
            match seen {
                Some(seen) => self.schedules(asked, costs, (&seen.graph, None)),
                None => self.builds(asked, costs, &changes),
            }
        };
        let builds = caught_anywhere(|| kinds.par_iter().flat_map_iter(of_kind).collect())
            .map_err(|bug| bug.error("simulating builds"))?;
        let by_history = changes.by_history && options.scenarios.contains(&Scenario::Edit);
        let tests = options.test_times.as_ref().map(|times| self.tests(times, &changes));
        let mut report = SimulationReport::new(
            (&self.repository, &self.resolution),
            &costs,
            options.cache,
            by_history,
            builds,
        );
        add_built(&mut report.costs, &self.built, &self.repository, !options.costs.is_empty());
        Ok(SimulationReport { tests, ..report })
    }

    /// Today's clean builds, nothing cached.
    pub(super) fn clean_builds(&self, costs: &[Costs], jobs: &[u32]) -> Vec<SimulatedBuild> {
        let options = SimulateOptions { jobs: jobs.to_vec(), ..SimulateOptions::default() };
        let changes = Changes { weights: IdVec::default(), by_history: false };
        let kinds: Vec<(WorkspaceId, &Costs)> = self
            .repository
            .workspaces
            .ids()
            .flat_map(|workspace| costs.iter().map(move |costs| (workspace, costs)))
            .collect();
        let of = |&(workspace, costs): &(WorkspaceId, &Costs)| {
            self.builds((workspace, Scenario::Clean, &options), costs, &changes)
        };
        kinds.par_iter().flat_map_iter(of).collect()
    }

    /// Workspaces of which no cold build is predicted, for want of a lock file.
    pub fn unknown_cold(&self) -> Vec<Diagnostic> {
        let unknown = self.repository.workspaces.iter_enumerated();
        unknown
            .filter(|&(id, _)| !knows_cold(&self.repository, id))
            .map(|(_, workspace)| {
                let path = in_dir(&workspace.dir, "Cargo.lock");
                Diagnostic::new(Severity::Warning, Code::NoLockFile, UNKNOWN_COLD).at(path)
            })
            .collect()
    }

    fn builds(
        &self,
        asked: (WorkspaceId, Scenario, &SimulateOptions),
        costs: &Costs,
        changes: &Changes,
    ) -> Vec<SimulatedBuild> {
        let (workspace, scenario, options) = asked;
        let units = scenario.units((&self.repository, &self.resolution), costs, workspace);
        let Some(units) = units.filter(|units| !units.graph.units.is_empty()) else { return Vec::new() };
        let rebuilds = rebuilds(&units, scenario, costs, options.cache, changes);
        self.schedules(asked, costs, (&units.graph, rebuilds.as_deref()))
    }

    /// A build of a whole graph, or the mean of rebuilds, with each number of jobs.
    fn schedules(
        &self,
        (workspace, scenario, options): (WorkspaceId, Scenario, &SimulateOptions),
        costs: &Costs,
        (whole, rebuilds): (&UnitGraph, Option<&[Rebuild]>),
    ) -> Vec<SimulatedBuild> {
        let dir = &self.repository.workspaces[workspace].dir;
        let build = |&jobs: &u32| {
            let machine = machine_of(&self.repository, workspace, jobs);
            let simulate = |graph: &UnitGraph| simulate_on(graph, jobs, &machine);
            let (graph, schedule) = match rebuilds {
                None => (whole, simulate(whole)),
                Some(rebuilds) => average(rebuilds, simulate),
            };
            let what = (scenario, costs.mode, jobs);
            SimulatedBuild::new(dir, what, graph, &schedule, scenario.error_factor(costs))
        };
        options.jobs.iter().map(build).collect()
    }

    /// How long tests run: those that are compiled again are run again.
    fn tests(&self, times: &TestTimes, changes: &Changes) -> TestsReport {
        let seconds = TestSeconds::new(times, &self.repository, &self.resolution);
        let costs = cost::model(&self.repository, &self.resolution, Mode::Test);
        // Seconds of tests that a change of each crate lets run.
        let mut after: IdVec<CrateId, f64> = IdVec::from_elem(0.0, self.resolution.crates.len());
        for workspace in self.repository.workspaces.ids() {
            let code = (&self.repository, &self.resolution);
            let units = clean_units(code, &costs, workspace);
            let mut of_unit = IdVec::from_elem(0.0, units.graph.units.len());
            for (krate, harness) in units.harness_of_crate.iter_enumerated() {
                if let Some(harness) = *harness {
                    of_unit[harness] = seconds.crates[krate];
                }
            }
            for krate in self.resolution.crates.ids() {
                let changed: Vec<UnitId> = units.changed_with(krate).collect();
                after[krate] += rebuild_set(&units.graph, &changed).iter().map(|&u| of_unit[u]).sum::<f64>();
            }
        }
        let weight: f64 = changes.weights.iter().sum();
        let sum: f64 = after.iter().zip(&changes.weights).map(|(seconds, weight)| seconds * weight).sum();
        TestsReport::new((&self.repository, &self.resolution), &seconds, &after, sum / weight.max(1e-9))
    }

    /// How often each crate changes.
    fn changes(&self, history: Option<&History>) -> Changes {
        let crates = self.resolution.crates.len();
        let commits = history.filter(|h| !h.commits.is_empty()).map(|h| self.commits(h));
        if let Some(weights) = commits.filter(|weights| weights.iter().any(|&w| w > 0.0)) {
            return Changes { weights, by_history: true };
        }
        let mut lines: IdVec<CrateId, f64> = IdVec::from_elem(0.0, crates);
        for item in &self.resolution.items {
            let own = f64::from(item.end_line.saturating_sub(item.line)) + 1.0;
            if !item.test && item.kind != crate::resolve::ItemKind::Module {
                lines[self.resolution.modules[item.module].krate] += own;
            }
        }
        Changes { weights: lines, by_history: false }
    }

    /// How many commits touched a file of each crate.
    fn commits(&self, history: &History) -> IdVec<CrateId, f64> {
        let mut crates_of: Vec<BTreeSet<CrateId>> = vec![BTreeSet::new(); history.paths.len()];
        for module in &self.resolution.modules {
            if let Some(path) = history.path_id(&self.resolution.files[module.file].path) {
                crates_of[path.index()].insert(module.krate);
            }
        }
        let mut commits = IdVec::from_elem(0.0, self.resolution.crates.len());
        for commit in &history.commits {
            let touched: BTreeSet<CrateId> =
                commit.paths.iter().flat_map(|path| crates_of[path.index()].iter().copied()).collect();
            for krate in touched {
                commits[krate] += 1.0;
            }
        }
        commits
    }
}

/// A build of everything as it was measured: its very units, with those of packages from elsewhere.
struct Observed {
    workspace: WorkspaceId,
    mode: Mode,
    graph: UnitGraph,
}

impl Observed {
    /// `None` if the file has only a part of a build, or doesn't say what waits for what.
    fn new(file: &CostsFile, repository: &Repository) -> Option<Self> {
        // What a wrapper like sccache has cached was not compiled.
        let whole = file.build.outcome == Outcome::Complete
            && file.build.wrappers.is_empty()
            && file.units.iter().all(|u| u.dependencies.is_some() && u.status == UnitStatus::Done)
            // What an earlier build left fresh has no unit: a whole build has some of other packages, if there are any.
            && file.units.iter().any(|u| u.member == Some(false));
        let mode = file.cost_mode().filter(|_| whole)?;
        let members: BTreeSet<&str> =
            file.units.iter().filter(|u| u.member == Some(true)).map(|u| u.package.as_str()).collect();
        let compiled = |package: PackageId| {
            let targets = &repository.packages[package].targets;
            targets.iter().map(|&t| &repository.targets[t]).any(|target| {
                target.enabled
                    && matches!(target.kind, TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro)
            })
        };
        let seen = |package: PackageId| members.contains(repository.packages[package].name.as_str());
        let (workspace, _) = repository.workspaces.iter_enumerated().find(|(_, workspace)| {
            let mut own = workspace.members.iter().copied().filter(|&p| compiled(p)).peekable();
            own.peek().is_some() && own.all(seen)
        })?;
        let contention = Machine::usual(1, 0).contention;
        Some(Self { workspace, mode, graph: measured_graph(file, Seconds::Work { contention }) })
    }
}

/// How likely a change is one of each crate, in any unit.
struct Changes {
    weights: IdVec<CrateId, f64>,
    by_history: bool,
}

/// A change's rebuild, with how likely it is.
struct Rebuild {
    graph: UnitGraph,
    weight: f64,
}

/// The rebuilds to average over; `None` for builds that compile everything. The likeliest comes first.
fn rebuilds(
    units: &Units,
    scenario: Scenario,
    costs: &Costs,
    cache: Cache,
    changes: &Changes,
) -> Option<Vec<Rebuild>> {
    let shares = match (scenario, cache) {
        (Scenario::Edit, _) => costs.incremental(),
        (Scenario::Clean, Cache::Crate | Cache::Relink) => IncrementalShares::NONE,
        (Scenario::Clean, Cache::None) | (Scenario::Cold, _) => return None,
    };
    let changed: Vec<(Vec<UnitId>, f64)> = changes
        .weights
        .iter_enumerated()
        .filter(|(krate, weight)| **weight > 0.0 && units.compiling(*krate).next().is_some())
        .map(|(krate, &weight)| (units.changed_with(krate).collect::<Vec<_>>(), weight))
        .collect();
    let all: f64 = changed.iter().map(|(_, weight)| weight).sum();
    let rebuild = |(changed, weight): (Vec<UnitId>, f64)| {
        let graph = match cache {
            Cache::Relink => relink(&units.graph, &changed, shares),
            Cache::None | Cache::Crate => edit(&units.graph, &changed, shares),
        };
        Rebuild { graph, weight: weight / all }
    };
    let mut rebuilds: Vec<Rebuild> = changed.into_iter().map(rebuild).collect();
    rebuilds.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    (!rebuilds.is_empty()).then_some(rebuilds)
}

/// Mean makespan and work; graph, spans and critical path are those of the likeliest rebuild.
fn average(rebuilds: &[Rebuild], simulate: impl Fn(&UnitGraph) -> Schedule) -> (&UnitGraph, Schedule) {
    let mut mean = simulate(&rebuilds[0].graph);
    let (mut makespan_s, mut work_s) = (0.0, 0.0);
    for rebuild in rebuilds {
        let schedule = simulate(&rebuild.graph);
        makespan_s += rebuild.weight * schedule.makespan_s;
        work_s += rebuild.weight * schedule.work_s;
    }
    (mean.makespan_s, mean.work_s) = (makespan_s, work_s);
    (&rebuilds[0].graph, mean)
}
