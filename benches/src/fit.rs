//! `fit`: measures what published crates take to compile and fits the cost model's coefficients to it.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Build published crates and write down the processor seconds of each (Linux; about 10 minutes a round).
    Measure {
        /// Builds for each mode; the least of all counts.
        #[arg(long, default_value_t = 2)]
        rounds: usize,
        /// Where to write.
        #[arg(long, default_value = "benches/data/crates.json")]
        out: PathBuf,
    },
    /// Fit coefficients to what was measured and cross-validate them.
    Solve {
        /// What `fit measure` wrote.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
    },
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match &args.step {
        Step::Measure { rounds, out } => crate::fit_measure::measure(*rounds, out),
        Step::Solve { data } => {
            let data = crate::fit_solve::read(data)?;
            println!("{}", crate::fit_print::summary(&crate::fit_solve::solve(&data)?));
            Ok(())
        }
    }
}
