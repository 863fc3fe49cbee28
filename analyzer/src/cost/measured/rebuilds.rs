//! What rebuilds after an edit took, compared with what a fixed part and a share of the full build say.
//!
//! Of each phase the logarithm of seen / expected is a factor of the codebase, plus one of the crate, plus what rebuilds of one
//! and the same crate differ by: normal, with the variances of measured rebuilds (one-way analysis of variance, the command
//! `rebuilds` of the benches). The factors are their best linear unbiased predictions, as in `ratios`: a crate that
//! was rebuilt once or twice is drawn to the others, these to the model.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs, CrateKind, IncrementalShares};
use crate::discover::TargetKind;
use crate::ids::{CrateId, IdVec};

use super::observe::EditSample;
use super::phases::Compiled;

/// Variances of the logarithm of seen / expected.
#[derive(Debug, Clone, Copy)]
struct Variances {
    between_crates: f64,
    within_crate: f64,
}

/// Of 292 rebuilds of 60 crates.
const FRONTEND: Variances = Variances { between_crates: 0.069, within_crate: 0.034 };
/// Of 187 rebuilds of 46 crates: one edit makes a twentieth of the code again, the next one half of it.
const CODEGEN: Variances = Variances { between_crates: 0.17, within_crate: 0.71 };
/// As far as the model is off a codebase, its rebuilds may be: what a rebuild does again of code that the fit didn't know isn't
/// known any better. Four of five within a factor of 2.
const BETWEEN_CODEBASES: f64 = 0.29;
/// Below this the clock (hundredths of a second) says little.
const LEAST_S: f64 = 0.05;

/// The variance of the full build's front end if a rebuild is all that is known of it.
pub(super) const FULL_OF_REBUILD: f64 = FRONTEND.between_crates + FRONTEND.within_crate + BETWEEN_CODEBASES;

/// Sets what rebuilds take in one mode, for all crates and for those that were rebuilt, if any was.
pub(super) fn apply(
    costs: &mut Costs,
    edits: &[EditSample],
    kinds: &IdVec<CrateId, TargetKind>,
    link_s: &dyn Fn(CrateId, Compiled) -> f64,
) {
    let library = costs.incremental();
    let usual = |krate: CrateId| match CrateKind::of(kinds[krate]) {
        CrateKind::Binary => library.of_program(),
        _ => library,
    };
    let compiled = Compiled::Target(costs.mode);
    let edits = edits.iter().filter(|e| e.compiled == compiled);
    let link_s = |krate| link_s(krate, compiled);
    let Some((frontend, codegen, of_crates)) = seen(edits, &costs.crates, &usual, &link_s) else { return };
    costs.known.rebuilds = Some(scaled(library, frontend, codegen));
    costs.known.crate_rebuilds.extend(of_crates);
}

/// Likewise of harnesses, for [`Mode::Test`](crate::cost::Mode::Test).
pub(super) fn apply_to_harnesses(costs: &mut Costs, edits: &[EditSample]) {
    let usual = costs.incremental();
    let link_s = |krate| costs.harness_link_s(krate);
    let Some((frontend, codegen, of_crates)) = seen(edits.iter(), &costs.harnesses, &|_| usual, &link_s)
    else {
        return;
    };
    costs.known.harness_rebuilds = Some(scaled(usual, frontend, codegen));
    costs.known.crate_harness_rebuilds.extend(of_crates);
}

/// The factors of a codebase's front ends and code generation, and what rebuilds of each crate that was rebuilt take; `None` if none
/// was. `full` are seconds of whole compilations, `usual` what a rebuild takes of them where none was seen.
fn seen<'a>(
    edits: impl Iterator<Item = &'a EditSample>,
    full: &IdVec<CrateId, Cost>,
    usual: &dyn Fn(CrateId) -> IncrementalShares,
    link_s: &dyn Fn(CrateId) -> f64,
) -> Option<(f64, f64, BTreeMap<CrateId, IncrementalShares>)> {
    let (mut frontend, mut codegen) = (Ratios::default(), Ratios::default());
    for edit in edits {
        let full = full[edit.krate];
        let (frontend_s, codegen_s) =
            usual(edit.krate).again((full.frontend_s, full.codegen_s), edit.changed);
        let expected = Cost { frontend_s, codegen_s };
        let seen = edit.work.phases(link_s(edit.krate), expected);
        frontend.add(edit.krate, seen.frontend_s, expected.frontend_s);
        codegen.add(edit.krate, seen.codegen_s, expected.codegen_s);
    }
    if frontend.of_crates.is_empty() && codegen.of_crates.is_empty() {
        return None;
    }
    let (frontend, codegen) = (frontend.factors(FRONTEND), codegen.factors(CODEGEN));
    let rebuilt = frontend.of_crates.keys().chain(codegen.of_crates.keys()).copied();
    let of_crate = |krate: CrateId| {
        let of = |factors: &Factors| factors.of_crates.get(&krate).copied().unwrap_or(factors.all);
        (krate, scaled(usual(krate), of(&frontend), of(&codegen)))
    };
    Some((frontend.all, codegen.all, rebuilt.map(of_crate).collect()))
}

/// Logarithms of seen / expected, by crate.
#[derive(Debug, Default)]
struct Ratios {
    of_crates: BTreeMap<CrateId, Vec<f64>>,
}

/// Factors of one phase.
struct Factors {
    all: f64,
    of_crates: BTreeMap<CrateId, f64>,
}

impl Ratios {
    fn add(&mut self, krate: CrateId, seen_s: f64, expected_s: f64) {
        if seen_s >= LEAST_S && expected_s > 0.0 {
            self.of_crates.entry(krate).or_default().push((seen_s / expected_s).ln());
        }
    }

    /// The codebase's factor and each crate's. The mean of a crate's n rebuilds has the variance between + within / n around
    /// the codebase's.
    fn factors(&self, variances: Variances) -> Factors {
        let Variances { between_crates, within_crate } = variances;
        let mean = |logs: &[f64]| logs.iter().sum::<f64>() / logs.len().max(1) as f64;
        let (mut weights, mut sum) = (1.0 / BETWEEN_CODEBASES, 0.0);
        for logs in self.of_crates.values() {
            let weight = 1.0 / (between_crates + within_crate / logs.len() as f64);
            weights += weight;
            sum += weight * mean(logs);
        }
        let all = sum / weights;
        let of_crate = |logs: &Vec<f64>| {
            let own = between_crates / (between_crates + within_crate / logs.len() as f64);
            (all + own * (mean(logs) - all)).exp()
        };
        let of_crates = self.of_crates.iter().map(|(&krate, logs)| (krate, of_crate(logs))).collect();
        Factors { all: all.exp(), of_crates }
    }
}

/// Fixed parts and shares times a factor; nothing takes longer than a full build.
fn scaled(shares: IncrementalShares, frontend: f64, codegen: f64) -> IncrementalShares {
    let share = |share: f64, factor: f64| (share * factor).min(1.0);
    IncrementalShares {
        frontend_s: shares.frontend_s * frontend,
        codegen_s: shares.codegen_s * codegen,
        changed_frontend: share(shares.changed_frontend, frontend),
        changed_codegen: share(shares.changed_codegen, codegen),
        dependent_frontend: share(shares.dependent_frontend, frontend),
        dependent_codegen: share(shares.dependent_codegen, codegen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Factors by which rebuilds of crates were off, and between which the codebase's and the first crate's come out.
    #[test]
    fn rebuilds_are_drawn_together() {
        type Case<'a> = (&'a [&'a [f64]], (f64, f64), (f64, f64));
        let cases: [Case<'_>; 5] = [
            (&[&[1.0]], (0.99, 1.01), (0.99, 1.01)),
            (&[&[3.0]], (2.1, 2.4), (2.6, 2.9)),
            (&[&[3.0], &[3.0], &[3.0]], (2.5, 2.8), (2.8, 3.0)),
            (&[&[1.5, 1.5, 1.5, 1.5, 1.5, 1.5], &[1.0], &[1.0], &[1.0]], (1.0, 1.25), (1.3, 1.5)),
            (&[&[0.5, 0.7], &[0.6]], (0.5, 0.7), (0.5, 0.7)),
        ];
        for (crates, all, first) in cases {
            let mut ratios = Ratios::default();
            for (krate, factors) in crates.iter().enumerate() {
                factors.iter().for_each(|&factor| ratios.add(CrateId(krate as u32), factor, 1.0));
            }
            let found = ratios.factors(FRONTEND);
            assert!((all.0..=all.1).contains(&found.all), "{crates:?}: {}", found.all);
            let own = found.of_crates[&CrateId(0)];
            assert!((first.0..=first.1).contains(&own), "{crates:?}: {own}");
        }
    }

    #[test]
    fn no_rebuild_takes_longer_than_a_full_build() {
        let usual = IncrementalShares { changed_frontend: 0.5, ..IncrementalShares::NONE };
        let twice = scaled(usual, 3.0, 3.0);
        assert_eq!((twice.changed_frontend, twice.changed_codegen), (1.0, 1.0));
    }
}
