//! The fitted coefficients.
//!
//! Provisional: medians of seconds per token over about 90 published crates (`cargo -j1`, processor time of
//! rustc 1.95.0 on 2 cores, tokens of all `.rs` files beside the crate's root); the fit over all explanatory
//! variables replaces them.

use super::explanatory::EXPLANATORY;
use super::{Cost, Mode};

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
    /// Linking a small executable.
    pub(super) link_s: f64,
    /// Median of the crates fitted on.
    pub(super) external: Cost,
    /// Ratio of the 90th percentile of the prediction error to its median.
    pub(super) error_factor: f64,
}

/// Running a build script.
pub(super) const BUILD_SCRIPT_S: f64 = 0.03;

/// The coefficients for a mode.
pub(super) fn of(mode: Mode) -> &'static Coefficients {
    match mode {
        Mode::Check => &CHECK,
        Mode::Dev => &DEV,
        Mode::Release => &RELEASE,
    }
}

const fn per_token(microseconds: f64) -> [f64; EXPLANATORY] {
    let mut row = [0.0; EXPLANATORY];
    row[0] = microseconds;
    row
}

static CHECK: Coefficients = Coefficients {
    frontend_us: per_token(8.9),
    codegen_us: per_token(0.0),
    crate_s: 0.03,
    crate_codegen_s: 0.0,
    per_dependency_s: 0.0,
    link_s: 0.0,
    external: Cost { frontend_s: 0.3, codegen_s: 0.0 },
    error_factor: 2.5,
};

static DEV: Coefficients = Coefficients {
    frontend_us: per_token(14.4),
    codegen_us: per_token(6.0),
    crate_s: 0.03,
    crate_codegen_s: 0.02,
    per_dependency_s: 0.0,
    link_s: 0.1,
    external: Cost { frontend_s: 0.2, codegen_s: 0.07 },
    error_factor: 2.8,
};

static RELEASE: Coefficients = Coefficients {
    frontend_us: per_token(14.4),
    codegen_us: per_token(20.0),
    crate_s: 0.03,
    crate_codegen_s: 0.02,
    per_dependency_s: 0.0,
    link_s: 0.1,
    external: Cost { frontend_s: 0.2, codegen_s: 0.2 },
    error_factor: 2.8,
};
