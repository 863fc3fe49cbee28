//! Predictions: builds and tests before and after a split.

use serde::{Deserialize, Serialize};

use super::uncertainty::Times;
use crate::cost::Mode;
use crate::ids::WorkspaceId;
use crate::plan::model::{Interval, Saving};
use crate::simulate::CriticalUnit;
use crate::simulate::Scenario;

/// One kind of build, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The workspace that is built.
    pub workspace: WorkspaceId,
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
    /// Percent saved; negative when it gets slower.
    pub saved_pct: Interval,
    /// What to expect of it.
    pub outcome: Outcome,
    /// Never: link-time optimisation is part of these seconds. Once it was said here where it came on top.
    pub without_lto: bool,
    /// For [`Scenario::Edit`]: a change of each crate by itself.
    pub edits: Vec<EditForecast>,
    /// Seconds before and after in each sampled case: the machine's speed, which scales both, is not in them.
    pub cases: Vec<(f64, f64)>,
}

/// A predicted build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForecastBuild {
    /// Wall seconds, with their 80 % interval.
    pub time_s: Interval,
    /// Core seconds.
    pub work_s: f64,
    /// Units that are built.
    pub units: u32,
    /// The units that determine the time, first to last; after an edit, those of the likeliest one.
    pub critical_path: Vec<CriticalUnit>,
}

/// What a saving amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Saves more than the noise, even at the lower end of the interval.
    Faster,
    /// Nothing sure above the noise either way.
    None,
    /// Takes longer by more than the noise, and over the whole interval longer.
    Slower,
}

/// The rebuild after a change of one crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditForecast {
    /// The crate whose file is changed.
    #[serde(rename = "crate")]
    pub krate: String,
    /// How likely a change is one of this crate, 0 to 1.
    pub weight: f64,
    /// Wall seconds without the split.
    pub before_s: f64,
    /// Wall seconds with it.
    pub after_s: f64,
    /// Percent saved, with its 80 % interval; negative when it gets slower.
    pub saved_pct: Interval,
    /// What to expect of it.
    pub outcome: Outcome,
}

/// Which tests run after an edit, before a split and after it; seconds as the tests were measured, all added up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TestRuns {
    /// Of all tests in the file.
    pub total_s: f64,
    /// Of those whose crate was not found.
    pub unknown_s: f64,
    /// After an edit, the mean over [`edits`](Self::edits), without the split.
    pub before_s: f64,
    /// With it.
    pub after_s: f64,
    /// By crate that is edited.
    pub edits: Vec<EditedTests>,
}

/// The tests that run after an edit of one crate of the plan: its own and those of all that depends on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditedTests {
    /// The crate that is edited.
    #[serde(rename = "crate")]
    pub krate: String,
    /// How likely an edit is one of it.
    pub weight: f64,
    /// Seconds of tests that run without the split.
    pub before_s: f64,
    /// With it.
    pub after_s: f64,
    /// The harnesses whose tests needn't run any more.
    pub spared: Vec<String>,
}

/// One kind of build before and after a plan.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Build {
    pub(in crate::plan) saving: Saving,
    /// [`common_error`](crate::plan::predict::uncertainty::common_error) of its mode.
    pub(in crate::plan) common_error: f64,
    /// Seconds in each sampled case, without that factor.
    pub(in crate::plan) cases: Vec<Times>,
}
