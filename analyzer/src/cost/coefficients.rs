//! What the cost model's seconds are computed from. The figures themselves are in [`fitted`](super::fitted).

use super::explanatory::EXPLANATORY;
use super::{Cost, Mode, fitted};

/// What one mode's costs are computed from.
pub(super) struct Coefficients {
    /// Microseconds of front end per unit of each explanatory variable.
    pub(super) frontend_us: [f64; EXPLANATORY],
    /// Microseconds of code generation per unit of each explanatory variable.
    pub(super) codegen_us: [f64; EXPLANATORY],
    /// Front end of a crate without items.
    pub(super) crate_s: f64,
    /// Code generation of a crate without items.
    pub(super) crate_codegen_s: f64,
    /// Front end per package that the crate depends on, directly or not.
    pub(super) per_dependency_s: f64,
    /// Linking an executable that uses nothing but the standard library.
    pub(super) link_s: f64,
    /// Median of the crates fitted on.
    pub(super) external: Cost,
    /// Four of five predictions of a crate's seconds are off by at most this factor.
    pub(super) error_factor: f64,
}

/// The coefficients for a mode.
pub(super) fn of(mode: Mode) -> &'static Coefficients {
    match mode {
        Mode::Check => &fitted::CHECK,
        // Tests are compiled as `dev` builds are.
        Mode::Dev | Mode::Test => &fitted::DEV,
        Mode::Release => &fitted::RELEASE,
    }
}
