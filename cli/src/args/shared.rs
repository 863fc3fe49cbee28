//! Options that several commands have.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use split_analyzer::base::read::MAX_GIVEN_BYTES;

use super::choices::Format;
use crate::output::OutDir;

use super::choices::ModeArg;

/// What to read, and how.
#[derive(Debug, Args)]
pub(crate) struct Input {
    /// The directory to analyse: a workspace, a package, or anything above them
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Features to switch on, as for `cargo build --workspace` [default: the packages' default features]
    #[arg(long, value_delimiter = ',', value_name = "FEATURES", help_heading = "Input")]
    pub(crate) features: Vec<String>,
    /// Switch every feature on
    #[arg(long, help_heading = "Input")]
    pub(crate) all_features: bool,
    /// Leave default features off
    #[arg(long, help_heading = "Input")]
    pub(crate) no_default_features: bool,
    /// The platform to analyse for [default: this machine's]
    #[arg(long, value_name = "TRIPLE", help_heading = "Input")]
    pub(crate) target: Option<String>,
    /// A flag that holds, as for `rustc --cfg`: tokio_unstable, backend="simd"; may be given several times
    #[arg(long, value_name = "CFG", help_heading = "Input")]
    pub(crate) cfg: Vec<String>,
    /// Leave these paths out, in .gitignore's syntax; may be given several times
    #[arg(long, value_name = "PATTERN", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,
    /// Exit with 2 if anything could not be read or understood
    #[arg(long, help_heading = "Input")]
    pub(crate) strict: bool,
    /// Follow links and paths of the repository that lead out of it
    #[arg(long, help_heading = "Limits")]
    pub(crate) follow_outside: bool,
    /// Go on without an answer of cargo or git that takes longer
    #[arg(long, value_name = "SECONDS", default_value_t = 60, help_heading = "Limits")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) tool_timeout: u64,
    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// What a run may take.
#[derive(Debug, Args)]
pub(crate) struct Limits {
    /// Read no larger file [default: 64 for the repository's, 256 for those named here]
    #[arg(long, value_name = "MIB", help_heading = "Limits")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=65_536))]
    pub(crate) max_file_size: Option<u64>,
    /// Stop after this many seconds, with exit code 2 and no answer [default: never]
    #[arg(long, value_name = "SECONDS", value_parser = crate::limits::timeout, help_heading = "Limits")]
    pub(crate) timeout: Option<Duration>,
    /// Stop when more memory is needed (800M, 2G), with exit code 2 and no answer; Linux only [default: no limit]
    #[arg(long, value_name = "SIZE", value_parser = crate::limits::size, help_heading = "Limits")]
    pub(crate) max_memory: Option<u64>,
}

impl Limits {
    /// What was asked for.
    pub(crate) fn max_file_bytes(&self) -> Option<u64> {
        self.max_file_size.map(|mib| mib << 20)
    }

    /// For a file that the user names.
    pub(crate) fn given(&self) -> u64 {
        self.max_file_bytes().unwrap_or(MAX_GIVEN_BYTES)
    }
}

/// How to answer.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: Format,
    /// Also write the answer as JSON and Markdown into this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

impl Output {
    /// The directory of `--out`.
    pub(crate) fn directory(&self, analysed: Option<&Path>) -> anyhow::Result<Option<OutDir>> {
        self.out.as_ref().map(|dir| OutDir::new(dir, analysed)).transpose()
    }
}

/// Where seconds come from, in the place of the model.
#[derive(Debug, Args)]
pub(crate) struct Seconds {
    /// Use the seconds that `split-advisor measure` wrote (costs.json); once for each mode
    #[arg(long, value_name = "FILE", help_heading = "Seconds")]
    pub(crate) costs: Vec<PathBuf>,
    /// Use those of a page of `cargo build --timings`; best of a clean build with -j1
    #[arg(long, value_name = "FILE.html", help_heading = "Seconds")]
    pub(crate) timings: Vec<PathBuf>,
    /// The output (stderr) of the same build with -v: tells what was compiled for the host
    #[arg(long, value_name = "FILE", requires = "timings", help_heading = "Seconds")]
    pub(crate) build_log: Vec<PathBuf>,
    /// Use those of a log of `cargo -Zbuild-analysis`
    #[arg(long, value_name = "FILE.jsonl", help_heading = "Seconds")]
    pub(crate) build_analysis: Vec<PathBuf>,
    /// Where earlier builds have left their times [default: cargo's target directories]
    #[arg(long, value_name = "DIR", conflicts_with = "no_built", help_heading = "Seconds")]
    pub(crate) target_dir: Option<PathBuf>,
    /// Leave out what earlier builds have left in target directories
    #[arg(long, help_heading = "Seconds")]
    pub(crate) no_built: bool,
}

/// Running times of tests.
#[derive(Debug, Args)]
pub(crate) struct Tests {
    /// How long tests ran, for which of them run after an edit: a JUnit file of cargo-nextest, or the output of `cargo test --
    /// -Zunstable-options --format json --report-time`
    #[arg(long, value_name = "FILE", help_heading = "Seconds")]
    pub(crate) test_times: Option<PathBuf>,
}

/// Which builds are predicted.
#[derive(Debug, Args)]
pub(crate) struct Builds {
    /// Numbers of parallel jobs
    #[arg(long, short, value_name = "N,…", value_delimiter = ',', default_value = "1,2,4,8")]
    pub(crate) jobs: Vec<NonZeroU32>,
    /// What cargo is asked to do
    #[arg(long, value_enum, value_delimiter = ',', default_value = "check,dev,release")]
    pub(crate) mode: Vec<ModeArg>,
}
