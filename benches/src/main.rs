//! Benchmarks of split-advisor; see `README.md` beside this package.
#![expect(clippy::print_stdout, reason = "a benchmark reports to the terminal")]

mod against_cargo;
mod apply;
mod edges;
mod fit;
mod history;
mod hostile;
mod main_job;
#[path = "../../analyzer/tests/mutations/batch.rs"]
mod mutation_batch;
#[path = "../../analyzer/tests/mutations/mutate.rs"]
mod mutation_mutate;
mod process;
mod scheduler;
mod settings;
mod stopwatch;
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
    /// What `affected` says of commits, against what the real cargo compiles again after each.
    Affected(against_cargo::command::Args),
    /// A plan carried out on a copy by the product, as a row of a table.
    Apply(apply::row::Args),
    /// Builds after a repository's own commits, before and after a split, against what the replay says of each.
    Commits(stopwatch::commits::Args),
    /// The file-to-file references against those of rust-analyzer.
    Edges(edges::score::Args),
    /// Fit the cost model to measured builds of published crates.
    Fit(fit::commands::Args),
    /// Builds of applications that happened, against what the simulation says of them.
    Forecast(stopwatch::forecast::Args),
    /// The fuzz targets, each a number of times; with nightly and cargo-fuzz.
    Fuzz(hostile::fuzz::Args),
    /// A split that maintainers carried out, as a plan for `what-if`.
    SplitPlan(stopwatch::split_plan::Args),
    /// How time and memory grow with the input: each series at a size and at ten times that size.
    Growth(hostile::growth::Args),
    /// How long a long history is read, replayed, and compared.
    History(history::Args),
    /// The whole analysis against reading and parsing the same files with syn alone.
    MainJob(main_job::Args),
    /// Sources made wrong at random: none may make a stage panic, or take long.
    Mutate(hostile::mutate::Args),
    /// Real builds with one and two jobs, each predicted from the other.
    Predict(stopwatch::predict::Args),
    /// The simulated job queue against the real cargo, with a rustc that sleeps.
    Scheduler(scheduler::compare::Args),
    /// What settings of profiles do to front end, code generation and linking.
    Settings(settings::Args),
    /// What of a full build an incremental rebuild does again: a fixed part and a share.
    Rebuilds,
    /// What builds have left in target directories against cargo's own pages of them.
    Stamps(stopwatch::stamps::Args),
    /// Each crate of real builds predicted from the others, and from its own seconds in another mode.
    LeaveOut(fit::leave_out::Args),
    /// How far published crates are off the model in several phases together, and what they take.
    Residuals(fit::residuals::Args),
    /// What cargo takes on the wall for the builds that `what-if` predicts.
    Stopwatch(stopwatch::command::Args),
    /// Many repositories, one analysis each: wall time, peak memory, exit code, diagnostics.
    Survey(hostile::survey::Args),
    /// What one or two builds of the program answer for a list of checkouts.
    Verdicts(verdicts::Args),
    /// One measured run in a process of its own; started by `main-job`.
    #[command(hide = true)]
    MainJobRun(main_job::RunArgs),
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(record) = std::env::var_os(fit::crates::wrapper::RECORD) {
        return fit::crates::wrapper::run(std::env::args_os().collect(), &record);
    }
    if let Some(record) = std::env::var_os(fit::apps::wrapper::RECORD) {
        return fit::apps::wrapper::run(std::env::args_os().collect(), &record);
    }
    if let Some(replay) = std::env::var_os(scheduler::stand_in::REPLAY) {
        return scheduler::stand_in::run(std::env::args_os().collect(), &replay);
    }
    if let Some(code) = split_analyzer::measure::run_as_wrapper() {
        return Ok(ExitCode::from(code?));
    }
    match Args::parse().command {
        Command::Affected(args) => against_cargo::command::run(&args)?,
        Command::Apply(args) => apply::row::run(&args)?,
        Command::Commits(args) => stopwatch::commits::run(&args)?,
        Command::Edges(args) => edges::score::run(&args)?,
        Command::Fit(args) => fit::commands::run(&args)?,
        Command::Forecast(args) => stopwatch::forecast::run(&args)?,
        Command::Fuzz(args) => hostile::fuzz::run(&args)?,
        Command::SplitPlan(args) => stopwatch::split_plan::run(&args)?,
        Command::Growth(args) => hostile::growth::run(&args)?,
        Command::History(args) => history::run(&args)?,
        Command::MainJob(args) => main_job::compare(&args)?,
        Command::Mutate(args) => hostile::mutate::run(&args)?,
        Command::Predict(args) => stopwatch::predict::run(&args)?,
        Command::Scheduler(args) => scheduler::compare::run(&args)?,
        Command::Rebuilds => stopwatch::rebuilds::run()?,
        Command::LeaveOut(args) => fit::leave_out::run(&args)?,
        Command::Residuals(args) => fit::residuals::run(&args)?,
        Command::Settings(args) => settings::run(&args)?,
        Command::Stamps(args) => stopwatch::stamps::run(&args)?,
        Command::Stopwatch(args) => stopwatch::command::run(&args)?,
        Command::Survey(args) => hostile::survey::run(&args)?,
        Command::Verdicts(args) => verdicts::run(&args)?,
        Command::MainJobRun(args) => main_job::run(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}
