//! Crates of the registry, measured one by one.

pub(crate) mod incremental;
pub(crate) mod measure;
pub(crate) mod modules;
pub(crate) mod modules_measure;
pub(crate) mod scratch;
pub(crate) mod wrapper;
