//! A finished plan: what to split, what must change first, what it gains.

mod boundary;
mod plan;
mod verdict;

use crate::cost::Mode;
use crate::ids::{CrateId, FileId, IdVec, ItemId, PackageId, PlanCrateId};
use crate::plan::edit::UserManifest;

pub use boundary::{
    BuildScriptNeed, FacadePath, MovedPath, OtherPath, SharedStatic, SilentChange, TestMove, TestSupport,
    Widening,
};
pub use plan::{Blocker, Cut, Need, Plan, PlanCrate};
pub use verdict::{
    Candidate, Cause, CauseKind, Interval, Lever, LeverKind, Saving, Settle, Verdict, VerdictKind, Week,
};

/// What is advised for one package.
#[derive(Debug, Clone)]
pub struct PackageAdvice {
    /// The package.
    pub package: PackageId,
    /// Its target that is planned: the library, or a binary.
    pub krate: CrateId,
    /// Its other targets with modules of their own.
    pub other_targets: Vec<OtherTarget>,
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
    /// What each of them names: its crates without the list of all their items.
    pub layouts: Vec<IdVec<PlanCrateId, PlanCrate>>,
    /// Before and after for each scenario.
    pub savings: Vec<Saving>,
    /// Types whose inherent impls tie modules together, those with most lines first.
    pub tied_types: Vec<TiedType>,
    /// What other packages gain if they depend on the crates of the plan themselves; `None` where that is nothing.
    pub direct_users: Option<DirectUsers>,
    /// What of it programs wrote; `None` where that is nothing.
    pub generated: Option<GeneratedCode>,
}

/// A library or binary of a package beside the one that is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherTarget {
    /// Its crate.
    pub krate: CrateId,
    /// Non-test lines of its modules outside of its root, without those in files of targets that were looked at before it.
    pub lines: u32,
    /// These modules, as far as they have code.
    pub modules: u32,
    /// What comes of it.
    pub standing: TargetStanding,
}

/// What comes of a target that is not the planned one.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetStanding {
    /// It was judged by itself, and is planned where it is asked for.
    Judged {
        /// The answer.
        verdict: VerdictKind,
        /// Its best plan.
        candidate: Option<Candidate>,
    },
    /// It was not judged: too small for that unasked, or another target was asked for.
    NotJudged,
    /// It uses the library of its package: no new crate could have its modules and be used by it.
    UsesLibrary,
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
    /// What its manifest gets and loses.
    pub manifest: UserManifest,
}
