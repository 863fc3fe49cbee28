//! Fitted coefficients; written by `cargo run --release -p split-benches -- fit solve --table`, not by hand.
//!
//! Measured with rustc 1.95.0 (59807616e 2026-04-14) on 2 cores (`fit measure`).
//! Cross-validated over crates left out of the fit: median error, and the factor that four of five
//! predictions keep.
//!
//! | mode | crates | front end | code generation | total | rank correlation | lines of code alone |
//! |---|---|---|---|---|---|---|
//! | check | 95 | 21 %, ×1.46 | – | 21 %, ×1.46 | 0.89 | 34 %, ×1.91 |
//! | dev | 132 | 23 %, ×1.48 | 51 %, ×2.97 | 37 %, ×1.96 | 0.88 | 55 %, ×2.62 |
//! | release | 107 | 23 %, ×1.61 | 63 %, ×4.15 | 61 %, ×3.17 | 0.81 | 106 %, ×4.05 |

use super::Cost;
use super::coefficients::Coefficients;

/// Median of 28 build scripts.
pub(super) const BUILD_SCRIPT_S: f64 = 0.05;

/// For [`Mode::Check`](super::Mode).
pub(super) static CHECK: Coefficients = Coefficients {
    frontend_us: [
        0.99, 60.52, 151.77, 527.00, 3.75, 9.81, 31.08, 50.25, 153.09, 129.13, 356.84, 167.30, 270.00,
    ],
    codegen_us: [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
    crate_s: 0.044,
    crate_codegen_s: 0.000,
    per_dependency_s: 0.00007,
    link_s: 0.000,
    external: Cost { frontend_s: 0.22, codegen_s: 0.00 },
    error_factor: 1.46,
};

/// For [`Mode::Dev`](super::Mode).
pub(super) static DEV: Coefficients = Coefficients {
    frontend_us: [
        1.57, 120.97, 212.37, 949.17, 5.87, 14.65, 61.29, 73.86, 254.55, 236.49, 609.33, 200.47, 477.78,
    ],
    codegen_us: [0.93, 48.03, 7.13, 1058.01, 4.17, 6.75, 70.61, 26.17, 247.62, 171.11, 601.79, 0.00, 542.68],
    crate_s: 0.018,
    crate_codegen_s: 0.008,
    per_dependency_s: 0.00000,
    link_s: 0.135,
    external: Cost { frontend_s: 0.24, codegen_s: 0.13 },
    error_factor: 1.96,
};

/// For [`Mode::Release`](super::Mode).
pub(super) static RELEASE: Coefficients = Coefficients {
    frontend_us: [
        2.24, 105.60, 259.57, 1046.21, 6.16, 17.33, 75.42, 85.90, 284.06, 250.98, 546.41, 236.13, 501.22,
    ],
    codegen_us: [1.31, 0.00, 0.00, 7183.40, 4.35, 13.78, 212.48, 0.00, 1270.71, 0.00, 1694.68, 0.00, 3103.20],
    crate_s: 0.019,
    crate_codegen_s: 0.012,
    per_dependency_s: 0.00000,
    link_s: 0.043,
    external: Cost { frontend_s: 0.29, codegen_s: 0.23 },
    error_factor: 3.17,
};
