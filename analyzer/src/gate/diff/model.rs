//! `diff` of two reports.

use serde::{Deserialize, Serialize};

use super::super::trend::TrendPoint;
use crate::cost::Mode;
use crate::plan::VerdictKind;
use crate::report::Tool;

/// The answer of `diff`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DiffReport {
    /// [`SCHEMA_VERSION`](crate::report::SCHEMA_VERSION).
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The older one in figures.
    pub old: TrendPoint,
    /// The newer one.
    pub new: TrendPoint,
    /// Figures of both that differ.
    pub figures: Vec<FigureChange>,
    /// Verdicts that differ, and packages that only one of them has.
    pub verdicts: Vec<VerdictChange>,
    /// Dependencies of packages, then of modules, that only one of them has.
    pub needs: Vec<NeedChange>,
    /// Builds whose time differs.
    pub builds: Vec<BuildChange>,
    /// Programs and roles that only one of them has, by name.
    pub services: Vec<ServiceChange>,
    /// What decides figures beside the code and differs: then a figure may change with no change of code.
    pub not_the_code: Vec<String>,
    /// The newest commit that both have in common: figures of commits and deploys are of the same commits then, the latest up to it,
    /// replayed among the packages of each. Absent where each has commits of its own, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_commit: Option<String>,
}

/// Which of the two has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// The newer one.
    Gained,
    /// The older one.
    Lost,
}

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FigureChange {
    /// What it is: a field of [`TrendPoint`].
    pub figure: String,
    /// Before; absent where it was not known.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
    /// Why, as far as the reports say: most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
}

/// A verdict that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerdictChange {
    /// The package, with its directory where others have its name.
    pub package: String,
    /// Before; absent for a new package.
    pub before: Option<VerdictKind>,
    /// After; absent for one that is no more.
    pub after: Option<VerdictKind>,
    /// The newer verdict's first cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// A dependency that only one of them has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NeedChange {
    /// Which one.
    pub change: Change,
    /// Whether it is one between packages; else between modules.
    pub of_packages: bool,
    /// The dependent.
    pub from: String,
    /// The dependency.
    pub to: String,
    /// Whether its ends are in one cycle of modules here and not in the other report: it closes one, or did.
    pub closes_cycle: bool,
}

/// A program or role that only one of them has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceChange {
    /// Which one.
    pub change: Change,
    /// Its name.
    pub name: String,
}

/// A build whose time differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildChange {
    /// Its workspace.
    pub workspace: String,
    /// check, dev or release.
    pub mode: Mode,
    /// Parallel jobs; more than a build can use where it waits for its critical path alone.
    pub jobs: u32,
    /// Seconds before.
    pub before_s: f64,
    /// Seconds after.
    pub after_s: f64,
    /// Core seconds before.
    pub work_before_s: f64,
    /// Core seconds after.
    pub work_after_s: f64,
    /// Why: what is on the critical path by now or no more, and what takes longer or shorter there.
    pub because: Vec<String>,
}

/// Seconds: what differs by less is noise for people, as it is for a verdict ([`PlanOptions::noise_floor_s`]).
///
/// [`PlanOptions::noise_floor_s`]: crate::plan::PlanOptions::noise_floor_s
const NOISE_S: f64 = 0.1;
/// And by less than this share of the build: a choice. What the model is off by is far more, though it is off by the same in both.
const NOISE_SHARE: f64 = 0.01;

impl DiffReport {
    /// The builds whose difference is more than noise, the largest first.
    pub fn notable_builds(&self) -> Vec<&BuildChange> {
        let change = |build: &BuildChange| (build.after_s - build.before_s).abs();
        let is_notable =
            |build: &&BuildChange| change(build) >= NOISE_S && change(build) >= NOISE_SHARE * build.before_s;
        let mut notable: Vec<_> = self.builds.iter().filter(is_notable).collect();
        notable.sort_by(|a, b| change(b).total_cmp(&change(a)));
        notable
    }
}
