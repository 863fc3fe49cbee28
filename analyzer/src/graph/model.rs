//! Graph data: couplings between items and their quotients. Edges point from the dependent to the dependency.

use petgraph::graph::DiGraph;
use serde::{Deserialize, Serialize};

use crate::ids::{AtomId, CrateId, FileId, IdVec, ItemId, ModuleId};
use crate::resolve::RefKind;

/// All references from one node to another, summed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coupling {
    /// References of every kind, those under `cfg(test)` included.
    pub weight: u32,
    /// References under `cfg(test)`.
    pub test_weight: u32,
    /// References per [`RefKind`], indexed by `kind as usize`.
    pub kinds: [u32; RefKind::COUNT],
    /// References found by a guess.
    pub guessed: u32,
    /// References that no editor's "go to definition" shows: a macro's body wrote one end, or what is named isn't there to be
    /// seen ([`Confidence::Expanded`], [`Confidence::Unseen`]).
    ///
    /// [`Confidence::Expanded`]: crate::resolve::Confidence::Expanded
    /// [`Confidence::Unseen`]: crate::resolve::Confidence::Unseen
    pub hidden: u32,
    /// Non-test references to something visible only within part of its crate.
    pub restricted: u32,
    /// Non-test references that are [structural](crate::resolve::Reference::structural): what holds code together, and what
    /// a cycle is made of.
    pub structural: u32,
}

/// The reference graph over items: node index = [`ItemId`] index.
pub type ItemGraph = DiGraph<ItemId, Coupling, u32>;

/// What a node of a quotient graph stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Items.
    Item,
    /// Modules.
    Module,
    /// Files.
    File,
    /// Crates.
    Crate,
}

/// A node of a [`Quotient`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuotientNode {
    /// An item.
    Item(ItemId),
    /// A module.
    Module(ModuleId),
    /// A file.
    File(FileId),
    /// A crate.
    Crate(CrateId),
}

/// The item graph with items of one module, file or crate merged. No self loops.
pub type Quotient = DiGraph<QuotientNode, Coupling, u32>;

/// Items grouped into sets that no split may separate.
#[derive(Debug, Clone, Default)]
pub struct Atoms {
    /// The atom of each item of the package; `None` for items of other packages.
    pub of_item: IdVec<ItemId, Option<AtomId>>,
    /// The atoms, ordered by their first item.
    pub atoms: IdVec<AtomId, Atom>,
    /// Ties that a small edit dissolves: `macro_rules!` found by textual order (`a` uses `b`) can be exported
    /// or moved. Sorted; they join nothing.
    pub soft_ties: Vec<Tie>,
}

/// How items are joined to atoms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtomOptions {
    /// Items in a reference cycle that spans modules are joined up to this many items. A larger cycle is left
    /// apart, to be cut: see [`cycles`](crate::graph::cycles).
    ///
    /// A matter of taste, not a measurement: what one sitting can hold together rather than untangle.
    pub max_cycle_items: usize,
    /// Whether a cycle within one module is joined whatever its size: who looks for a plan doesn't take a module
    /// apart there, who describes one may.
    pub join_within_modules: bool,
}

impl Default for AtomOptions {
    fn default() -> Self {
        Self { max_cycle_items: 12, join_within_modules: true }
    }
}

/// An `impl` that may live in any of several crates: those of its hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImplChoice {
    /// The `impl` block.
    pub imp: ItemId,
    /// The trait, the self type and the local types among the trait's arguments, sorted: the `impl` must be in
    /// the crate of one of them. At least two from [`impl_choices`](super::impl_choices), at least one from
    /// [`impl_hosts`](super::impl_hosts).
    pub hosts: Vec<ItemId>,
}

/// Nodes that all reach each other by non-test references other than imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// The items or modules, sorted.
    pub nodes: Vec<QuotientNode>,
    /// References among them (non-test, no imports).
    pub weight: u64,
    /// References in `cuts`.
    pub cut_weight: u64,
    /// The cheapest set of pairs found whose removal leaves no cycle, heaviest first.
    pub cuts: Vec<CycleCut>,
}

/// A pair of nodes whose references are to be removed to break a [`Cycle`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleCut {
    /// The dependent.
    pub from: QuotientNode,
    /// The dependency.
    pub to: QuotientNode,
    /// References between the two (non-test, no imports).
    pub references: u32,
}

/// Items that must stay in one crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    /// Its items, sorted.
    pub items: Vec<ItemId>,
    /// Why they can't be separated: one entry for each item that was joined to an earlier one.
    pub ties: Vec<Tie>,
}

/// One reason why two items stay together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tie {
    /// An item.
    pub a: ItemId,
    /// The item it is tied to.
    pub b: ItemId,
    /// Why.
    pub cause: TieCause,
}

/// Why two items can't be in different crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TieCause {
    /// An inherent `impl` must be in its type's crate.
    InherentImpl,
    /// A trait `impl` must be in its trait's or its type's crate; here one of the two is external.
    OrphanRule,
    /// The items refer to each other in a cycle.
    Cycle,
    /// A `macro_rules!` found by textual order, used by the other item.
    TextualMacro,
    /// One call of a macro writes both.
    MacroCall,
    /// An `impl` for all types of a trait beside one for a type from elsewhere: only in that trait's crate can the compiler know
    /// that nobody will implement it for the type (E0119).
    Overlap,
}
