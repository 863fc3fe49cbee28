//! How far predicted seconds are off, as factors: p10 = p50 / factor, p90 = p50 × factor.

use super::{CostSource, Costs};
use crate::ids::CrateId;

/// Four of five builds of one and the same thing take no longer than this times the median, and no less than the median
/// over this. The most of twelve `cargo build`s on 2 cores with other work on them was 1.10 times their median
/// (`benches/README.md`, "The floor of a saving").
const REPEATED_BUILD_FACTOR: f64 = 1.10;

/// What the simulator doesn't know of a build whose units were measured one after the other: four of five of twelve builds
/// with two jobs kept within this factor of what was predicted from one with one job (`benches/README.md`, "What the
/// intervals are").
pub const SIMULATION_FACTOR: f64 = 1.10;

impl Costs {
    /// The relative error of a crate's seconds as a factor, as in [`error_factor`](Self::error_factor): that of the
    /// model, or what repeating a build shows where the seconds are known.
    pub fn crate_error_factor(&self, krate: CrateId) -> f64 {
        match self.crate_sources.get(krate) {
            Some(CostSource::Measured | CostSource::Imported | CostSource::Built) => REPEATED_BUILD_FACTOR,
            Some(CostSource::Modelled) | None => self.error_factor.max(1.0),
        }
    }

    /// The relative error of a whole build's seconds as a factor: that of its crates, weighted by what they cost, and
    /// the simulator's own.
    pub fn build_error_factor(&self) -> f64 {
        let (mut sum, mut all) = (0.0, 0.0);
        for (krate, cost) in self.crates.iter_enumerated() {
            sum += cost.total_s() * self.crate_error_factor(krate).ln();
            all += cost.total_s();
        }
        let crates = if all > 0.0 { sum / all } else { self.error_factor.max(1.0).ln() };
        crates.hypot(SIMULATION_FACTOR.ln()).exp()
    }
}
