//! The cost model's fit: crates and applications measured, coefficients solved for, what was held out predicted.

pub(crate) mod apps;
pub(super) mod commands;
pub(crate) mod crates;
pub(super) mod features;
pub(super) mod leave_out;
pub(super) mod residuals;
pub(crate) mod solve;
