//! What is said of one package, of a program, and of settings.

use serde::{Deserialize, Serialize};

use super::plan::{ManifestEditReport, PlanReport};
use crate::cost::Mode;
use crate::plan::{Candidate, Interval, LeverKind, Saving, Verdict, VerdictKind};

/// What is advised for a package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackageReport {
    /// Name as in the manifest.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: String,
    /// Its target that is planned; absent in reports of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<PlannedTargetReport>,
    /// Its other targets with modules of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_targets: Vec<OtherTargetReport>,
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

/// A library or a binary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedTargetReport {
    /// `lib` or `bin`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A library or binary of a package beside the one that is planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherTargetReport {
    /// Which.
    pub target: PlannedTargetReport,
    /// Its modules with code outside of its root, without those of targets that were looked at before it.
    pub modules: u32,
    /// Their lines.
    pub lines: u32,
    /// What comes of it.
    pub standing: OtherTargetStanding,
    /// Of one that was judged: the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<VerdictKind>,
    /// Its best plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidate: Option<Candidate>,
}

/// What comes of a target that is not the planned one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OtherTargetStanding {
    /// It was judged by itself; `--bin` or `--lib` plans it.
    Judged,
    /// It was not judged: too small for that unasked, or another target was asked for.
    NotJudged,
    /// It uses the library of its package, so that no new crate can have its modules.
    UsesLibrary,
}

/// Code that programs wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImplReport {
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its lines.
    pub lines: u32,
}

/// What other packages gain if they depend on the crates of a plan in place of the package that re-exports them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DirectUserReport {
    /// Its name.
    pub package: String,
    /// The crates of the plan that it uses.
    pub crates: Vec<String>,
    /// What its manifest gets and loses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestEditReport>,
}

/// A setting that costs build time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
