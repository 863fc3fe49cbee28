//! The contract of `apply --format json`: a plan carried out.

use serde::{Deserialize, Serialize};

use super::model::Tool;

/// What came of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApplyReport {
    /// [`SCHEMA_VERSION`](super::SCHEMA_VERSION).
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The package that was split.
    pub package: String,
    /// The crates that there are now, in the order of their dependencies.
    pub crates: Vec<AppliedCrate>,
    /// The commit that it was carried out on.
    pub base: String,
    /// The commits that carry it out, in their order.
    pub commits: Vec<AppliedCommit>,
    /// The branch that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The working tree of that branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worktree: Option<String>,
    /// The patch, as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Crates of the plan that stay one: references between them are work for people, or they do not compile apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Vec<String>>,
    /// The work of the plan.
    pub edits: Vec<AppliedEdit>,
    /// Other packages of the workspace whose code names something that is in a new crate now, if they were asked to depend on it
    /// themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<AppliedUser>,
    /// Files that moved.
    pub files_moved: u32,
    /// Lines in them.
    pub lines_moved: u32,
    /// Lines that were added or taken away, moves aside.
    pub lines_changed: u32,
    /// Whether it compiles with all its targets; missing where that was not tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compiles: Option<bool>,
    /// What the plan had missed and the compiler has shown.
    pub repairs: Vec<Repair>,
    /// Errors that are left, as the compiler reports them.
    pub errors: Vec<LeftError>,
    /// Where it does not compile: errors that the package has as it is, with the same arguments for cargo. Missing where cargo could
    /// not be asked that: then [`errors_before_unknown`](Self::errors_before_unknown) says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors_before: Option<u32>,
    /// Why it isn't known what errors the package has as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors_before_unknown: Option<String>,
}

impl ApplyReport {
    /// Whether all of the plan is carried out and compiles, as far as that was tried.
    pub fn is_whole(&self) -> bool {
        let edits = self.edits.iter().all(|edit| edit.done);
        let users = self.users.iter().all(|user| user.why.is_none());
        edits && users && self.together.is_empty() && self.errors.is_empty() && self.compiles != Some(false)
    }
}

/// A crate of the plan as it was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppliedCrate {
    /// Its name.
    pub name: String,
    /// Its directory, relative to the repository's root.
    pub directory: String,
}

/// A package that used the one that was split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppliedUser {
    /// Its name.
    pub package: String,
    /// The new crates that it depends on itself; none where it stays as it was.
    pub crates: Vec<String>,
    /// Whether it depends on the package that was split no more.
    pub parted: bool,
    /// Where it stays as it was: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppliedCommit {
    /// Its hash.
    pub hash: String,
    /// Its first line.
    pub subject: String,
}

/// A piece of the plan's work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AppliedEdit {
    /// As in the plan: `e1`, `e2`…
    pub id: String,
    /// As in the plan: `move-items`, `widen`…
    pub kind: String,
    /// Whether it is carried out.
    pub done: bool,
    /// What to do, in one sentence.
    pub detail: String,
    /// Of what is left: the file, and the line that it begins at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Of what is left: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl AppliedEdit {
    /// Why an edit is left that the command carries out for nobody.
    pub const FOR_PEOPLE: &str = "it is work for people";
}

/// Kinds of repairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RepairKind {
    /// Something became public.
    Widened,
    /// A manifest got a dependency that the package has.
    Dependency,
    /// What the compiler suggests and says can be done by a machine.
    Suggestion,
    /// What the split made needless, or shows by accident: an import that nothing uses any more, a re-export that others may not
    /// see, an item without documentation.
    Adjusted,
}

/// A change that the compiler asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Repair {
    /// What was done.
    pub kind: RepairKind,
    /// The file, relative to the repository's root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// In words: what became public, the dependency, the compiler's sentence.
    pub what: String,
}

/// An error of the compiler.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftError {
    /// The file, relative to the repository's root.
    pub file: String,
    /// The line, from 1; 0 where the compiler names none.
    pub line: u32,
    /// `E0603`; empty where it has none.
    pub code: String,
    /// The compiler's sentence.
    pub message: String,
}
