//! The contract of `analyze --format json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commits::CommitsReport;
use crate::cost::built::{RefusalReason, UnitCounts};
use crate::cost::measured::BuildMode;
use crate::cost::{Basis, CostSource, CrateKind, CratePhase, Mode};
use crate::diagnostic::Diagnostic;
use crate::graph::TieCause;
use crate::plan::{Candidate, Fix, Interval, LeverKind, Need, Saving, TestMoveCause, Verdict};
use crate::resolve::{BoundKind, UnresolvedCause};

/// The version of every JSON output; raised when a field changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// A finished analysis. Paths are relative to the analysed directory, with `/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Binaries and what they need, most costly first.
    pub deployables: Vec<DeployableReport>,
    /// What the latest commits compile again, today and with the plans. Absent without a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<CommitsReport>,
    /// Where the seconds come from.
    pub costs: CostsReport,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// Name and version of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `split-advisor`.
    pub name: String,
    /// The version of the library.
    pub version: String,
}

/// What an analysis was asked for: what decides its result beside the repository itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WorkspaceSummary {
    /// Its directory; `.` for the analysed directory itself.
    pub dir: String,
    /// Number of member packages.
    pub packages: u32,
    /// Number of packages in its lock file, its own included; 0 without a lock file.
    pub locked: u32,
}

/// The analysis' own recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CauseCount {
    /// Why a reference was not followed.
    pub cause: UnresolvedCause,
    /// How often.
    pub count: u64,
}

/// What is advised for a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PackageReport {
    /// Name as in the manifest.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: String,
    /// Whether it only serves the development of the rest: it lies among fixtures, tests, benches or examples.
    pub auxiliary: bool,
    /// Its lines outside tests.
    pub lines: u32,
    /// Its share of the compile cost of all packages here, 0 to 1.
    pub cost_share: f64,
    /// Whether to split, and why.
    pub verdict: Verdict,
    /// How: the recommended plan, or the best one for the number of crates asked for.
    pub plan: Option<PlanReport>,
    /// All candidates that were weighed, least effort first.
    pub frontier: Vec<Candidate>,
    /// Predictions for the plan.
    pub savings: Vec<Saving>,
    /// Types whose inherent impls tie modules together, those with most lines first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tied_types: Vec<TiedTypeReport>,
    /// What other packages gain if they depend on the crates of the plan themselves; absent where that is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_users: Option<DirectUsersReport>,
    /// What of it programs wrote; absent where that is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<GeneratedReport>,
}

/// Code that programs wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GeneratedReport {
    /// Its lines, as far as they were seen.
    pub lines: u32,
    /// Of all lines of the package's planned crate, 0 to 1.
    pub share: f64,
    /// Its files, those with most lines first.
    pub files: Vec<String>,
    /// Calls that include what the build script writes, as `file:line`. What no build has left was not seen.
    pub includes: Vec<String>,
}

/// A type with inherent impls in many modules. They may not leave its crate (E0116): as extension traits or free functions
/// they could.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TiedTypeReport {
    /// Full path of the type.
    pub item: String,
    /// The file that defines it.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// Lines of these impls.
    pub lines: u32,
    /// The impls outside of the type's own module, those of the file with most lines first.
    pub impls: Vec<ImplReport>,
}

/// An `impl` block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImplReport {
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its lines.
    pub lines: u32,
}

/// What other packages gain if they depend on the crates of a plan in place of the package that re-exports them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DirectUsersReport {
    /// The packages that use a part, each with the crates that it uses.
    pub users: Vec<DirectUserReport>,
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

/// A package that uses a part of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DirectUserReport {
    /// Its name.
    pub package: String,
    /// The crates of the plan that it uses.
    pub crates: Vec<String>,
}

/// A proposed split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanReport {
    /// The crates, dependencies before dependents.
    pub crates: Vec<PlanCrateReport>,
    /// References that must go first, one entry per pair of items.
    pub cuts: Vec<CutReport>,
    /// The work on the code beside moving whole modules: what removes the cuts, most of them first; single items that the
    /// plan has elsewhere than their module; what the new boundaries ask for.
    #[serde(default)]
    pub edits: Vec<PlanEditReport>,
    /// Items to make visible across a boundary.
    pub visibility: Vec<WideningReport>,
    /// Statics that several of the crates use: one static still, in the crate that defines it.
    #[serde(default)]
    pub statics: Vec<WideningReport>,
    /// Calls that mean a file by where the source file or its package lies, in code that another crate takes: the file
    /// has to move too, or the path has to change.
    #[serde(default)]
    pub paths: Vec<MovedPathReport>,
    /// Unit tests that have to move to the crate above that they use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test_moves: Vec<TestMoveReport>,
    /// What tests of other crates use and can't where it lies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub test_support: Vec<TestSupportReport>,
    /// Calls in what another crate takes that read what the package's build script wrote or set: it, or its part, goes along
    /// with its build-dependencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub build_script: Vec<MovedPathReport>,
    /// Paths that other packages use and that need a re-export of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facade: Vec<FacadePathReport>,
    /// What means something else once it has moved, without an error of the compiler: by kind, crate and place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<SilentReport>,
    /// What has to be resolved by hand.
    pub blockers: Vec<BlockerReport>,
    /// What is to be said of the number of crates, if it is not the one asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Code that means something else once it has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SilentReport {
    /// What it hangs on.
    pub kind: BoundKind,
    /// The source file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What stands there: `inventory::submit!`, `env!("CARGO_PKG_NAME")`; of an example in docs the crate that it names.
    pub what: String,
    /// The crate of the plan that takes it.
    #[serde(rename = "crate")]
    pub krate: String,
    /// How many such places this one stands for: of log calls, queries and examples in docs only the first of each crate is
    /// listed.
    pub places: u32,
    /// What comes of it.
    pub detail: String,
}

/// A path to a file, in code that moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MovedPathReport {
    /// The source file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The call: `include_str!("data.txt")`.
    pub call: String,
    /// The crate of the plan that takes it.
    #[serde(rename = "crate")]
    pub krate: String,
}

/// A crate of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanCrateReport {
    /// Package name.
    pub name: String,
    /// Whether it is the package that stays.
    pub residual: bool,
    /// Whole modules, each with everything below it except what another crate names.
    pub modules: Vec<String>,
    /// Single items taken out of a module that stays elsewhere.
    pub items: Vec<String>,
    /// Files most of whose lines go here.
    pub files: Vec<String>,
    /// Lines outside tests.
    pub lines: u32,
    /// Share of the package's cost, 0 to 1.
    pub cost_share: f64,
    /// Crates of the plan that it depends on.
    pub depends_on: Vec<String>,
    /// Dependencies that its manifest needs, as far as its files mention them.
    #[serde(default)]
    pub dependencies: Vec<Need>,
    /// Features of the package that its files name in `cfg`s: to be declared here too and passed on.
    #[serde(default)]
    pub features: Vec<String>,
}

/// References from one item to another that run against the order of the crates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CutReport {
    /// The item that refers.
    pub from: String,
    /// The item referred to.
    pub to: String,
    /// Crate of the plan that `from` is in.
    pub from_crate: Option<String>,
    /// Crate of the plan that `to` is in.
    pub to_crate: Option<String>,
    /// The file of `from`.
    pub file: String,
    /// The first reference's line.
    pub line: u32,
    /// All lines.
    pub lines: Vec<u32>,
    /// Number of references.
    pub references: u32,
    /// The cheapest way to remove it.
    pub fix: Fix,
    /// What to do, in one sentence.
    pub detail: String,
    /// The edit that removes it, by its id.
    #[serde(default)]
    pub edit: String,
}

/// A piece of work that a plan takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanEditReport {
    /// `e1`, `e2`…, in this plan.
    pub id: String,
    /// Of what removes cuts: `move-items`, `move-trait`, `split-impl`, `pass-value`, `pass-function`, `invert`, `dev-crate`,
    /// `drop-re-export`; of what the new boundaries ask for: `widen`, `export-macro`, `move-tests`,
    /// `test-support`, `build-script`, `keep-path`, `move-file`.
    pub kind: String,
    /// The crate of the plan that items move to, or in which code changes.
    #[serde(rename = "crate")]
    pub krate: String,
    /// The crate that items leave, where they move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_crate: Option<String>,
    /// What moves, or whose code changes; what it is about comes first.
    pub items: Vec<PlanItemReport>,
    /// Lines that move or change.
    pub lines: u32,
    /// Positions in `cuts` of the references that it removes.
    pub cuts: Vec<u32>,
    /// Of `widen`: the visibility that is written there, `private` where none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Of `widen`: the visibility that it needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What to do, in one sentence.
    pub detail: String,
}

/// An item of a plan's work, by what nothing else shares: two `impl` blocks of one type differ in their lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanItemReport {
    /// Its path.
    pub item: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
}

/// An item to make visible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WideningReport {
    /// The item.
    pub item: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// References that need it.
    pub references: u32,
    /// Whether tests alone need it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tests_only: bool,
}

/// A unit test that can't have the crate above that it needs by a dev-dependency: it moves there, or to `tests/`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestMoveReport {
    /// The test, or what only tests use.
    pub item: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// The crate that it lies in.
    pub from_crate: String,
    /// The crate that it moves to.
    pub to_crate: String,
    /// Its lines that need what lies above.
    pub lines: Vec<u32>,
    /// Why a dev-dependency doesn't do.
    pub cause: TestMoveCause,
}

/// What tests of other crates use and can't: it exists for the tests of its own crate only, or in a package without a library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestSupportReport {
    /// The item, or the module.
    pub item: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// The crate that it lies in.
    pub from_crate: String,
    /// Crates with tests that use it.
    pub users: Vec<String>,
    /// References that need it.
    pub references: u32,
    /// The crate that it can move to; without one it is doubled, put behind a feature, or made a crate of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_crate: Option<String>,
}

/// A path that other packages use, and that the package has to keep by a re-export of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FacadePathReport {
    /// The path: `app::object::walk`.
    pub path: String,
    /// Where the item is written.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Packages that use it.
    pub users: Vec<String>,
    /// Their references.
    pub references: u32,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BlockerReport {
    /// Why.
    pub cause: TieCause,
    /// The item.
    pub item: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// One sentence.
    pub detail: String,
}

/// A binary and what it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeployableReport {
    /// The bin target's name.
    pub name: String,
    /// Its package.
    pub package: String,
    /// Whether it only serves tests, fuzzing, benchmarks or as an example: nobody deploys it.
    pub auxiliary: bool,
    /// Local packages it needs, its own included.
    pub packages: Vec<String>,
    /// Modules with something that it may run: reached by references, by `impl`s of what is reached, or by a method's name.
    pub modules: Vec<String>,
    /// Share of the repository's compile cost that these modules make up, 0 to 1.
    pub cost_share: f64,
}

/// A setting that costs build time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeverReport {
    /// Directory of the workspace whose root manifest holds it; `.` for the analysed directory itself.
    pub workspace: String,
    /// Names of the packages that it is about; none for a setting of the workspace.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// What kind of setting.
    pub kind: LeverKind,
    /// The profile: `dev` or `release`.
    pub profile: String,
    /// Whether that is what cargo does by default.
    #[serde(default)]
    pub by_default: bool,
    /// What is set, what to set, and what it costs.
    pub detail: String,
    /// Percent saved of a clean build: by simulation (80 %), or of its processor time in builds that were measured with and
    /// without the setting (least, mean and most of them); absent where only a measurement can tell.
    pub saved_pct: Option<Interval>,
    /// Percent saved of the profile's rebuild after an edit; absent likewise.
    #[serde(default)]
    pub edit_saved_pct: Option<Interval>,
}

/// Where the seconds come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CostsReport {
    /// Measured, imported, of a build that happened anyway, or modelled.
    pub source: CostSource,
    /// The repository's own crates, one entry per mode.
    pub modes: Vec<ModeCost>,
    /// What earlier builds have left in target directories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built: Vec<BuiltReport>,
    /// Rebuilds after an edit whose times are still there, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured_edits: Vec<EditReport>,
    /// What earlier builds have left and is not used, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedReport>,
}

/// What builds of one profile and mode have left in one directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BuiltReport {
    /// The target directory, relative to the analysed directory where it lies in or beside it.
    pub directory: String,
    /// `--target`; absent for the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triple: Option<String>,
    /// Cargo's profile.
    pub profile: String,
    /// What cargo was asked to do.
    pub mode: BuildMode,
    /// When the newest of its units ended, in UTC: `2026-02-03T04:05:06Z`.
    pub ended: String,
    /// How many units there are.
    pub units: UnitCounts,
    /// Whether seconds are taken from it; others are covered by a file, or by another directory.
    pub used: bool,
}

/// One rebuild after an edit that was made anyway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EditReport {
    /// The target directory.
    pub directory: String,
    /// Cargo's profile.
    pub profile: String,
    /// What cargo was asked to do.
    pub mode: BuildMode,
    /// When it ended, in UTC.
    pub ended: String,
    /// Seconds from the first unit's start to the last one's end.
    pub wall_s: f64,
    /// What was edited: units of which nothing that they depend on was rebuilt.
    pub edited: Vec<String>,
    /// How many units were rebuilt.
    pub units: u64,
    /// Whether all of it is there: of an older rebuild later ones have written over a part.
    pub complete: bool,
}

/// Times that are not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefusedReport {
    /// The directory.
    pub directory: String,
    /// Why.
    pub reason: RefusalReason,
    /// How many units.
    pub units: u64,
    /// One of them.
    pub example: String,
}

/// Core seconds of the libraries and binaries of the repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModeCost {
    /// check, dev or release.
    pub mode: Mode,
    /// Front end, core seconds.
    pub frontend_s: f64,
    /// Code generation, core seconds.
    pub codegen_s: f64,
    /// A duration's relative error as a factor: p10 = p50 / factor, p90 = p50 × factor.
    pub error_factor: f64,
    /// Where the seconds of most of these crates come from, weighted by their cost.
    pub source: CostSource,
    /// What the seconds of crates that aren't known in this mode were multiplied by, all together; of those that are, where
    /// there is no other. Absent where nothing is known of any mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<f64>,
    /// Modules whose part of their crate's seconds was measured (`measure --modules`); where none was, the model shares
    /// a crate's seconds out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub measured_modules: u64,
    /// How many of these crates rest on what; absent where nothing is known of any mode.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bases: BTreeMap<Basis, u64>,
    /// By kind of crate and phase, what modelled seconds were multiplied by; absent likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scaled: Vec<ScaledCost>,
    /// Each crate with its seconds and their origin, where not all are modelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crates: Vec<CrateCost>,
}

/// What modelled seconds of one kind of crate and one phase were multiplied by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScaledCost {
    /// Which crates.
    pub kind: CrateKind,
    /// Which of their seconds.
    pub phase: CratePhase,
    /// Crates of this kind of which some seconds are known, in any mode.
    pub known: u64,
    /// The factor for a crate of which nothing is known.
    pub factor: f64,
    /// Four of five such crates are off by at most this factor then.
    pub error_factor: f64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Core seconds of one crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrateCost {
    /// Its package.
    pub package: String,
    /// Its target's name.
    pub target: String,
    /// Front end, core seconds.
    pub frontend_s: f64,
    /// Code generation, core seconds.
    pub codegen_s: f64,
    /// Where the two come from.
    pub source: CostSource,
    /// What they rest on.
    #[serde(default)]
    pub basis: Basis,
    /// Four of five times they are off by at most this factor, beyond what all crates share that aren't known.
    #[serde(default = "one")]
    pub error_factor: f64,
}

fn one() -> f64 {
    1.0
}
