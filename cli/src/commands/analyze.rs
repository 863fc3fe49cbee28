//! `analyze`: the main job.

use anyhow::bail;
use split_analyzer::history::HistoryOptions;
use split_analyzer::{Options, WantedTarget};

use super::{built, cost_inputs, modes, options, say};
use crate::Exit;
use crate::args::{AnalyzeArgs, ReportFormat};
use crate::output::OutDir;
use crate::progress::Progress;
use crate::render::answer::Analysed;

/// Analyses and answers.
pub(crate) fn run(args: &AnalyzeArgs) -> anyhow::Result<Exit> {
    if args.summary && args.format != ReportFormat::Markdown {
        bail!("--summary needs --format markdown: it is a short form of that");
    }
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, Some(&args.input.path))).transpose()?;
    let progress = Progress::start();
    let common = options(&args.input, progress.on_stage());
    let history = HistoryOptions {
        // Of the commits that are read about half concern no build.
        max_commits: common.history.max_commits.max(2 * args.commits as usize),
        since: args.since.clone(),
        ..common.history
    };
    let options = Options {
        history,
        commits: args.commits as usize,
        package: args.package.clone(),
        target: match &args.bin {
            Some(name) => Some(WantedTarget::Bin(name.clone())),
            None => args.lib.then_some(WantedTarget::Lib),
        },
        crates: args.crates,
        max_effort: args.max_effort,
        min_saving_s: args.min_saving,
        commits_per_week: args.commits_per_week,
        edits_per_commit: args.edits_per_commit,
        cache: args.cache.into(),
        payback_weeks: args.payback_weeks,
        jobs: args.jobs.get(),
        modes: modes(&args.mode),
        seed: args.seed,
        costs: cost_inputs(&args.seconds, &args.input.limits)?,
        built: built(&args.seconds)?,
        ..common
    };
    let analysis = split_analyzer::analyze(&options)?;
    let report = analysis.report();
    let wants_page = out_dir.is_some() || args.format == ReportFormat::Html;
    let page = wants_page.then(|| analysis.page(&report));
    // The process ends soon: taking millions of small pieces of memory apart would only make the user wait.
    std::mem::forget(analysis);
    drop(progress);
    let analysed = Analysed { report: &report, page: page.as_ref(), check: None };
    if let Some(dir) = &out_dir {
        analysed.write_files(dir)?;
    }
    say(&args.input, &report.diagnostics, |out| analysed.write(args.format, args.summary, out))
}
