//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, and then by hand where
//! that run lacked a measurement: `crate_s` and `per_dependency_s` of `CHECK` and `BUILD_SCRIPT_S` are of
//! separate runs of the same measuring wrapper. The next full `fit measure` replaces them.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`). Cross-validated over crates left out of the fit,
//! median error and the factor that four of five predictions keep:
//!
//! | mode | crates | front end | code generation | total | rank correlation | lines of code alone |
//! |---|---|---|---|---|---|---|
//! | check | 94 | 28 %, ×1.64 | – | 28 %, ×1.64 | 0.87 | 33 %, ×2.02 |
//! | dev | 129 | 27 %, ×1.74 | 50 %, ×2.90 | 35 %, ×2.10 | 0.87 | 48 %, ×2.67 |
//! | release | 104 | 27 %, ×1.62 | 71 %, ×3.90 | 63 %, ×3.20 | 0.80 | 92 %, ×4.27 |

use super::Cost;
use super::coefficients::Coefficients;

/// Median of 28 build scripts.
pub(super) const BUILD_SCRIPT_S: f64 = 0.05;

/// For [`Mode::Check`](super::Mode).
pub(super) static CHECK: Coefficients = Coefficients {
    frontend_us: [
        1.80, 95.66, 188.61, 565.19, 4.30, 11.23, 17.58, 71.18, 138.12, 472.56, 631.88, 340.42, 271.69,
    ],
    codegen_us: [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
    crate_s: 0.041,
    crate_codegen_s: 0.000,
    per_dependency_s: 0.00007,
    link_s: 0.000,
    external: Cost { frontend_s: 0.25, codegen_s: 0.00 },
    error_factor: 1.64,
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.55, 212.57, 233.26, 815.56, 4.83, 14.43, 52.10, 76.07, 232.63, 323.00, 579.95, 397.02, 384.72,
    ],
    codegen_us: [
        0.77, 286.98, 0.00, 1012.34, 4.36, 7.31, 95.10, 30.30, 211.62, 115.78, 626.30, 20.62, 474.56,
    ],
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00000,
    link_s: 0.135,
    external: Cost { frontend_s: 0.24, codegen_s: 0.13 },
    error_factor: 2.10,
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        3.37, 175.07, 268.95, 1043.31, 5.95, 18.60, 73.46, 102.14, 237.37, 752.30, 645.77, 491.83, 465.10,
    ],
    codegen_us: [
        2.59, 708.84, 179.10, 3129.59, 11.47, 24.38, 258.96, 106.54, 842.35, 198.16, 1587.70, 339.04, 1426.77,
    ],
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00000,
    link_s: 0.043,
    external: Cost { frontend_s: 0.30, codegen_s: 0.23 },
    error_factor: 3.20,
};
