//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left
//! out of the fit: the median factor by which predictions are off, and the one that four of five keep.
//!
//! | mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |
//! |---|---|---|---|---|---|---|---|---|
//! | check | few packages | 83 | ×1.20, ×1.41 | – | ×1.20, ×1.41 | 98 % | ×1.11 | 0.91 |
//! | check | many packages | 9 | ×1.27, ×1.58 | – | ×1.27, ×1.58 | 100 % | ×1.13 | 0.98 |
//! | check | 3 s and more | 4 | ×1.27, ×1.27 | – | ×1.27, ×1.27 | 100 % | ×1.16 | 0.80 |
//! | check | of applications | 4 | ×1.93, ×1.93 | – | ×1.93, ×1.93 | 100 % | ×0.81 | 1.00 |
//! | dev | few packages | 657 | ×1.30, ×1.75 | ×1.75, ×2.76 | ×1.40, ×1.92 | 91 % | ×1.12 | 0.89 |
//! | dev | many packages | 83 | ×1.32, ×1.69 | ×1.78, ×2.79 | ×1.32, ×1.61 | 90 % | ×0.93 | 0.96 |
//! | dev | 3 s and more | 66 | ×1.62, ×2.10 | ×1.87, ×3.17 | ×1.50, ×2.17 | 85 % | ×1.28 | 0.66 |
//! | dev | of applications | 4 | ×2.59, ×2.59 | ×2.79, ×2.79 | ×2.30, ×2.30 | 75 % | ×0.62 | 1.00 |
//! | release | few packages | 96 | ×1.19, ×1.48 | ×1.74, ×4.02 | ×1.73, ×2.51 | 79 % | ×1.58 | 0.85 |
//! | release | many packages | 4 | ×1.23, ×1.23 | ×1.50, ×1.50 | ×1.39, ×1.39 | 100 % | ×0.73 | 1.00 |
//! | release | 3 s and more | 18 | ×1.19, ×1.65 | ×1.73, ×4.25 | ×1.39, ×2.80 | 78 % | ×0.78 | 0.80 |
//! | release | of applications | 0 | – | – | – | 0 % | ×1.00 | NaN |

use super::Cost;
use super::coefficients::{Coefficients, ErrorFactors};
use super::correction::Correction;

/// Median of 28 build scripts.
pub(super) const BUILD_SCRIPT_S: f64 = 0.05;

/// From this many packages loaded a crate counts as one that loads many.
pub(super) const MANY_PACKAGES: usize = 50;

/// For [`Mode::Check`](super::Mode).
pub(super) static CHECK: Coefficients = Coefficients {
    frontend_us: [
        0.88, 65.82, 130.72, 633.33, 13294.36, 2.83, 3.88, 369.86, 7373.44, 323.61, 20.55, 45.02, 39.34,
        90.22, 233.58, 322.01, 7.37, 65.24, 579.18, 1988.06, 6458.94, 122.15, 236.62, 11.47,
    ],
    codegen_us: [
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.127,
        weights: [0.0715, -0.0813, -0.0080],
        least: [0.000, 0.000, 0.000],
        most: [6.387, 1.000, 25.508],
    },
    codegen_correction: Correction {
        constant: 0.000,
        weights: [0.0000, 0.0000, 0.0000],
        least: [0.000, 0.000, 0.000],
        most: [0.000, 0.000, 0.000],
    },
    crate_s: 0.044,
    crate_codegen_s: 0.000,
    per_dependency_s: 0.00007,
    link_s: 0.000,
    external: Cost { frontend_s: 0.12, codegen_s: 0.00 },
    errors: ErrorFactors { few: 1.41, many: 1.93 },
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.50, 169.63, 216.42, 1097.78, 6726.87, 3.76, 6.62, 319.35, 6025.05, 623.71, 47.20, 79.49, 82.17,
        201.89, 539.97, 671.35, 18.82, 121.07, 741.04, 2645.96, 4463.26, 220.65, 422.94, 20.26,
    ],
    codegen_us: [
        1.03, 159.47, 18.71, 1674.07, 10207.67, 4.57, 0.16, 434.78, 7497.55, 722.44, 75.20, 68.89, 92.48,
        242.56, 833.29, 495.56, 11.18, 119.55, 1259.05, 869.44, 0.00, 0.00, 476.36, 13.00,
    ],
    frontend_correction: Correction {
        constant: -0.018,
        weights: [0.0504, -0.1041, -0.0139],
        least: [0.000, 0.000, 0.000],
        most: [6.387, 1.000, 25.508],
    },
    codegen_correction: Correction {
        constant: -0.028,
        weights: [0.1192, -1.0371, -0.1943],
        least: [0.000, 0.000, 0.000],
        most: [6.387, 0.960, 8.163],
    },
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00000,
    link_s: 0.135,
    external: Cost { frontend_s: 0.20, codegen_s: 0.08 },
    errors: ErrorFactors { few: 1.92, many: 2.30 },
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        1.63, 130.01, 215.36, 1142.95, 3248.57, 4.64, 6.85, 122.34, 3054.32, 568.82, 43.89, 82.54, 79.78,
        172.07, 501.82, 437.18, 12.90, 130.73, 787.58, 2785.72, 6040.40, 191.76, 406.96, 19.02,
    ],
    codegen_us: [
        3.91, 124.36, 108.59, 6286.61, 1622.19, 11.72, 51.71, 0.00, 0.00, 2841.58, 209.06, 476.08, 327.28,
        1182.56, 2619.87, 0.00, 6.66, 572.17, 2205.86, 6710.18, 0.00, 0.00, 1984.64, 23.27,
    ],
    frontend_correction: Correction {
        constant: -0.065,
        weights: [0.0573, -0.0622, -0.0305],
        least: [0.000, 0.000, 0.000],
        most: [6.387, 1.000, 25.508],
    },
    codegen_correction: Correction {
        constant: -0.326,
        weights: [0.1965, -0.8079, -0.2755],
        least: [0.000, 0.000, 0.000],
        most: [6.387, 0.980, 8.163],
    },
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00000,
    link_s: 0.043,
    external: Cost { frontend_s: 0.20, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.51, many: 2.51 },
};
