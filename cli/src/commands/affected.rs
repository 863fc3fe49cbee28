//! `affected`: what a change compiles, tests and deploys again.

use split_analyzer::AffectedOptions;
use split_analyzer::history::ChangesOptions;

use super::{options, say};
use crate::Exit;
use crate::args::{AffectedArgs, AffectedFormat};
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, matrix, terminal};

/// Compares the commits.
pub(crate) fn run(args: &AffectedArgs) -> anyhow::Result<Exit> {
    let progress = Progress::start();
    let options = options(&args.input, progress.on_stage());
    let most = args.format.most_jobs();
    let jobs = match (args.jobs, most) {
        (Some(jobs), Some(most)) => Some(jobs.min(most)),
        (jobs, most) => jobs.or(most),
    };
    let asked = AffectedOptions {
        changes: ChangesOptions {
            since: args.since.clone(),
            head: args.head.clone(),
            direct: args.direct,
            reading: options.history.reading.clone(),
            tools: options.history.tools.clone(),
        },
        depth: args.depth.into(),
        ignore: args.ignore.clone(),
        reach: args.reach,
        jobs: jobs.map(|jobs| jobs as usize),
    };
    let report = split_analyzer::affected(&options, &asked)?;
    drop(progress);
    say(&args.input, &report.diagnostics, |out| match args.format {
        AffectedFormat::Terminal => terminal::affected(&report, &mut Screen::new(out, columns())),
        AffectedFormat::Json => json::write(&report, out),
        AffectedFormat::Names => matrix::names(&report, out),
        AffectedFormat::GithubMatrix => matrix::github(&report, out),
        AffectedFormat::Gitlab => matrix::gitlab(&report, out),
    })
}
