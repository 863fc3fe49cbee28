//! The command line of split-advisor: raw arguments, one call of the library, one answer.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod diagnostics;
mod examples;
mod limits;
mod output;
mod progress;
mod render;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use args::Cli;

/// Facts outlive the syntax trees they are made from by far; glibc spends a fifth of a run merging the holes between
/// (`perf record` on nushell).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended; see `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done = 0,
    /// A gate failed, or something of a plan is left: what, is in the answer.
    Unmet = 1,
    /// Could not do it, or (with `--strict`) not all of it.
    Failed = 2,
    /// Stopped by Ctrl-C or another signal: what shells say of a program that SIGINT has ended (128 + 2).
    Interrupted = 130,
}

fn main() -> ExitCode {
    if let Some(code) = split_analyzer::measure::run_as_wrapper() {
        return commands::wrapper_exit(code);
    }
    split_analyzer::keep_panics();
    let ran = split_analyzer::catch_bugs("answering", || match Cli::try_parse() {
        Ok(cli) => commands::run(&cli),
        Err(answer) => say(&answer),
    });
    let exit = ran.unwrap_or_else(|bug| Err(bug.into())).unwrap_or_else(|error| {
        if is_broken_pipe(&error) {
            return Exit::Done;
        }
        diagnostics::error(&error);
        if limits::interrupt().is_cancelled() { Exit::Interrupted } else { Exit::Failed }
    });
    ExitCode::from(exit as u8)
}

/// Help and version go to stdout, what is wrong with the arguments to stderr.
fn say(answer: &clap::Error) -> anyhow::Result<Exit> {
    let printed = answer.print().and_then(|()| io::stdout().flush());
    if answer.use_stderr() {
        return Ok(Exit::Failed);
    }
    printed.context("cannot write to stdout")?;
    Ok(Exit::Done)
}

/// The reader of our output has seen enough (`… | head`): not a failure.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>();
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.map(io::Error::kind).or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}
