//! `fit solve`: coefficients from measured crates, and how far off they are on crates that were left out.

use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;
use split_analyzer::cost::{EXPLANATORY, Mode};

use crate::fit_features::{Explained, Published, explain_all};
use crate::fit_measure::{Data, Measured, Trivial};
use crate::fit_nnls::nnls;

/// Crates below this many seconds say more about the clock (10 ms) than about the crate.
const LEAST_S: f64 = 0.1;

/// How often the weights are computed anew from the last solution; it settles after about five.
const REWEIGHTINGS: usize = 8;

/// Strengths of the pull towards the mean of one-variable models to choose from.
const SHRINKAGES: [f64; 6] = [0.01, 0.1, 0.3, 1.0, 3.0, 10.0];

/// Errors within this factor of the least count as equal: the data can't tell them apart.
const EQUALLY_GOOD: f64 = 1.05;

/// Parts into which the crates are dealt for cross-validation.
const FOLDS: usize = 10;

/// One crate of a fit.
struct Sample {
    name: String,
    variables: Vec<f64>,
    lines: f64,
    /// Seconds above those of a trivial crate.
    frontend_s: f64,
    codegen_s: f64,
}

/// The fit of one mode.
pub(crate) struct Fit {
    pub(crate) mode: Mode,
    pub(crate) crates: usize,
    /// Seconds per unit of each variable.
    pub(crate) frontend: Vec<f64>,
    pub(crate) codegen: Vec<f64>,
    /// Cross-validated errors.
    pub(crate) frontend_error: Errors,
    pub(crate) codegen_error: Errors,
    pub(crate) total_error: Errors,
    /// The same with lines of code as the only variable.
    pub(crate) lines_error: Errors,
    /// Crates whose predicted total is furthest off, with predicted / measured.
    pub(crate) worst: Vec<(String, f64)>,
    /// Median seconds of a crate.
    pub(crate) median: (f64, f64),
    /// Front end and code generation without the crates of each part of the cross-validation.
    folds: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Fit {
    /// Coefficients (front end, code generation) of a fit that a crate had no part in.
    pub(crate) fn without(&self, krate: &str) -> &(Vec<f64>, Vec<f64>) {
        &self.folds[fold(krate)]
    }
}

/// How far predictions are off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Errors {
    /// Median of |predicted / measured − 1|.
    pub(crate) median: f64,
    /// Four of five predictions are off by at most this factor.
    pub(crate) factor: f64,
    /// Spearman's rank correlation of predicted and measured.
    pub(crate) rank: f64,
}

/// Fits every mode to the measured crates.
pub(crate) fn solve(data: &Data) -> anyhow::Result<Vec<Fit>> {
    let published: Vec<Published<'_>> = data.crates.iter().map(Measured::published).collect();
    let explained = data.crates.iter().zip(explain_all(&published));
    let explained: Vec<(&Measured, Explained)> =
        explained.filter_map(|(krate, explained)| Some((krate, explained?))).collect();
    [Mode::Check, Mode::Dev, Mode::Release]
        .into_iter()
        .map(|mode| fit(mode, &samples(mode, &explained, data)).with_context(|| format!("{mode:?}")))
        .collect()
}

/// Reads what `fit measure` wrote.
pub(crate) fn read(path: &Path) -> anyhow::Result<Data> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

fn samples(mode: Mode, explained: &[(&Measured, Explained)], data: &Data) -> Vec<Sample> {
    let trivial_s = data
        .trivial
        .iter()
        .find(|t| t.mode == mode && !t.bin && t.dependencies == 0)
        .map_or((0.0, 0.0), Trivial::parts);
    let all = explained.iter().filter_map(|(krate, explained)| {
        let (frontend_s, codegen_s) = *krate.seconds.get(&mode)?;
        let whole = explained.whole();
        (frontend_s + codegen_s >= LEAST_S).then(|| Sample {
            name: krate.name.clone(),
            variables: whole.variables.to_vec(),
            lines: f64::from(whole.lines),
            frontend_s: (frontend_s - trivial_s.0).max(0.0),
            codegen_s: (codegen_s - trivial_s.1).max(0.0),
        })
    });
    all.collect()
}

fn fit(mode: Mode, samples: &[Sample]) -> anyhow::Result<Fit> {
    anyhow::ensure!(samples.len() > EXPLANATORY, "only {} crates", samples.len());
    let variables = |s: &Sample| s.variables.clone();
    let frontend = part(samples, &variables, &|s| s.frontend_s);
    let codegen = part(samples, &variables, &|s| s.codegen_s);
    let total = |s: &Sample| s.frontend_s + s.codegen_s;
    let lines = part(samples, &|s| vec![s.lines], &total).predicted;
    let predicted: Vec<f64> = frontend.predicted.iter().zip(&codegen.predicted).map(|(a, b)| a + b).collect();
    Ok(Fit {
        mode,
        crates: samples.len(),
        frontend_error: errors(samples, &frontend.predicted, &|s| s.frontend_s),
        codegen_error: errors(samples, &codegen.predicted, &|s| s.codegen_s),
        frontend: frontend.solution,
        codegen: codegen.solution,
        folds: frontend.folds.into_iter().zip(codegen.folds).collect(),
        total_error: errors(samples, &predicted, &total),
        worst: worst(samples, &predicted, &total),
        lines_error: errors(samples, &lines, &total),
        median: (median(samples.iter().map(|s| s.frontend_s)), median(samples.iter().map(|s| s.codegen_s))),
    })
}

/// The fit of front end or code generation.
#[derive(Default)]
struct PartFit {
    /// From all samples.
    solution: Vec<f64>,
    /// Without each part of the cross-validation.
    folds: Vec<Vec<f64>>,
    /// Of each sample, by the fit without it.
    predicted: Vec<f64>,
}

/// Coefficients from all samples, and for each sample the prediction of a fit without it (all versions of a crate
/// are in one fold). The shrinkage is the strongest that predicts them
/// about as well as the best does.
fn part(
    samples: &[Sample],
    variables: &(dyn Fn(&Sample) -> Vec<f64> + Sync),
    seconds: &(dyn Fn(&Sample) -> f64 + Sync),
) -> PartFit {
    let candidates = SHRINKAGES.map(|shrinkage| {
        let solutions: Vec<Vec<f64>> = (0..FOLDS)
            .into_par_iter()
            .map(|fold| {
                let rest: Vec<&Sample> = samples.iter().filter(|s| s.fold() != fold).collect();
                reweighted(&rest, variables, seconds, shrinkage)
            })
            .collect();
        let predicted: Vec<f64> = samples.iter().map(|s| dot(&solutions[s.fold()], &variables(s))).collect();
        (shrinkage, errors(samples, &predicted, seconds).factor, solutions, predicted)
    });
    let least = candidates.iter().map(|c| c.1).fold(f64::INFINITY, f64::min);
    let chosen = candidates.into_iter().rfind(|c| c.1 <= least * EQUALLY_GOOD);
    let (shrinkage, _, folds, predicted) = chosen.unwrap_or_default();
    let all: Vec<&Sample> = samples.iter().collect();
    PartFit { solution: reweighted(&all, variables, seconds, shrinkage), folds, predicted }
}

impl Sample {
    fn fold(&self) -> usize {
        fold(&self.name)
    }
}

/// A crate's part in cross-validation, from its name so that all versions share it (FNV-1a).
fn fold(name: &str) -> usize {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32) as usize % FOLDS
}

/// Least squares of *relative* errors. Dividing by what was measured would reward predicting too little, so
/// the divisor is the last prediction, and the whole is repeated: quasi-likelihood with a variance that grows
/// with the square of the mean (McCullagh & Nelder 1989, "Generalized Linear Models", ch. 9).
fn reweighted(
    samples: &[&Sample],
    variables: &dyn Fn(&Sample) -> Vec<f64>,
    seconds: &dyn Fn(&Sample) -> f64,
    shrinkage: f64,
) -> Vec<f64> {
    let y: Vec<f64> = samples.iter().map(|s| seconds(s)).collect();
    let rows: Vec<Vec<f64>> = samples.iter().map(|s| variables(s)).collect();
    let mut scale: Vec<f64> = y.clone();
    let mut solution = Vec::new();
    for _ in 0..REWEIGHTINGS {
        let weights: Vec<f64> = scale.iter().map(|s| 1.0 / (s + LEAST_S / 2.0)).collect();
        let weighted: Vec<Vec<f64>> =
            rows.iter().zip(&weights).map(|(row, w)| row.iter().map(|v| v * w).collect()).collect();
        let target: Vec<f64> = y.iter().zip(&weights).map(|(y, w)| y * w).collect();
        solution = nnls(&weighted, &target, shrinkage);
        scale = rows.iter().map(|row| dot(&solution, row)).collect();
    }
    solution
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Errors over the samples whose seconds are long enough to compare.
fn errors(samples: &[Sample], predicted: &[f64], seconds: &dyn Fn(&Sample) -> f64) -> Errors {
    let pairs: Vec<(f64, f64)> = samples
        .iter()
        .zip(predicted)
        .map(|(s, &p)| (p, seconds(s)))
        .filter(|&(_, measured)| measured >= LEAST_S)
        .collect();
    let ratio = |&(p, m): &(f64, f64)| p.max(1e-3) / m;
    Errors {
        median: median(pairs.iter().map(|pair| (ratio(pair) - 1.0).abs())),
        factor: quantile(pairs.iter().map(|pair| ratio(pair).ln().abs()), 0.8).exp(),
        rank: correlation(&ranks(pairs.iter().map(|p| p.0)), &ranks(pairs.iter().map(|p| p.1))),
    }
}

/// The five predictions that are furthest off.
fn worst(samples: &[Sample], predicted: &[f64], seconds: &dyn Fn(&Sample) -> f64) -> Vec<(String, f64)> {
    let mut ratios: Vec<(String, f64)> = samples
        .iter()
        .zip(predicted)
        .filter(|(s, _)| seconds(s) >= LEAST_S)
        .map(|(s, p)| (s.name.clone(), p / seconds(s)))
        .collect();
    ratios.sort_by(|a, b| b.1.ln().abs().total_cmp(&a.1.ln().abs()).then_with(|| a.0.cmp(&b.0)));
    ratios.truncate(5);
    ratios
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied().unwrap_or_default()
}

pub(crate) fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|o| *o < v).count();
            let same = values.iter().filter(|o| *o == v).count();
            below as f64 + (same as f64 - 1.0) / 2.0
        })
        .collect()
}

pub(crate) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let (ma, mb) = (mean(a), mean(b));
    let covariance = |x: &[f64], mx: f64, y: &[f64], my: f64| {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
    };
    covariance(a, ma, b, mb) / (covariance(a, ma, a, ma) * covariance(b, mb, b, mb)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_small_samples() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(quantile([1.0, 2.0, 3.0, 4.0, 5.0, 6.0].into_iter(), 0.8), 5.0);
        assert_eq!(ranks([5.0, 1.0, 5.0].into_iter()), [1.5, 0.0, 1.5]);
        assert!((correlation(&[0.0, 1.0, 2.0], &[4.0, 2.0, 0.0]) + 1.0).abs() < 1e-12);
    }

    #[test]
    fn planted_coefficients_are_found() {
        let samples: Vec<Sample> = (1..40)
            .map(|i| {
                let variables = vec![f64::from(i * 10), f64::from(i * i % 17)];
                let frontend_s = 0.02 * variables[0] + 0.3 * variables[1];
                Sample { name: i.to_string(), variables, lines: 1.0, frontend_s, codegen_s: 0.0 }
            })
            .collect();
        let all: Vec<&Sample> = samples.iter().collect();
        let exact = reweighted(&all, &|s| s.variables.clone(), &|s| s.frontend_s, 0.0);
        assert!((exact[0] - 0.02).abs() < 1e-6 && (exact[1] - 0.3).abs() < 1e-6, "{exact:?}");

        let PartFit { solution: found, predicted, .. } =
            part(&samples, &|s| s.variables.clone(), &|s| s.frontend_s);
        // Some shrinkage always remains (`SHRINKAGES`), so that even data without noise is not met exactly.
        let close = |found: f64, planted: f64| (found / planted - 1.0).abs() < 0.05;
        assert!(close(found[0], 0.02) && close(found[1], 0.3), "{found:?}");
        assert!(errors(&samples, &predicted, &|s| s.frontend_s).median < 0.05);
    }
}
