//! Benchmarks of split-advisor; see `README.md` beside this package.
#![expect(clippy::print_stdout, reason = "a benchmark reports to the terminal")]

mod main_job;
mod process;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Benchmarks of split-advisor")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The whole analysis against reading and parsing the same files with syn alone.
    MainJob(main_job::Args),
    /// One measured run in a process of its own; started by `main-job`.
    #[command(hide = true)]
    MainJobRun(main_job::RunArgs),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().command {
        Command::MainJob(args) => main_job::compare(&args),
        Command::MainJobRun(args) => main_job::run(&args),
    }
}
