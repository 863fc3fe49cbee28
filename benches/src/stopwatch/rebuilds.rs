//! `rebuilds`: what of a full build an incremental rebuild does again, as a fixed part and a share.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use split_analyzer::cost::{Mode, incremental_shares};

use crate::fit::apps::edits::{Edits, Rebuilt};
use crate::fit::crates::incremental::Rebuild;

/// Rebuilds of larger crates.
const LARGER: &str = include_str!("../../data/rebuilds.json");
/// Files of applications, edited one after the other (`fit edits`).
const EDITS: &str = include_str!("../../data/edits.json");
/// What `fit measure` wrote.
const SMALL: &str = "benches/data/crates.json";

/// Front end and code generation.
type Seconds = (f64, f64);
/// One of the two, by name.
type Phase = (&'static str, fn(&Seconds) -> f64);

/// What is read of `data/rebuilds.json`.
#[derive(Deserialize)]
struct Larger {
    rebuilds: Vec<Rebuild>,
}

/// A fit of `again = fixed_s + share × full`.
struct Affine {
    fixed_s: f64,
    share: f64,
    /// Mean of |ln(predicted / measured)|.
    error: f64,
}

/// Prints the fits of both modes and phases, of edited crates and of those above an edited one.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut all = crate::fit::solve::fit::read(Path::new(SMALL))?.incremental;
    all.extend(serde_json::from_str::<Larger>(LARGER).context("data/rebuilds.json")?.rebuilds);
    println!(
        "| mode | phase | crates | rebuilds | fixed | share | mean error |\n|---|---|---|---|---|---|---|"
    );
    for mode in [Mode::Check, Mode::Dev] {
        let phases: [Phase; 2] = [("front end", |s| s.0), ("code generation", |s| s.1)];
        for (phase, part) in phases.iter().take(if mode == Mode::Check { 1 } else { 2 }) {
            for edited in [true, false] {
                let rows = all.iter().filter(|r| r.mode == mode && r.edited == edited);
                let points: Vec<(f64, f64)> = rows
                    .map(|r| (part(&r.full_s), part(&r.again_s)))
                    .filter(|(full, again)| *full >= 0.1 && *again > 0.0)
                    .collect();
                let fit = affine(&points);
                println!(
                    "| {} | {phase} | {} | {} | {:.3} s | {:.2} | {:.0} % |",
                    if mode == Mode::Check { "check" } else { "dev" },
                    if edited { "edited" } else { "above" },
                    points.len(),
                    fit.fixed_s,
                    fit.share,
                    fit.error.exp_m1() * 100.0
                );
            }
        }
    }
    let edits: Edits = serde_json::from_str(EDITS).context("data/edits.json")?;
    print_edits(&edits);
    all.extend(edits.rebuilds.iter().map(|row| Rebuild {
        name: format!("{} {} {}", row.app, row.krate, row.kind),
        mode: Mode::Dev,
        edited: row.own,
        full_s: row.full_s,
        again_s: row.again_s,
    }));
    println!("\n| phase | crates | rebuilds | variance between crates | within one |\n|---|---|---|---|---|");
    let phases: [Phase; 2] = [("front end", |s| s.0), ("code generation", |s| s.1)];
    for (phase, part) in phases {
        let spread = spread(&all, part);
        println!(
            "| {phase} | {} | {} | {:.4} | {:.4} |",
            spread.crates, spread.rebuilds, spread.between, spread.within
        );
    }
    Ok(())
}

/// Code generation of less tells nothing.
const LEAST_CODE_S: f64 = 0.5;

/// The part of its code that a statement more makes a library or a program generate again.
fn print_edits(edits: &Edits) {
    println!(
        "\n| {} edits | | rebuilds | median | mean | three of four |\n|---|---|---|---|---|---|",
        edits.edits()
    );
    for (kind, program) in [("libraries", false), ("programs", true)] {
        for (edited, own) in [("edited", true), ("above", false)] {
            let meant = |row: &&Rebuilt| {
                (row.kind == "bin") == program && row.own == own && row.full_s.1 >= LEAST_CODE_S
            };
            let mut parts: Vec<f64> =
                edits.rebuilds.iter().filter(meant).map(|row| row.again_s.1 / row.full_s.1).collect();
            parts.sort_by(f64::total_cmp);
            let at = |share: f64| parts.get((parts.len() as f64 * share) as usize).copied().unwrap_or(0.0);
            let mean = parts.iter().sum::<f64>() / parts.len().max(1) as f64;
            println!(
                "| {kind} | {edited} | {} | {:.2} | {mean:.2} | {:.2} |",
                parts.len(),
                at(0.5),
                at(0.75)
            );
        }
    }
}

/// How far rebuilds are off what the analyzer expects of them.
struct Spread {
    crates: usize,
    rebuilds: usize,
    /// Variances of the logarithm of measured / expected.
    between: f64,
    within: f64,
}

/// One-way analysis of variance, crates of different size weighted as Snedecor and Cochran (1989, ch. 13) do.
fn spread(all: &[Rebuild], part: fn(&Seconds) -> f64) -> Spread {
    let mut crates: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for rebuild in all.iter().filter(|r| part(&r.full_s) >= 0.1 && part(&r.again_s) > 0.0) {
        let library = incremental_shares(rebuild.mode);
        let shares = if rebuild.name.ends_with(" bin") { library.of_program() } else { library };
        let expected = part(&shares.again(rebuild.full_s, rebuild.edited));
        // A check generates no code that counts.
        let codegen = part(&(0.0, 1.0)) > 0.0;
        if !(codegen && rebuild.mode == Mode::Check) && expected > 0.0 {
            crates.entry(&rebuild.name).or_default().push((part(&rebuild.again_s) / expected).ln());
        }
    }
    let mean = |logs: &[f64]| logs.iter().sum::<f64>() / logs.len().max(1) as f64;
    let every: Vec<f64> = crates.values().flatten().copied().collect();
    let (n, k, middle) = (every.len() as f64, crates.len() as f64, mean(&every));
    let squares = |logs: &[f64], from: f64| logs.iter().map(|log| (log - from).powi(2)).sum::<f64>();
    let within = crates.values().map(|logs| squares(logs, mean(logs))).sum::<f64>() / (n - k);
    let off = |logs: &Vec<f64>| logs.len() as f64 * (mean(logs) - middle).powi(2);
    let above = crates.values().map(off).sum::<f64>() / (k - 1.0);
    let size = (n - crates.values().map(|logs| (logs.len() as f64).powi(2)).sum::<f64>() / n) / (k - 1.0);
    Spread {
        crates: crates.len(),
        rebuilds: every.len(),
        between: ((above - within) / size).max(0.0),
        within,
    }
}

/// The least mean relative error over a grid of 1 ms and 1 %.
fn affine(points: &[(f64, f64)]) -> Affine {
    let mut best = Affine { fixed_s: 0.0, share: 0.0, error: f64::INFINITY };
    for (ms, percent) in (0..200).flat_map(|ms| (1..100).map(move |percent| (ms, percent))) {
        let (fixed_s, share) = (f64::from(ms) / 1e3, f64::from(percent) / 1e2);
        let off = |&(full, again): &(f64, f64)| ((fixed_s + share * full) / again).ln().abs();
        let error = points.iter().map(off).sum::<f64>() / points.len() as f64;
        if error < best.error {
            best = Affine { fixed_s, share, error };
        }
    }
    best
}
