//! The machine that a simulated build runs on.

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
}

impl Machine {
    /// A core for each job, no contention, no overhead.
    pub const IDEAL: Self = Self { cores: u32::MAX, contention: 0.0, start_s: 0.0 };

    /// The share of a core's undisturbed speed that each of `busy` threads has.
    pub(super) fn speed(&self, busy: u32) -> f64 {
        let cores = self.cores.max(1);
        let working = busy.clamp(1, cores);
        let others = if cores > 1 { f64::from(working - 1) / f64::from(cores - 1) } else { 0.0 };
        let share = f64::from(working) / f64::from(busy.max(1));
        share / (1.0 + self.contention * others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds() {
        let two = Machine { cores: 2, contention: 0.25, start_s: 0.0 };
        let five = Machine { cores: 5, contention: 1.0, start_s: 0.0 };
        let one = Machine { cores: 1, contention: 0.5, start_s: 0.0 };
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
