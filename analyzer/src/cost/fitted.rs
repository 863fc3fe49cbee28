//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left
//! out of the fit: the median factor by which predictions are off, and the one that four of five keep.
//!
//! | mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |
//! |---|---|---|---|---|---|---|---|---|
//! | check | few packages | 89 | ×1.24, ×1.42 | – | ×1.24, ×1.42 | 98 % | ×1.10 | 0.91 |
//! | check | many packages | 88 | ×1.24, ×1.83 | – | ×1.24, ×1.83 | 93 % | ×1.07 | 0.93 |
//! | check | 3 s and more | 16 | ×1.64, ×2.05 | – | ×1.64, ×2.05 | 88 % | ×0.91 | 0.60 |
//! | check | of applications | 89 | ×1.27, ×1.84 | – | ×1.27, ×1.84 | 93 % | ×1.04 | 0.93 |
//! | dev | few packages | 1818 | ×1.34, ×1.72 | ×1.84, ×2.91 | ×1.45, ×1.99 | 89 % | ×1.12 | 0.88 |
//! | dev | many packages | 393 | ×1.29, ×1.69 | ×1.58, ×2.63 | ×1.39, ×2.12 | 87 % | ×1.11 | 0.91 |
//! | dev | 3 s and more | 220 | ×1.44, ×2.08 | ×1.84, ×2.93 | ×1.46, ×2.10 | 88 % | ×1.03 | 0.63 |
//! | dev | of applications | 106 | ×1.38, ×2.15 | ×1.52, ×2.65 | ×1.47, ×2.68 | 77 % | ×1.08 | 0.90 |
//! | release | few packages | 101 | ×1.22, ×1.52 | ×1.70, ×4.70 | ×1.79, ×2.76 | 73 % | ×1.56 | 0.83 |
//! | release | many packages | 39 | ×1.32, ×2.26 | ×2.02, ×3.66 | ×2.01, ×3.93 | 62 % | ×0.88 | 0.85 |
//! | release | 3 s and more | 33 | ×1.26, ×2.26 | ×1.82, ×4.11 | ×1.61, ×3.07 | 67 % | ×0.87 | 0.68 |
//! | release | of applications | 40 | ×1.46, ×2.60 | ×2.14, ×3.66 | ×2.38, ×3.93 | 52 % | ×0.78 | 0.81 |

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
        0.96, 77.96, 109.21, 609.11, 10366.33, 3.21, 2.94, 297.51, 5297.85, 273.85, 32.48, 34.26, 43.27,
        96.96, 280.31, 411.25, 7.97, 113.33, 628.96, 1658.94, 11571.34, 123.61, 309.13, 12.11,
    ],
    codegen_us: [
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.202,
        weights: [0.0301, -0.0196, 0.0182],
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
    errors: ErrorFactors { few: 1.42, many: 1.83 },
    build_errors: ErrorFactors { few: 1.42, many: 2.22 },
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.41, 160.48, 163.75, 827.19, 7179.03, 4.40, 6.13, 285.12, 4362.89, 361.52, 53.77, 54.09, 70.32,
        202.52, 405.69, 591.38, 14.85, 96.31, 512.05, 1293.21, 10592.84, 190.66, 309.85, 17.20,
    ],
    codegen_us: [
        1.21, 148.29, 0.00, 1623.90, 11714.01, 5.36, 0.00, 545.45, 7597.87, 524.58, 74.53, 29.95, 88.73,
        237.02, 904.99, 875.83, 20.86, 90.46, 694.45, 1029.45, 5314.25, 0.00, 385.72, 9.54,
    ],
    frontend_correction: Correction {
        constant: -0.029,
        weights: [0.0236, -0.1101, -0.0090],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.103,
        weights: [0.0807, -1.1917, -0.0540],
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
    errors: ErrorFactors { few: 1.99, many: 2.12 },
    build_errors: ErrorFactors { few: 1.99, many: 2.56 },
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        1.73, 144.86, 165.22, 1208.46, 25865.98, 5.75, 5.40, 720.44, 14125.98, 756.51, 66.52, 61.20, 88.69,
        178.04, 535.64, 632.91, 12.44, 145.42, 1311.02, 3034.32, 18828.69, 164.84, 465.81, 17.81,
    ],
    codegen_us: [
        3.96, 0.00, 0.00, 11767.71, 72040.97, 14.84, 0.00, 3122.47, 55300.92, 11174.91, 440.62, 188.07,
        571.67, 904.04, 7295.08, 8031.68, 16.12, 1026.93, 7595.96, 15326.89, 42168.89, 0.00, 4166.95, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.187,
        weights: [0.0739, -0.0211, -0.0362],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.934,
        weights: [0.2129, -0.4876, -0.2517],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 0.980, 41.182],
    },
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00080,
    per_dependency_codegen_s: 0.00080,
    link_s: 0.043,
    link_per_dependency_s: 0.00126,
    external: Cost { frontend_s: 0.20, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.76, many: 3.93 },
    build_errors: ErrorFactors { few: 2.76, many: 3.93 },
};
