//! How far crates are off the model, together in several phases; written by `cargo run --release -p split-benches --
//! residuals`, not by hand.
//!
//! Crates, correlations, and standard deviations of the logarithm of measured / modelled:
//!
//! | crates | check, front end | dev, front end | dev, code | release, front end | release, code | deviation |
//! |---|---|---|---|---|---|---|
//! | 94 | 1.00 | 0.63 | 0.09 | 0.65 | 0.08 | 0.26 |
//! | 117 | 0.63 | 1.00 | 0.50 | 0.76 | 0.43 | 0.29 |
//! | 70 | 0.09 | 0.50 | 1.00 | 0.52 | 0.76 | 0.72 |
//! | 97 | 0.65 | 0.76 | 0.52 | 1.00 | 0.53 | 0.31 |
//! | 65 | 0.08 | 0.43 | 0.76 | 0.53 | 1.00 | 0.93 |

/// Covariance of the logarithms of measured / modelled seconds of one crate: check, front end; dev, front end and code
/// generation; release, front end and code generation.
pub(super) const CRATE: [[f64; 5]; 5] = [
    [0.069, 0.048, 0.017, 0.053, 0.019],
    [0.048, 0.085, 0.105, 0.069, 0.118],
    [0.017, 0.105, 0.513, 0.115, 0.504],
    [0.053, 0.069, 0.115, 0.097, 0.152],
    [0.019, 0.118, 0.504, 0.152, 0.866],
];
