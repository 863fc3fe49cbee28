//! A verdict for each package: `cargo run --release --example analyze -- [PATH]`.

use std::io::Write;

use split_analyzer::report::{best_saving, holding_crates};
use split_analyzer::{Options, analyze};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let analysis = analyze(&Options::new(path))?;
    let report = analysis.report();
    let mut out = std::io::stdout().lock();
    for package in &report.packages {
        write!(out, "{}: {:?}", package.name, package.verdict.kind)?;
        if let Some(plan) = &package.plan {
            write!(out, ", {} crates, {} cuts", holding_crates(plan), plan.cuts.len())?;
        }
        match best_saving(package) {
            Some(saving) => writeln!(out, ", saves {:.0} %", saving.saved_pct.p50)?,
            None => writeln!(out)?,
        }
    }
    // What could not be read or understood is part of the answer.
    report.diagnostics.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
    Ok(())
}
