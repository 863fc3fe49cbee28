//! The fit of one phase: coefficients of items, and the factor of a whole crate.

use rayon::prelude::*;
use split_analyzer::cost::{Correction, EXPLANATORY, EXPLANATORY_NAMES, TRAITS};

use crate::fit::solve::fit::MANY_PACKAGES;
use crate::fit::solve::nnls::nnls;
use crate::fit::solve::samples::Sample;
use crate::fit::solve::statistics::{dot, fold, median};

/// Phases below this many seconds say more about the clock (10 ms) than about the crate.
pub(crate) const LEAST_S: f64 = 0.1;

/// How often the weights are computed anew from the last solution; it settles after about five.
const REWEIGHTINGS: usize = 8;

/// Strengths of the pull of coefficients towards the prior, and of the pull of the correction towards none.
const SHRINKAGES: [f64; 4] = [0.1, 0.3, 1.0, 3.0];
const RIDGES: [f64; 3] = [0.01, 0.1, 1.0];

/// Seconds for each package loaded: metadata to read, and what a crate makes of others' types whatever its items are.
const PER_PACKAGE_S: [f64; 6] = [0.0, 0.0001, 0.0002, 0.0004, 0.0006, 0.0008];

/// Crates that load many packages, to tell what each of these takes.
const ENOUGH: usize = 20;

/// What the packages that are loaded can explain at most of a crate's seconds.
const MOST_OF_PACKAGES: f64 = 0.8;

/// A program with so much of the `.await`s below it has little asynchronous code itself. A choice.
const THIN: f64 = 0.2;

/// Errors within this factor of the least count as equal: the data can't tell them apart.
const EQUALLY_GOOD: f64 = 1.03;

/// A crate counts by this power of its seconds: people wait for the large ones, of which there are few.
const SECONDS_POWER: f64 = 0.3;

/// Residuals beyond this logarithm are crates of which most isn't seen (tables, what build scripts write).
const MOST_RESIDUAL: f64 = 1.5;

/// Parts into which published crates are dealt for cross-validation.
const FOLDS: usize = 10;

/// What one phase is predicted with.
#[derive(Debug, Clone)]
pub(crate) struct Solution {
    /// Of a crate without items.
    pub(crate) fixed_s: f64,
    /// Of a crate for each package that it loads.
    pub(crate) per_package_s: f64,
    /// Of a program for each unit of what it polls.
    pub(crate) polled_s: f64,
    /// Seconds per unit of each explanatory variable.
    pub(crate) coefficients: Vec<f64>,
    pub(crate) correction: Correction,
}

impl Solution {
    pub(crate) fn predict(&self, sample: &Sample) -> f64 {
        self.fixed_s
            + self.per_package_s * sample.dependencies as f64
            + self.polled_s * sample.polled
            + dot(&self.coefficients, &sample.variables) * self.correction.factor(&sample.traits)
    }
}

/// One phase.
pub(crate) struct PartFit {
    /// From all samples.
    pub(crate) solution: Solution,
    /// Without each part of the cross-validation, by its name.
    folds: Vec<(Fold, Solution)>,
    /// Of each sample, by the fit without it.
    pub(crate) predicted: Vec<f64>,
}

impl PartFit {
    /// The fit that a published crate had no part in.
    pub(crate) fn without(&self, package: &str) -> &Solution {
        let part = Fold::Published(fold(package, FOLDS));
        self.folds.iter().find(|(fold, _)| *fold == part).map_or(&self.solution, |(_, solution)| solution)
    }
}

/// A part of the cross-validation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fold {
    /// Published crates, dealt by name so that all versions of one are together.
    Published(usize),
    /// All own crates of an application.
    Application(String),
}

impl Fold {
    fn of(sample: &Sample) -> Self {
        if sample.member {
            Fold::Application(sample.group.clone())
        } else {
            Fold::Published(fold(&sample.group, FOLDS))
        }
    }
}

/// One phase of the samples, and what is known before looking at them.
pub(crate) struct Problem<'a> {
    pub(crate) samples: &'a [Sample],
    pub(crate) seconds: &'a (dyn Fn(&Sample) -> Option<f64> + Sync),
    pub(crate) fixed_s: f64,
    /// The same phase of another mode that more is known of.
    pub(crate) prior: Option<&'a Solution>,
}

impl Problem<'_> {
    /// Fits with the strengths that predict best; the strongest of those that do about equally well.
    pub(crate) fn solve(&self) -> PartFit {
        let folds: Vec<Fold> = self.samples.iter().map(Fold::of).collect();
        let mut parts = folds.clone();
        parts.sort();
        parts.dedup();
        let strengths = self.per_package_s().into_iter().flat_map(|per_package_s| {
            let ridges = |shrinkage| RIDGES.iter().map(move |&ridge| (shrinkage, ridge));
            SHRINKAGES.iter().flat_map(move |&s| ridges(s)).map(move |(shrinkage, ridge)| Strength {
                shrinkage,
                ridge,
                per_package_s,
            })
        });
        let strengths: Vec<Strength> = strengths.collect();
        let tried: Vec<(f64, PartFit)> = strengths
            .into_par_iter()
            .map(|strength| {
                let solved = parts.iter().map(|part| {
                    let rest = self.samples.iter().zip(&folds).filter(|(_, f)| *f != part).map(|(s, _)| s);
                    (part.clone(), self.fit(&rest.collect::<Vec<_>>(), strength))
                });
                let solved: Vec<(Fold, Solution)> = solved.collect();
                let of = |fold: &Fold| &solved[solved.partition_point(|(f, _)| f < fold)].1;
                let predicted: Vec<f64> =
                    self.samples.iter().zip(&folds).map(|(s, fold)| of(fold).predict(s)).collect();
                let all: Vec<&Sample> = self.samples.iter().collect();
                let fit = PartFit { solution: self.fit(&all, strength), predicted, folds: solved };
                (self.error(&fit.predicted), fit)
            })
            .collect();
        let least = tried.iter().map(|t| t.0).fold(f64::INFINITY, f64::min);
        let best = tried.iter().find(|t| t.0 <= least).map(|t| t.1.solution.per_package_s);
        let chosen = tried
            .into_iter()
            .rfind(|t| Some(t.1.solution.per_package_s) == best && t.0 <= least * EQUALLY_GOOD);
        chosen.map(|t| t.1).unwrap_or_else(|| PartFit {
            solution: self.fit(&[], NO_STRENGTH),
            folds: Vec::new(),
            predicted: vec![self.fixed_s; self.samples.len()],
        })
    }

    /// Seconds for each package loaded that are tried: where too few crates load many, what the prior has, in proportion.
    fn per_package_s(&self) -> Vec<f64> {
        let known =
            || self.samples.iter().filter_map(|s| Some((s, (self.seconds)(s).filter(|s| *s >= LEAST_S)?)));
        match self.prior {
            Some(prior) if known().filter(|(s, _)| s.dependencies >= MANY_PACKAGES).count() < ENOUGH => {
                let ratio = median(known().map(|(s, y)| y / prior.predict(s).max(1e-3)));
                vec![prior.per_package_s * ratio]
            }
            _ => PER_PACKAGE_S.to_vec(),
        }
    }

    /// Mean of the logarithm of the factor that predictions are off by, by seconds.
    fn error(&self, predicted: &[f64]) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (sample, &predicted) in self.samples.iter().zip(predicted) {
            let Some(seconds) = (self.seconds)(sample).filter(|s| *s >= LEAST_S) else { continue };
            let weight = seconds.powf(SECONDS_POWER);
            sum += weight * (predicted.max(1e-3) / seconds).ln().abs();
            weights += weight;
        }
        sum / weights.max(f64::MIN_POSITIVE)
    }

    fn fit(&self, samples: &[&Sample], strength: Strength) -> Solution {
        let Strength { shrinkage, ridge, per_package_s } = strength;
        let polled_s = self.polled_s(samples, per_package_s);
        let mut known: Vec<(&Sample, f64)> = Vec::new();
        for &sample in samples {
            let Some(seconds) = (self.seconds)(sample).filter(|s| *s >= LEAST_S) else { continue };
            // Its own items say next to nothing of what it takes.
            if polled_s > 0.0 && is_thin(sample) {
                continue;
            }
            let loaded_s = per_package_s * sample.dependencies as f64 + polled_s * sample.polled;
            known.push((sample, seconds - self.fixed_s - loaded_s.min(MOST_OF_PACKAGES * seconds)));
        }
        let coefficients = self.linear(&known, shrinkage);
        let correction = self.correction(&known, &coefficients, ridge);
        Solution { fixed_s: self.fixed_s, per_package_s, polled_s, coefficients, correction }
    }

    /// What a program takes for each unit of what it polls: the median of those that have little asynchronous code themselves; in
    /// proportion to the prior's where there is none.
    fn polled_s(&self, samples: &[&Sample], per_package_s: f64) -> f64 {
        let left = |s: &&Sample| {
            let seconds = (self.seconds)(s).filter(|seconds| *seconds >= LEAST_S)?;
            let packages_s = per_package_s * s.dependencies as f64;
            Some(((seconds - self.fixed_s - packages_s) / s.polled).max(0.0))
        };
        let of_thin: Vec<f64> =
            samples.iter().copied().filter(|s| is_thin(s)).filter_map(|s| left(&s)).collect();
        match (of_thin.is_empty(), self.prior) {
            (false, _) => median(of_thin.into_iter()),
            (true, Some(prior)) if self.samples.iter().any(|s| s.polled > 0.0) => {
                let known = samples.iter().filter_map(|s| Some(((self.seconds)(s)?, prior.predict(s))));
                prior.polled_s * median(known.map(|(y, p)| y / p.max(1e-3)))
            }
            (true, _) => 0.0,
        }
    }

    /// Least squares of *relative* errors. Dividing by what was measured would reward predicting too little, so
    /// the divisor is the last prediction, and the whole is repeated: quasi-likelihood with a variance that grows
    /// with the square of the mean (McCullagh & Nelder 1989, "Generalized Linear Models", ch. 9).
    fn linear(&self, known: &[(&Sample, f64)], shrinkage: f64) -> Vec<f64> {
        if known.is_empty() {
            return vec![0.0; EXPLANATORY];
        }
        let y: Vec<f64> = known.iter().map(|k| k.1).collect();
        let prior = self.prior.map(|prior| {
            // The other mode's coefficients, as much higher or lower as its predictions of these crates are.
            let ratios = known.iter().map(|(s, y)| y / dot(&prior.coefficients, &s.variables).max(1e-3));
            let ratio = median(ratios);
            prior.coefficients.iter().map(|c| c * ratio).collect::<Vec<f64>>()
        });
        let mut scale = y.clone();
        let mut solution = vec![0.0; EXPLANATORY];
        for _ in 0..REWEIGHTINGS {
            let weights =
                scale.iter().zip(&y).map(|(s, y)| y.max(LEAST_S).powf(SECONDS_POWER) / (s + LEAST_S / 2.0));
            let weights: Vec<f64> = weights.collect();
            let rows: Vec<Vec<f64>> = known
                .iter()
                .zip(&weights)
                .map(|((s, _), w)| s.variables.iter().map(|v| v * w).collect())
                .collect();
            let target: Vec<f64> = y.iter().zip(&weights).map(|(y, w)| y * w).collect();
            solution = nnls(&rows, &target, shrinkage, prior.as_deref());
            scale = known.iter().map(|(s, _)| dot(&solution, &s.variables)).collect();
        }
        solution
    }

    /// Ridge regression of the logarithms of what is left on the standardized traits of crates (Hoerl & Kennard 1970,
    /// "Ridge Regression: Biased Estimation for Nonorthogonal Problems"), the constant free.
    fn correction(&self, known: &[(&Sample, f64)], coefficients: &[f64], ridge: f64) -> Correction {
        if known.is_empty() {
            return NONE;
        }
        let prior = self.prior.map_or(NONE, |p| p.correction);
        let residual = |&(s, y): &(&Sample, f64)| {
            let linear = dot(coefficients, &s.variables).max(1e-3);
            (y.max(1e-2) / linear / prior.factor(&s.traits)).ln().clamp(-MOST_RESIDUAL, MOST_RESIDUAL)
        };
        let weights: Vec<f64> = known.iter().map(|k| k.1.max(LEAST_S).powf(SECONDS_POWER)).collect();
        let all: f64 = weights.iter().sum();
        let mean =
            |of: &dyn Fn(usize) -> f64| (0..known.len()).map(|i| weights[i] * of(i)).sum::<f64>() / all;
        let residuals: Vec<f64> = known.iter().map(residual).collect();
        let means: [f64; TRAITS] = std::array::from_fn(|j| mean(&|i| known[i].0.traits[j]));
        let deviations: [f64; TRAITS] = std::array::from_fn(|j| {
            let deviation = mean(&|i| (known[i].0.traits[j] - means[j]).powi(2)).sqrt();
            if deviation > 0.0 { deviation } else { 1.0 }
        });
        let rows: Vec<Vec<f64>> = known
            .iter()
            .map(|(s, _)| (0..TRAITS).map(|j| (s.traits[j] - means[j]) / deviations[j]).collect())
            .collect();
        let level = mean(&|i| residuals[i]);
        let products =
            |j: usize, k: usize| mean(&|i| rows[i][j] * rows[i][k]) + if j == k { ridge } else { 0.0 };
        let matrix: Vec<Vec<f64>> =
            (0..TRAITS).map(|j| (0..TRAITS).map(|k| products(j, k)).collect()).collect();
        let target: Vec<f64> = (0..TRAITS).map(|j| mean(&|i| rows[i][j] * (residuals[i] - level))).collect();
        let standardized = symmetric_solution(&matrix, &target);
        let weights: [f64; TRAITS] = std::array::from_fn(|j| standardized[j] / deviations[j]);
        let border = |better: fn(f64, f64) -> f64| {
            std::array::from_fn(|j| known.iter().map(|(s, _)| s.traits[j]).reduce(better).unwrap_or_default())
        };
        Correction {
            constant: prior.constant + level - dot(&weights, &means),
            weights: std::array::from_fn(|j| prior.weights[j] + weights[j]),
            least: self.widened(|c| c.least, border(f64::min), f64::min),
            most: self.widened(|c| c.most, border(f64::max), f64::max),
        }
    }

    /// A border of the traits, that of the prior's crates taken in.
    fn widened(
        &self,
        of: fn(&Correction) -> [f64; TRAITS],
        border: [f64; TRAITS],
        better: fn(f64, f64) -> f64,
    ) -> [f64; TRAITS] {
        let Some(prior) = self.prior else { return border };
        let other = of(&prior.correction);
        std::array::from_fn(|j| better(border[j], other[j]))
    }
}

/// Whether a program has little asynchronous code beside what it polls.
fn is_thin(sample: &Sample) -> bool {
    let awaits = EXPLANATORY_NAMES.iter().position(|name| *name == "awaits").unwrap_or_default();
    sample.polled > 0.0 && sample.variables[awaits] <= THIN * sample.polled.powi(2)
}

/// What is not fitted but tried.
#[derive(Debug, Clone, Copy)]
struct Strength {
    /// Of the pull of coefficients towards the prior.
    shrinkage: f64,
    /// Of the pull of the correction towards none.
    ridge: f64,
    per_package_s: f64,
}

const NO_STRENGTH: Strength = Strength { shrinkage: SHRINKAGES[0], ridge: RIDGES[0], per_package_s: 0.0 };

/// A factor of 1.
const NONE: Correction =
    Correction { constant: 0.0, weights: [0.0; TRAITS], least: [0.0; TRAITS], most: [0.0; TRAITS] };

/// Solves `M x = b` for a positive definite `M` (Gauss–Seidel, which converges for these).
fn symmetric_solution(matrix: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; b.len()];
    for _ in 0..SWEEPS {
        for j in 0..b.len() {
            let others: f64 = (0..b.len()).filter(|&k| k != j).map(|k| matrix[j][k] * x[k]).sum();
            x[j] = (b[j] - others) / matrix[j][j];
        }
    }
    x
}

/// Far more than the seven unknowns here need.
const SWEEPS: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    /// Crates whose seconds follow planted coefficients, twice as many of them where much is loaded.
    fn planted() -> Vec<Sample> {
        (1..60_u32)
            .map(|i| {
                let mut variables = [0.0; EXPLANATORY];
                (variables[0], variables[1]) = (f64::from(i * 10), f64::from(i * i % 17));
                let mut traits = [0.0; TRAITS];
                traits[0] = f64::from(i % 2);
                let factor = f64::from(1 + i % 2);
                let frontend_s = Some((0.02 * variables[0] + 0.3 * variables[1]) * factor);
                Sample {
                    name: i.to_string(),
                    group: i.to_string(),
                    variables,
                    traits,
                    frontend_s,
                    ..Sample::default()
                }
            })
            .collect()
    }

    #[test]
    fn planted_coefficients_and_factors_are_found() {
        let samples = planted();
        let problem = Problem { samples: &samples, seconds: &|s| s.frontend_s, fixed_s: 0.0, prior: None };
        let fit = problem.solve();
        let off = samples.iter().zip(&fit.predicted).map(|(s, p)| (p / s.frontend_s.unwrap()).ln().abs());
        assert!(median(off) < 0.1);
        let Correction { weights, .. } = fit.solution.correction;
        assert!((weights[0] - 2.0_f64.ln()).abs() < 0.1, "{weights:?}");
    }

    #[test]
    fn what_few_samples_say_nothing_of_is_taken_from_the_prior() {
        let samples = planted();
        let problem = Problem { samples: &samples, seconds: &|s| s.frontend_s, fixed_s: 0.0, prior: None };
        let all = problem.solve().solution;
        // Half of the seconds, and no crate with the second variable.
        let few: Vec<Sample> = samples.iter().filter(|s| s.variables[1] == 0.0).cloned().collect();
        let half = |s: &Sample| s.frontend_s.map(|s| s / 2.0);
        let fit = Problem { samples: &few, seconds: &half, fixed_s: 0.0, prior: Some(&all) }.solve();
        let ratio = fit.solution.coefficients[1] / all.coefficients[1];
        assert!((0.3..0.7).contains(&ratio), "{ratio}");
    }

    #[test]
    fn thin_programs_say_what_polling_takes_and_nothing_of_items() {
        let mut samples = planted();
        let unit = |polled: f64| Sample { polled, frontend_s: Some(0.5 * polled), ..Sample::default() };
        samples.extend([9.0, 16.0, 25.0].map(unit));
        let problem = Problem { samples: &samples, seconds: &|s| s.frontend_s, fixed_s: 0.0, prior: None };
        let with = problem.solve().solution;
        assert_eq!(with.polled_s, 0.5);
        let items = planted();
        let alone = Problem { samples: &items, seconds: &|s| s.frontend_s, fixed_s: 0.0, prior: None };
        let off = with.coefficients[0] / alone.solve().solution.coefficients[0];
        assert!((0.9..1.1).contains(&off), "{off}");
    }

    #[test]
    fn small_systems() {
        let x = symmetric_solution(&[vec![2.0, 1.0], vec![1.0, 3.0]], &[4.0, 7.0]);
        assert!((x[0] - 1.0).abs() < 1e-9 && (x[1] - 2.0).abs() < 1e-9, "{x:?}");
    }
}
