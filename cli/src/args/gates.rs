//! Arguments of the commands that read configurations and reports.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::choices::{CheckFormat, Format, ModeArg, TrendFormat};
use super::shared::{Input, Limits, Seconds};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Add what is found to the baseline, for this reason
    #[arg(long, value_name = "REASON", value_parser = NonEmptyStringValueParser::new(), help_heading = "Baseline")]
    pub(crate) accept: Option<String>,
    /// Take out of the baseline what is gone, and lower its figures to those of today
    #[arg(long, help_heading = "Baseline")]
    pub(crate) prune: bool,
    /// Pass though too little was read to say that nothing is wrong
    #[arg(long)]
    pub(crate) allow_degraded: bool,
    /// Parallel jobs of the predicted builds
    #[arg(long, short, value_name = "N", default_value = "8")]
    pub(crate) jobs: std::num::NonZeroU32,
    /// Replay this many commits, the latest that concern a build; 0 for none
    #[arg(long, value_name = "N", default_value_t = 500)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=50_000))]
    pub(crate) commits: u32,
    #[command(flatten)]
    pub(crate) seconds: Seconds,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: CheckFormat,
    /// Also write the answer into this directory, with all files of `analyze --out`
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older one: a report (report.json), or a commit
    #[arg(value_name = "OLD", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) old: String,
    /// The newer one
    #[arg(value_name = "NEW", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) new: String,
    /// The repository that commits are of
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Features to switch on in commits
    #[arg(long, value_delimiter = ',', value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Of two commits, replay so many that both have, the latest that concern a build, among the packages of each; 0 for none
    #[arg(long, value_name = "N", default_value_t = 500)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=50_000))]
    pub(crate) commits: u32,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: Format,
}

/// Arguments of `trend`.
#[derive(Debug, Args)]
pub(crate) struct TrendArgs {
    /// Reports that `analyze --out` wrote (report.json), the oldest first
    #[arg(value_name = "REPORT.json", required = true)]
    pub(crate) reports: Vec<PathBuf>,
    /// The builds that seconds are of
    #[arg(long, value_enum, default_value = "dev")]
    pub(crate) mode: ModeArg,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: TrendFormat,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The directory to write into
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Replace a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}
