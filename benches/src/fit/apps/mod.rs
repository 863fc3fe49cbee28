//! Applications, built under a wrapper.

pub(crate) mod build;
pub(crate) mod held_out;
pub(crate) mod merge;
pub(crate) mod tests;
pub(crate) mod wrapper;
