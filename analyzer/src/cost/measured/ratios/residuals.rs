//! How far crates are off the model, together in several phases; written by `cargo run --release -p split-benches --
//! residuals`, not by hand.
//!
//! Crates, correlations, and standard deviations of the logarithm of measured / modelled:
//!
//! | crates | check, front end | dev, front end | dev, code | release, front end | release, code | deviation |
//! |---|---|---|---|---|---|---|
//! | 99 | 1.00 | 0.63 | 0.11 | 0.62 | 0.08 | 0.24 |
//! | 123 | 0.63 | 1.00 | 0.45 | 0.73 | 0.40 | 0.30 |
//! | 74 | 0.11 | 0.45 | 1.00 | 0.48 | 0.75 | 0.73 |
//! | 102 | 0.62 | 0.73 | 0.48 | 1.00 | 0.51 | 0.29 |
//! | 69 | 0.08 | 0.40 | 0.75 | 0.51 | 1.00 | 0.91 |

/// Covariance of the logarithms of measured / modelled seconds of one crate: check, front end; dev, front end and code
/// generation; release, front end and code generation.
pub(super) const CRATE: [[f64; 5]; 5] = [
    [0.056, 0.045, 0.018, 0.044, 0.018],
    [0.045, 0.091, 0.100, 0.065, 0.109],
    [0.018, 0.100, 0.536, 0.105, 0.498],
    [0.044, 0.065, 0.105, 0.087, 0.137],
    [0.018, 0.109, 0.498, 0.137, 0.829],
];
