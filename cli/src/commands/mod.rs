//! One file per subcommand: validated options, one call of the library, one renderer.

mod affected;
mod analyze;
mod apply;
mod check;
mod cluster;
mod completions;
mod diff;
mod explain;
mod graph;
mod init;
mod man;
mod measure;
mod services;
mod simulate;
mod trend;
mod verify;
mod what_if;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use split_analyzer::base::read::{read_given, read_given_text};
use split_analyzer::base::{ReadOptions, Refused, ToolOptions};
use split_analyzer::cost::Mode;
use split_analyzer::cost::import::{CostInput, TestTimes, parse_test_times};
use split_analyzer::discover::{BuiltOptions, DiscoverOptions, cargo_home};
use split_analyzer::history::HistoryOptions;
use split_analyzer::report::{Report, SCHEMA_VERSION};
use split_analyzer::{Budget, Diagnostic, Error, OnStage, Options};

use crate::args::{Cli, Command, Input, Limits, ModeArg, Output, Seconds, Tests};
use crate::diagnostics::Trouble;
use crate::output::{OutDir, to_stdout};
use crate::render::answer::Answer;
use crate::render::terminal::columns;
use crate::{Exit, diagnostics, limits};

/// Runs the subcommand.
pub(crate) fn run(cli: &Cli) -> anyhow::Result<Exit> {
    if let Some(limits) = limits_of(&cli.command) {
        limits::watch(limits)?;
        limits::catch_signals()?;
    }
    match &cli.command {
        Command::Analyze(args) => analyze::run(args),
        Command::Graph(args) => graph::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Cluster(args) => cluster::run(args),
        Command::Measure(args) => measure::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::WhatIf(args) => what_if::run(args),
        Command::Affected(args) => affected::run(args),
        Command::Services(args) => services::run(args),
        Command::Apply(args) => apply::run(args),
        Command::Verify(args) => verify::run(args),
        Command::Check(args) => check::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Trend(args) => trend::run(args),
        Command::Init(args) => init::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// The limits of a command that takes some.
fn limits_of(command: &Command) -> Option<&Limits> {
    match command {
        Command::Analyze(args) => Some(&args.input.limits),
        Command::Graph(args) => Some(&args.input.limits),
        Command::Explain(args) => Some(&args.input.limits),
        Command::Cluster(args) => Some(&args.limits),
        Command::Simulate(args) => Some(&args.input.limits),
        Command::WhatIf(args) => Some(&args.input.limits),
        Command::Affected(args) => Some(&args.input.limits),
        Command::Services(args) => Some(&args.input.limits),
        Command::Apply(args) => Some(&args.input.limits),
        Command::Verify(args) => Some(&args.input.limits),
        Command::Check(args) => Some(&args.input.limits),
        Command::Diff(args) => Some(&args.limits),
        Command::Trend(args) => Some(&args.limits),
        // A build takes what it takes, and what is read from nowhere nothing.
        Command::Measure(_) | Command::Init(_) | Command::Completions(_) | Command::Man(_) => None,
    }
}

/// Ends a run as a wrapper of rustc within `measure`.
pub(crate) fn wrapper_exit(result: std::io::Result<u8>) -> ExitCode {
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            diagnostics::error(
                &anyhow::Error::new(error).context("cannot run the compiler under observation"),
            );
            ExitCode::FAILURE
        }
    }
}

/// The library's options for what all commands that read a repository have in common.
fn options(input: &Input, on_stage: OnStage) -> Options {
    let mut reading = ReadOptions { follow_outside: input.follow_outside, ..ReadOptions::default() };
    reading.max_file_bytes = input.limits.max_file_bytes().unwrap_or(reading.max_file_bytes);
    let timeout = Duration::from_secs(input.tool_timeout);
    let tools = ToolOptions { timeout, ..ToolOptions::default() };
    Options {
        path: input.path.clone(),
        discover: DiscoverOptions {
            features: input.features.clone(),
            all_features: input.all_features,
            no_default_features: input.no_default_features,
            target: input.target.clone(),
            cfgs: input.cfg.clone(),
            exclude: input.exclude.clone(),
            cargo_home: cargo_home(),
            reading: reading.clone(),
            tools: tools.clone(),
            ..DiscoverOptions::default()
        },
        // For questions that need no seconds.
        built: None,
        history: HistoryOptions { reading, tools, ..HistoryOptions::default() },
        budget: Budget {
            memory: input.limits.max_memory,
            time: input.limits.timeout,
            cancel: limits::interrupt(),
            ..Budget::default()
        },
        on_stage,
        ..Options::default()
    }
}

/// Reads the file with running times of tests.
fn test_times(tests: &Tests, limits: &Limits) -> anyhow::Result<Option<TestTimes>> {
    let Some(path) = &tests.test_times else { return Ok(None) };
    let bytes = read_given(path, limits.given()).map_err(|refused| unreadable(path, refused))?;
    Ok(Some(parse_test_times(path, &bytes)?))
}

/// Each once, in the order given.
fn modes(asked: &[ModeArg]) -> Vec<Mode> {
    let mut modes = Vec::new();
    for mode in asked.iter().map(|&mode| mode.into()) {
        if !modes.contains(&mode) {
            modes.push(mode);
        }
    }
    modes
}

/// Where earlier builds may have left their times: what cargo takes from the environment (the Cargo Book, "Environment
/// variables") is read here.
fn built(seconds: &Seconds) -> anyhow::Result<Option<BuiltOptions>> {
    if seconds.no_built {
        return Ok(None);
    }
    let directory = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |dir: Option<PathBuf>| dir.map(std::path::absolute).transpose();
    let target_dir = seconds
        .target_dir
        .clone()
        .or_else(|| directory("CARGO_TARGET_DIR"))
        .or_else(|| directory("CARGO_BUILD_TARGET_DIR"));
    let build_dir = directory("CARGO_BUILD_BUILD_DIR").filter(|_| seconds.target_dir.is_none());
    Ok(Some(BuiltOptions {
        target_dir: absolute(target_dir)?,
        build_dir: absolute(build_dir)?,
        cargo_home: absolute(cargo_home())?,
        only_target_dir: seconds.target_dir.is_some(),
        ..BuiltOptions::default()
    }))
}

/// Reads the files with seconds. Logs belong to pages in their order.
fn cost_inputs(seconds: &Seconds, limits: &Limits) -> anyhow::Result<Vec<CostInput>> {
    let read = |path: &PathBuf| read_given(path, limits.given()).map_err(|refused| unreadable(path, refused));
    let mut inputs = Vec::new();
    for path in &seconds.costs {
        inputs.push(CostInput::Costs { path: path.clone(), bytes: read(path)? });
    }
    for (i, path) in seconds.timings.iter().enumerate() {
        let log =
            seconds.build_log.get(i).map(|log| Ok::<_, Error>((log.clone(), read(log)?))).transpose()?;
        inputs.push(CostInput::Timings { path: path.clone(), bytes: read(path)?, log });
    }
    for path in &seconds.build_analysis {
        inputs.push(CostInput::BuildAnalysis { path: path.clone(), bytes: read(path)? });
    }
    Ok(inputs)
}

/// A file of text that the user names.
fn given_text(path: &Path, limits: &Limits) -> Result<String, Error> {
    read_given_text(path, limits.given()).map_err(|refused| unreadable(path, refused))
}

/// A report that `analyze` wrote, of this version or an older one.
fn given_report(path: &Path, limits: &Limits) -> anyhow::Result<Report> {
    let text = given_text(path, limits)?;
    let invalid = |line: usize, message: String| Error::InvalidInput { path: path.to_owned(), line, message };
    let report: Report = serde_json::from_str(&text)
        .map_err(|error| invalid(error.line(), format!("no report of `analyze`: {error}")))?;
    if report.schema_version > SCHEMA_VERSION {
        let message = format!("version {} of a report; {SCHEMA_VERSION} is known", report.schema_version);
        return Err(invalid(0, message).into());
    }
    Ok(report)
}

fn unreadable(path: &Path, refused: Refused) -> Error {
    Error::Unreadable { path: path.to_owned(), source: refused.into() }
}

/// Writes the files of `--out` and the answer in the format asked for.
fn answer(
    input: &Input,
    found: &[Diagnostic],
    output: &Output,
    dir: Option<&OutDir>,
    answer: Answer<'_>,
) -> anyhow::Result<Exit> {
    if let Some(dir) = dir {
        answer.write_files(dir)?;
    }
    say(input, found, |out| answer.write(output.format, out))
}

/// Writes an answer to stdout, and to stderr what the input lacks: what has no room on two lines comes after it.
fn say(
    input: &Input,
    found: &[Diagnostic],
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> anyhow::Result<Exit> {
    let trouble = Trouble::of(found, columns());
    trouble.print_ahead();
    to_stdout(write)?;
    trouble.print_behind();
    Ok(exit(input.strict, found))
}

/// A bug is a failure, with `--strict` any error or warning.
fn exit(strict: bool, found: &[Diagnostic]) -> Exit {
    use split_analyzer::diagnostic::{Code, Severity};
    let trouble = found.iter().any(|d| d.severity != Severity::Info);
    let bug = found.iter().any(|d| d.code == Code::Bug);
    if bug || (strict && trouble) { Exit::Failed } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use split_analyzer::diagnostic::{Code, Severity};

    use super::*;

    #[test]
    fn a_bug_is_a_failure_and_other_trouble_is_one_if_asked_for() {
        for (arguments, code, expected) in [
            (&["split-advisor", "analyze"][..], Code::SyntaxError, Exit::Done),
            (&["split-advisor", "analyze", "--strict"], Code::SyntaxError, Exit::Failed),
            (&["split-advisor", "analyze"], Code::Bug, Exit::Failed),
        ] {
            let Command::Analyze(analyze) = Cli::parse_from(arguments).command else {
                panic!("{arguments:?}")
            };
            let found = [Diagnostic::new(Severity::Error, code, "said by a test")];
            assert_eq!(exit(analyze.input.strict, &found), expected, "{arguments:?} {code:?}");
        }
    }
}
