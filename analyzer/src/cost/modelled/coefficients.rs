//! What the cost model's seconds are computed from. The figures themselves are in [`fitted`](super::fitted).

use super::correction::Correction;
use super::explanatory::{EXPLANATORY, explanatory};
use crate::cost::Cost;
use crate::resolve::Item;

/// What one mode's costs are computed from.
pub(super) struct Coefficients {
    /// Microseconds of front end per unit of each explanatory variable.
    pub(super) frontend_us: [f64; EXPLANATORY],
    /// Microseconds of code generation per unit of each explanatory variable.
    pub(super) codegen_us: [f64; EXPLANATORY],
    /// What the front end of all items of a crate is multiplied by.
    pub(super) frontend_correction: Correction,
    /// What the code generation of all items of a crate is multiplied by.
    pub(super) codegen_correction: Correction,
    /// Front end of a crate without items.
    pub(super) crate_s: f64,
    /// Code generation of a crate without items.
    pub(super) crate_codegen_s: f64,
    /// Front end per package that the crate depends on, directly or not.
    pub(super) per_dependency_s: f64,
    /// Code generation likewise: whatever a crate's items are, they hold others' types.
    pub(super) per_dependency_codegen_s: f64,
    /// Front end of a program for each unit of what it polls ([`polled`](super::polled)).
    pub(super) polled_s: f64,
    /// Code generation likewise.
    pub(super) polled_codegen_s: f64,
    /// Linking an executable that uses nothing but the standard library.
    pub(super) link_s: f64,
    /// What each package that it loads adds to that.
    pub(super) link_per_dependency_s: f64,
    /// Median of the crates fitted on.
    pub(super) external: Cost,
    /// Four of five predictions of a crate's seconds are off by at most this factor.
    pub(super) errors: ErrorFactors,
    /// Likewise of those of all crates of a build together.
    pub(super) build_errors: ErrorFactors,
}

/// How far predictions of seconds are off, by what a crate loads.
pub(super) struct ErrorFactors {
    /// Below [`fitted::MANY_PACKAGES`]: mostly libraries.
    pub(super) few: f64,
    /// From there on: mostly applications, and what is made for them.
    pub(super) many: f64,
}

/// The cost of an item wherever it is compiled.
pub(super) fn own_cost(table: &Coefficients, item: &Item) -> Cost {
    let variables = explanatory(&item.features);
    let dot = |row: &[f64]| variables.iter().zip(row).map(|(v, c)| v * c).sum::<f64>() * 1e-6;
    Cost { frontend_s: dot(&table.frontend_us), codegen_s: dot(&table.codegen_us) }
}
