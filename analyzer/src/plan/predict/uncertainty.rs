//! How sure a prediction is: the builds simulated again and again with the costs off by as much as the model is.
//!
//! Two errors are kept apart. How costs are *shared out* over crates is off by a factor of its own for each crate and
//! each part of one; it changes what a split saves. How fast the *machine* is scales all builds alike; it changes the
//! seconds and no percentage.

use super::pair::{Pair, Parts};
use crate::base::random::Random;
use crate::cost::{Cost, Costs, LINK_TIME_FACTOR, SIMULATION_FACTOR};
use crate::ids::{Id, UnitId};
use crate::plan::model::Interval;
use crate::simulate::Scenario;
use crate::simulate::Unit;

/// Perturbed builds for each prediction: enough for the tenth and the ninetieth percentile to be steady to a few
/// percent.
pub(in crate::plan) const SAMPLES: u32 = 32;
/// Speeds of the machine drawn for each of them: they scale all seconds, so that nothing is simulated again.
pub(in crate::plan) const MACHINES: u32 = 32;
/// The ninetieth percentile of the standard normal distribution: four of five draws are within ± this.
const P90: f64 = 1.2816;

/// Seconds before and after a split.
pub(in crate::plan) type Times = (f64, f64);

/// 80 % intervals of sampled builds, relative to the nominal ones.
pub(in crate::plan) struct Spread {
    before: (f64, f64),
    after: (f64, f64),
    /// Percent saved.
    saved: (f64, f64),
}

impl Spread {
    pub(in crate::plan) fn new(nominal: Times, samples: impl Iterator<Item = Times>) -> Self {
        let samples: Vec<Times> = samples.collect();
        let relative = |nominal: f64, of: &dyn Fn(&Times) -> f64| {
            let (low, high) = tenths(samples.iter().map(of).collect());
            if nominal > 0.0 { (low / nominal, high / nominal) } else { (1.0, 1.0) }
        };
        Self {
            before: relative(nominal.0, &|s| s.0),
            after: relative(nominal.1, &|s| s.1),
            saved: tenths(samples.iter().map(|&(before, after)| percent(before, after)).collect()),
        }
    }
}

/// What neither costs nor their shares explain, as factors that four of five builds keep: of splits that were compared with
/// the stopwatch, 8 clean builds and 40 edits (`benches/README.md`, "What the intervals are").
#[derive(Clone, Copy)]
struct Unexplained {
    /// Of the time before a split, and after it alike.
    common: f64,
    /// Of the time after it, as a multiple of the one before.
    apart: f64,
}

const CLEAN: Unexplained = Unexplained { common: SIMULATION_FACTOR, apart: 1.13 };
/// What an edit makes again depends on what is edited: from nothing but a check (a function that nobody can reach) to all
/// code of the crate (one more public function, where rustc merges code-generation units since there are 256 of them).
const EDIT: Unexplained = Unexplained { common: 1.20, apart: 1.42 };

impl Unexplained {
    /// Two factors of the standard normal numbers `at` and the one after it.
    fn draw(self, sample: u32, at: u64) -> (f64, f64) {
        let factor = |factor: f64, index| (factor.ln() / P90 * normal(u64::from(sample), index)).exp();
        (factor(self.common, at), factor(self.apart, at + 1))
    }

    /// What is left of these factors if those are explained.
    fn beyond(self, other: Self) -> Self {
        let left = |all: f64, known: f64| (all.ln().powi(2) - known.ln().powi(2)).max(0.0).sqrt().exp();
        Self { common: left(self.common, other.common), apart: left(self.apart, other.apart) }
    }
}

/// Adds to the times of one sample's builds what isn't explained. What isn't explained of a clean build is that of every
/// edit too: the means of a split's edits are off by about as much (log standard deviation 0.07 to 0.1 over the eight
/// splits, without the edits that made nothing again).
///
/// `split_share` is the share of the build's work that is split: what isn't explained of a split is none of what it leaves alone
/// (the eight were of packages that are most of their builds).
pub(in crate::plan) fn disturb(runs: &mut [Times], scenario: Scenario, sample: u32, split_share: f64) {
    let (both, apart) = CLEAN.draw(sample, DISTURBED);
    for (at, (before, after)) in runs.iter_mut().enumerate() {
        let own = if scenario == Scenario::Edit {
            EDIT.beyond(CLEAN).draw(sample, DISTURBED + 2 + 2 * at as u64)
        } else {
            (1.0, 1.0)
        };
        *before *= both * own.0;
        *after *= both * own.0 * (apart * own.1).powf(split_share);
    }
}

/// Draws from here on are those of [`disturb`]: no graph has so many units.
const DISTURBED: u64 = 1 << 30;
/// And from here on those of link-time optimisation.
const LINK_TIME: usize = 1 << 29;
/// Draws from here on are those of [`speed`].
const SPEED: u64 = 1 << 31;

/// By how many standard deviations a sample's machine is slower, and the model too low.
pub(in crate::plan) fn speed(sample: u32, machine: u32) -> f64 {
    normal(u64::from(sample), SPEED + u64::from(machine))
}

/// The logarithm of the factor that all seconds of a mode are off by together, at one standard deviation.
pub(in crate::plan) fn common_error(costs: &Costs) -> f64 {
    costs.shared_error_factor().ln() / P90
}

/// Seconds with their intervals: the spread, and what all crates share that are not known.
pub(in crate::plan) fn seconds(costs: &Costs, nominal: Times, spread: &Spread) -> (Interval, Interval) {
    let machine = P90 * common_error(costs);
    let interval = |p50: f64, (low, high): (f64, f64)| {
        let widen = |ratio: f64| ratio.max(1e-9).ln().hypot(machine).exp();
        let (low, high) = (low.min(1.0), high.max(1.0));
        Interval { p10: p50 / widen(low), p50, p90: p50 * widen(high) }
    };
    (interval(nominal.0, spread.before), interval(nominal.1, spread.after))
}

/// Percent saved with its interval.
pub(in crate::plan) fn shares((before, after): Times, spread: &Spread) -> Interval {
    let p50 = percent(before, after);
    Interval { p10: spread.saved.0.min(p50), p50, p90: spread.saved.1.max(p50) }
}

fn percent(before: f64, after: f64) -> f64 {
    if before > 0.0 { 100.0 * (before - after) / before } else { 0.0 }
}

/// The tenth and the ninetieth percentile, interpolated.
fn tenths(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len().max(1) - 1) as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        match (values.get(low), values.get(high)) {
            (Some(a), Some(b)) => a + (b - a) * place.fract(),
            _ => 0.0,
        }
    };
    (at(0.1), at(0.9))
}

/// The same two graphs with every cost off by a factor of its own. What a crate is split into is off in both: the whole
/// is the sum of its parts.
pub(in crate::plan) fn perturbed(pair: &Pair, costs: &Costs, sample: u32) -> Pair {
    let factor = |index: usize, error: f64| {
        (error.max(1.0).ln() / P90 * normal(u64::from(sample), index as u64)).exp()
    };
    let mut pair = pair.clone();
    let before = pair.before.units.len();
    for graph in [&mut pair.before, &mut pair.after] {
        for unit in (0..before).map(UnitId::from_index) {
            let split = pair.parts.iter().any(|parts| parts.whole == unit);
            if !split && graph.units[unit].work_s() > 0.0 {
                let index = unit.index();
                scale(&mut graph.units[unit], factor(index, pair.error_factors[index]));
                let error = LINK_TIME_FACTOR.ln().hypot(pair.error_factors[index].max(1.0).ln()).exp();
                graph.units[unit].lto_s *= factor(index + LINK_TIME, error);
            }
        }
    }
    let mut index = pair.after.units.len();
    for Parts { whole, crates: parts, .. } in &pair.parts {
        let factors: Vec<f64> = parts
            .iter()
            .map(|_| {
                index += 1;
                factor(index, costs.error_factor)
            })
            .collect();
        // Known seconds are off by less than the model's, and then the same for all parts.
        let whole_error = pair.error_factors[whole.index()];
        let factors = if whole_error < costs.error_factor {
            let whole_factor = factor(whole.index(), whole_error);
            let shared = kept_whole(parts.iter().map(|part| part.1), factors);
            shared.into_iter().map(|share| share * whole_factor).collect()
        } else {
            factors
        };
        for (&(unit, own), factor) in parts.iter().zip(factors) {
            add(&mut pair.after.units[unit], own, factor - 1.0);
            add(&mut pair.before.units[*whole], own, factor - 1.0);
        }
    }
    pair
}

/// Where the whole was measured, only how it is shared out is uncertain.
fn kept_whole(own: impl Iterator<Item = Cost> + Clone, factors: Vec<f64>) -> Vec<f64> {
    let nominal: f64 = own.clone().map(Cost::total_s).sum();
    let sampled: f64 = own.zip(&factors).map(|(cost, factor)| cost.total_s() * factor).sum();
    let back = if sampled > 0.0 { nominal / sampled } else { 1.0 };
    factors.into_iter().map(|factor| factor * back).collect()
}

fn scale(unit: &mut Unit, factor: f64) {
    unit.frontend_s *= factor;
    unit.codegen_s *= factor;
    unit.link_s *= factor;
}

fn add(unit: &mut Unit, own: Cost, factor: f64) {
    unit.frontend_s = (unit.frontend_s + own.frontend_s * factor).max(0.0);
    unit.codegen_s = (unit.codegen_s + own.codegen_s * factor).max(0.0);
}

/// A number of the standard normal distribution that depends on nothing but its arguments (Box and Muller 1958).
fn normal(sample: u64, index: u64) -> f64 {
    let mut random = Random::new(sample << 32 | index);
    let radius = (-2.0 * random.unit().max(f64::MIN_POSITIVE).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.unit()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_normal() {
        let draws: Vec<f64> = (0..20_000).map(|i| normal(i % 32, i / 32)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let within = draws.iter().filter(|z| z.abs() < P90).count() as f64 / draws.len() as f64;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((within - 0.8).abs() < 0.02, "{within}");
        assert_eq!(normal(3, 7), normal(3, 7));
    }

    /// Of many samples of builds that take a second before and after: how far ratios of one build, and of the mean of
    /// ten, are off in four of five.
    #[test]
    fn what_is_unexplained_is_shared_by_all_edits_in_part() {
        let spread = |scenario, builds: usize| {
            let ratio = |sample| {
                let mut runs = vec![(1.0, 1.0); builds];
                disturb(&mut runs, scenario, sample, 1.0);
                let (before, after) = runs.iter().fold((0.0, 0.0), |sum, r| (sum.0 + r.0, sum.1 + r.1));
                after / before
            };
            let (low, high) = tenths((0..4000).map(ratio).collect());
            (high / low).sqrt()
        };
        let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 0.03, "{found}");
        near(spread(Scenario::Clean, 1), CLEAN.apart);
        near(spread(Scenario::Edit, 1), EDIT.apart);
        let of_ten = spread(Scenario::Edit, 10);
        assert!(of_ten > CLEAN.apart && of_ten < 1.25, "{of_ten}");
    }

    #[test]
    fn percentiles() {
        assert_eq!(tenths((0..=10).map(f64::from).collect()), (1.0, 9.0));
        assert_eq!(tenths(vec![2.0]), (2.0, 2.0));
        assert_eq!(tenths(Vec::new()), (0.0, 0.0));
    }

    #[test]
    fn a_measured_whole_keeps_its_sum() {
        let own = [1.0, 3.0].map(|frontend_s| Cost { frontend_s, codegen_s: 0.0 });
        let factors = kept_whole(own.into_iter(), vec![2.0, 1.0]);
        let sum: f64 = own.iter().zip(&factors).map(|(cost, f)| cost.total_s() * f).sum();
        assert!((sum - 4.0).abs() < 1e-12 && factors[0] > factors[1]);
    }
}
