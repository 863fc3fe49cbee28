//! `explain`: why A depends on B.

use super::{finish, options};
use crate::Exit;
use crate::args::ExplainArgs;
use crate::output::to_stdout;
use crate::progress::Progress;
use crate::render::answer::{write, write_files};

/// Lists the references.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let out_dir = args.output.directory(Some(&args.input.path))?;
    let progress = Progress::start();
    let codebase = split_analyzer::read(&options(&args.input, progress.on_stage()))?;
    let report = codebase.explain(&args.from, &args.to)?;
    drop(progress);
    if let Some(dir) = &out_dir {
        write_files(&report, dir)?;
    }
    let exit = finish(&args.input, &codebase.diagnostics);
    to_stdout(|out| write(&report, args.output.format, out))?;
    Ok(exit)
}
