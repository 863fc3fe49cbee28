//! The contract of `simulate --format json`: today's builds as the simulator sees them.

use serde::{Deserialize, Serialize};

use super::costs::costs;
use crate::base::number::count;
use crate::cost::{CostSource, Costs, Mode, TestSeconds};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, IdVec, PackageId};
use crate::plan::{Interval, Scenario};
use crate::report::model::{CostsReport, SCHEMA_VERSION, SimulatedBuild};
use crate::report::numbers::{dir, interval, round};
use crate::resolve::Resolution;
use crate::simulate::{Cache, CriticalUnit, Schedule, UnitGraph};

/// Builds of the repository as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// How long tests run, all of them and after an edit; with `--test-times`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestsReport>,
}

/// How long tests run; seconds as they were measured, all added up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestsReport {
    /// Of all tests in the file.
    pub total_s: f64,
    /// Of those whose crate was not found.
    pub unknown_s: f64,
    /// After an edit: of the tests that are compiled again, the mean over what may be edited.
    pub after_edit_s: f64,
    /// By package, those that take most first.
    pub packages: Vec<PackageTests>,
}

/// The tests of one package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackageTests {
    /// Its name.
    pub package: String,
    /// How many have a time.
    pub tests: u32,
    /// Seconds that they run.
    pub seconds: f64,
    /// Seconds of tests that run after an edit of its library or programs: its own, and those of all that depends on it.
    pub after_edit_s: f64,
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
        Self {
            schema_version: SCHEMA_VERSION,
            source: costs.source,
            costs,
            cache,
            edits_by_history,
            builds,
            tests: None,
        }
    }
}

impl TestsReport {
    /// By package. `after`: seconds of tests that run after an edit of each crate; of a package those of the crate with most.
    pub fn new(
        (repository, resolution): (&Repository, &Resolution),
        seconds: &TestSeconds,
        after: &IdVec<CrateId, f64>,
        after_edit_s: f64,
    ) -> Self {
        let mut packages: IdVec<PackageId, PackageTests> = repository
            .packages
            .iter()
            .map(|package| PackageTests {
                package: package.name.clone(),
                tests: 0,
                seconds: 0.0,
                after_edit_s: 0.0,
            })
            .collect();
        for (krate, data) in resolution.crates.iter_enumerated() {
            let target = &repository.targets[data.target];
            let package = &mut packages[target.package];
            package.tests += seconds.tests[krate];
            package.seconds += seconds.crates[krate];
            if matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin) {
                package.after_edit_s = package.after_edit_s.max(after[krate]);
            }
        }
        let mut packages: Vec<PackageTests> =
            packages.iter().filter(|p| p.tests > 0 || p.after_edit_s > 0.0).cloned().collect();
        packages.sort_by(|a, b| b.seconds.total_cmp(&a.seconds).then_with(|| a.package.cmp(&b.package)));
        for package in &mut packages {
            package.seconds = round(package.seconds, 3);
            package.after_edit_s = round(package.after_edit_s, 3);
        }
        Self {
            total_s: round(seconds.total_s(), 3),
            unknown_s: round(seconds.unknown_s, 3),
            after_edit_s: round(after_edit_s, 3),
            packages,
        }
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
pub(in crate::report) fn critical_unit(unit: &CriticalUnit) -> CriticalUnit {
    CriticalUnit {
        name: unit.name.clone(),
        start_s: round(unit.start_s, 3),
        metadata_s: round(unit.metadata_s, 3),
        end_s: round(unit.end_s, 3),
    }
}
