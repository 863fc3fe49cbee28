//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left
//! out of the fit: the median factor by which predictions are off, and the one that four of five keep.
//!
//! | mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |
//! |---|---|---|---|---|---|---|---|---|
//! | check | few packages | 89 | ×1.24, ×1.43 | – | ×1.24, ×1.43 | 98 % | ×1.10 | 0.91 |
//! | check | many packages | 88 | ×1.24, ×1.83 | – | ×1.24, ×1.83 | 93 % | ×1.07 | 0.93 |
//! | check | 3 s and more | 16 | ×1.64, ×2.05 | – | ×1.64, ×2.05 | 88 % | ×0.91 | 0.60 |
//! | check | of applications | 89 | ×1.27, ×1.84 | – | ×1.27, ×1.84 | 93 % | ×1.04 | 0.93 |
//! | dev | few packages | 1788 | ×1.33, ×1.72 | ×1.83, ×2.90 | ×1.45, ×1.98 | 89 % | ×1.11 | 0.88 |
//! | dev | many packages | 389 | ×1.30, ×1.68 | ×1.59, ×2.61 | ×1.39, ×2.12 | 87 % | ×1.11 | 0.91 |
//! | dev | 3 s and more | 217 | ×1.44, ×2.09 | ×1.82, ×2.94 | ×1.44, ×2.10 | 88 % | ×1.02 | 0.64 |
//! | dev | of applications | 106 | ×1.37, ×2.15 | ×1.51, ×2.64 | ×1.47, ×2.68 | 77 % | ×1.08 | 0.90 |
//! | release | few packages | 96 | ×1.20, ×1.51 | ×1.85, ×4.12 | ×1.71, ×2.70 | 79 % | ×1.56 | 0.84 |
//! | release | many packages | 4 | ×1.33, ×1.33 | ×1.64, ×1.64 | ×1.49, ×1.49 | 100 % | ×0.69 | 0.80 |
//! | release | 3 s and more | 18 | ×1.16, ×1.60 | ×1.75, ×4.22 | ×1.49, ×3.02 | 78 % | ×0.75 | 0.79 |
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
        0.95, 78.26, 109.65, 605.29, 10359.35, 3.18, 2.89, 298.53, 5296.97, 270.78, 32.31, 34.06, 43.19,
        97.56, 275.66, 418.26, 7.59, 113.24, 630.50, 1656.68, 11573.35, 126.04, 308.29, 12.17,
    ],
    codegen_us: [
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.199,
        weights: [0.0298, -0.0194, 0.0176],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: 0.000,
        weights: [0.0000, 0.0000, 0.0000],
        least: [0.000, 0.000, 0.000],
        most: [0.000, 0.000, 0.000],
    },
    crate_s: 0.044,
    crate_codegen_s: 0.000,
    per_dependency_s: 0.00020,
    per_dependency_codegen_s: 0.00000,
    link_s: 0.000,
    link_per_dependency_s: 0.00000,
    external: Cost { frontend_s: 0.12, codegen_s: 0.00 },
    errors: ErrorFactors { few: 1.43, many: 1.83 },
    build_errors: ErrorFactors { few: 1.43, many: 2.22 },
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.39, 160.38, 163.83, 816.91, 7174.77, 4.31, 5.99, 286.92, 4366.05, 353.80, 53.21, 53.46, 69.85,
        201.74, 394.96, 601.72, 14.20, 95.93, 514.64, 1289.53, 10610.29, 194.01, 307.25, 17.21,
    ],
    codegen_us: [
        1.19, 146.33, 0.00, 1622.92, 11747.90, 5.21, 0.00, 546.92, 7622.99, 516.19, 73.47, 32.29, 88.05,
        235.49, 899.46, 832.31, 18.18, 90.80, 700.91, 1019.09, 5337.31, 0.00, 381.84, 9.65,
    ],
    frontend_correction: Correction {
        constant: -0.028,
        weights: [0.0233, -0.1083, -0.0090],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.111,
        weights: [0.0818, -1.1716, -0.0528],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 0.963, 41.182],
    },
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00080,
    per_dependency_codegen_s: 0.00080,
    link_s: 0.135,
    link_per_dependency_s: 0.00390,
    external: Cost { frontend_s: 0.19, codegen_s: 0.09 },
    errors: ErrorFactors { few: 1.98, many: 2.12 },
    build_errors: ErrorFactors { few: 1.98, many: 2.57 },
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        1.72, 144.31, 196.36, 1049.33, 4825.00, 5.53, 7.63, 133.72, 2206.47, 409.21, 57.84, 69.43, 81.50,
        203.89, 454.26, 463.97, 11.30, 123.09, 733.86, 1654.22, 12674.00, 190.99, 358.54, 18.96,
    ],
    codegen_us: [
        4.42, 106.11, 123.74, 6320.34, 4454.93, 13.41, 53.53, 0.00, 0.00, 2491.47, 212.80, 417.60, 328.79,
        1197.50, 2960.55, 0.00, 15.76, 524.54, 1490.28, 7480.10, 1675.63, 0.00, 1844.75, 18.86,
    ],
    frontend_correction: Correction {
        constant: -0.065,
        weights: [0.0442, -0.0349, -0.0336],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.326,
        weights: [0.1807, -0.8847, -0.1939],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 0.980, 41.182],
    },
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00092,
    per_dependency_codegen_s: 0.00232,
    link_s: 0.043,
    link_per_dependency_s: 0.00126,
    external: Cost { frontend_s: 0.20, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.70, many: 2.70 },
    build_errors: ErrorFactors { few: 2.70, many: 2.70 },
};
