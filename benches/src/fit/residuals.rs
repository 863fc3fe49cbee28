//! `residuals`: how far published crates are off the model, in several phases together, and what they take; as the tables that
//! the analyzer compiles in.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use split_analyzer::cost::Mode;
use split_analyzer::discover::DiscoverOptions;
use split_analyzer::{Codebase, Options};

use crate::fit::crates::measure::{Data, Measured};
use crate::fit::features::{library, sources};
use crate::fit::solve::fit::read;
use crate::fit::solve::statistics::{correlation, median, quantile};

/// What `fit measure` wrote.
const DATA: &str = "benches/data/crates.json";
/// Phases that take less say more about the clock (10 ms) than about the crate.
const LEAST_S: f64 = 0.1;
/// The ninetieth percentile of the standard normal distribution.
const P90: f64 = 1.2816;
/// Residuals count as no more than so many standard deviations in a correlation: one crate is no rule.
const FURTHEST: f64 = 2.5;
/// Correlations are drawn to 0 by this, so that the matrix of pairs is one of a distribution.
const RIDGE: f64 = 0.95;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print `analyzer/src/cost/measured/reference.rs` in place of `…/ratios/residuals.rs`.
    #[arg(long)]
    reference: bool,
}

/// Check, front end; dev, front end and code generation; release, front end and code generation.
type Phases = [Option<f64>; 5];

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let data = read(Path::new(DATA))?;
    let text = if args.reference { reference(&data) } else { residuals(&data) };
    println!("{}", text.trim_end());
    Ok(())
}

fn seconds(of: impl Fn(Mode) -> Option<(f64, f64)>) -> Phases {
    let (check, dev, release) = (of(Mode::Check), of(Mode::Dev), of(Mode::Release));
    [check.map(|s| s.0), dev.map(|s| s.0), dev.map(|s| s.1), release.map(|s| s.0), release.map(|s| s.1)]
}

/// Logarithms of measured / modelled; `None` of crates that can't be read.
fn logs(krate: &Measured) -> Option<Phases> {
    let dir = sources(&krate.name, &krate.version).ok()?;
    let discover = DiscoverOptions {
        features: krate.features.clone(),
        no_default_features: true,
        ..DiscoverOptions::default()
    };
    let code: Codebase = split_analyzer::read(&Options { path: dir, discover, ..Options::default() }).ok()?;
    let (id, _) = library(&code, &krate.name)?;
    let costs = code.costs(&[Mode::Check, Mode::Dev, Mode::Release]);
    let modelled = |mode: Mode| {
        let cost = costs.iter().find(|c| c.mode == mode)?.crates[id];
        Some((cost.frontend_s, cost.codegen_s))
    };
    let (real, modelled) = (seconds(|mode| krate.seconds.get(&mode).copied()), seconds(modelled));
    Some(std::array::from_fn(|phase| {
        let (real, modelled) = (real[phase]?, modelled[phase]?);
        (real >= LEAST_S && modelled > 0.0).then(|| (real / modelled).ln())
    }))
}

fn residuals(data: &Data) -> String {
    let all: Vec<Phases> = data.crates.par_iter().filter_map(logs).collect();
    let of = |phase: usize| all.iter().filter_map(move |logs| logs[phase]);
    let centers: Vec<f64> = (0..5).map(|phase| median(of(phase))).collect();
    let deviations: Vec<f64> =
        (0..5).map(|phase| quantile(of(phase).map(|r| (r - centers[phase]).abs()), 0.8) / P90).collect();
    let within =
        |phase: usize, log: f64| ((log - centers[phase]) / deviations[phase]).clamp(-FURTHEST, FURTHEST);
    let (mut rows, mut told) = (String::new(), String::new());
    for i in 0..5 {
        let cell = |j: usize| {
            if i == j {
                return 1.0;
            }
            let pairs = all.iter().filter_map(|logs| Some((within(i, logs[i]?), within(j, logs[j]?))));
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.unzip();
            RIDGE * correlation(&a, &b)
        };
        let cells: Vec<f64> = (0..5).map(cell).collect();
        let covariances: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(j, c)| format!("{:.3}", c * deviations[i] * deviations[j]))
            .collect();
        rows += &format!("    [{}],\n", covariances.join(", "));
        let correlations: Vec<String> = cells.iter().map(|c| format!("{c:.2}")).collect();
        told += &format!("//! | {} | {} | {:.2} |\n", of(i).count(), correlations.join(" | "), deviations[i]);
    }
    format!(
        "//! How far crates are off the model, together in several phases; written by `cargo run --release -p split-benches --\n\
         //! residuals`, not by hand.\n//!\n\
         //! Crates, correlations, and standard deviations of the logarithm of measured / modelled:\n//!\n\
         //! | crates | check, front end | dev, front end | dev, code | release, front end | release, code | deviation |\n\
         //! |---|---|---|---|---|---|---|\n{told}\n\
         /// Covariance of the logarithms of measured / modelled seconds of one crate: check, front end; dev, front end and code\n\
         /// generation; release, front end and code generation.\n\
         pub(super) const CRATE: [[f64; 5]; 5] = [\n{rows}];\n"
    )
}

/// The front end of each crate that takes long enough, by name: several versions and features are one. Profiles that
/// optimize dependencies change their code generation, hardly their front end.
fn reference(data: &Data) -> String {
    let mut by_name: BTreeMap<&str, BTreeMap<Mode, Vec<f64>>> = BTreeMap::new();
    for krate in &data.crates {
        for (&mode, &(frontend_s, _)) in &krate.seconds {
            if frontend_s >= LEAST_S {
                by_name.entry(&krate.name).or_default().entry(mode).or_default().push(frontend_s);
            }
        }
    }
    let mean = |seconds: &[f64]| seconds.iter().map(|s| s.ln()).sum::<f64>() / seconds.len().max(1) as f64;
    let (mut squares, mut freedom, mut rows) = (0.0, 0usize, String::new());
    for (name, modes) in &by_name {
        let of = |mode: Mode| modes.get(&mode).map_or(0.0, |seconds| mean(seconds).exp());
        rows += &format!(
            "    (\"{name}\", [{:.2}, {:.2}, {:.2}]),\n",
            of(Mode::Check),
            of(Mode::Dev),
            of(Mode::Release)
        );
        for seconds in modes.values().filter(|seconds| seconds.len() > 1) {
            squares += seconds.iter().map(|s| (s.ln() - mean(seconds)).powi(2)).sum::<f64>();
            freedom += seconds.len() - 1;
        }
    }
    format!(
        "//! What the front ends of published crates take on the reference machine; written by `cargo run --release -p split-benches --\n\
         //! residuals --reference`, not by hand.\n\n\
         /// Variance of the logarithm of a crate's front end over its versions and features, from {freedom} more than one.\n\
         pub(super) const VERSIONS: f64 = {:.3};\n\n\
         /// Seconds of the front end in a check, a `dev` and a `release` build, ordered by name; 0 where they are too few to compare.\n\
         #[rustfmt::skip]\n\
         pub(super) static REFERENCE: [(&str, [f64; 3]); {}] = [\n{rows}];\n",
        squares / freedom.max(1) as f64,
        by_name.len()
    )
}
