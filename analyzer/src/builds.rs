//! Today's builds, simulated.

use rayon::prelude::*;

use crate::codebase::Codebase;
use crate::cost::{CostSource, Costs, Mode};
use crate::ids::{CrateId, IdVec, UnitId, WorkspaceId};
use crate::plan::Scenario;
use crate::report::{SimulatedBuild, SimulationReport};
use crate::simulate::{
    External, IncrementalShares, Schedule, UnitOptions, Units, edit, simulate, unit_graph,
};

/// Which builds [`Codebase::simulate`] predicts: all combinations, in every workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimulateOptions {
    /// Numbers of parallel jobs.
    pub jobs: Vec<u32>,
    /// What cargo is asked to do.
    pub modes: Vec<Mode>,
    /// What is built. [`Scenario::Edit`] is a change of one crate, averaged over the crates by their lines;
    /// what is rebuilt is rebuilt in full.
    pub scenarios: Vec<Scenario>,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self {
            jobs: vec![1, 2, 4, 8],
            modes: vec![Mode::Check, Mode::Dev, Mode::Release],
            scenarios: vec![Scenario::Clean],
        }
    }
}

impl Codebase {
    /// Predicts today's builds. Workspaces come in their order, then scenarios, modes and jobs as given.
    pub fn simulate(&self, options: &SimulateOptions) -> SimulationReport {
        let costs = self.costs(&options.modes);
        let mut kinds = Vec::new();
        for workspace in self.repository.workspaces.ids() {
            for &scenario in &options.scenarios {
                kinds.extend(costs.iter().map(|costs| (workspace, scenario, costs)));
            }
        }
        let of_kind = |&(workspace, scenario, costs): &(WorkspaceId, Scenario, &Costs)| {
            self.builds(workspace, scenario, costs, &options.jobs)
        };
        let builds = kinds.par_iter().flat_map_iter(of_kind).collect();
        let source = costs.iter().map(|c| c.source).max().unwrap_or(CostSource::Modelled);
        SimulationReport::new(source, builds)
    }

    fn builds(
        &self,
        workspace: WorkspaceId,
        scenario: Scenario,
        costs: &Costs,
        jobs: &[u32],
    ) -> Vec<SimulatedBuild> {
        let external = if scenario == Scenario::Cold { External::Estimated } else { External::Cached };
        let units =
            unit_graph(&self.repository, &self.resolution, costs, UnitOptions { workspace, external });
        if units.graph.units.is_empty() {
            return Vec::new();
        }
        let dir = &self.repository.workspaces[workspace].dir;
        let edits = if scenario == Scenario::Edit { self.edits(&units) } else { Vec::new() };
        let build = |&jobs: &u32| {
            let what = (scenario, costs.mode, jobs);
            let (graph, schedule) = match scenario {
                Scenario::Edit => (&units.graph, average_edit(&units, &edits, jobs)),
                Scenario::Cold | Scenario::Clean => (&units.graph, simulate(&units.graph, jobs)),
            };
            SimulatedBuild::new(dir, what, graph, &schedule, costs.error_factor)
        };
        jobs.iter().map(build).collect()
    }

    /// The crates that may be edited, each with its share of the lines.
    fn edits(&self, units: &Units) -> Vec<(Vec<UnitId>, f64)> {
        let mut lines: IdVec<CrateId, u64> = IdVec::from_elem(0, self.resolution.crates.len());
        for item in &self.resolution.items {
            let own = u64::from(item.end_line.saturating_sub(item.line)) + 1;
            if !item.test && item.kind != crate::resolve::ItemKind::Module {
                lines[self.resolution.modules[item.module].krate] += own;
            }
        }
        let built: Vec<_> = self
            .resolution
            .crates
            .ids()
            .map(|krate| (units.compiling(krate).collect::<Vec<_>>(), lines[krate]))
            .filter(|(compiling, lines)| !compiling.is_empty() && *lines > 0)
            .collect();
        let all: u64 = built.iter().map(|(_, lines)| lines).sum();
        built.into_iter().map(|(units, lines)| (units, lines as f64 / all as f64)).collect()
    }
}

/// Mean makespan and work over the edits. Each has another critical path, so none is given.
fn average_edit(units: &Units, edits: &[(Vec<UnitId>, f64)], jobs: u32) -> Schedule {
    let mut mean = Schedule::default();
    for (changed, weight) in edits {
        let rebuilt = simulate(&edit(&units.graph, changed, IncrementalShares::NONE), jobs);
        mean.makespan_s += weight * rebuilt.makespan_s;
        mean.work_s += weight * rebuilt.work_s;
    }
    mean
}
