//! Benchmarks of split-advisor; see `README.md` beside this package.
#![expect(clippy::print_stdout, reason = "a benchmark reports to the terminal")]

mod apply;
mod apply_causes;
mod apply_check;
mod apply_copy;
mod apply_edits;
mod apply_errors;
mod apply_facts;
mod apply_layout;
mod apply_manifest;
mod apply_metadata;
mod apply_spans;
mod apply_tree;
mod apply_write;
mod edges;
mod fit;
mod fit_apps;
mod fit_apps_wrapper;
mod fit_features;
mod fit_held_out;
mod fit_incremental;
mod fit_measure;
mod fit_modules;
mod fit_modules_measure;
mod fit_nnls;
mod fit_part;
mod fit_print;
mod fit_samples;
mod fit_scratch;
mod fit_solve;
mod fit_statistics;
mod fit_wrapper;
mod growth;
mod growth_series;
mod leave_out;
mod main_job;
mod mutate;
#[path = "../../analyzer/tests/mutations/batch.rs"]
mod mutation_batch;
#[path = "../../analyzer/tests/mutations/mutate.rs"]
mod mutation_mutate;
mod observed;
mod predict;
mod process;
mod rebuilds;
mod residuals;
mod scheduler;
mod scheduler_codegen;
mod scheduler_stand_in;
mod scip;
mod settings;
mod split_plan;
mod stamps;
mod stopwatch;
mod survey;
mod verdicts;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Facts outlive the syntax trees they are made from by far; glibc spends a fifth of a run merging the holes between
/// (`perf record` on nushell).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Benchmarks of split-advisor")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A plan carried out on a copy, and what rustc says to it.
    Apply(apply::Args),
    /// The file-to-file references against those of rust-analyzer.
    Edges(edges::Args),
    /// Fit the cost model to measured builds of published crates.
    Fit(fit::Args),
    /// A split that maintainers carried out, as a plan for `what-if`.
    SplitPlan(split_plan::Args),
    /// How time and memory grow with the input: each series at a size and at ten times that size.
    Growth(growth::Args),
    /// The whole analysis against reading and parsing the same files with syn alone.
    MainJob(main_job::Args),
    /// Sources made wrong at random: none may make a stage panic, or take long.
    Mutate(mutate::Args),
    /// Real builds with one and two jobs, each predicted from the other.
    Predict(predict::Args),
    /// The simulated job queue against the real cargo, with a rustc that sleeps.
    Scheduler(scheduler::Args),
    /// What settings of profiles do to front end, code generation and linking.
    Settings(settings::Args),
    /// What of a full build an incremental rebuild does again: a fixed part and a share.
    Rebuilds,
    /// What builds have left in target directories against cargo's own pages of them.
    Stamps(stamps::Args),
    /// Each crate of real builds predicted from the others, and from its own seconds in another mode.
    LeaveOut(leave_out::Args),
    /// How far published crates are off the model in several phases together, and what they take.
    Residuals(residuals::Args),
    /// What cargo takes on the wall for the builds that `what-if` predicts.
    Stopwatch(stopwatch::Args),
    /// Many repositories, one analysis each: wall time, peak memory, exit code, diagnostics.
    Survey(survey::Args),
    /// What one or two builds of the program answer for a list of checkouts.
    Verdicts(verdicts::Args),
    /// One measured run in a process of its own; started by `main-job`.
    #[command(hide = true)]
    MainJobRun(main_job::RunArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(record) = std::env::var_os(fit_wrapper::RECORD) {
        return fit_wrapper::run(std::env::args_os().collect(), &record);
    }
    if let Some(record) = std::env::var_os(fit_apps_wrapper::RECORD) {
        return fit_apps_wrapper::run(std::env::args_os().collect(), &record);
    }
    if let Some(replay) = std::env::var_os(scheduler_stand_in::REPLAY) {
        return scheduler_stand_in::run(std::env::args_os().collect(), &replay);
    }
    if let Some(code) = split_analyzer::measure::run_as_wrapper() {
        return Ok(ExitCode::from(code?));
    }
    match Args::parse().command {
        Command::Apply(args) => apply::run(&args)?,
        Command::Edges(args) => edges::run(&args)?,
        Command::Fit(args) => fit::run(&args)?,
        Command::SplitPlan(args) => split_plan::run(&args)?,
        Command::Growth(args) => growth::run(&args)?,
        Command::MainJob(args) => main_job::compare(&args)?,
        Command::Mutate(args) => mutate::run(&args)?,
        Command::Predict(args) => predict::run(&args)?,
        Command::Scheduler(args) => scheduler::run(&args)?,
        Command::Rebuilds => rebuilds::run()?,
        Command::LeaveOut(args) => leave_out::run(&args)?,
        Command::Residuals(args) => residuals::run(&args)?,
        Command::Settings(args) => settings::run(&args)?,
        Command::Stamps(args) => stamps::run(&args)?,
        Command::Stopwatch(args) => stopwatch::run(&args)?,
        Command::Survey(args) => survey::run(&args)?,
        Command::Verdicts(args) => verdicts::run(&args)?,
        Command::MainJobRun(args) => main_job::run(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}
