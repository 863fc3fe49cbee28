//! The mixed model of log ratios, solved: Henderson's equations for what crates share, and from there each crate's own
//! factors.

use super::super::phases::{PHASES, Phase};
use super::matrix::Matrix;
use super::residuals::CRATE;
use super::{MachineHint, Observed, ROUNDS};
use crate::cost::CrateKind;
use crate::cost::errors::{REPEATED_BUILD_FACTOR, variance_of};

/// Four of five machines are within this factor of the reference machine.
const MACHINES: f64 = 2.0;
/// Variance between codebases from phase to phase, in terms of that between crates of one, before anything of this one is known.
/// Each crate of the table is a codebase of its own, so that it doesn't say how much of its residual is which: a codebase is
/// taken to be as far off the model as they are, and its crates as far off each other.
const BETWEEN_CODEBASES: f64 = 1.0;
/// Variance between codebases that is the same in all phases: what makes code slower to compile than its syntax says (the front
/// end of a web service took eight times the model's seconds, a rebuild and a whole build seven times) does so
/// everywhere. That of a front end at least; as much more as makes what is known likeliest.
const COMMON: f64 = CRATE[1][1];
/// How much of that a check shares, which neither collects instances nor writes metadata for them: where an application's `dev` build
/// takes x times the model's seconds, its check takes x to the power of this (`split-benches fit solve`, below the sums).
const COMMON_OF_CHECK: f64 = 0.82;
/// Variance between kinds of crates of one codebase, likewise: they differ by half as much as crates do.
const BETWEEN_KINDS: f64 = 0.25;
/// What a look at the clock may be off by: pages have hundredths, processor time ticks of 10 ms.
const CLOCK_S: f64 = 0.01;
/// No factor of a crate is further from 1 than this while the solution is sought.
const FURTHEST: f64 = 1000.0;

/// Factors of a crate: the machine's, and its own of each phase.
pub(super) const FACTORS: usize = 1 + PHASES;
/// Unknowns that crates share: the machine, the codebase by phase, each kind by phase.
const SHARED: usize = 1 + PHASES + CrateKind::ALL.len() * PHASES;

/// What crates of one kind share: factors and their covariance.
#[derive(Debug, Clone)]
pub(super) struct Level {
    pub(super) mean: Vec<f64>,
    covariance: Matrix,
}

/// The logarithms of a crate's factors.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) machine: f64,
    pub(super) items: [f64; PHASES],
}

impl State {
    pub(super) fn of(factors: &[f64]) -> Self {
        let furthest = FURTHEST.ln();
        let items = std::array::from_fn(|phase| factors[1 + phase].clamp(-furthest, furthest));
        Self { machine: factors[0], items }
    }
}

/// The observations of a crate, linearised around a state: responses = design × factors + noise.
pub(super) struct Rows {
    responses: Vec<f64>,
    design: Matrix,
    noise: Vec<f64>,
}

impl Rows {
    pub(super) fn new(krate: &Observed, at: &State) -> Self {
        let mut design = Matrix::zero(krate.observations.len(), FACTORS);
        let (mut responses, mut noise) = (Vec::new(), Vec::new());
        for (row, observation) in krate.observations.iter().enumerate() {
            let phases = observation.phases.iter();
            let parts: Vec<(usize, f64, f64)> = phases
                .map(|m| (m.phase as usize, m.fixed_s, m.items_s * at.items[m.phase as usize].exp()))
                .collect();
            let all = parts.iter().map(|(_, fixed, items)| fixed + items).sum::<f64>().max(f64::MIN_POSITIVE);
            let known_s = observation.known_s.max(CLOCK_S / 2.0);
            let mut response = (known_s / all).ln();
            design[(row, 0)] = 1.0;
            for (phase, _, items) in parts {
                design[(row, 1 + phase)] += items / all;
                response += items / all * at.items[phase];
            }
            responses.push(response);
            let repeated = variance_of(REPEATED_BUILD_FACTOR);
            noise.push(repeated + observation.variance + (CLOCK_S / known_s).powi(2));
        }
        Self { responses, design, noise }
    }

    /// Covariance of what the shared unknowns don't explain, of the crate's own factors and the noise.
    fn covariance(&self, own: &Matrix) -> Matrix {
        let mut covariance = of_factors(own).between(&self.design);
        for (i, noise) in self.noise.iter().enumerate() {
            covariance[(i, i)] += noise;
        }
        covariance
    }

    fn residuals(&self, mean: &[f64]) -> Vec<f64> {
        let explained = self.design.times_vector(mean);
        self.responses.iter().zip(explained).map(|(response, explained)| response - explained).collect()
    }
}

/// Covariance of a crate's own factors: the table's times `scale`. What is built for the host is built as in `dev`, but
/// without debugging information and maybe with other features: no further apart than repeated builds.
pub(super) fn own_covariance(scale: f64) -> Matrix {
    Matrix::from_fn(PHASES, PHASES, |i, j| {
        let (a, b) = (Phase::ALL[i], Phase::ALL[j]);
        let apart = if i == j && a >= Phase::HostFrontend { variance_of(REPEATED_BUILD_FACTOR) } else { 0.0 };
        scale * (CRATE[a.measured()][b.measured()] + apart)
    })
}

/// The same with the machine's factor in front, which is no crate's own.
fn of_factors(own: &Matrix) -> Matrix {
    Matrix::from_fn(FACTORS, FACTORS, |i, j| if i == 0 || j == 0 { 0.0 } else { own[(i - 1, j - 1)] })
}

/// Where the unknowns of a codebase, and of a kind, begin.
const CODEBASE: usize = 1;

fn of_kind(kind: CrateKind) -> usize {
    CODEBASE + PHASES + kind as usize * PHASES
}

/// From the shared unknowns to the factors of a crate of this kind.
fn general(kind: CrateKind) -> Matrix {
    let mut general = Matrix::zero(FACTORS, SHARED);
    general[(0, 0)] = 1.0;
    for phase in 0..PHASES {
        general[(1 + phase, CODEBASE + phase)] = 1.0;
        general[(1 + phase, of_kind(kind) + phase)] = 1.0;
    }
    general
}

/// The precision of the shared unknowns before anything is seen, and the logarithm of their covariance's determinant.
fn prior(wider: f64) -> (Matrix, f64) {
    let mut precision = Matrix::zero(SHARED, SHARED);
    let machine = variance_of(MACHINES);
    precision[(0, 0)] = 1.0 / machine;
    let mut all = machine.ln();
    let mut block = |start: usize, covariance: &Matrix| {
        let (inverse, log) = covariance.inverse_and_log_determinant();
        for i in 0..PHASES {
            for j in 0..PHASES {
                precision[(start + i, start + j)] = inverse[(i, j)];
            }
        }
        all += log;
    };
    let share = |phase: usize| if Phase::ALL[phase] == Phase::CheckFrontend { COMMON_OF_CHECK } else { 1.0 };
    let common = Matrix::from_fn(PHASES, PHASES, |i, j| COMMON * wider * share(i) * share(j));
    block(CODEBASE, &own_covariance(BETWEEN_CODEBASES).plus(&common, 1.0));
    for kind in CrateKind::ALL {
        block(of_kind(kind), &own_covariance(BETWEEN_KINDS));
    }
    (precision, all)
}

/// The solution for given variances.
pub(super) struct Solved<'a> {
    pub(super) levels: [Level; CrateKind::ALL.len()],
    /// Logarithm of the marginal likelihood, but for what is the same for all variances.
    pub(super) likelihood: f64,
    /// The multiple of the table's variance between codebases that this is for.
    pub(super) wider: f64,
    crates: Vec<(&'a Observed, Rows)>,
}

/// Solves for what crates share, linearising again around each solution.
pub(super) fn solve<'a>(
    known: &[&'a Observed],
    machine: Option<MachineHint>,
    wider: f64,
    own: &Matrix,
) -> Solved<'a> {
    let start = State { machine: 0.0, items: [0.0; PHASES] };
    let mut states: Vec<State> = vec![start; known.len()];
    let mut solved = solve_at(known, &states, machine, wider, own);
    for _ in 1..ROUNDS {
        let state = |(krate, rows): &(&Observed, Rows)| {
            posterior(rows, &solved.levels[krate.kind as usize], own).state
        };
        states = solved.crates.iter().map(state).collect();
        solved = solve_at(known, &states, machine, wider, own);
    }
    solved
}

/// What crates of one kind add to Henderson's equations, in terms of their factors.
#[derive(Clone)]
struct Sums {
    precision: Matrix,
    right: Vec<f64>,
}

fn solve_at<'a>(
    known: &[&'a Observed],
    states: &[State],
    machine: Option<MachineHint>,
    wider: f64,
    own: &Matrix,
) -> Solved<'a> {
    let crates: Vec<(&Observed, Rows)> =
        known.iter().zip(states).map(|(&krate, state)| (krate, Rows::new(krate, state))).collect();
    let none = Sums { precision: Matrix::zero(FACTORS, FACTORS), right: vec![0.0; FACTORS] };
    let mut kinds = CrateKind::ALL.map(|_| none.clone());
    let (mut precision, mut logs) = prior(wider);
    let mut squares = 0.0;
    for (krate, rows) in &crates {
        let (inverse, log) = rows.covariance(own).inverse_and_log_determinant();
        let weighted = rows.design.transposed().times(&inverse);
        let sums = &mut kinds[krate.kind as usize];
        sums.precision = sums.precision.plus(&weighted.times(&rows.design), 1.0);
        add(&mut sums.right, &weighted.times_vector(&rows.responses));
        squares += product(&inverse.times_vector(&rows.responses), &rows.responses);
        logs += log;
    }
    let mut right = vec![0.0; SHARED];
    if let Some(hint) = machine {
        precision[(0, 0)] += 1.0 / hint.variance;
        right[0] += hint.log_ratio / hint.variance;
    }
    for (kind, sums) in CrateKind::ALL.into_iter().zip(&kinds) {
        let back = general(kind).transposed();
        precision = precision.plus(&sums.precision.between(&back), 1.0);
        add(&mut right, &back.times_vector(&sums.right));
    }
    let (covariance, log) = precision.inverse_and_log_determinant();
    let mean = covariance.times_vector(&right);
    squares -= product(&mean, &right);
    let levels = CrateKind::ALL.map(|kind| {
        let general = general(kind);
        Level { mean: general.times_vector(&mean), covariance: covariance.between(&general) }
    });
    Solved { levels, likelihood: -0.5 * (squares + logs + log), wider, crates }
}

fn add(sum: &mut [f64], more: &[f64]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Solved<'_> {
    /// Sum over crates of the mean square of what the others don't predict of one, in standard deviations. Leaving a crate
    /// out of a linear model changes its residuals r to S Q⁻¹ r, with covariance S Q⁻¹ S, where S is their covariance for
    /// known shared unknowns, and Q = S − A V Aᵀ with A their coefficients of these and V the covariance of the solution (Cook
    /// and Weisberg 1982, "Residuals and Influence in Regression", ch. 2, for blocks).
    pub(super) fn left_out(&self, own: &Matrix) -> f64 {
        let of = |(krate, rows): &(&Observed, Rows)| {
            let level = &self.levels[krate.kind as usize];
            let explained = level.covariance.between(&rows.design);
            let (inverse, _) = rows.covariance(own).plus(&explained, -1.0).inverse_and_log_determinant();
            let residuals = rows.residuals(&level.mean);
            product(&inverse.times_vector(&residuals), &residuals) / residuals.len().max(1) as f64
        };
        self.crates.iter().map(of).sum()
    }
}

/// A crate's factors, and what of its residuals goes into which.
pub(super) struct Posterior {
    pub(super) state: State,
    gain: Matrix,
}

pub(super) fn posterior(rows: &Rows, level: &Level, own: &Matrix) -> Posterior {
    let (inverse, _) = rows.covariance(own).inverse_and_log_determinant();
    let gain = of_factors(own).times(&rows.design.transposed()).times(&inverse);
    let mut factors = level.mean.clone();
    add(&mut factors, &gain.times_vector(&rows.residuals(&level.mean)));
    Posterior { state: State::of(&factors), gain }
}

impl Posterior {
    /// Covariances of the factors: as far as crates share them, and the crate's own.
    pub(super) fn covariances(&self, rows: &Rows, level: &Level, own: &Matrix) -> (Matrix, Matrix) {
        let explained = self.gain.times(&rows.design);
        let one = Matrix::from_fn(FACTORS, FACTORS, |i, j| if i == j { 1.0 } else { 0.0 });
        let own = of_factors(own);
        (level.covariance.between(&one.plus(&explained, -1.0)), own.plus(&explained.times(&own), -1.0))
    }
}
