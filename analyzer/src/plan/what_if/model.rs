//! The answer to a described split: refused with its reasons, or predicted.

use serde::{Deserialize, Serialize};

use crate::ids::PackageId;
use crate::plan::model::Plan;
use crate::plan::predict::model::{Forecast, TestRuns};

/// A described split, judged.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// Why it can't be done as described; empty when it can. With any of these there is no forecast.
    pub refusals: Vec<Refusal>,
    /// The packages that are split, in the order of their ids; none when a name in the plan means nothing.
    pub splits: Vec<DescribedSplit>,
    /// What is worth knowing and stops nothing.
    pub notes: Vec<PlanNote>,
    /// Before and after: workspaces, then scenarios, modes and jobs as given.
    pub forecasts: Vec<Forecast>,
    /// The tests that run after an edit, where it is known how long they take.
    pub test_runs: Option<TestRuns>,
}

/// A package as it would be.
#[derive(Debug, Clone)]
pub struct DescribedSplit {
    /// The package.
    pub package: PackageId,
    /// Its crates, what has to be cut, moved and made visible first.
    pub plan: Plan,
}

/// Why a described split can't be done as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// What kind of reason.
    pub kind: RefusalKind,
    /// One sentence.
    pub detail: String,
    /// The places that make it so, the most telling first: in the plan's file, or in the sources.
    pub places: Vec<PlanPlace>,
    /// How many places there are in all, if more than are listed.
    pub place_count: u32,
}

/// Kinds of [`Refusal`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RefusalKind {
    /// `from` names no package with a library or binary.
    UnknownPackage,
    /// No such module in the package.
    UnknownModule,
    /// No such item in the package.
    UnknownItem,
    /// A module or item is named twice.
    NamedTwice,
    /// A package of that name exists, or another crate of the plan has it.
    NameTaken,
    /// Not a name that cargo takes.
    InvalidName,
    /// A crate into which nothing goes.
    EmptyCrate,
    /// The whole package: there is nothing left to take it from.
    WholePackage,
    /// An `impl` would lie neither with its trait nor with its type.
    OrphanedImpl,
    /// Crates would need each other.
    Cycle,
}

impl RefusalKind {
    /// Whether cutting references or moving an `impl` mends it.
    pub fn can_be_cut(self) -> bool {
        matches!(self, Self::OrphanedImpl | Self::Cycle)
    }
}

/// A line that a reason points at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanPlace {
    /// Relative to the analysed directory, with `/`; the plan's own path as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is there.
    pub what: String,
}

/// Something that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanNote {
    /// What it is about.
    pub kind: PlanNoteKind,
    /// One sentence.
    pub detail: String,
    /// Where.
    pub places: Vec<PlanPlace>,
}

/// Kinds of [`PlanNote`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PlanNoteKind {
    /// Only tests refer against the order: a dev-dependency, which cargo allows.
    TestOnlyCycle,
    /// The package's own crate must lie below some of the new ones: it can't re-export them.
    NotReexported,
    /// An `impl` that was assumed to be moved to its trait or type.
    ImplMoved,
    /// A macro that has to be exported.
    MacroToExport,
    /// Paths into the package that were not followed: each may be a reference that the plan doesn't know.
    LostPaths,
    /// Files that move are modules of other targets of the package, too.
    SharedFiles,
    /// No cold build is predicted, for want of a lock file.
    NoColdBuild,
}
