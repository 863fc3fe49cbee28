//! `fit`: measures what published crates take to compile and fits the cost model's coefficients to it.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use split_analyzer::cost::Mode;

use crate::fit::apps::build::Further;
use crate::fit::solve::print;

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
    /// Build applications without their dependencies' code, read all sources, and write down figures (Linux).
    Apps {
        /// `NAME=DIR`, in the order in which they are built; DIR is a checkout.
        #[arg(required = true)]
        apps: Vec<String>,
        /// The applications that are left out of every fit.
        #[arg(long, value_delimiter = ',')]
        held_out: Vec<String>,
        /// More arguments of `cargo build` for one application: `NAME=--workspace`.
        #[arg(long, value_name = "NAME=ARGUMENT", allow_hyphen_values = true)]
        argument: Vec<String>,
        /// What cargo is asked for besides `cargo build`.
        #[arg(long, value_delimiter = ',')]
        further: Vec<Further>,
        /// What `fit measure` wrote: its crates' sources are read too.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
        /// Where cargo builds and records are kept; what was built is not built again.
        #[arg(long, default_value = "out/fit-apps")]
        scratch: PathBuf,
        /// Where to write.
        #[arg(long, default_value = "benches/data/apps.json")]
        out: PathBuf,
    },
    /// Build applications likewise, incrementally, and again after one statement more in each of some files (Linux).
    Edits {
        /// `NAME=DIR`; DIR is a checkout, which is copied.
        #[arg(required = true)]
        apps: Vec<String>,
        /// More arguments of `cargo build` for one application: `NAME=--workspace`.
        #[arg(long, value_name = "NAME=ARGUMENT", allow_hyphen_values = true)]
        argument: Vec<String>,
        /// How many files of each are edited.
        #[arg(long, default_value_t = 12)]
        files: usize,
        /// Where cargo builds: that of `fit apps` has the dependencies already.
        #[arg(long, default_value = "out/fit-apps")]
        scratch: PathBuf,
        /// Where to write.
        #[arg(long, default_value = "benches/data/edits.json")]
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
        /// What `fit apps` wrote.
        #[arg(long, default_value = "benches/data/apps.json")]
        apps: PathBuf,
        /// What `fit measure-modules` wrote.
        #[arg(long, default_value = "benches/data/modules.json")]
        modules: PathBuf,
        /// Also print the modules that are furthest off.
        #[arg(long)]
        worst: bool,
    },
    /// Compare what the analyzer says of applications that no fit has seen with what they took.
    HeldOut {
        /// `NAME=DIR`: checkouts of applications that `fit apps` was told to hold out.
        #[arg(required = true)]
        dirs: Vec<String>,
        /// What `fit apps` wrote.
        #[arg(long, default_value = "benches/data/apps.json")]
        apps: PathBuf,
    },
    /// What `cargo test` compiles, as factors of what `cargo build` does.
    Harnesses {
        /// What `fit measure` wrote.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
        /// What `fit apps` wrote.
        #[arg(long, default_value = "benches/data/apps.json")]
        apps: PathBuf,
    },
    /// Fit coefficients to what was measured and cross-validate them.
    Solve {
        /// What `fit measure` wrote.
        #[arg(long, default_value = "benches/data/crates.json")]
        data: PathBuf,
        /// What `fit apps` wrote.
        #[arg(long, default_value = "benches/data/apps.json")]
        apps: PathBuf,
        /// Print `analyzer/src/cost/modelled/fitted.rs` in place of a summary.
        #[arg(long)]
        table: bool,
    },
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match &args.step {
        Step::Measure { rounds, out } => crate::fit::crates::measure::measure(*rounds, out),
        Step::Apps { apps, held_out, argument, further, data, scratch, out } => {
            crate::fit::apps::build::run(apps, held_out, argument, further, data, scratch, out)
        }
        Step::Edits { apps, argument, files, scratch, out } => {
            crate::fit::apps::edits::run(apps, argument, *files, scratch, out)
        }
        Step::HeldOut { dirs, apps } => {
            crate::fit::apps::held_out::compare(&crate::fit::apps::build::read(apps)?, dirs)
        }
        Step::MeasureModules { out } => crate::fit::crates::modules_measure::measure_modules(out),
        Step::Modules { data, apps, modules, worst } => {
            crate::fit::crates::modules::compare(data, apps, modules, *worst)
        }
        Step::Harnesses { data, apps } => {
            let data = crate::fit::solve::fit::read(data)?;
            let apps = crate::fit::apps::build::read(apps)?;
            let fits = crate::fit::solve::fit::solve(&data, &apps)?;
            let dev = fits.iter().find(|fit| fit.mode == Mode::Dev).context("no dev builds")?;
            println!("{}", crate::fit::solve::harnesses::summary(&apps, dev)?.trim_end());
            Ok(())
        }
        Step::Solve { data, apps, table } => {
            let data = crate::fit::solve::fit::read(data)?;
            let apps = crate::fit::apps::build::read(apps)?;
            let fits = crate::fit::solve::fit::solve(&data, &apps)?;
            let text = if *table { print::table(&fits, &data, &apps) } else { print::summary(&fits) };
            println!("{}", text.trim_end());
            Ok(())
        }
    }
}
