//! How far predicted seconds are off, as factors: p10 = p50 / factor, p90 = p50 × factor.

use super::{Basis, Costs};
use crate::ids::CrateId;

/// Four of five builds of one and the same thing take no longer than this times the median, and no less than the median
/// over this. The most of twelve `cargo build`s on 2 cores with other work on them was 1.10 times their median
/// (`benches/README.md`, "The floor of a saving").
pub(super) const REPEATED_BUILD_FACTOR: f64 = 1.10;

/// What the simulator doesn't know of a build whose units were measured one after the other: four of five of twelve builds
/// with two jobs kept within this factor of what was predicted from one with one job (`benches/README.md`, "What the
/// intervals are").
pub const SIMULATION_FACTOR: f64 = 1.10;

/// What an edit makes again hangs on what is edited. Of 36 edits of applications whose full builds were known four of five were off by
/// at most this factor (`benches/README.md`, "What an edit makes again").
pub(super) const EDIT_FACTOR: f64 = 2.0;

/// The ninetieth percentile of the standard normal distribution.
pub(super) const P90: f64 = 1.2816;

/// The variance of the logarithm of a figure that four of five times is within a factor.
pub(super) fn variance_of(factor: f64) -> f64 {
    (factor.ln() / P90).powi(2)
}

/// The ninetieth percentile of Student's distribution with at least three degrees of freedom (Abramowitz and Stegun 1972,
/// 26.7.5): how many standard deviations an 80 % interval has to each side if the deviation itself is estimated.
pub(super) fn student_p90(freedom: f64) -> f64 {
    let (z, n) = (P90, freedom.max(3.0));
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / n + second / n.powi(2) + third / n.powi(3)
}

impl Costs {
    /// The relative error of a crate's seconds as a factor, as in [`error_factor`](Self::error_factor), beyond what
    /// all crates [share](Self::shared_error_factor): what repeating a build shows where the seconds are known, how well the
    /// known ones were predicted from each other where they are not, the model's where nothing is known.
    pub fn crate_error_factor(&self, krate: CrateId) -> f64 {
        let of_model = || self.error_factor.max(1.0);
        self.known.errors.get(&krate).copied().unwrap_or_else(of_model)
    }

    /// The factor by which the seconds of all crates may be off together: how fast the machine is, and how this codebase
    /// differs from those of the fit. Crates whose seconds are known have no part in it.
    pub fn shared_error_factor(&self) -> f64 {
        // Seconds that are known and nothing else said: no error of the model's.
        let of_model = || if self.calibration.is_some() { 1.0 } else { self.build_factor.max(1.0) };
        self.known.shared_error.unwrap_or_else(of_model)
    }

    /// The relative error of a whole build's seconds as a factor. Errors of known crates go together, since they are the
    /// machine's; those of others beyond the shared one are each their own. Where all is modelled, the model's.
    pub fn build_error_factor(&self) -> f64 {
        let all: f64 = self.crates.iter().map(|cost| cost.total_s()).sum();
        let modelled = self.build_factor.max(1.0).ln();
        let crates = match self.known.shared_error {
            Some(shared) if all > 0.0 => {
                let (mut known, mut squares) = (0.0, 0.0);
                for (krate, cost) in self.crates.iter_enumerated() {
                    let error = cost.total_s() / all * self.crate_error_factor(krate).ln();
                    if self.basis(krate) == Basis::Known {
                        known += error;
                    } else {
                        squares += error * error;
                    }
                }
                known.hypot(squares.sqrt()).hypot(shared.ln())
            }
            _ => modelled,
        };
        crates.hypot(SIMULATION_FACTOR.ln()).exp()
    }

    /// Likewise of a rebuild after an edit.
    pub fn edit_error_factor(&self) -> f64 {
        self.build_error_factor().ln().hypot(EDIT_FACTOR.ln()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Degrees of freedom and the percentile, from tables.
    #[test]
    fn percentiles_of_student() {
        for (freedom, expected) in [(3.0, 1.638), (4.0, 1.533), (10.0, 1.372), (30.0, 1.310), (1e9, P90)] {
            assert!((student_p90(freedom) - expected).abs() < 2e-3, "{freedom}: {}", student_p90(freedom));
        }
    }
}
