//! Inputs that nobody writes: mutants, growing series, whole registries.

pub(super) mod fuzz;
pub(super) mod growth;
pub(super) mod growth_series;
pub(super) mod mutate;
pub(super) mod observed;
pub(super) mod survey;
