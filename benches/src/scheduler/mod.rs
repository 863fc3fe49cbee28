//! The simulator against cargo's own schedule of replayed units.

pub(super) mod codegen;
pub(super) mod compare;
pub(super) mod stand_in;
