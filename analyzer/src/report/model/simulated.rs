//! A build as the simulator sees it.

use serde::{Deserialize, Serialize};

use crate::cost::Mode;
use crate::plan::{Interval, Scenario};
use crate::simulate::CriticalUnit;

/// A simulated build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
