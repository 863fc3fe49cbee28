//! `simulate`: today's builds.

use split_analyzer::SimulateOptions;

use super::{finish, options};
use crate::Exit;
use crate::args::{Format, SimulateArgs};
use crate::output::{to_file, to_stdout};
use crate::progress::Progress;
use crate::render::{json, markdown, terminal};

/// Predicts the builds.
pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<Exit> {
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let builds = SimulateOptions {
        jobs: args.jobs.iter().map(|j| j.get()).collect(),
        modes: args.mode.iter().map(|&m| m.into()).collect(),
        scenarios: args.scenario.iter().map(|&s| s.into()).collect(),
    };
    let report = codebase.simulate(&builds);
    drop(progress);
    if let Some(dir) = &args.output.out {
        to_file(dir, "simulation.json", |out| json::write(&report, out))?;
        to_file(dir, "simulation.md", |out| markdown::simulation(&report, out))?;
    }
    let exit = finish(&args.input, &codebase.diagnostics);
    to_stdout(|out| match args.output.format {
        Format::Terminal => terminal::simulation(&report, out),
        Format::Json => json::write(&report, out),
        Format::Markdown => markdown::simulation(&report, out),
    })?;
    Ok(exit)
}
