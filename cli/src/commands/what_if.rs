//! `what-if`: a split that the user describes.

use std::path::Path;

use split_analyzer::Error;
use split_analyzer::Options;
use split_analyzer::plan::{PlanFile, WhatIfOptions};
use split_analyzer::report::{Report, plan_file, recommended};

use super::{answer, built, cost_inputs, given_text, modes, options, test_times};
use crate::Exit;
use crate::args::WhatIfArgs;
use crate::diagnostics;
use crate::progress::Progress;
use crate::render::answer::Answer;
use crate::render::prose::forecasts;

/// Judges the plan and predicts it. A plan that can't be done is answered in full, with the exit code of a failure.
pub(crate) fn run(args: &WhatIfArgs) -> anyhow::Result<Exit> {
    let out_dir = args.output.directory(Some(&args.input.path))?;
    let text = given_text(&args.plan, &args.input.limits)?;
    let plan = plan_of(&args.plan, &text)?;
    let progress = Progress::start();
    let options = Options {
        modes: modes(&args.builds.mode),
        costs: cost_inputs(&args.seconds, &args.input.limits)?,
        test_times: test_times(&args.tests, &args.input.limits)?,
        built: built(&args.seconds)?,
        ..options(&args.input, progress.on_stage())
    };
    let asked = WhatIfOptions {
        scenarios: args.scenario.iter().map(|&s| s.into()).collect(),
        jobs: args.builds.jobs.iter().map(|j| j.get()).collect(),
        assume_cuts: args.assume_cuts,
        direct_users: args.direct_users,
        ..WhatIfOptions::default()
    };
    let report = split_analyzer::what_if(&options, &plan, &asked)?;
    drop(progress);
    let answered = Answer::WhatIf(&report);
    let exit = answer(&args.input, &report.diagnostics, &args.output, out_dir.as_ref(), answered)?;
    if !report.predicted {
        diagnostics::error(&anyhow::anyhow!(forecasts::refused(&report)));
        return Ok(Exit::Failed);
    }
    Ok(exit)
}

/// The plan of a file: a `plan.toml`, or the recommended one of a `report.json`.
pub(super) fn plan_of(path: &Path, text: &str) -> Result<PlanFile, Error> {
    if !text.trim_start().starts_with('{') {
        return PlanFile::parse(path, text);
    }
    let invalid = |line: usize, message: String| Error::InvalidInput { path: path.to_owned(), line, message };
    let report: Report = serde_json::from_str(text)
        .map_err(|error| invalid(error.line(), format!("it is no report of `analyze`: {error}")))?;
    let plan = recommended(&report).and_then(|package| plan_file(path, package));
    plan.ok_or_else(|| invalid(0, "the report has no plan: no package is to be split".to_owned()))
}
