//! Parts of programs that could be services of their own: `candidate_services` of `analyze` and `services`.

use serde::{Deserialize, Serialize};

use super::{EntryReport, RouteReport};
use crate::deploy::{BlockerKind, Side, StepKind};
use crate::resolve::ObstacleKind;

/// A part of a program that could be a service of its own, and what is in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CandidateReport {
    /// A name for it.
    pub name: String,
    /// The binary that it is part of.
    pub program: String,
    /// The binary's package.
    pub package: String,
    /// The roles that it is made of, as `deployables` names them; none where it is made of routes.
    pub roles: Vec<String>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<RouteReport>,
    /// Whether it runs in a process of its own already, chosen by the command line: then nothing in memory is shared today.
    pub own_process: bool,
    /// Files of which it alone would run something, if it asked the rest for what is the rest's.
    pub own_files: Vec<String>,
    /// Their lines.
    pub own_lines: u32,
    /// Their share of the lines of all files that the binary runs something of, 0 to 1.
    pub own_share: f64,
    /// Files of which both would run something: libraries of both.
    pub shared_files: Vec<String>,
    /// Packages that both would be built from.
    pub shared_packages: Vec<String>,
    /// Calls between the two, most references first. Their callers are known to run.
    pub crossing: Vec<CrossingReport>,
    /// How many more there may be: their callers are run by a name that several methods have, called on something of unknown type.
    #[serde(default)]
    pub crossing_by_name: u32,
    /// Structs and enums of the repository in the signatures of what is called, with those in their fields.
    pub crossing_types: Vec<CrossingTypeReport>,
    /// Tables that it names.
    pub tables: TablesReport,
    /// Transactions over tables of both.
    pub transactions: Vec<TransactionReport>,
    /// What is in the way, most so first.
    pub blockers: Vec<CandidateBlockerReport>,
    /// Authentication and other work around handlers that both run.
    pub middleware: Vec<LocatedReport>,
    /// Features that its files ask for.
    pub features: Vec<String>,
    /// Variables of the environment that it reads.
    pub variables: Vec<VariableReport>,
    /// The first things to do, in their order.
    pub steps: Vec<StepReport>,
    /// Scores of the literature.
    pub scores: ScoresReport,
    /// What becomes of the proposal at other prices.
    pub stability: StabilityReport,
    /// How many of the replayed commits deploy what again. Absent without a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<CandidateCommitsReport>,
}

/// A call that would cross.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrossingReport {
    /// The function that calls.
    pub from: String,
    /// The function that is called.
    pub to: String,
    /// Who calls.
    pub caller: Side,
    /// The file of the first call.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
    /// On how many lines it is named there.
    pub references: u32,
    /// What of the signature can't be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<ObstacleReport>,
}

/// What can't be sent to another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObstacleReport {
    /// Why.
    pub kind: ObstacleKind,
    /// As it is written.
    pub what: String,
    /// Its line, from 1, in the file of the type. Absent for a function's signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A type that would cross.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrossingTypeReport {
    /// Where it is defined.
    #[serde(flatten)]
    pub at: EntryReport,
    /// Whether it derives or implements what writes it out and what reads it in.
    pub serializes: bool,
    /// What of it can't be sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<ObstacleReport>,
}

/// Tables by who uses them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TablesReport {
    /// Tables that only the candidate uses.
    pub own: Vec<String>,
    /// Tables that both use.
    pub shared: Vec<String>,
    /// Where each is used.
    pub uses: Vec<TableReport>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableReport {
    /// Its name.
    pub name: String,
    /// Whose it is, going by who writes it more often, then by who reads it more often.
    pub home: Side,
    /// Where the candidate writes it, or else reads it, first.
    pub own: TablePlaceReport,
    /// Where the rest does; absent if it doesn't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<TablePlaceReport>,
}

/// A place that uses a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TablePlaceReport {
    /// Whether it is written.
    pub writes: bool,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A transaction over tables of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionReport {
    /// The function that begins it.
    pub item: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Tables of the candidate that it names.
    pub own: Vec<String>,
    /// Tables of the rest.
    pub rest: Vec<String>,
}

/// What is in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CandidateBlockerReport {
    /// What it is.
    pub kind: BlockerKind,
    /// The static, field, table or function.
    pub what: String,
    /// More of it: its type, what of a signature it is, the tables of a transaction.
    pub detail: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// Something with a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LocatedReport {
    /// What.
    pub what: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VariableReport {
    /// Its name.
    pub name: String,
    /// Whether the rest reads it, too.
    pub shared: bool,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepReport {
    /// What kind of work.
    pub kind: StepKind,
    /// What it is about.
    pub what: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Files that are to be moved, where some are: those of its own that lie in no package of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// Scores of the literature for the candidate and the rest as two partitions, by files; what both link is in neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoresReport {
    /// Mono2Micro's structural modularity: cohesion of both less the coupling between them; more is better.
    pub structural_modularity: f64,
    /// Mono2Micro's interface number: functions of one that the other calls, the mean of both.
    pub interface_number: f64,
    /// Mono2Micro's share of calls between partitions, 0 to 1.
    pub inter_partition_calls: f64,
    /// Mono2Micro's non-extreme distribution: the share of files in a partition of less than 5 or more than 20 of them, 0 to 1.
    pub non_extreme_distribution: f64,
    /// Transactions that either runs.
    pub transactions: u32,
    /// CARGO's share of transactions over tables of both, 0 to 1.
    pub transactions_across: f64,
}

/// What becomes of a proposal when one price is halved or doubled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StabilityReport {
    /// Sets of prices that were tried.
    pub tried: u32,
    /// Those at which it is proposed.
    pub proposed: u32,
    /// The least share of its own files that a proposal at one of these has in common with it (of both together), 0 to 1.
    pub least_overlap: f64,
}

/// How many of the replayed commits deploy what again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CandidateCommitsReport {
    /// The replayed commits.
    pub replayed: u32,
    /// Those that deploy the binary again today, by packages.
    pub redeployed_today: u32,
    /// Those after which it runs something that changed.
    pub needed: u32,
    /// Those after which the candidate would.
    pub candidate: u32,
    /// Those after which the rest would.
    pub rest: u32,
    /// Those after which both would.
    pub both: u32,
}
