//! How known seconds compare with modelled ones, and what that says of crates whose seconds aren't known.
//!
//! A linear mixed model of log ratios. Known and modelled seconds of a crate differ by the machine's speed (a factor of
//! everything), and what depends on the crate's items by three more factors for each phase: of the codebase (much the same in
//! all phases), of the kind of crate, and of the crate itself,
//!
//! > ln known = machine + ln Σ (fixed + items × exp(codebase + kind + crate)) + noise.
//!
//! All are normal, with mean 0. Their best linear unbiased predictions (Henderson 1975; Robinson 1991, "That BLUP is a good
//! thing") are what is wanted: few observations are drawn towards what is common, many speak for themselves, and since the
//! factors of one crate go together from phase to phase as measured crates showed (`residuals.rs`), a crate's seconds
//! in one mode say what those in another are. How far a codebase differs from the model is believed to be what makes the
//! observations likeliest, if that is more than the table has (empirical Bayes; Efron and Morris 1973). How far
//! crates differ from each other is scaled by how well each is predicted from all others (leave-one-out residuals of a linear
//! model have a closed form), so that intervals follow from what was seen; the table counts as some crates more.

mod matrix;
mod mixed;
mod residuals;
#[cfg(test)]
mod tests;

use crate::cost::CrateKind;

use self::matrix::Matrix;
use self::mixed::{FACTORS, Level, Rows, Solved, State, own_covariance, posterior, solve};
use super::phases::{PHASES, Phase};

/// As many crates as the table counts as where known ones say how far they are off each other: with fewer, Student's
/// distribution has no variance to speak of.
const SPREAD_WORTH: f64 = 4.0;
/// Multiples of the variance between codebases that all phases share: which of them is true is tried.
const WIDER: [f64; 5] = [1.0, 4.0, 16.0, 64.0, 256.0];
/// Linearisations of a crate's logarithm of a sum.
const ROUNDS: usize = 6;

/// Modelled seconds of a phase of a crate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Modelled {
    pub(super) phase: Phase,
    /// What doesn't depend on its items.
    pub(super) fixed_s: f64,
    pub(super) items_s: f64,
}

/// Known seconds of one phase of a crate, or of several together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observation {
    pub(super) phases: Vec<Modelled>,
    pub(super) known_s: f64,
    /// Variance of its logarithm beyond that of repeated builds and the clock.
    pub(super) variance: f64,
}

/// A crate and what is known of it; nothing, if it is only to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observed {
    pub(super) kind: CrateKind,
    pub(super) observations: Vec<Observation>,
}

/// A figure for the machine's speed that comes from elsewhere: the logarithm, and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MachineHint {
    pub(super) log_ratio: f64,
    pub(super) variance: f64,
}

/// What the observations say of all crates.
#[derive(Debug)]
pub(super) struct Ratios {
    /// What crates of a kind share, in the order of [`CrateKind::ALL`].
    levels: [Level; 4],
    /// Covariance of a crate's own factors.
    own: Matrix,
    /// Crates with observations.
    pub(super) crates: usize,
}

/// What is predicted of one crate.
#[derive(Debug, Clone)]
pub(super) struct Predicted {
    state: State,
    /// Covariance of the factors, as far as crates share them; then of the crate's own.
    shared: Matrix,
    own: Matrix,
}

/// The variance of the logarithm of predicted seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Variance {
    /// Of what crates share.
    pub(super) shared: f64,
    /// Of the crate alone.
    pub(super) own: f64,
}

impl Ratios {
    /// From crates and a hint at the machine.
    pub(super) fn new(crates: &[Observed], machine: Option<MachineHint>) -> Self {
        let known: Vec<&Observed> = crates.iter().filter(|c| !c.observations.is_empty()).collect();
        let table = own_covariance(1.0);
        let mut best = solve(&known, machine, WIDER[0], &table);
        for wider in WIDER.into_iter().skip(1).filter(|_| !known.is_empty()) {
            let next = solve(&known, machine, wider, &table);
            if next.likelihood > best.likelihood {
                best = next;
            }
        }
        let scale = (SPREAD_WORTH + best.left_out(&table)) / (SPREAD_WORTH + known.len() as f64);
        let own = own_covariance(scale);
        let Solved { levels, .. } = solve(&known, machine, best.wider, &own);
        Self { levels, own, crates: known.len() }
    }

    /// Degrees of freedom of the intervals.
    pub(super) fn freedom(&self) -> f64 {
        SPREAD_WORTH + self.crates as f64
    }

    /// The logarithm of the machine's factor.
    pub(super) fn machine(&self) -> f64 {
        self.levels[0].mean[0]
    }

    /// A crate's factors, by its own observations and all others.
    pub(super) fn predict(&self, krate: &Observed) -> Predicted {
        let level = &self.levels[krate.kind as usize];
        let mut state = State::of(&level.mean);
        for _ in 0..ROUNDS {
            state = posterior(&Rows::new(krate, &state), level, &self.own).state;
        }
        let rows = Rows::new(krate, &state);
        let last = posterior(&rows, level, &self.own);
        let (shared, own) = last.covariances(&rows, level, &self.own);
        Predicted { state: last.state, shared, own }
    }
}

impl Predicted {
    /// What items' seconds in a phase are multiplied by.
    pub(super) fn items(&self, phase: Phase) -> f64 {
        (self.state.machine + self.state.items[phase as usize]).exp()
    }

    /// Predicted seconds of a phase.
    pub(super) fn seconds(&self, modelled: Modelled) -> f64 {
        modelled.fixed_s * self.state.machine.exp() + modelled.items_s * self.items(modelled.phase)
    }

    /// How unsure the logarithm of the sum of these phases is.
    pub(super) fn variance(&self, phases: &[Modelled]) -> Variance {
        let all: f64 = phases.iter().map(|&m| self.seconds(m)).sum();
        if all <= 0.0 {
            return Variance::default();
        }
        let mut gradient = vec![0.0; FACTORS];
        gradient[0] = 1.0;
        for m in phases {
            gradient[1 + m.phase as usize] += m.items_s * self.items(m.phase) / all;
        }
        let along = |covariance: &Matrix| {
            let along = covariance.times_vector(&gradient);
            along.iter().zip(&gradient).map(|(a, b)| a * b).sum::<f64>().max(0.0)
        };
        Variance { shared: along(&self.shared), own: along(&self.own) }
    }
}

const _: () = assert!(FACTORS == 1 + PHASES);
