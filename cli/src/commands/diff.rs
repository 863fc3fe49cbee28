//! `diff`: two reports, or two commits.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use split_analyzer::base::ToolOptions;
use split_analyzer::discover::{DiscoverOptions, cargo_home};
use split_analyzer::gate::diff;
use split_analyzer::history::{HistoryOptions, Snapshot};
use split_analyzer::report::Report;
use split_analyzer::{Budget, Diagnostic, OnStage, Options, analyze, common_commit_at, files_at, history_of};

use super::given_report;
use crate::args::{DiffArgs, Format};
use crate::diagnostics::Trouble;
use crate::output::{OutDir, to_stdout};
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, markdown, terminal};
use crate::{Exit, limits};

/// One of the two.
enum Side {
    Report(Box<Report>),
    Commit(Snapshot),
}

/// Compares and answers.
pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<Exit> {
    let progress = Progress::start();
    let options = options(args, progress.on_stage());
    let (old, new) = (side(args, &args.old, &options)?, side(args, &args.new, &options)?);
    let common = match (&old, &new) {
        (Side::Commit(old), Side::Commit(new)) => common_commit_at(&options, [&old.commit, &new.commit])?,
        _ => None,
    };
    let common = common.as_deref();
    let (old, new) = (report(old, common, &options)?, report(new, common, &options)?);
    drop(progress);
    let found = diff((&args.old, &old.report), (&args.new, &new.report), common.filter(|_| args.commits > 0));
    let mut trouble = [old.found, new.found].concat();
    // Most of it both have.
    trouble.sort();
    trouble.dedup();
    let shown = Trouble::of(&trouble, columns());
    shown.print_ahead();
    to_stdout(|out| match args.format {
        Format::Terminal => terminal::diff(&found, &mut Screen::new(out, columns())),
        Format::Json => json::write(&found, out),
        Format::Markdown => markdown::diff(&found, out),
    })?;
    shown.print_behind();
    Ok(super::exit(false, &trouble))
}

/// A file, or else a commit.
fn side(args: &DiffArgs, named: &str, options: &Options) -> anyhow::Result<Side> {
    let path = Path::new(named);
    if path.is_file() {
        return Ok(Side::Report(Box::new(given_report(path, &args.limits)?)));
    }
    let files = files_at(options, named).with_context(|| format!("`{named}` is no file, and no commit"))?;
    Ok(Side::Commit(files))
}

/// A report, with what its own analysis could not read.
struct Reported {
    report: Report,
    found: Vec<Diagnostic>,
}

/// Of a commit: of its files, with the history that both have, or its own.
fn report(side: Side, common: Option<&str>, options: &Options) -> anyhow::Result<Reported> {
    let files = match side {
        Side::Report(report) => return Ok(Reported { report: *report, found: Vec::new() }),
        Side::Commit(files) => files,
    };
    let place = tempfile::tempdir().context("cannot make a temporary directory")?;
    write(&files, place.path())?;
    let history = history_of(options, &files.commit, common.unwrap_or(&files.commit))?;
    let options = Options { path: place.path().to_owned(), history, ..options.clone() };
    let mut report = analyze(&options)?.report();
    report.settings.commit = Some(files.commit);
    let found = report.diagnostics.clone();
    Ok(Reported { report, found })
}

/// No times of builds: a commit's own files have none.
fn options(args: &DiffArgs, on_stage: OnStage) -> Options {
    let tools = ToolOptions { timeout: Duration::from_secs(60), ..ToolOptions::default() };
    let commits = args.commits as usize;
    let history = HistoryOptions { tools: tools.clone(), ..HistoryOptions::default() };
    Options {
        path: args.path.clone(),
        discover: DiscoverOptions {
            features: args.features.clone(),
            cargo_home: cargo_home(),
            tools,
            ..DiscoverOptions::default()
        },
        history: HistoryOptions { max_commits: history.max_commits.max(2 * commits), ..history },
        commits,
        built: None,
        budget: Budget {
            memory: args.limits.max_memory,
            time: args.limits.timeout,
            cancel: limits::interrupt(),
            ..Budget::default()
        },
        on_stage,
        ..Options::default()
    }
}

fn write(files: &Snapshot, place: &Path) -> anyhow::Result<()> {
    for (path, text) in &files.files {
        let (dir, name) = match path.rsplit_once('/') {
            Some((dir, name)) => (place.join(dir), name),
            None => (place.to_owned(), path.as_str()),
        };
        OutDir::new(&dir, Some(place))?.write(name, |out| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}
