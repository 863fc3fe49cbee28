//! A plan: its crates, and all work that it takes.

use serde::{Deserialize, Serialize};

use crate::graph::TieCause;
use crate::plan::{Fix, Need, TestMoveCause};
use crate::resolve::BoundKind;

/// A proposed split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Names that code takes from modules of imports in another crate of the plan, and the paths to write in their place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_paths: Vec<OtherPathReport>,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanCrateReport {
    /// Package name.
    pub name: String,
    /// Whether it is the package that stays.
    pub residual: bool,
    /// Whole modules, each with everything below it except what another crate names.
    pub modules: Vec<String>,
    /// Single items taken out of a module that stays elsewhere.
    pub items: Vec<String>,
    /// `impl`s that stay in their module though it loses their type: who names the type alone would take them along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impls: Vec<String>,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanEditReport {
    /// `e1`, `e2`…, in this plan.
    pub id: String,
    /// Of what removes cuts: `move-items`, `move-trait`, `split-impl`, `pass-value`, `pass-function`, `invert`, `dev-crate`,
    /// `keep-together`, `drop-re-export`; of what the new boundaries ask for: `widen`, `export-macro`, `move-tests`,
    /// `test-support`, `build-script`, `keep-path`, `other-path`, `move-file`, `user-manifest`.
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
    /// Of `user-manifest`: what changes in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<ManifestEditReport>,
    /// What to do, in one sentence.
    pub detail: String,
}

/// What the manifest of another package gets and loses, if that depends on the crates of a plan that it uses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ManifestEditReport {
    /// The manifest.
    pub file: String,
    /// Lines to add to `[dependencies]`; the new crates lie beside the package that is split.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<String>,
    /// Lines to add to `[dev-dependencies]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dev_dependencies: Vec<String>,
    /// Lines to add to `[build-dependencies]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub build_dependencies: Vec<String>,
    /// The table that the dependency on the package stays in or moves to: `dependencies`, `dev-dependencies`,
    /// `build-dependencies`. Without one it can go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps_in: Option<String>,
}

/// An item of a plan's work, by what nothing else shares: two `impl` blocks of one type differ in their lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Whether it can lie in no other crate, so that only a feature gives it to them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bound: bool,
    /// Whether it needs what lies above some of these crates, so that it can't be written once more among their tests.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_above: bool,
}

/// A path that other packages use, and that the package has to keep by a re-export of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// A name that a module has by an import, and that code of another crate takes from there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherPathReport {
    /// The path that is written today, from the package's root: `app::prelude::Error`.
    pub name: String,
    /// The path to write: `other::Error`, or `app::low::Error` of an item of the package itself. Missing where several globs
    /// may bring the name in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<String>,
    /// The crate of the plan whose code takes it.
    #[serde(rename = "crate")]
    pub krate: String,
    /// Where.
    pub places: Vec<PlaceReport>,
}

/// A line of a source file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceReport {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
