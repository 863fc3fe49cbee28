//! `diff`: two reports, or two commits.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use split_analyzer::base::ToolOptions;
use split_analyzer::discover::DiscoverOptions;
use split_analyzer::gate::diff;
use split_analyzer::history::{HistoryOptions, Snapshot};
use split_analyzer::report::Report;
use split_analyzer::{Budget, OnStage, Options, analyze, files_at};

use super::{cargo_home, given_report};
use crate::args::{DiffArgs, Format};
use crate::output::{OutDir, to_stdout};
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, markdown, terminal};
use crate::{Exit, limits};

/// Compares and answers.
pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<Exit> {
    let (old, new) = (report(args, &args.old)?, report(args, &args.new)?);
    let found = diff((&args.old, &old), (&args.new, &new));
    to_stdout(|out| match args.format {
        Format::Terminal => terminal::diff(&found, &mut Screen::new(out, columns())),
        Format::Json => json::write(&found, out),
        Format::Markdown => markdown::diff(&found, out),
    })?;
    Ok(Exit::Done)
}

/// Of a file, or else of a commit.
fn report(args: &DiffArgs, named: &str) -> anyhow::Result<Report> {
    let path = Path::new(named);
    if path.is_file() {
        return given_report(path, &args.limits);
    }
    let progress = Progress::start();
    let options = options(args, progress.on_stage());
    let files = files_at(&options, named).with_context(|| format!("`{named}` is no file, and no commit"))?;
    let place = tempfile::tempdir().context("cannot make a temporary directory")?;
    write(&files, place.path())?;
    let mut report = analyze(&Options { path: place.path().to_owned(), ..options })?.report();
    report.settings.commit = Some(files.commit);
    Ok(report)
}

/// Neither history nor times of builds: a commit's own files have none.
fn options(args: &DiffArgs, on_stage: OnStage) -> Options {
    let tools = ToolOptions { timeout: Duration::from_secs(60), ..ToolOptions::default() };
    Options {
        path: args.path.clone(),
        discover: DiscoverOptions {
            features: args.features.clone(),
            cargo_home: cargo_home(),
            tools: tools.clone(),
            ..DiscoverOptions::default()
        },
        history: HistoryOptions { tools, ..HistoryOptions::default() },
        commits: 0,
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
