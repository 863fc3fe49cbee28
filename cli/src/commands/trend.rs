//! `trend`: reports side by side.

use std::path::{Path, PathBuf};

use split_analyzer::gate::trend;
use split_analyzer::report::Report;

use super::{given_report, modes};
use crate::Exit;
use crate::args::{TrendArgs, TrendFormat};
use crate::output::to_stdout;
use crate::render::terminal::{Screen, columns};
use crate::render::{html, json, markdown, openmetrics, terminal};

/// Reads the reports and answers.
pub(crate) fn run(args: &TrendArgs) -> anyhow::Result<Exit> {
    let read = |path: &PathBuf| Ok((label(path, &args.reports), given_report(path, &args.limits)?));
    let reports = args.reports.iter().map(read).collect::<anyhow::Result<Vec<(String, Report)>>>()?;
    let mode = modes(&[args.mode])[0];
    let found = trend(&reports, mode);
    to_stdout(|out| match args.format {
        TrendFormat::Terminal => terminal::trend(&found, &mut Screen::new(out, columns())),
        TrendFormat::Json => json::write(&found, out),
        TrendFormat::Markdown => markdown::trend(&found, out),
        TrendFormat::Html => html::trend(&found, out),
        TrendFormat::Openmetrics => openmetrics::trend(&found, out),
    })?;
    Ok(Exit::Done)
}

/// What tells a file from the others: its name, or its folder's where all have the same.
fn label(path: &Path, all: &[PathBuf]) -> String {
    let same = all.iter().filter(|other| other.file_name() == path.file_name()).count();
    let of_folder = path.parent().and_then(Path::file_name).filter(|_| same > 1);
    let name = of_folder.or(path.file_stem()).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.display().to_string())
}
