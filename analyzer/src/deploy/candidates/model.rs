//! What is said of a part of a program that could be a service of its own.

use serde::{Deserialize, Serialize};

use crate::deploy::redeploys::Redeploys;
use crate::deploy::roles::Route;
use crate::ids::{DefinitionId, FileId, ItemId, PackageId, TargetId};
use crate::resolve::ObstacleKind;

/// A part of a program that could be a service of its own, and what is in the way.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The program.
    pub program: TargetId,
    /// A name for it.
    pub name: String,
    /// The program's roles that it is made of, by their names; none where it is made of routes.
    pub roles: Vec<String>,
    /// What it answers.
    pub routes: Vec<Route>,
    /// Whether it runs in a process of its own already: the program's command line chooses it.
    pub apart: bool,
    /// Files of which it alone would run something, sorted.
    pub own_files: Vec<FileId>,
    /// Files of which both would run something, sorted.
    pub shared_files: Vec<FileId>,
    /// Lines of its own files.
    pub own_lines: u32,
    /// Their share of the lines of all files that the program runs something of, 0 to 1.
    pub own_share: f64,
    /// Packages that it would be built from, beside what becomes of the program's own, sorted.
    pub packages: Vec<PackageId>,
    /// Calls between the two, most references first. Their callers are known to run.
    pub crossing: Vec<Crossing>,
    /// Others whose callers are run by a name that several methods have, called on something of unknown type: they may be nobody's.
    pub crossing_by_name: usize,
    /// Types of the repository in the signatures of what is called.
    pub types: Vec<CrossingType>,
    /// Tables that it names.
    pub tables: Vec<TableSides>,
    /// Transactions over tables of both.
    pub transactions: Vec<Transaction>,
    /// What has to change before, most in the way first.
    pub blockers: Vec<Blocker>,
    /// Authentication and other work around handlers that both run.
    pub middleware: Vec<Located>,
    /// Features that its files ask for, sorted.
    pub features: Vec<String>,
    /// Variables of the environment that it reads.
    pub variables: Vec<Variable>,
    /// What to do first.
    pub steps: Vec<Step>,
    /// Scores of the literature.
    pub scores: Scores,
    /// What becomes of the proposal at other prices.
    pub stability: Stability,
    /// How many of the replayed commits deploy what again; `None` without a history.
    pub redeploys: Option<CandidateRedeploys>,
    /// All files that it would run something of.
    pub(crate) files: Vec<FileId>,
    /// All files that the rest would.
    pub(crate) rest_files: Vec<FileId>,
    pub(crate) running: Vec<PackageId>,
    pub(crate) rest_running: Vec<PackageId>,
}

/// A call that becomes one over the network, or a table that both use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The function that calls.
    pub from: DefinitionId,
    /// The function that is called.
    pub to: DefinitionId,
    /// Whether the candidate calls; else the rest does.
    pub outwards: bool,
    /// The file of the first call.
    pub file: FileId,
    /// Its line, from 1.
    pub line: u32,
    /// How often it is named there.
    pub references: u32,
    /// What of its signature can't be sent.
    pub obstacles: Vec<(ObstacleKind, String)>,
}

/// A type that crosses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossingType {
    /// The type.
    pub item: ItemId,
    /// Whether it can be written out and read in again.
    pub serializes: bool,
    /// What of it can't be sent, with the line.
    pub obstacles: Vec<(ObstacleKind, String, u32)>,
}

/// A table, and who uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSides {
    /// Its name.
    pub name: String,
    /// Whose it is, going by who writes it more often.
    pub home: Side,
    /// Where the candidate uses it: the first place that writes it, or else reads it.
    pub own: Option<TablePlace>,
    /// Where the rest does.
    pub rest: Option<TablePlace>,
}

/// A place that uses a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TablePlace {
    /// Whether it is read only.
    pub reads: bool,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The candidate.
    Candidate,
    /// What is left of the program.
    Rest,
}

/// A transaction over tables of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// The function that begins it.
    pub of: DefinitionId,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
    /// The tables, those of the candidate first.
    pub tables: Vec<(String, Side)>,
}

/// What is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// What it is.
    pub kind: BlockerKind,
    /// The thing: a static, a field, a table, a function.
    pub what: String,
    /// More of it: a type, the other place.
    pub detail: String,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}

/// What is in the way of a service of its own, most in the way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BlockerKind {
    /// A transaction over tables of both.
    Transaction,
    /// A static that changes, which both use.
    Static,
    /// A lock or an atomic that both use through one struct, or that is made where both are started.
    Lock,
    /// A channel between both.
    Channel,
    /// A call that crosses takes or gives a closure.
    Closure,
    /// A call that crosses takes or gives something that belongs to its process.
    Handle,
    /// A call that crosses takes or gives a value whose type is chosen while it runs.
    Dyn,
    /// A call that crosses lends something.
    Borrow,
    /// A call that crosses has types that its caller chooses, or an address.
    Generic,
    /// A table that both write.
    Table,
    /// A static that somebody sets once, which both read.
    Once,
    /// A pool of connections that both get from one place.
    Pool,
}

/// Something with a name and a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Located {
    /// What.
    pub what: String,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}

/// A variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether the rest reads it, too.
    pub shared: bool,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
}

/// One of the first things to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What kind of work.
    pub kind: StepKind,
    /// What it is about.
    pub what: String,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
    /// Files that are to be moved, if some are, sorted.
    pub files: Vec<FileId>,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StepKind {
    /// End a transaction before the other side's tables.
    PartTransaction,
    /// Keep a state at one side, or where both can reach it.
    MoveState,
    /// Give a call a signature of values that can be sent.
    PlainSignature,
    /// Let one side write a table.
    OneWriter,
    /// Put what crosses behind a trait, so that it can be called over the network later.
    Interface,
    /// Move its own files into a package.
    Package,
    /// Give it a binary of its own.
    Binary,
}

/// Scores of the literature, of the candidate and the rest as two partitions; the units are files.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scores {
    /// Structural modularity: cohesion of both less the coupling between them; more is better.
    pub structural_modularity: f64,
    /// Interface number: functions of one that the other calls, the mean of both.
    pub interface_number: f64,
    /// Share of the calls that cross, 0 to 1.
    pub inter_partition_calls: f64,
    /// Share of the files in a partition of less than 5 or more than 20, 0 to 1.
    pub non_extreme_distribution: f64,
    /// Transactions that either runs.
    pub transactions: u32,
    /// Share of them over tables of both, 0 to 1.
    pub transactions_across: f64,
}

/// What becomes of a proposal at other prices.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stability {
    /// Sets of prices that were tried.
    pub tried: u32,
    /// Those at which it is proposed.
    pub proposed: u32,
    /// The least share of its own files (of both together) that a proposal at one of these has in common with it, 0 to 1.
    pub least_overlap: f64,
}

/// How many of the replayed commits deploy what again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CandidateRedeploys {
    /// The program, today.
    pub program: Redeploys,
    /// The candidate by itself: commits that change something which it runs.
    pub candidate: u32,
    /// The rest.
    pub rest: u32,
    /// Both at once.
    pub both: u32,
}
