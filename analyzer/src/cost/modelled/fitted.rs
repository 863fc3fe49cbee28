//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`, `fit apps`). Cross-validated over crates and applications left
//! out of the fit: the median factor by which predictions are off, and the one that four of five keep.
//!
//! | mode | which crates | crates | front end | code generation | total | within 2.5 | too high by | rank correlation |
//! |---|---|---|---|---|---|---|---|---|
//! | check | few packages | 90 | ×1.26, ×1.43 | – | ×1.26, ×1.43 | 98 % | ×1.10 | 0.91 |
//! | check | many packages | 99 | ×1.27, ×1.68 | – | ×1.27, ×1.68 | 94 % | ×1.04 | 0.93 |
//! | check | 3 s and more | 17 | ×1.37, ×1.86 | – | ×1.37, ×1.86 | 88 % | ×0.81 | 0.58 |
//! | check | of applications | 101 | ×1.31, ×1.71 | – | ×1.31, ×1.71 | 94 % | ×1.01 | 0.94 |
//! | dev | few packages | 1887 | ×1.29, ×1.68 | ×1.86, ×2.90 | ×1.44, ×1.97 | 89 % | ×1.13 | 0.88 |
//! | dev | many packages | 430 | ×1.29, ×1.60 | ×1.60, ×2.66 | ×1.42, ×2.00 | 89 % | ×1.07 | 0.87 |
//! | dev | 3 s and more | 237 | ×1.43, ×1.88 | ×1.83, ×2.83 | ×1.52, ×1.99 | 92 % | ×0.98 | 0.57 |
//! | dev | of applications | 117 | ×1.40, ×2.09 | ×1.51, ×2.86 | ×1.50, ×2.46 | 82 % | ×0.98 | 0.80 |
//! | release | few packages | 101 | ×1.22, ×1.47 | ×1.88, ×4.62 | ×1.80, ×2.90 | 74 % | ×1.60 | 0.82 |
//! | release | many packages | 47 | ×1.42, ×2.08 | ×1.98, ×7.03 | ×1.78, ×5.67 | 62 % | ×0.95 | 0.49 |
//! | release | 3 s and more | 41 | ×1.34, ×1.98 | ×1.63, ×4.10 | ×1.59, ×3.43 | 68 % | ×0.95 | 0.63 |
//! | release | of applications | 48 | ×1.43, ×2.10 | ×2.57, ×7.03 | ×2.18, ×5.67 | 56 % | ×1.04 | 0.51 |

use super::coefficients::{Coefficients, ErrorFactors};
use super::correction::Correction;
use crate::cost::Cost;

/// Median of 28 build scripts.
pub(super) const BUILD_SCRIPT_S: f64 = 0.05;

/// From this many packages loaded a crate counts as one that loads many.
pub(super) const MANY_PACKAGES: usize = 50;

/// For [`Mode::Check`](crate::cost::Mode).
pub(super) static CHECK: Coefficients = Coefficients {
    frontend_us: [
        1.02, 81.63, 103.45, 650.25, 10313.53, 3.42, 2.30, 276.68, 5171.30, 323.38, 36.60, 32.83, 47.31,
        97.19, 250.95, 380.79, 7.98, 126.70, 761.35, 2042.94, 14343.84, 130.72, 335.57, 12.89,
    ],
    codegen_us: [
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
        0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.224,
        weights: [0.0393, -0.0264, 0.0116],
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
    polled_s: 0.0000,
    polled_codegen_s: 0.0000,
    link_s: 0.000,
    link_per_dependency_s: 0.00000,
    external: Cost { frontend_s: 0.12, codegen_s: 0.00 },
    errors: ErrorFactors { few: 1.49, many: 1.73 },
    build_errors: ErrorFactors { few: 1.49, many: 1.71 },
};

/// For [`Mode::Dev`](crate::cost::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.45, 158.78, 162.46, 813.01, 6678.42, 4.63, 6.23, 225.20, 3694.42, 380.66, 55.23, 54.54, 71.56,
        206.06, 375.97, 550.23, 14.15, 98.77, 561.31, 1615.03, 14389.38, 208.92, 313.23, 18.22,
    ],
    codegen_us: [
        1.36, 160.40, 0.00, 1772.84, 12397.32, 6.15, 0.00, 392.02, 6964.42, 540.69, 81.07, 28.50, 97.31,
        255.76, 934.27, 975.39, 25.25, 100.26, 780.11, 970.05, 5171.45, 0.00, 423.21, 9.74,
    ],
    frontend_correction: Correction {
        constant: -0.041,
        weights: [0.0276, -0.1108, -0.0099],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.131,
        weights: [0.0940, -1.2312, -0.0583],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 0.963, 41.182],
    },
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00080,
    per_dependency_codegen_s: 0.00080,
    polled_s: 0.0477,
    polled_codegen_s: 0.2339,
    link_s: 0.135,
    link_per_dependency_s: 0.00390,
    external: Cost { frontend_s: 0.19, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.01, many: 2.05 },
    build_errors: ErrorFactors { few: 2.01, many: 1.65 },
};

/// For [`Mode::Release`](crate::cost::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        1.74, 139.91, 151.35, 1196.49, 21574.95, 5.90, 5.06, 650.57, 13826.78, 844.84, 68.88, 58.83, 89.76,
        165.74, 488.33, 586.21, 11.55, 149.84, 1574.89, 3754.80, 27471.60, 173.95, 467.72, 18.26,
    ],
    codegen_us: [
        4.25, 0.00, 0.00, 13122.97, 75805.11, 16.56, 0.00, 2338.77, 44940.34, 12313.52, 513.62, 115.45,
        641.02, 871.31, 8684.12, 10078.18, 27.44, 1125.25, 8743.73, 14803.24, 63809.67, 0.00, 4522.24, 0.00,
    ],
    frontend_correction: Correction {
        constant: -0.113,
        weights: [0.0466, -0.0819, -0.0344],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 1.000, 41.182],
    },
    codegen_correction: Correction {
        constant: -0.928,
        weights: [0.2268, -0.6814, -0.2973],
        least: [0.000, 0.000, 0.000],
        most: [6.749, 0.980, 41.182],
    },
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00080,
    per_dependency_codegen_s: 0.00040,
    polled_s: 0.1049,
    polled_codegen_s: 0.8420,
    link_s: 0.043,
    link_per_dependency_s: 0.00126,
    external: Cost { frontend_s: 0.20, codegen_s: 0.09 },
    errors: ErrorFactors { few: 2.94, many: 5.72 },
    build_errors: ErrorFactors { few: 2.94, many: 3.47 },
};
