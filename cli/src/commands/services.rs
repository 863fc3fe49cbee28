//! `services`: what is deployed, and what says so.

use split_analyzer::AffectedOptions;
use split_analyzer::history::ChangesOptions;

use super::{options, say};
use crate::Exit;
use crate::args::{ServicesArgs, ServicesFormat};
use crate::output::OutDir;
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, markdown, matrix, terminal};

/// Reads the deployment files.
pub(crate) fn run(args: &ServicesArgs) -> anyhow::Result<Exit> {
    let out_dir = args.out.as_ref().map(|dir| OutDir::new(dir, Some(&args.input.path))).transpose()?;
    let progress = Progress::start();
    let options = options(&args.input, progress.on_stage());
    let change = args.since.as_ref().map(|since| AffectedOptions {
        changes: ChangesOptions {
            reading: options.history.reading.clone(),
            tools: options.history.tools.clone(),
            ..ChangesOptions::since(since.clone())
        },
        reach: true,
        ..AffectedOptions::since(since.clone())
    });
    let report = split_analyzer::services(&options, change.as_ref())?;
    drop(progress);
    if let Some(dir) = &out_dir {
        dir.write("services.json", |out| json::write(&report, out))?;
        dir.write("services.md", |out| markdown::services(&report, out))?;
    }
    say(&args.input, &report.diagnostics, |out| match args.format {
        ServicesFormat::Terminal => terminal::services(&report, &mut Screen::new(out, columns())),
        ServicesFormat::Json => json::write(&report, out),
        ServicesFormat::Markdown => markdown::services(&report, out),
        ServicesFormat::GithubMatrix => matrix::services(&report, out),
    })
}
