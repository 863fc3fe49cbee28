//! Whether it pays: the verdict with its reasons, and the figures that it rests on.

use serde::{Deserialize, Serialize};

use crate::cost::Mode;
use crate::ids::{PackageId, WorkspaceId};
use crate::simulate::Scenario;

/// Whether to split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// The answer.
    pub kind: VerdictKind,
    /// Why, most important first.
    pub causes: Vec<Cause>,
    /// In what share of the sampled cases (seconds, shares and machine off by as much as they may be) the plan pays, 0 to 1.
    /// Absent where no plan was weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pays_share: Option<f64>,
    /// What the plan saves a week, and what it would have to. Absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// What would make the answer sure: of [`VerdictKind::MeasureFirst`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle: Option<Settle>,
}

/// A week of builds at the repository's own pace, before and after a plan; medians.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Week {
    /// Commits a week to the analysed directory. Each is taken for one run of CI, which builds clean in every mode.
    pub commits: f64,
    /// Whether they were counted in git's history; else they are assumed or were given.
    pub counted: bool,
    /// Of these, commits that change the package's own sources.
    pub package_commits: f64,
    /// Edits for each of them, assumed or given: each is built once in every mode but `release`.
    pub edits_per_commit: f64,
    /// Minutes that these builds take a week today.
    pub before_min: f64,
    /// With the plan.
    pub after_min: f64,
    /// Minutes a week that the plan has to save.
    pub asked_min: f64,
    /// What the plan takes to be carried out, in hours of work by hand: what it has to give back.
    pub work_h: f64,
    /// Within how many weeks.
    pub payback_weeks: f64,
}

/// What settles a verdict that hangs on seconds which nobody has measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settle {
    /// What to run, one command after the other; none where only carrying the plan out can tell.
    pub commands: Vec<String>,
    /// The build whose seconds decide.
    pub scenario: Scenario,
    /// Its mode.
    pub mode: Mode,
    /// Its predicted seconds.
    pub predicted_s: f64,
    /// From how many seconds on the plan pays. Absent where its seconds alone don't decide, but how they fall on the
    /// package's modules.
    pub above_s: Option<f64>,
}

/// The four answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// Split now: the plan is cheap and pays.
    Split,
    /// Splitting would pay, but the cuts must be made first.
    UntangleFirst,
    /// Whether it pays hangs on what isn't known: [`Verdict::settle`] says what to find out.
    MeasureFirst,
    /// Leave it as it is.
    Keep,
}

/// A reason for the verdict, with a sentence that holds its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cause {
    /// What kind of reason.
    pub kind: CauseKind,
    /// One sentence with the figures.
    pub detail: String,
}

/// Kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The plan gives its work back in time.
    Pays,
    /// The deploys that it saves give its work back, whatever builds gain.
    Deploys,
    /// It may, or may not.
    Unsure,
    /// What the repository's own commits compile again, today and with the plan.
    Commits,
    /// A build gains for certain and counts for nothing, since nobody is taken to wait for it.
    NotCounted,
    /// Code generation dominates: splitting moves little.
    LlvmBound,
    /// The crates would wait for each other.
    SerialChain,
    /// Linking dominates.
    LinkBound,
    /// Generic code is compiled where it is used, whatever the crate.
    GenericHeavy,
    /// Too many references would have to be cut.
    Tangled,
    /// Inherent impls of one type lie in many modules.
    InherentImpls,
    /// Programs wrote nearly all of its code.
    Generated,
    /// Other targets of the package have modules of their own.
    OtherTargets,
    /// Users of the package gain if they depend on its parts.
    DirectUsers,
    /// Some build would get slower by more than the noise.
    Slower,
    /// The plan saves too little a week, or no build by enough to be noticed.
    BelowNoise,
    /// Small, or already well split.
    FineAsIs,
}

/// A point of the frontier.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Candidate {
    /// Number of crates, the residual one included unless it only re-exports the others.
    pub crates: u32,
    /// Pairs of items to cut, and re-exports to take out of lower crates.
    pub cuts: u32,
    /// Pieces of work that remove the cuts, re-exports aside: one item that moves may remove many.
    #[serde(default)]
    pub edits: u32,
    /// How many of the cuts are re-exports, which only name what lies above.
    #[serde(default)]
    pub re_exports: u32,
    /// References in these pairs.
    pub cut_references: u32,
    /// Items to move on their own.
    pub items_moved: u32,
    /// Items to make visible.
    pub visibility: u32,
    /// Blockers.
    pub blockers: u32,
    /// Share of reference weight that runs against the order.
    pub back_edge_share: f64,
    /// Saving in a clean `cargo build` (of the first mode asked for where that is none of them), percent, at the default jobs.
    pub clean_saved_pct: f64,
    /// Saving over the repository's edits in the same mode, percent.
    pub edit_saved_pct: f64,
    /// Whether this is the one recommended.
    pub recommended: bool,
}

/// One prediction: before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Saving {
    /// `clean` or `edit`.
    pub scenario: Scenario,
    /// check, dev, release.
    pub mode: Mode,
    /// Parallel jobs.
    pub jobs: u32,
    /// Seconds before the split.
    pub before_s: Interval,
    /// Seconds after.
    pub after_s: Interval,
    /// Percent saved; negative when it gets slower.
    pub saved_pct: Interval,
    /// Whether the saving is above the noise floor, with its whole interval.
    pub significant: bool,
    /// Never: link-time optimisation is part of these seconds. Once it was said here where it came on top.
    pub without_lto: bool,
}

/// A prediction with its 80 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// One in ten is below.
    pub p10: f64,
    /// Median.
    pub p50: f64,
    /// One in ten is above.
    pub p90: f64,
}

/// Something cheaper than a split that the workspace's own settings show to apply.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// The workspace whose root manifest holds the setting.
    pub workspace: WorkspaceId,
    /// The packages that it is about; none for a setting of the workspace.
    pub packages: Vec<PackageId>,
    /// What kind of setting.
    pub kind: LeverKind,
    /// The profile, `dev` or `release`.
    pub profile: String,
    /// Whether that is what cargo does by default, so that most workspaces have it.
    pub by_default: bool,
    /// One sentence: what is set, what to set, and what it costs.
    pub detail: String,
    /// Percent saved of a clean build: by simulation (80 %), or of its processor time in builds that were measured with and
    /// without the setting (least, mean and most of them); `None`: not estimated.
    pub saved_pct: Option<Interval>,
    /// Percent saved of the profile's rebuild after an edit, likewise.
    pub edit_saved_pct: Option<Interval>,
}

/// Kinds of [`Lever`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LeverKind {
    /// Link-time optimisation.
    Lto,
    /// The number of code-generation units.
    CodegenUnits,
    /// Debug information.
    DebugInfo,
    /// Optimisation in development builds.
    OptLevel,
    /// Incremental compilation.
    Incremental,
    /// A dependency between packages of the workspace that holds up the build and hangs on few references.
    DropDependency,
    /// Crates too small to pay for themselves.
    MergeCrates,
    /// Files that several targets of a package declare with `mod`, and compile once each.
    ShareModules,
}
