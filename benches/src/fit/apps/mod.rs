//! Applications, built under a wrapper.

pub(crate) mod below;
pub(crate) mod build;
pub(crate) mod edits;
pub(crate) mod harness;
pub(crate) mod held_out;
pub(crate) mod merge;
pub(crate) mod wrapper;
