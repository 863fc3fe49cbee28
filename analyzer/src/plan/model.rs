//! A finished plan: what to split, what must change first, what it gains.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::edit::{Edit, ReExportPlace, TestMoveCause};
use crate::cost::Mode;
use crate::graph::TieCause;
use crate::ids::{EditId, FileId, IdVec, ItemId, MemberId, ModuleId, PackageId, PlanCrateId, WorkspaceId};
use crate::resolve::BoundKind;
use crate::simulate::Scenario;

/// What is advised for one package.
#[derive(Debug, Clone)]
pub struct PackageAdvice {
    /// The package.
    pub package: PackageId,
    /// Whether it only serves the development of the rest: it lies among fixtures, tests, benches or examples.
    pub auxiliary: bool,
    /// Its non-test lines.
    pub lines: u32,
    /// Its share of the workspace's own modelled or measured cost, 0 to 1.
    pub cost_share: f64,
    /// The verdict.
    pub verdict: Verdict,
    /// The plan that is recommended, or the best there is for the number of crates asked for.
    pub plan: Option<Plan>,
    /// All candidates, least effort first; the recommended one is marked.
    pub frontier: Vec<Candidate>,
    /// Before and after for each scenario.
    pub savings: Vec<Saving>,
    /// Types whose inherent impls tie modules together, those with most lines first.
    pub tied_types: Vec<TiedType>,
    /// What other packages gain if they depend on the crates of the plan themselves; `None` where that is nothing.
    pub direct_users: Option<DirectUsers>,
    /// What of it programs wrote; `None` where that is nothing.
    pub generated: Option<GeneratedCode>,
}

/// Code that programs wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedCode {
    /// Its lines, as far as they were seen.
    pub lines: u32,
    /// Of all lines of the package's planned crate, 0 to 1.
    pub share: f64,
    /// Lines that people wrote.
    pub written_lines: u32,
    /// Its files, those with most lines first.
    pub files: Vec<FileId>,
    /// Calls that include what the build script writes: file and line, sorted. What no build has left was not seen.
    pub includes: Vec<(FileId, u32)>,
}

/// A type with inherent impls in many modules, which may not leave its crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TiedType {
    /// The type.
    pub item: ItemId,
    /// Lines of these impls.
    pub lines: u32,
    /// The impls outside of the type's own module, file by file, those with most lines first; never empty inside.
    pub files: Vec<Vec<ItemId>>,
}

/// Packages that use a part of a package, if they depend on that part alone.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectUsers {
    /// The packages, each with the crates that it uses.
    pub users: Vec<DirectUser>,
    /// The mode of these seconds.
    pub mode: Mode,
    /// Core seconds that are compiled after an edit of the package today.
    pub edit_work_before_s: f64,
    /// With the plan, if these users depend on the package as before.
    pub edit_work_facade_s: f64,
    /// With the plan, if these users depend on what they use.
    pub edit_work_after_s: f64,
    /// Whether the verdict and the savings count on it; else users depend on the package as before.
    pub counted: bool,
}

/// A user of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectUser {
    /// The package.
    pub package: PackageId,
    /// Names of the crates of the plan that it uses.
    pub crates: Vec<String>,
}

/// Whether to split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    /// What kind of reason.
    pub kind: CauseKind,
    /// One sentence with the figures.
    pub detail: String,
}

/// Kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The plan gives its work back in time.
    Pays,
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
    /// Users of the package gain if they depend on its parts.
    DirectUsers,
    /// Some build would get slower by more than the noise.
    Slower,
    /// The plan saves too little a week, or no build by enough to be noticed.
    BelowNoise,
    /// Small, or already well split.
    FineAsIs,
}

/// A proposed split of a package.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The crates, dependencies before dependents; the residual crate keeps the package's name.
    pub crates: IdVec<PlanCrateId, PlanCrate>,
    /// References that run against the order, one entry per pair of items.
    pub cuts: Vec<Cut>,
    /// The work on the code, beside moving whole modules: what removes the cuts, then the single items that the plan
    /// places elsewhere, then what its boundaries ask for.
    pub edits: IdVec<EditId, Edit>,
    /// What must become visible across a boundary.
    pub visibility: Vec<Widening>,
    /// Statics used across a boundary.
    pub statics: Vec<SharedStatic>,
    /// Paths to files in code that leaves the package, by file and line.
    pub paths: Vec<MovedPath>,
    /// Unit tests that have to move.
    pub test_moves: Vec<TestMove>,
    /// What tests of other crates can't use where it is.
    pub test_support: Vec<TestSupport>,
    /// Code that needs the package's build script, in what leaves the package.
    pub build_script: Vec<BuildScriptNeed>,
    /// Paths that other packages use and the package that stays has to keep by a re-export.
    pub facade: Vec<FacadePath>,
    /// What means something else once it has moved, without an error of the compiler.
    pub silent: Vec<SilentChange>,
    /// What makes the plan impossible until it is resolved by hand.
    pub blockers: Vec<Blocker>,
    /// What is to be known beside: why there are not as many crates as asked for, and that paths into the package were
    /// not followed.
    pub note: Option<String>,
}

impl Plan {
    /// Adds a cut with the work that removes it.
    pub(in crate::plan) fn add(&mut self, mut cut: Cut, mut edit: Edit) {
        edit.cuts = vec![self.cuts.len() as u32];
        cut.edit = self.edits.push(edit);
        self.cuts.push(cut);
    }
}

/// A crate of a plan.
#[derive(Debug, Clone, Default)]
pub struct PlanCrate {
    /// Package name: `a-core`.
    pub name: String,
    /// Whether it is the package that stays.
    pub residual: bool,
    /// Whole modules (each with everything below it).
    pub modules: Vec<ModuleId>,
    /// Single items taken out of a module that stays elsewhere.
    pub items: Vec<ItemId>,
    /// Every item of the crate, sorted.
    pub all_items: Vec<ItemId>,
    /// `.rs` files below its modules' directories that are not part of the analysed build (behind a feature that is
    /// off, or for another platform): they go where the module around them goes. Sorted.
    pub unlinked: Vec<String>,
    /// Crates of the plan it depends on.
    pub depends_on: Vec<PlanCrateId>,
    /// What its manifest needs of the package's dependencies: those that its files mention, sorted by package.
    pub dependencies: Vec<Need>,
    /// Features of the package that `cfg`s in its files name, sorted: it has to declare them, and the package to pass
    /// them on.
    pub features: Vec<String>,
    /// Non-test lines.
    pub lines: u32,
    /// Share of the package's cost, 0 to 1.
    pub cost_share: f64,
}

/// A dependency that a new crate's manifest needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// The package's name.
    pub package: String,
    /// The features asked for.
    pub features: Vec<String>,
    /// Whether it is optional in the package that is split.
    pub optional: bool,
    /// Whether only tests need it.
    pub dev: bool,
}

/// A static that several crates of a plan use. It stays one static, in the crate that defines it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedStatic {
    /// The static.
    pub item: ItemId,
    /// References from other crates of the plan.
    pub references: u32,
}

/// A call that means a file by where the source file or its package lies, in code that another crate takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovedPath {
    /// The source file.
    pub file: FileId,
    /// The call's line.
    pub line: u32,
    /// The call: `include_str!("data.txt")`.
    pub call: String,
    /// The crate that takes it.
    pub krate: PlanCrateId,
}

/// A call in code that another crate takes which needs what the package's build script gives: `env!("OUT_DIR")`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildScriptNeed {
    /// The source file.
    pub file: FileId,
    /// The call's line.
    pub line: u32,
    /// The call.
    pub call: String,
    /// The crate that takes it, and needs the build script or its part.
    pub krate: PlanCrateId,
}

/// Code that means something else once it has moved, without an error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SilentChange {
    /// What it hangs on.
    pub kind: BoundKind,
    /// The crate that takes it.
    pub krate: PlanCrateId,
    /// The source file.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// What stands there.
    pub what: String,
    /// How many such places this one stands for.
    pub places: u32,
}

/// An item that lies in another crate than the module around it, and is used by other packages by way of that module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FacadePath {
    /// The item.
    pub item: ItemId,
    /// The path to keep: `app::object::walk`.
    pub path: String,
    /// Packages of the repository that use it, sorted.
    pub users: Vec<PackageId>,
    /// Their references.
    pub references: u32,
}

/// References that must go before the plan is legal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The item that refers; of re-exports the one that stands for their module.
    pub from: ItemId,
    /// The item referred to; the first where several of one module are re-exported.
    pub to: ItemId,
    /// Lines of the references, in the file of `from`; of re-exports one for each item.
    pub lines: Vec<u32>,
    /// The piece of work that removes it.
    pub edit: EditId,
}

/// An item to make visible, a module on the way to one, or a re-export of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Widening {
    /// The item; of a module the item that stands for it.
    pub item: ItemId,
    /// The re-export of the item (of a glob: of all that is in the module) that is to be made visible, not the item itself.
    pub re_export: Option<ReExportPlace>,
    /// The field or associated item that is to be made visible, not the item around it.
    pub member: Option<MemberId>,
    /// References that need it.
    pub references: u32,
    /// Whether tests alone need it.
    pub tests_only: bool,
}

/// A unit test that needs a crate above and can't have it by a dev-dependency: it has to move there, or to `tests/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestMove {
    /// What exists under `cfg(test)` only and moves: mostly a function.
    pub item: ItemId,
    /// The crate that it lies in.
    pub from: PlanCrateId,
    /// The highest crate that it needs.
    pub to: PlanCrateId,
    /// Lines that need a crate above, or another test that moves.
    pub lines: Vec<u32>,
    /// Why a dev-dependency doesn't do.
    pub cause: TestMoveCause,
}

/// What tests use across a boundary and can't: what exists under `cfg(test)` only does so for no other crate, and nobody
/// depends on a package without a library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestSupport {
    /// The item; of a module that exists for tests only, the item that stands for it.
    pub item: ItemId,
    /// The crate that it lies in.
    pub from: PlanCrateId,
    /// Crates with tests that use it, sorted.
    pub users: Vec<PlanCrateId>,
    /// References that need it.
    pub references: u32,
    /// The crate that it can move to, where it needs nothing above that: else it is doubled, or made a crate of its own.
    pub to: Option<PlanCrateId>,
}

/// What stands in a plan's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocker {
    /// Why.
    pub cause: TieCause,
    /// The item.
    pub item: ItemId,
    /// One sentence.
    pub detail: String,
}

/// A point of the frontier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
