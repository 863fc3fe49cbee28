//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left
//! out of the fit: the median factor by which predictions are off, and the one that four of five keep.
//!
//! | mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |
//! |---|---|---|---|---|---|---|---|---|
//! | check | few packages | 84 | ×1.20, ×1.40 | – | ×1.20, ×1.40 | 98 % | ×1.11 | 0.91 |
//! | check | many packages | 35 | ×1.40, ×1.72 | – | ×1.40, ×1.72 | 94 % | ×1.06 | 0.91 |
//! | check | 3 s and more | 7 | ×1.56, ×1.77 | – | ×1.56, ×1.77 | 100 % | ×0.68 | 0.86 |
//! | check | of applications | 31 | ×1.40, ×1.78 | – | ×1.40, ×1.78 | 94 % | ×1.13 | 0.90 |
//! | dev | few packages | 1139 | ×1.35, ×1.72 | ×1.73, ×2.91 | ×1.44, ×1.96 | 90 % | ×1.14 | 0.88 |
//! | dev | many packages | 204 | ×1.33, ×1.70 | ×1.58, ×2.61 | ×1.46, ×2.00 | 93 % | ×1.16 | 0.93 |
//! | dev | 3 s and more | 138 | ×1.51, ×2.05 | ×1.69, ×2.67 | ×1.47, ×2.04 | 86 % | ×1.09 | 0.62 |
//! | dev | of applications | 32 | ×1.21, ×2.01 | ×1.46, ×2.62 | ×1.43, ×2.46 | 84 % | ×1.05 | 0.87 |
//! | release | few packages | 96 | ×1.20, ×1.48 | ×1.71, ×3.68 | ×1.69, ×2.54 | 79 % | ×1.54 | 0.85 |
//! | release | many packages | 4 | ×1.34, ×1.34 | ×1.79, ×1.79 | ×1.60, ×1.60 | 100 % | ×0.67 | 0.80 |
//! | release | 3 s and more | 18 | ×1.18, ×1.66 | ×1.79, ×4.74 | ×1.54, ×2.67 | 78 % | ×0.77 | 0.79 |
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
        0.96, 71.93, 129.45, 613.71, 12006.55, 3.33, 4.14, 351.40, 6589.46, 329.66, 26.24, 40.09, 39.91,
        79.58, 209.72, 410.26, 8.59, 82.99, 715.63, 1776.36, 6293.26, 117.92, 252.43, 11.41,
    ],
    codegen_us: [
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.167,
        weights: [0.0336, -0.0229, 0.0084],
        least: [0.000, 0.000, 0.000],
        most: [6.677, 1.000, 27.382],
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
    errors: ErrorFactors { few: 1.40, many: 1.72 },
    build_errors: ErrorFactors { few: 1.40, many: 2.16 },
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.49, 156.06, 187.17, 877.23, 8044.32, 4.65, 7.07, 346.09, 5330.02, 513.03, 48.78, 60.77, 69.88,
        172.81, 377.99, 691.82, 17.73, 107.31, 571.77, 1682.97, 3315.22, 181.34, 351.43, 17.35,
    ],
    codegen_us: [
        0.08, 6.24, 0.00, 3768.83, 2343.29, 1.88, 0.00, 1417.56, 814.80, 744.93, 106.00, 0.00, 111.22, 60.49,
        866.20, 174.22, 0.00, 0.00, 1291.88, 1318.05, 0.00, 0.00, 407.09, 0.00,
    ],
    frontend_correction: Correction {
        constant: 0.006,
        weights: [0.0236, -0.1289, -0.0058],
        least: [0.000, 0.000, 0.000],
        most: [6.677, 1.000, 27.382],
    },
    codegen_correction: Correction {
        constant: -0.012,
        weights: [0.0299, -0.8867, -0.0919],
        least: [0.000, 0.000, 0.000],
        most: [6.677, 0.960, 8.434],
    },
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00080,
    per_dependency_codegen_s: 0.00080,
    link_s: 0.135,
    link_per_dependency_s: 0.00390,
    external: Cost { frontend_s: 0.19, codegen_s: 0.07 },
    errors: ErrorFactors { few: 1.96, many: 2.00 },
    build_errors: ErrorFactors { few: 1.96, many: 2.31 },
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        1.73, 132.70, 216.80, 1049.45, 4839.80, 5.57, 8.47, 154.16, 2589.24, 535.41, 50.53, 74.66, 77.13,
        163.84, 409.06, 519.72, 13.43, 127.73, 720.61, 2240.66, 5766.17, 179.29, 379.86, 18.64,
    ],
    codegen_us: [
        1.79, 0.00, 41.43, 11284.80, 0.00, 6.93, 46.79, 1688.97, 0.00, 3014.76, 285.25, 279.74, 373.53,
        704.65, 2838.19, 0.00, 0.00, 304.43, 2990.52, 6877.05, 0.00, 0.00, 1891.81, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.051,
        weights: [0.0423, -0.0573, -0.0274],
        least: [0.000, 0.000, 0.000],
        most: [6.677, 1.000, 27.382],
    },
    codegen_correction: Correction {
        constant: -0.313,
        weights: [0.1403, -0.6419, -0.2046],
        least: [0.000, 0.000, 0.000],
        most: [6.677, 0.980, 8.434],
    },
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00084,
    per_dependency_codegen_s: 0.00234,
    link_s: 0.043,
    link_per_dependency_s: 0.00126,
    external: Cost { frontend_s: 0.20, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.54, many: 2.54 },
    build_errors: ErrorFactors { few: 2.54, many: 2.54 },
};
