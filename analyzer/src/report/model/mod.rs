//! The contract of `analyze --format json`.

mod candidate;
mod costs;
mod deploy_split;
mod deployable;
mod package;
mod plan;
mod simulated;

use serde::{Deserialize, Serialize};

use super::commits::CommitsReport;
use super::structure::StructureReport;
use crate::diagnostic::Diagnostic;
use crate::resolve::UnresolvedCause;

pub use candidate::{
    CandidateBlockerReport, CandidateCommitsReport, CandidateReport, CrossingReport, CrossingTypeReport,
    LocatedReport, ObstacleReport, ScoresReport, StabilityReport, StepReport, TablePlaceReport, TableReport,
    TablesReport, TransactionReport, VariableReport,
};
pub use costs::{BuiltReport, CostsReport, CrateCost, EditReport, ModeCost, RefusedReport, ScaledCost};
pub use deploy_split::{DeploySplitCrateReport, DeploySplitReport, DeploySplitWeek};
pub use deployable::{
    DeployCommitsReport, DeployNumbers, DeployableKind, DeployableReport, DeploysReport, EntryReport,
    EvidenceReport, NeedlessReport, OtherBinaryReport, PipelineReport, RouteReport, TopicReport,
};
pub use package::{
    DirectUserReport, DirectUsersReport, GeneratedReport, ImplReport, LeverReport, OtherTargetReport,
    OtherTargetStanding, PackageReport, PlannedTargetReport, TiedTypeReport,
};
pub use plan::{
    BlockerReport, CutReport, FacadePathReport, ManifestEditReport, MovedPathReport, OtherPathReport,
    PlaceReport, PlanCrateReport, PlanEditReport, PlanItemReport, PlanReport, SilentReport, TestMoveReport,
    TestSupportReport, WideningReport,
};
pub use simulated::SimulatedBuild;

/// The version of every JSON output; raised when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// A finished analysis. Paths are relative to the analysed directory, with `/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The settings that the figures hold for.
    pub settings: Settings,
    /// What was read, and how much of it was understood.
    pub repository: RepositorySummary,
    /// The packages, most worthwhile first: verdict, then saving, then share of cost.
    pub packages: Vec<PackageReport>,
    /// Settings of the workspaces that cost build time, the most useful first: cheaper to change than any split.
    pub levers: Vec<LeverReport>,
    /// Binaries that are deployed and what they need, most costly first, each followed by its roles. Where no deployment file
    /// names a binary, all that could be deployed.
    pub deployables: Vec<DeployableReport>,
    /// The other binaries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_binaries: Vec<OtherBinaryReport>,
    /// Parts of these that could be services of their own. Empty where there is no seam.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_services: Vec<CandidateReport>,
    /// What the latest commits compile again, today and with the plans. Absent without a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<CommitsReport>,
    /// What these commits deploy again. Absent without a history or without a program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deploys: Option<DeploysReport>,
    /// Where the seconds come from.
    pub costs: CostsReport,
    /// Which modules need which. Absent in reports of versions that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<StructureReport>,
    /// Today's clean builds: of each workspace and mode one with the jobs of the settings, and one with more jobs than it can use,
    /// which waits for its critical path alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds: Vec<SimulatedBuild>,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tool {
    /// `split-advisor`.
    pub name: String,
    /// The version of the library.
    pub version: String,
}

/// What an analysis was asked for: what decides its result beside the repository itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// The target triple whose `cfg`s hold.
    pub target: String,
    /// Parallel jobs of the predicted builds.
    pub jobs: u32,
    /// Seed of everything random.
    pub seed: u64,
    /// The package asked for; all of them when absent.
    pub package: Option<String>,
    /// The number of crates asked for.
    pub crates: Option<u32>,
    /// Features that are on beside the default ones, as they were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Whether all features are on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub all_features: bool,
    /// Whether the default features are off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub no_default_features: bool,
    /// `cfg`s set beside the target's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cfgs: Vec<String>,
    /// Patterns of paths that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Recommend no plan of more effort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_effort: Option<f64>,
    /// The commit that is checked out; what is not committed was read as well. Absent without git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepositorySummary {
    /// The workspaces, lone packages included.
    pub workspaces: Vec<WorkspaceSummary>,
    /// Number of packages.
    pub packages: u32,
    /// Number of targets: libraries, binaries, tests, examples, benches, build scripts.
    pub targets: u32,
    /// Number of `.rs` files that some target includes.
    pub files: u32,
    /// Lines of these files.
    pub lines: u64,
    /// Number of modules.
    pub modules: u32,
    /// Number of items.
    pub items: u32,
    /// How many references were followed.
    pub references: ReferenceSummary,
}

/// A workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WorkspaceSummary {
    /// Its directory; `.` for the analysed directory itself.
    pub dir: String,
    /// Number of member packages.
    pub packages: u32,
    /// Number of packages in its lock file, its own included; 0 without a lock file.
    pub locked: u32,
}

/// The analysis' own recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReferenceSummary {
    /// References followed to an item of this repository.
    pub resolved: u64,
    /// Of these, found by a guess (a unique name, or out of macro tokens).
    pub guessed: u64,
    /// References followed out of the repository: std and other packages.
    pub external: u64,
    /// References that could not be followed.
    pub unresolved: u64,
    /// The unresolved ones by cause; most frequent first.
    pub unresolved_by_cause: Vec<CauseCount>,
    /// (resolved + external) / all, 0 to 1.
    pub followed_share: f64,
}

/// How often a cause occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CauseCount {
    /// Why a reference was not followed.
    pub cause: UnresolvedCause,
    /// How often.
    pub count: u64,
}
