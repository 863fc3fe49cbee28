//! The code as a graph: for pictures, for questions about who depends on whom.

pub(super) mod explain;
pub(super) mod graph;
pub(super) mod picture;
pub(super) mod select;
