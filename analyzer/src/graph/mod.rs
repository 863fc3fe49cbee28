//! The item graph, its quotients (module, file, crate), its cycles and its atoms.

mod model;

pub use model::{Atom, Atoms, Coupling, ItemGraph, Level, Quotient, QuotientNode, Tie, TieCause};
