//! How far crates are off the model, together in several phases; written by `cargo run --release -p split-benches --
//! residuals`, not by hand.
//!
//! Crates, correlations, and standard deviations of the logarithm of measured / modelled:
//!
//! | crates | check, front end | dev, front end | dev, code | release, front end | release, code | deviation |
//! |---|---|---|---|---|---|---|
//! | 91 | 1.00 | 0.67 | 0.11 | 0.66 | -0.02 | 0.23 |
//! | 114 | 0.67 | 1.00 | 0.41 | 0.78 | 0.32 | 0.32 |
//! | 68 | 0.11 | 0.41 | 1.00 | 0.40 | 0.85 | 0.74 |
//! | 94 | 0.66 | 0.78 | 0.40 | 1.00 | 0.40 | 0.31 |
//! | 62 | -0.02 | 0.32 | 0.85 | 0.40 | 1.00 | 0.98 |

/// Covariance of the logarithms of measured / modelled seconds of one crate: check, front end; dev, front end and code
/// generation; release, front end and code generation.
pub(super) const CRATE: [[f64; 5]; 5] = [
    [0.054, 0.050, 0.019, 0.048, -0.005],
    [0.050, 0.101, 0.096, 0.078, 0.098],
    [0.019, 0.096, 0.549, 0.093, 0.619],
    [0.048, 0.078, 0.093, 0.098, 0.121],
    [-0.005, 0.098, 0.619, 0.121, 0.959],
];
