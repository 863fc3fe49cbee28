//! The recommended plan, then the same with one crate less, without reading the repository again:
//! `cargo run --release --example what_if -- [PATH]`.

use std::io::Write;
use std::path::Path;

use split_analyzer::plan::{PlanFile, WhatIfOptions};
use split_analyzer::report::{WhatIfReport, plan_file, recommended};
use split_analyzer::{Options, analyze};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let analysis = analyze(&Options::new(path))?;
    let report = analysis.report();
    let Some(plan) = recommended(&report).and_then(|package| plan_file(Path::new("plan.toml"), package))
    else {
        writeln!(std::io::stdout(), "nothing is to be split")?;
        return Ok(());
    };
    let asked = WhatIfOptions { assume_cuts: true, ..WhatIfOptions::default() };
    show("as recommended", &analysis.what_if(&plan, &asked)?)?;
    let mut fewer: PlanFile = plan.clone();
    fewer.crates.pop();
    if !fewer.crates.is_empty() {
        show("with one crate less", &analysis.what_if(&fewer, &asked)?)?;
    }
    Ok(())
}

fn show(title: &str, answer: &WhatIfReport) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{title}:")?;
    for refusal in &answer.refusals {
        writeln!(out, "  refused: {}", refusal.detail)?;
    }
    for build in &answer.forecasts {
        let (before, after) = (build.before.time_s.p50, build.after.time_s.p50);
        writeln!(
            out,
            "  {:?} {:?} -j{}: {before:.1} s, {after:.1} s",
            build.scenario, build.mode, build.jobs
        )?;
    }
    Ok(())
}
