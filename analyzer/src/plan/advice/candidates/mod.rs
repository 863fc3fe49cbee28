//! Candidates of a package: worked out, kept in one place, and one of them chosen.

pub(super) mod choice;
pub(super) mod frontier;
pub(super) mod pool;
pub(super) mod worked_out;
