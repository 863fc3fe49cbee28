//! `explain`: why A depends on B.

use super::{answer, options};
use crate::Exit;
use crate::args::{ExplainArgs, Format};
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, markdown, terminal};

/// Lists the references.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let out_dir = args.output.directory(Some(&args.input.path))?;
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let report = codebase.explain(&args.from, &args.to)?;
    drop(progress);
    if let Some(dir) = &out_dir {
        dir.write("explain.json", |out| json::write(&report, out))?;
        dir.write("explain.md", |out| markdown::explanation(&report, out))?;
    }
    answer(&args.input, &codebase.diagnostics, |out| match args.output.format {
        Format::Terminal => terminal::explanation(&report, args.all, &mut Screen::new(out, columns())),
        Format::Json => json::write(&report, out),
        Format::Markdown => markdown::explanation(&report, out),
    })
}
