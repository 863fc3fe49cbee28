//! The answer to a described split: refused with its reasons, or predicted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::model::{Interval, Plan, Scenario};
use crate::cost::Mode;
use crate::ids::{PackageId, WorkspaceId};
use crate::simulate::CriticalUnit;

/// What is asked about a described split.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIfOptions {
    /// What is built.
    pub scenarios: Vec<Scenario>,
    /// Numbers of parallel jobs.
    pub jobs: Vec<u32>,
    /// Predict in spite of references against the order of the crates and of impls in the wrong crate, as if these
    /// had been cut and moved first; they are listed in the plan.
    pub assume_cuts: bool,
    /// Other packages depend on those of the new crates that they use, in place of the package that re-exports them all.
    pub direct_users: bool,
    /// A saving below this many percent is reported as none; see
    /// [`PlanOptions`](crate::plan::PlanOptions::noise_floor_pct).
    pub noise_floor_pct: f64,
    /// A saving of fewer seconds is reported as none; see
    /// [`PlanOptions`](crate::plan::PlanOptions::noise_floor_s).
    pub noise_floor_s: f64,
}

impl Default for WhatIfOptions {
    fn default() -> Self {
        let plan = crate::plan::PlanOptions::default();
        Self {
            scenarios: vec![Scenario::Cold, Scenario::Clean, Scenario::Edit],
            jobs: vec![1, 2, 4, 8],
            assume_cuts: false,
            direct_users: false,
            noise_floor_pct: plan.noise_floor_pct,
            noise_floor_s: plan.noise_floor_s,
        }
    }
}

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PlanPlace {
    /// Relative to the analysed directory, with `/`; the plan's own path as it was given.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is there.
    pub what: String,
}

/// Something that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanNote {
    /// What it is about.
    pub kind: PlanNoteKind,
    /// One sentence.
    pub detail: String,
    /// Where.
    pub places: Vec<PlanPlace>,
}

/// Kinds of [`PlanNote`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// No cold build is predicted, for want of a lock file.
    NoColdBuild,
}

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
