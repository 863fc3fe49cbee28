//! Programs and their roles, and how often they are deployed again: `deployables` and `deploys` of `analyze`.

use serde::{Deserialize, Serialize};

use super::deploy_split::DeploySplitReport;
use crate::deploy::{EvidenceKind, NotDeployed, RoleKind};

/// A binary or a role of one, and what it needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeployableReport {
    /// The bin target's name; of a role with the role's behind it.
    pub name: String,
    /// Whether it is a binary or a role of one.
    #[serde(default)]
    pub kind: DeployableKind,
    /// Its package.
    pub package: String,
    /// Its package's manifest: two packages may have one name.
    #[serde(default)]
    pub manifest: String,
    /// The bin target's name.
    #[serde(default)]
    pub target: String,
    /// The role's name; of a command what the command line calls it. Absent for a binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What says that it is a role. Absent for a binary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_kind: Option<RoleKind>,
    /// What deployment files call it where they start it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// What says that it is deployed, or that it is a role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceReport>,
    /// Where it begins. Absent for a binary whose `main` is not written as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryReport>,
    /// Whether it only serves tests, fuzzing, benchmarks or as an example: nobody deploys it.
    pub auxiliary: bool,
    /// Local packages it needs, its own included.
    pub packages: Vec<String>,
    /// Modules with something that it may run: reached from its `main` by references, by methods of types that are reached, or by a
    /// method's name. Of a binary only.
    pub modules: Vec<String>,
    /// Files with something that it may run.
    #[serde(default)]
    pub files: Vec<String>,
    /// Those of which it alone runs something; of a command those that no other command and no other binary runs, of a server,
    /// consumer or scheduler those that no other one of these and no other binary runs. A command that is several others in one
    /// doesn't count beside these.
    #[serde(default)]
    pub own_files: Vec<String>,
    /// Share of the repository's compile cost that the modules with something that it may run make up, 0 to 1.
    pub cost_share: f64,
    /// Commands of its command line that are no roles: nothing starts them, and they start no server, consumer or scheduler.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands_of_tool: Vec<String>,
    /// What it does, as far as calls of known crates say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub does: Vec<RoleKind>,
    /// What it answers, as far as the paths of routes are written down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteReport>,
    /// How many routes have a path that a call, a macro or a constant makes: they are not among these.
    #[serde(default, skip_serializing_if = "no_routes")]
    pub routes_not_understood: u32,
    /// What it takes messages from, or when it runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicReport>,
    /// How many of the replayed commits deploy it again. Absent without a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<DeployCommitsReport>,
    /// Who owns at least a tenth of the lines of its own files (of all its files if it has none), most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
}

fn no_routes(number: &u32) -> bool {
    *number == 0
}

/// What is deployed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DeployableKind {
    /// A binary.
    #[default]
    Binary,
    /// A role of a binary.
    Role,
}

/// What says that something is so, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvidenceReport {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// What stands there.
    pub what: String,
    /// What it does with the program; absent for code that says that it is a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EvidenceKind>,
}

/// A binary that is not deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherBinaryReport {
    /// The bin target's name.
    pub name: String,
    /// Its package.
    pub package: String,
    /// Why it is not among those that are deployed.
    pub because: NotDeployed,
    /// What names it all the same: files of tests, builds that nobody takes further.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceReport>,
}

/// Where something begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryReport {
    /// The function.
    pub item: String,
    /// The file that it is in.
    pub file: String,
    /// Its first line, from 1.
    pub line: u32,
}

/// A route of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RouteReport {
    /// `GET`; absent where any is meant, or where it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Its path as it is written, below those of the routers around it.
    pub path: String,
    /// The function that handles it; absent where it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handler: Option<EntryReport>,
    /// The file that declares it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What a consumer listens to, or when a scheduler runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TopicReport {
    /// As it is written.
    pub name: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// How many of the replayed commits deploy something again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeployCommitsReport {
    /// The replayed commits.
    pub replayed: u32,
    /// Those that change its own target, or a package that it is built from (dev-dependencies aside), as CI sees it.
    pub redeployed_today: u32,
    /// Those after which it runs something that changed.
    pub needed: u32,
    /// Those that change what it is built from with the plans carried out, if it is a package of its own that names the crates that it
    /// uses. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_plan: Option<u32>,
}

/// What the replayed commits deploy again of all binaries that are deployed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeploysReport {
    /// The replayed commits.
    pub replayed: u32,
    /// Commits a week that concern a build; absent where there are too few to say.
    pub per_week: Option<f64>,
    /// Binaries that count.
    pub programs: u32,
    /// Deploys of all of them after all replayed commits, by the packages that they are built from.
    #[serde(default)]
    pub deploys_today: u32,
    /// Those that run something that the commit changed.
    #[serde(default)]
    pub deploys_needed: u32,
    /// Binaries that an average commit deploys again, by the packages that they are built from.
    pub redeployed_today: f64,
    /// Binaries that run something that an average commit changes.
    pub needed: f64,
    /// Binaries that an average commit deploys again with the plans carried out. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_plan: Option<f64>,
    /// Deploys a week. Absent where the pace isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<DeployNumbers>,
    /// What a pipeline carries that builds, tests and deploys one commit after another. Absent without builds that were replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<PipelineReport>,
    /// Packages by whose changes alone most binaries are deployed again that run nothing of what changed.
    pub needless: Vec<NeedlessReport>,
    /// Packages whose split saves deploys, those first that save most minutes a week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<DeploySplitReport>,
}

/// A package that deploys binaries again which run nothing of what changed in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NeedlessReport {
    /// Its name.
    pub package: String,
    /// Its manifest.
    pub manifest: String,
    /// Replayed commits that change it.
    pub commits: u32,
    /// Binaries that are built from it.
    pub programs: u32,
    /// How often one of them was deployed again for its changes alone, and ran nothing of what changed.
    pub redeploys: u32,
    /// The share of all deploys that no binary needed, 0 to 1.
    pub share: f64,
}

/// A number as it is today, as it has to be, and with the plans carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeployNumbers {
    /// By the packages that binaries are built from.
    pub today: f64,
    /// If only what runs something that changed were deployed.
    pub needed: f64,
    /// By packages, with the plans carried out. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_plan: Option<f64>,
}

/// What a pipeline carries that builds, tests and deploys one commit after another, and deploys one service after another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PipelineReport {
    /// Seconds in which CI builds an average commit in every mode of the analysis: the replayed mean. How long tests run isn't in it.
    pub build_s: f64,
    /// The same with the plans carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build_planned_s: Option<f64>,
    /// Seconds of an average deploy of one binary.
    pub deploy_s: f64,
    /// Whether that is assumed for a binary, since no configuration says it.
    pub deploy_s_assumed: bool,
    /// Commits that a day of 24 hours carries.
    pub commits_a_day: DeployNumbers,
    /// Deploys among them.
    pub deploys_a_day: DeployNumbers,
}
