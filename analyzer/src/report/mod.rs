//! The finished analysis as data for others: the JSON contracts with their schemas.
//!
//! Names in place of ids, rounded numbers, a fixed order: two runs over the same input give the same bytes.
//! Everything here is versioned by [`SCHEMA_VERSION`]; fields are added, never renamed or removed.

mod affected;
mod apply;
mod build;
mod candidates;
mod code;
mod commits;
mod deployables;
mod highlights;
mod model;
mod numbers;
mod pace;
mod page;
mod plans;
#[cfg(feature = "schema")]
mod schemas;
mod seconds;
mod services;
mod standing;
mod structure;
#[cfg(test)]
mod tests;
mod verify;

#[cfg(test)]
pub(crate) use plans::work::sentence;

pub use crate::simulate::CriticalUnit;
pub use affected::{
    AffectedDeployableReport, AffectedJob, AffectedPackageReport, AffectedReport, AffectedTestReport, Reason,
};
pub use apply::{
    AppliedCommit, AppliedCrate, AppliedEdit, AppliedUser, ApplyReport, LeftError, Repair, RepairKind,
};
pub use build::{ReportInput, build};
pub(crate) use candidates::candidate_reports;
pub use code::explain::{ExplainReport, Explained, Hop, ModuleReferences, NameTaken, Place, explain};
pub use code::graph::{GraphEdge, GraphNode, GraphReport, UnresolvedReference, graph_report};
pub use code::picture::{GraphPart, PICTURE_NODES, SmallerPicture};
pub(crate) use code::picture::{part_report, smaller_pictures};
pub use code::select::{Selection, SelectionKind, select};
pub use commits::{
    CommitsReport, CostlyFileReport, CostlyPackageReport, CrateOwnersReport, OwnersReport, PartedWorkReport,
    RepeatedReport, RepeatedWorkReport, ReplayedBuildReport, ReplayedHistory, ReplayedWeek, TogetherReport,
};
pub(crate) use deployables::{deployable_reports, deploys_report};
pub use highlights::{
    WorkCounts, best_saving, commit_builds, cutting, deploy_split, has_services, holding_crates,
    most_needless_deploys, nearest, package_label, parted_together, real_seconds, useful_levers,
};
pub use model::{
    BlockerReport, BuiltReport, CandidateBlockerReport, CandidateCommitsReport, CandidateReport, CauseCount,
    CostsReport, CrateCost, CrossingReport, CrossingTypeReport, CutReport, DeployCommitsReport,
    DeployNumbers, DeploySplitCrateReport, DeploySplitReport, DeploySplitWeek, DeployableKind,
    DeployableReport, DeploysReport, DirectUserReport, DirectUsersReport, EditReport, EntryReport,
    EvidenceReport, FacadePathReport, GeneratedReport, ImplReport, LeverReport, LocatedReport,
    ManifestEditReport, ModeCost, MovedPathReport, NeedlessReport, ObstacleReport, OtherBinaryReport,
    OtherPathReport, OtherTargetReport, OtherTargetStanding, PackageReport, PipelineReport, PlaceReport,
    PlanCrateReport, PlanEditReport, PlanItemReport, PlanReport, PlannedTargetReport, ReferenceSummary,
    RefusedReport, Report, RepositorySummary, RouteReport, SCHEMA_VERSION, ScaledCost, ScoresReport,
    Settings, SilentReport, SimulatedBuild, StabilityReport, StepReport, TablePlaceReport, TableReport,
    TablesReport, TestMoveReport, TestSupportReport, TiedTypeReport, Tool, TopicReport, TransactionReport,
    VariableReport, WideningReport, WorkspaceSummary,
};
pub(crate) use pace::add_pipeline;
pub use page::{CodeMap, MapModules, PageBuild, PageInput, PageMode, PagePackage, PageUnit};
pub use plans::plan_file::{plan_file, plan_toml, recommended};
#[cfg(feature = "schema")]
pub use schemas::{
    affected_schema, apply_schema, costs_schema, graph_schema, report_schema, services_schema,
    simulation_schema, verify_schema, what_if_schema,
};
pub(crate) use seconds::built::{add_built, utc};
pub use seconds::simulation::{PackageTests, SimulationReport, TestsReport};
pub(crate) use services::FoundServices;
pub use services::{AffectedServiceReport, ServicesReport};
pub(crate) use standing::place_programs;
pub use structure::{
    BackEdgeReport, Code, CodeItem, CodeModule, Crossing, CycleReport, ModuleReport, Order, Outside,
    OutsideUse, StructureReport, module_names, module_order,
};
pub use verify::{VerifiedBuild, VerifiedTime, VerifyReport};

pub use seconds::what_if::{ForecastReport, WhatIfPackage, WhatIfReport, WhatIfSettings};
