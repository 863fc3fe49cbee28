//! The machine that a simulated build runs on.

use crate::cost::parallel::{CONTENTION, speed};

/// How parallel work is slowed down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Machine {
    /// Threads that it can run at once; more than that share it evenly.
    pub cores: u32,
    /// How much longer everything takes when all cores are busy than when one is (shared caches and memory,
    /// hyper-threads, a lower clock): 0.2 for 20 % longer. In between it grows with the number of busy cores.
    pub contention: f64,
    /// Seconds from the moment when cargo may start a unit until the unit works: cargo's own bookkeeping, and the start
    /// of a process.
    pub start_s: f64,
    /// Seconds from the call of cargo until it may start the first unit: it reads manifests and lock file, and looks
    /// for what is fresh.
    pub before_s: f64,
}

/// What cargo and the start of a process took between two units there.
const START_S: f64 = 0.0085;
/// `cargo check` with nothing to do: on a workspace with hardly a package in its lock file…
const CARGO_S: f64 = 0.025;
/// …and for each package there, processor time: 0.10 s for arrow's 166, 0.15 s for this project's 198, 0.21 s for
/// sqlx's 389 (`benches/README.md`, "Splits that maintainers made, described to `what-if`").
const CARGO_PER_PACKAGE_S: f64 = 0.0005;

impl Machine {
    /// A core for each job, no contention, no overhead.
    pub const IDEAL: Self = Self { cores: u32::MAX, contention: 0.0, start_s: 0.0, before_s: 0.0 };

    /// A machine with a core for each of `jobs`, as those were that were measured, where the lock file names so many
    /// packages.
    pub fn usual(jobs: u32, packages: usize) -> Self {
        let before_s = CARGO_S + CARGO_PER_PACKAGE_S * packages as f64;
        Self { cores: jobs.max(1), contention: CONTENTION, start_s: START_S, before_s }
    }

    /// The share of a core's undisturbed speed that each of `busy` threads has.
    pub(super) fn speed(&self, busy: u32) -> f64 {
        speed(self.cores, self.contention, busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds() {
        let two = Machine { cores: 2, contention: 0.25, start_s: 0.0, before_s: 0.0 };
        let five = Machine { cores: 5, contention: 1.0, start_s: 0.0, before_s: 0.0 };
        let one = Machine { cores: 1, contention: 0.5, start_s: 0.0, before_s: 0.0 };
        let cases = [
            (Machine::IDEAL, 1, 1.0),
            (Machine::IDEAL, 1000, 1.0),
            (two, 0, 1.0),
            (two, 1, 1.0),
            (two, 2, 0.8),
            (two, 4, 0.4),
            (five, 3, 1.0 / 1.5),
            (five, 5, 0.5),
            (one, 1, 1.0),
            (one, 2, 0.5),
        ];
        for (machine, busy, expected) in cases {
            assert!((machine.speed(busy) - expected).abs() < 1e-12, "{machine:?} {busy}");
        }
    }
}
