//! `fit`: measures what published crates take to compile and fits the cost model's coefficients to it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::fit_print;

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
    /// Measure the modules of published crates (needs a compiler that takes `-Z` flags, or RUSTC_BOOTSTRAP).
    MeasureModules {
        /// Where to write.
        #[arg(long, default_value = "benches/data/modules.json")]
        out: PathBuf,
    },
    /// Compare what the model says of modules with what was measured.
    Modules {
        /// What `fit measure` wrote.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
        /// What `fit measure-modules` wrote.
        #[arg(long, default_value = "benches/data/modules.json")]
        modules: PathBuf,
        /// Also print the modules that are furthest off.
        #[arg(long)]
        worst: bool,
    },
    /// Fit coefficients to what was measured and cross-validate them.
    Solve {
        /// What `fit measure` wrote.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
        /// Print `analyzer/src/cost/fitted.rs` in place of a summary.
        #[arg(long)]
        table: bool,
    },
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match &args.step {
        Step::Measure { rounds, out } => crate::fit_measure::measure(*rounds, out),
        Step::MeasureModules { out } => crate::fit_modules_measure::measure_modules(out),
        Step::Modules { data, modules, worst } => crate::fit_modules::compare(data, modules, *worst),
        Step::Solve { data, table } => {
            let data = crate::fit_solve::read(data)?;
            let fits = crate::fit_solve::solve(&data)?;
            let text = if *table { fit_print::table(&fits, &data) } else { fit_print::summary(&fits) };
            println!("{}", text.trim_end());
            Ok(())
        }
    }
}
