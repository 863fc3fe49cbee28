//! From samples to coefficients.

pub(crate) mod fit;
pub(crate) mod harnesses;
pub(crate) mod machines;
pub(crate) mod nnls;
pub(crate) mod part;
pub(crate) mod print;
pub(crate) mod samples;
pub(crate) mod statistics;
