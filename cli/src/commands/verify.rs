//! `verify`: builds before and after a plan, on the stopwatch and as predicted.

use split_analyzer::apply::VerifyOptions;

use super::apply::chosen;
use super::options;
use crate::Exit;
use crate::args::{ApplyFormat, VerifyArgs};
use crate::output::to_stdout;
use crate::progress::Progress;
use crate::render::terminal::{Screen, columns};
use crate::render::{json, terminal};

/// Builds and compares.
pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<Exit> {
    let plan = chosen(&args.split, &args.input.limits)?;
    let processors = || std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let asked = VerifyOptions {
        mode: args.mode.into(),
        jobs: args.jobs.map_or_else(processors, std::num::NonZeroU32::get),
        runs: args.runs,
        files: args.files.clone(),
        target_dir: args.target_dir.as_deref().map(std::path::absolute).transpose()?,
        cargo_arguments: args.cargo_arguments.clone(),
    };
    let progress = Progress::start();
    let report = split_analyzer::verify(&options(&args.input, progress.on_stage()), &plan, &asked)?;
    drop(progress);
    to_stdout(|out| match args.format {
        ApplyFormat::Terminal => terminal::verified(&report, &mut Screen::new(out, columns())),
        ApplyFormat::Json => json::write(&report, out),
    })?;
    Ok(Exit::Done)
}
