//! The contract of `verify --format json`: builds before and after a plan, predicted and on the stopwatch.

use serde::{Deserialize, Serialize};

use super::apply::ApplyReport;
use super::model::Tool;
use crate::cost::Mode;

/// What a plan did to the builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReport {
    /// [`SCHEMA_VERSION`](super::SCHEMA_VERSION).
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The package that was split.
    pub package: String,
    /// What was built.
    pub mode: Mode,
    /// Parallel jobs.
    pub jobs: u32,
    /// How often everything was built, before and after in turn.
    pub runs: u32,
    /// Processors that were busy in the minute before; on Linux alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_before: Option<f64>,
    /// Seconds of a call of cargo that has nothing to do, before and after: part of every time below, and of no prediction.
    pub fresh_s: [f64; 2],
    /// A clean build of the workspace's packages, then one after an edit of a file of each crate.
    pub builds: Vec<VerifiedBuild>,
    /// How the plan was carried out.
    pub applied: ApplyReport,
}

/// One build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifiedBuild {
    /// The file that was edited, as it was before the plan; missing of the clean build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The crate that the file falls to.
    #[serde(default, rename = "crate", skip_serializing_if = "Option::is_none")]
    pub krate: Option<String>,
    /// Before the plan.
    pub before: VerifiedTime,
    /// After it.
    pub after: VerifiedTime,
}

/// Wall seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifiedTime {
    /// Predicted from the units of one build before the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_s: Option<f64>,
    /// The median of what was measured.
    pub measured_s: f64,
    /// Each run.
    pub runs_s: Vec<f64>,
}

impl VerifiedTime {
    /// From its runs.
    pub fn new(predicted_s: Option<f64>, runs_s: Vec<f64>) -> Self {
        Self { predicted_s, measured_s: median(&runs_s), runs_s }
    }

    /// How far the prediction is off, as a share of what was measured, where cargo alone takes `fresh_s`.
    pub fn error(&self, fresh_s: f64) -> Option<f64> {
        let predicted_s = self.predicted_s.filter(|_| self.measured_s > 0.0)?;
        Some(((predicted_s + fresh_s) / self.measured_s - 1.0).abs())
    }
}

impl VerifyReport {
    /// The median error of all predictions, as a share.
    pub fn median_error(&self) -> Option<f64> {
        let [before, after] = self.fresh_s;
        let errors =
            self.builds.iter().flat_map(|build| [build.before.error(before), build.after.error(after)]);
        let errors: Vec<f64> = errors.flatten().collect();
        (!errors.is_empty()).then(|| median(&errors))
    }
}

/// 0 of nothing.
fn median(seconds: &[f64]) -> f64 {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_runs_and_how_far_the_prediction_is_off() {
        for (runs, expected) in
            [(vec![], 0.0), (vec![3.0], 3.0), (vec![9.0, 1.0, 2.0], 2.0), (vec![4.0, 2.0], 3.0)]
        {
            assert_eq!(VerifiedTime::new(None, runs).measured_s, expected);
        }
        assert_eq!(VerifiedTime::new(Some(2.5), vec![2.0]).error(0.5), Some(0.5));
        assert_eq!(VerifiedTime::new(None, vec![2.0]).error(0.0), None);
        assert_eq!(VerifiedTime::new(Some(3.0), vec![]).error(0.0), None);
    }
}
