//! `explain`: why A depends on B.

use super::{answer, options};
use crate::Exit;
use crate::args::ExplainArgs;
use crate::progress::Progress;
use crate::render::answer::Answer;

/// Lists the references.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let out_dir = args.output.directory(Some(&args.input.path))?;
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let report = codebase.explain(&args.from, &args.to)?;
    drop(progress);
    let answered = Answer::Explanation { report: &report, all: args.all };
    answer(&args.input, &codebase.diagnostics, &args.output, out_dir.as_ref(), answered)
}
