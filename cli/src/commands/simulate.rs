//! `simulate`: today's builds.

use split_analyzer::plan::Scenario;
use split_analyzer::{Options, SimulateOptions};

use super::{answer, built, cost_inputs, modes, options, test_times};
use crate::Exit;
use crate::args::SimulateArgs;
use crate::progress::Progress;
use crate::render::answer::Answer;

/// Predicts the builds.
pub(crate) fn run(args: &SimulateArgs) -> anyhow::Result<Exit> {
    let out_dir = args.output.directory(Some(&args.input.path))?;
    let builds = SimulateOptions {
        jobs: args.builds.jobs.iter().map(|j| j.get()).collect(),
        modes: modes(&args.builds.mode),
        test_times: test_times(&args.tests, &args.input.limits)?,
        scenarios: args.scenario.iter().map(|&s| s.into()).collect(),
        cache: args.cache.into(),
        costs: cost_inputs(&args.seconds, &args.input.limits)?,
    };
    let progress = Progress::start();
    let options = Options { built: built(&args.seconds)?, ..options(&args.input, progress.on_stage()) };
    let codebase = split_analyzer::read(&options)?;
    let (history, found) = codebase.history(&options.history);
    let report = codebase.simulate(&builds, Some(&history))?;
    drop(progress);
    let cold = builds.scenarios.contains(&Scenario::Cold);
    let unknown = codebase.unknown_cold().into_iter().filter(|_| cold);
    let diagnostics: Vec<_> = codebase.diagnostics.iter().cloned().chain(found).chain(unknown).collect();
    answer(&args.input, &diagnostics, &args.output, out_dir.as_ref(), Answer::Simulation(&report))
}
