//! The contract of `what-if --format json`: a described split, refused or predicted.

use serde::{Deserialize, Serialize};

use super::costs::costs;
use super::simulation::critical_unit;
use crate::cost::{Costs, Mode};
use crate::diagnostic::Diagnostic;
use crate::discover::Repository;
use crate::plan::{
    EditForecast, EditedTests, Forecast, ForecastBuild, Interval, Outcome, PlanNote, Refusal, Scenario,
    TestRuns, WhatIf, WhatIfOptions,
};
use crate::report::model::{CostsReport, PlanReport, SCHEMA_VERSION, Tool};
use crate::report::numbers::{dir, interval, round};
use crate::report::plans::named_plan::plan;
use crate::resolve::Resolution;

/// A described split: what stands against it, what it takes, what it would do to the builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatIfReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// What was asked.
    pub settings: WhatIfSettings,
    /// Whether the split is predicted; otherwise `refusals` says why not.
    pub predicted: bool,
    /// Why the split can't be done as described, each with its places.
    pub refusals: Vec<Refusal>,
    /// The packages as they would be, and the work that takes. Of a refused plan: what is to be cut to make it legal.
    pub packages: Vec<WhatIfPackage>,
    /// What is worth knowing and stops nothing.
    pub notes: Vec<PlanNote>,
    /// Before and after: workspaces, then scenarios, modes and jobs as asked for.
    pub forecasts: Vec<ForecastReport>,
    /// Which tests run after an edit, before and after; with `--test-times`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_runs: Option<TestRuns>,
    /// Where the seconds come from.
    pub costs: CostsReport,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// What was asked of `what-if`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatIfSettings {
    /// The target triple whose `cfg`s hold.
    pub target: String,
    /// Numbers of parallel jobs.
    pub jobs: Vec<u32>,
    /// What is built.
    pub scenarios: Vec<Scenario>,
    /// Whether references against the order are taken to be cut first.
    pub assume_cuts: bool,
    /// Whether other packages depend on the new crates that they use, and not on the package.
    #[serde(default)]
    pub direct_users: bool,
    /// A saving below this many percent is reported as none.
    pub noise_floor_pct: f64,
    /// A saving of fewer seconds is reported as none.
    pub noise_floor_s: f64,
}

/// A package that is split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WhatIfPackage {
    /// Name as in the manifest.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: String,
    /// Its crates with the work: cuts, visibility, blockers.
    pub plan: PlanReport,
}

/// One kind of build, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForecastReport {
    /// Directory of the workspace; `.` for the analysed directory itself.
    pub workspace: String,
    /// What is built.
    pub scenario: Scenario,
    /// check, dev or release.
    pub mode: Mode,
    /// Parallel jobs.
    pub jobs: u32,
    /// Without the split.
    pub before: ForecastBuild,
    /// With it.
    pub after: ForecastBuild,
    /// Percent saved, with its 80 % interval; negative when it gets slower.
    pub saved_pct: Interval,
    /// Faster, slower, or nothing sure above the noise.
    pub outcome: Outcome,
    /// Never: link-time optimisation is part of these seconds. Once it was said here where it came on top.
    pub without_lto: bool,
    /// After an edit: each crate by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<EditForecast>,
}

impl WhatIfReport {
    /// Names everything.
    pub fn new(
        (repository, resolution): (&Repository, &Resolution),
        of_modes: &[Costs],
        answer: &WhatIf,
        options: &WhatIfOptions,
        diagnostics: &[Diagnostic],
    ) -> Self {
        let mut diagnostics = diagnostics.to_vec();
        diagnostics.sort();
        diagnostics.dedup();
        let package = |split: &crate::plan::DescribedSplit| {
            let package = &repository.packages[split.package];
            WhatIfPackage {
                name: package.name.clone(),
                manifest: package.manifest.clone(),
                plan: plan((repository, resolution), &split.plan),
            }
        };
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::current(),
            settings: WhatIfSettings {
                target: repository.cfg.triple.clone(),
                jobs: options.jobs.clone(),
                scenarios: options.scenarios.clone(),
                assume_cuts: options.assume_cuts,
                direct_users: options.direct_users,
                noise_floor_pct: options.noise_floor_pct,
                noise_floor_s: options.noise_floor_s,
            },
            predicted: answer.refusals.is_empty(),
            refusals: answer.refusals.clone(),
            packages: answer.splits.iter().map(package).collect(),
            notes: answer.notes.clone(),
            forecasts: answer.forecasts.iter().map(|f| forecast(repository, f)).collect(),
            test_runs: answer.test_runs.as_ref().map(test_runs),
            costs: costs(repository, resolution, of_modes),
            diagnostics,
        }
    }
}

fn test_runs(runs: &TestRuns) -> TestRuns {
    let edit = |edit: &EditedTests| EditedTests {
        weight: round(edit.weight, 4),
        before_s: round(edit.before_s, 3),
        after_s: round(edit.after_s, 3),
        ..edit.clone()
    };
    TestRuns {
        total_s: round(runs.total_s, 3),
        unknown_s: round(runs.unknown_s, 3),
        before_s: round(runs.before_s, 3),
        after_s: round(runs.after_s, 3),
        edits: runs.edits.iter().map(edit).collect(),
    }
}

fn forecast(repository: &Repository, forecast: &Forecast) -> ForecastReport {
    let edit = |edit: &EditForecast| EditForecast {
        krate: edit.krate.clone(),
        weight: round(edit.weight, 4),
        before_s: round(edit.before_s, 3),
        after_s: round(edit.after_s, 3),
        saved_pct: interval(edit.saved_pct, 1),
        outcome: edit.outcome,
    };
    ForecastReport {
        workspace: dir(&repository.workspaces[forecast.workspace].dir),
        scenario: forecast.scenario,
        mode: forecast.mode,
        jobs: forecast.jobs,
        before: built(&forecast.before),
        after: built(&forecast.after),
        saved_pct: interval(forecast.saved_pct, 1),
        outcome: forecast.outcome,
        without_lto: forecast.without_lto,
        edits: forecast.edits.iter().map(edit).collect(),
    }
}

fn built(build: &ForecastBuild) -> ForecastBuild {
    ForecastBuild {
        time_s: interval(build.time_s, 3),
        work_s: round(build.work_s, 3),
        units: build.units,
        critical_path: build.critical_path.iter().map(critical_unit).collect(),
    }
}
