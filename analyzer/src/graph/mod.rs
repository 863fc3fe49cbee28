//! The item graph, its quotients (module, file, crate), its cycles and its atoms.
//!
//! Edges point from the dependent to the dependency, in every graph here.

mod atoms;
mod condense;
mod cycles;
mod explain;
mod feedback;
mod items;
mod model;
mod orphan;
mod quotient;
mod reach;
#[cfg(test)]
mod tests;

pub use atoms::atoms;
pub use condense::{Condensation, condense};
pub use cycles::cycles;
pub use explain::references_between;
pub use feedback::{FeedbackOrder, feedback_order};
pub use items::item_graph;
pub use model::{
    Atom, AtomOptions, Atoms, Coupling, Cycle, CycleCut, ImplChoice, ItemGraph, Level, Quotient,
    QuotientNode, Tie, TieCause,
};
pub use orphan::{impl_choices, impl_hosts};
pub use quotient::quotient;
pub use reach::Reachability;
