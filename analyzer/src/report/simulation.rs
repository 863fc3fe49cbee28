//! The contract of `simulate --format json`: today's builds as the simulator sees them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::build::{costs, count, dir, interval, round};
use super::model::{CostsReport, SCHEMA_VERSION};
use crate::cost::{CostSource, Costs, Mode};
use crate::discover::Repository;
use crate::plan::{Interval, Scenario};
use crate::resolve::Resolution;
use crate::simulate::{Cache, CriticalUnit, Schedule, UnitGraph};

/// Builds of the repository as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SimulationReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Where the seconds come from; the weakest source names the whole.
    pub source: CostSource,
    /// The same by mode and crate.
    pub costs: CostsReport,
    /// What is kept of earlier builds of the workspace's crates.
    pub cache: Cache,
    /// Whether edits are weighted by the commits that touched each crate; by lines otherwise.
    pub edits_by_history: bool,
    /// One build for each workspace, scenario, mode and number of jobs.
    pub builds: Vec<SimulatedBuild>,
}

/// A simulated build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SimulatedBuild {
    /// Directory of the workspace; `.` for the analysed directory itself.
    pub workspace: String,
    /// What is built.
    pub scenario: Scenario,
    /// check, dev or release.
    pub mode: Mode,
    /// Parallel jobs.
    pub jobs: u32,
    /// Number of units that are not fresh.
    pub units: u32,
    /// Wall time in seconds, with its 80 % interval.
    pub makespan_s: Interval,
    /// Core seconds of all units.
    pub work_s: f64,
    /// Cores busy on average: `work_s` / the median makespan.
    pub parallelism: f64,
    /// The units that determine the makespan, first to last; after an edit, those of the likeliest one.
    pub critical_path: Vec<CriticalUnit>,
}

impl SimulationReport {
    /// A report of these builds.
    pub fn new(
        (repository, resolution): (&Repository, &Resolution),
        of_modes: &[Costs],
        cache: Cache,
        edits_by_history: bool,
        builds: Vec<SimulatedBuild>,
    ) -> Self {
        let costs = costs(repository, resolution, of_modes);
        Self { schema_version: SCHEMA_VERSION, source: costs.source, costs, cache, edits_by_history, builds }
    }
}

impl SimulatedBuild {
    /// Names the units of a schedule. `error_factor` is that of [`Costs`](crate::cost::Costs).
    pub fn new(
        workspace: &str,
        (scenario, mode, jobs): (Scenario, Mode, u32),
        graph: &UnitGraph,
        schedule: &Schedule,
        error_factor: f64,
    ) -> Self {
        let p50 = schedule.makespan_s;
        Self {
            workspace: dir(workspace),
            scenario,
            mode,
            jobs,
            units: count(graph.units.iter().filter(|u| !u.fresh).count()),
            makespan_s: interval(Interval { p10: p50 / error_factor, p50, p90: p50 * error_factor }, 3),
            work_s: round(schedule.work_s, 3),
            parallelism: if p50 > 0.0 { round(schedule.work_s / p50, 2) } else { 0.0 },
            critical_path: schedule
                .critical_path
                .iter()
                .map(|&id| critical_unit(&CriticalUnit::new(graph, schedule, id)))
                .collect(),
        }
    }
}

/// The same, rounded.
pub(super) fn critical_unit(unit: &CriticalUnit) -> CriticalUnit {
    CriticalUnit {
        name: unit.name.clone(),
        start_s: round(unit.start_s, 3),
        metadata_s: round(unit.metadata_s, 3),
        end_s: round(unit.end_s, 3),
    }
}
