//! `fit solve`: coefficients from measured crates, and how far off they are on crates and applications that were left out.

use std::path::Path;

use anyhow::Context;
use split_analyzer::cost::Mode;

use crate::fit::apps::build::Apps;
use crate::fit::crates::measure::{Data, Trivial};
use crate::fit::solve::machines::on_one_machine;
use crate::fit::solve::part::{LEAST_S, PartFit, Problem, Solution};
use crate::fit::solve::samples::{Sample, samples};
use crate::fit::solve::statistics::{correlation, median, quantile, ranks};

/// From this many packages loaded a crate counts as one that loads many: the applications' own crates do, and few libraries.
pub(crate) const MANY_PACKAGES: usize = 50;

/// Crates that people wait for.
pub(crate) const LONG_S: f64 = 3.0;

/// The fit of one mode.
pub(crate) struct Fit {
    pub(crate) mode: Mode,
    pub(crate) samples: Vec<Sample>,
    pub(crate) frontend: PartFit,
    pub(crate) codegen: PartFit,
}

impl Fit {
    /// Coefficients (front end, code generation) of a fit that a published crate had no part in.
    pub(crate) fn without(&self, package: &str) -> (&Solution, &Solution) {
        (self.frontend.without(package), self.codegen.without(package))
    }

    /// Predicted by the fits without each sample, and measured: of all samples whose phases are all known.
    pub(crate) fn totals(&self) -> Vec<(&Sample, f64, f64)> {
        let rows = self.samples.iter().zip(self.frontend.predicted.iter().zip(&self.codegen.predicted));
        rows.filter_map(|(sample, (frontend, codegen))| {
            let (known, predicted) = match (self.mode, sample.codegen_s) {
                (Mode::Check, _) => (sample.frontend_s?, *frontend),
                (_, Some(codegen_s)) => (sample.frontend_s? + codegen_s, frontend + codegen),
                (_, None) => return None,
            };
            Some((sample, predicted, known))
        })
        .collect()
    }

    /// How far one phase is off.
    pub(crate) fn errors_of(
        &self,
        part: &PartFit,
        seconds: &dyn Fn(&Sample) -> Option<f64>,
        counts: &dyn Fn(&Sample) -> bool,
    ) -> Errors {
        let pairs = self.samples.iter().zip(&part.predicted).filter(|(s, _)| counts(s));
        Errors::of(pairs.filter_map(|(s, &p)| Some((p, seconds(s)?))))
    }

    /// How far the whole is off.
    pub(crate) fn errors(&self, counts: &dyn Fn(&Sample) -> bool) -> Errors {
        Errors::of(self.totals().into_iter().filter(|(s, ..)| counts(s)).map(|(_, p, m)| (p, m)))
    }
}

/// How far predictions are off.
#[derive(Clone, Copy, Default)]
pub(crate) struct Errors {
    pub(crate) crates: usize,
    /// Median factor, by which predictions are too high or too low.
    pub(crate) median: f64,
    /// Four of five predictions are off by at most this factor.
    pub(crate) factor: f64,
    /// Share within a factor of 2.5.
    pub(crate) within: f64,
    /// Median of predicted / measured.
    pub(crate) bias: f64,
    /// Spearman's rank correlation of predicted and measured.
    pub(crate) rank: f64,
}

impl Errors {
    /// Of pairs (predicted, measured), those left out that are too short to compare.
    pub(crate) fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let pairs: Vec<(f64, f64)> = pairs.filter(|&(_, measured)| measured >= LEAST_S).collect();
        let ratios: Vec<f64> = pairs.iter().map(|&(p, m)| (p.max(1e-3) / m).ln()).collect();
        let off = || ratios.iter().map(|r| r.abs());
        Self {
            crates: pairs.len(),
            median: median(off()).exp(),
            factor: quantile(off(), 0.8).exp(),
            within: off().filter(|r| *r <= 2.5_f64.ln()).count() as f64 / pairs.len().max(1) as f64,
            bias: median(ratios.iter().copied()).exp(),
            rank: correlation(&ranks(pairs.iter().map(|p| p.0)), &ranks(pairs.iter().map(|p| p.1))),
        }
    }
}

/// Fits every mode to the measured crates.
pub(crate) fn solve(data: &Data, apps: &Apps) -> anyhow::Result<Vec<Fit>> {
    let apps = &on_one_machine(data, apps);
    let dev = fit(Mode::Dev, data, apps, None)?;
    let check = fit(Mode::Check, data, apps, Some(&dev))?;
    let release = fit(Mode::Release, data, apps, Some(&dev))?;
    Ok(vec![check, dev, release])
}

/// Reads what `fit measure` wrote.
pub(crate) fn read(path: &Path) -> anyhow::Result<Data> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_str(&text)?)
}

/// Fits one mode; of what its crates say little the coefficients of `prior` are kept in proportion.
fn fit(mode: Mode, data: &Data, apps: &Apps, prior: Option<&Fit>) -> anyhow::Result<Fit> {
    let samples = samples(apps, mode)?;
    anyhow::ensure!(samples.len() > 20, "{mode:?}: only {} crates", samples.len());
    let trivial = data.trivial.iter().find(|t| t.mode == mode && !t.bin && t.dependencies == 0);
    let (frontend_s, codegen_s) = trivial.map_or((0.0, 0.0), Trivial::parts);
    let frontend = Problem {
        samples: &samples,
        seconds: &|s: &Sample| s.frontend_s,
        fixed_s: frontend_s,
        prior: prior.map(|p| &p.frontend.solution),
    };
    let codegen = Problem {
        samples: &samples,
        seconds: &|s: &Sample| s.codegen_s,
        fixed_s: codegen_s,
        prior: prior.map(|p| &p.codegen.solution),
    };
    let (frontend, codegen) = (frontend.solve(), codegen.solve());
    Ok(Fit { mode, frontend, codegen, samples })
}
