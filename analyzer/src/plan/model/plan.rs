//! A plan: its crates, and what has to go before it is legal.

use serde::{Deserialize, Serialize};

use super::boundary::{
    BuildScriptNeed, FacadePath, MovedPath, OtherPath, SharedStatic, SilentChange, TestMove, TestSupport,
    Widening,
};
use crate::graph::TieCause;
use crate::ids::{EditId, IdVec, ItemId, ModuleId, PlanCrateId};
use crate::plan::edit::{BoundaryEdit, Edit};

/// A proposed split of a package.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The crates, dependencies before dependents; the residual crate keeps the package's name.
    pub crates: IdVec<PlanCrateId, PlanCrate>,
    /// References that run against the order, one entry per pair of items.
    pub cuts: Vec<Cut>,
    /// The work on the code, beside moving whole modules: what removes the cuts, then the single items that the plan
    /// places elsewhere.
    pub edits: IdVec<EditId, Edit>,
    /// What the boundaries ask for: the findings below, as work.
    pub boundary_edits: Vec<BoundaryEdit>,
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
    /// Names that are taken from modules of imports in another crate, and need another path.
    pub other_paths: Vec<OtherPath>,
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
    /// `impl`s that stay in their module though it loses their type: who names the type alone would take them along.
    pub impls: Vec<ItemId>,
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
