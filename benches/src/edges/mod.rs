//! References against a compiler's index.

pub(super) mod scip;
pub(super) mod score;
