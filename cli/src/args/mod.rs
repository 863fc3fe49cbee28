//! What the user may say. The only place that knows clap.

mod choices;
mod gates;
mod manual;
mod numbers;
mod shared;

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};

use self::numbers::{edits, positive, seconds};
use crate::examples::{
    AFFECTED_EXAMPLES, ANALYZE_EXAMPLES, APPLY_EXAMPLES, CHECK_EXAMPLES, CLUSTER_EXAMPLES,
    COMPLETIONS_EXAMPLES, DIFF_EXAMPLES, EXIT_CODES, EXPLAIN_EXAMPLES, GRAPH_EXAMPLES, INIT_EXAMPLES,
    MAN_EXAMPLES, MEASURE_EXAMPLES, SERVICES_EXAMPLES, SIMULATE_EXAMPLES, TREND_EXAMPLES, VERIFY_EXAMPLES,
    WHAT_IF_EXAMPLES,
};

pub(crate) use self::choices::{
    AffectedFormat, ApplyFormat, CacheArg, CheckFormat, DepthArg, Format, GraphFormat, LevelArg, ModeArg,
    ReportFormat, ScenarioArg, ServicesFormat, TrendFormat,
};
pub(crate) use self::gates::{CheckArgs, DiffArgs, InitArgs, TrendArgs};
pub(crate) use self::manual::{CompletionsArgs, ManArgs, ManualPage, completions, manual_pages};
pub(crate) use self::shared::{Builds, Input, Limits, Output, Seconds, Tests};

/// Says whether, where and how to split a Rust monorepo, and what the split gains.
///
/// Nothing in the analysed repository is run, but for `measure`, which builds it; and nothing is written unless you ask
/// for it.
#[derive(Debug, Parser)]
#[command(name = "split-advisor", version, after_help = EXIT_CODES, after_long_help = EXIT_CODES)]
#[command(max_term_width = 100, arg_required_else_help = true, subcommand_required = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Should this be split, where, and what is gained: verdict, plan, savings
    #[command(after_help = ANALYZE_EXAMPLES)]
    Analyze(AnalyzeArgs),
    /// The dependency graph between items, modules, files or crates
    #[command(after_help = GRAPH_EXAMPLES)]
    Graph(GraphArgs),
    /// Why A depends on B: every reference with its file and line
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Cluster any graph given as JSON
    #[command(after_help = CLUSTER_EXAMPLES)]
    Cluster(ClusterArgs),
    /// Build once under observation: what each crate really costs, as costs.json
    #[command(after_help = MEASURE_EXAMPLES)]
    Measure(MeasureArgs),
    /// Predict today's builds: how long, and what they wait for
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArgs),
    /// Predict a split that you describe: can it be done, and what do builds take before and after
    #[command(after_help = WHAT_IF_EXAMPLES)]
    WhatIf(WhatIfArgs),
    /// What a change compiles, tests and deploys again
    #[command(after_help = AFFECTED_EXAMPLES)]
    Affected(AffectedArgs),
    /// What is deployed, and which lines of Dockerfiles, workflows and manifests say so
    #[command(after_help = SERVICES_EXAMPLES)]
    Services(ServicesArgs),
    /// Carry a plan out: a branch with the split done and compiled, or a patch
    #[command(after_help = APPLY_EXAMPLES)]
    Apply(ApplyArgs),
    /// Builds before and after a plan, on the stopwatch and as predicted
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// A gate for CI: budgets, layers, forbidden dependencies, and no new cycles
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArgs),
    /// What changed between two reports or two commits, and why
    #[command(after_help = DIFF_EXAMPLES)]
    Diff(DiffArgs),
    /// The figures of many reports side by side
    #[command(after_help = TREND_EXAMPLES)]
    Trend(TrendArgs),
    /// Write a commented split-advisor.toml
    #[command(after_help = INIT_EXAMPLES)]
    Init(InitArgs),
    /// A script for your shell, so that it completes commands and options
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// The manual's pages, as roff for `man`
    #[command(after_help = MAN_EXAMPLES)]
    Man(ManArgs),
}

/// Arguments of `analyze`.
#[derive(Debug, Args)]
pub(crate) struct AnalyzeArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Plan this package only, whatever its size
    #[arg(long, short, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) package: Option<String>,
    /// Of the package, plan this binary, not the target whose plan is best
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), conflicts_with = "lib")]
    pub(crate) bin: Option<String>,
    /// Of the package, plan the library
    #[arg(long)]
    pub(crate) lib: bool,
    /// Give a plan of this many crates with code in them (the one that keeps the name counts if it has), whatever the verdict
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) crates: Option<u32>,
    /// Recommend no plan that takes more effort: roughly, edits by hand [default: as much as pays]
    #[arg(long, value_name = "EDITS", value_parser = edits, allow_negative_numbers = true)]
    pub(crate) max_effort: Option<f64>,
    /// Take a build's saving of fewer seconds for none
    #[arg(long, value_name = "SECONDS", default_value = "0.1", value_parser = seconds)]
    pub(crate) min_saving: f64,
    /// Replay this many commits, the latest that concern a build: what each compiles again; 0 for none
    #[arg(long, value_name = "N", default_value_t = 500, help_heading = "Pace")]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=50_000))]
    pub(crate) commits: u32,
    /// Look at no older commits: a date as git reads it (2026-01-31, 3.months)
    #[arg(long, value_name = "DATE", value_parser = NonEmptyStringValueParser::new(), help_heading = "Pace")]
    pub(crate) since: Option<String>,
    /// Commits a week, each one run of CI [default: counted in git's history; 25 without one]
    #[arg(long, value_name = "N", value_parser = positive, help_heading = "Pace")]
    pub(crate) commits_per_week: Option<f64>,
    /// Edits for each commit, each checked and built once
    #[arg(long, value_name = "N", default_value = "10", value_parser = positive, help_heading = "Pace")]
    pub(crate) edits_per_commit: f64,
    /// What CI keeps of earlier builds of the workspace's own crates when commits are replayed
    #[arg(long, value_enum, default_value = "crate", help_heading = "Pace")]
    pub(crate) cache: CacheArg,
    /// Within how many weeks a split has to give back the work that it takes
    #[arg(long, value_name = "WEEKS", default_value = "52", value_parser = positive, help_heading = "Pace")]
    pub(crate) payback_weeks: f64,
    /// Parallel jobs of the predicted builds
    #[arg(long, short, value_name = "N", default_value = "8")]
    pub(crate) jobs: NonZeroU32,
    /// What cargo is asked to do in the predicted builds; the first one's costs decide how large a part is
    #[arg(long, value_enum, value_delimiter = ',', default_value = "check,dev,release")]
    pub(crate) mode: Vec<ModeArg>,
    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// With `--format markdown`: a short form for pull requests, of less than 4 kB, details folded
    #[arg(long, help_heading = "Output")]
    pub(crate) summary: bool,
    #[command(flatten)]
    pub(crate) seconds: Seconds,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: ReportFormat,
    /// Also write the answer into this directory: as JSON, Markdown, SARIF and OpenMetrics, and the plan
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Arguments of `graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// What a node is
    #[arg(long, value_enum, default_value = "module")]
    pub(crate) level: LevelArg,
    /// This package only: its nodes and what lies between them; of crates also their direct neighbours
    #[arg(long, short, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) package: Option<String>,
    /// Count modules further below their crate's root as part of the one above: 1 leaves the top-level modules
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) depth: Option<u32>,
    /// List the references that could not be followed too (JSON only)
    #[arg(long)]
    pub(crate) unresolved: bool,
    /// How to write the graph
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: GraphFormat,
    /// Write it into this directory, not to stdout
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The dependent: a module, item, file or package
    #[arg(long, value_name = "A")]
    pub(crate) from: String,
    /// The dependency: a module, item, file or package
    #[arg(long, value_name = "B")]
    pub(crate) to: String,
    /// List every reference on the terminal, however many there are
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Arguments of `cluster`.
#[derive(Debug, Args)]
pub(crate) struct ClusterArgs {
    /// The graph; `-` for stdin
    #[arg(value_name = "GRAPH.json")]
    pub(crate) graph: PathBuf,
    /// Clusters must form a DAG
    #[arg(long)]
    pub(crate) acyclic: bool,
    /// Larger gives smaller clusters
    #[arg(long, value_name = "γ", default_value_t = 1.0, value_parser = positive, allow_negative_numbers = true)]
    pub(crate) resolution: f64,
    /// Exactly this many clusters, where the graph allows it
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<NonZeroU32>,
    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value = "json", help_heading = "Output")]
    pub(crate) format: Format,
    /// Also write the answer as JSON and Markdown into this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Arguments of `measure`.
#[derive(Debug, Args)]
pub(crate) struct MeasureArgs {
    /// The workspace or package to build
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// What cargo is asked to do
    #[arg(long, value_enum, default_value = "dev")]
    pub(crate) mode: ModeArg,
    /// Cargo's profile [default: the mode's]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Parallel jobs [default: the number of processors]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<NonZeroU32>,
    /// Also what each module of the workspace's crates costs: builds these crates twice. Uses -Z flags, on a stable compiler
    /// through RUSTC_BOOTSTRAP=1 for these calls alone
    #[arg(long)]
    pub(crate) modules: bool,
    /// Features to switch on
    #[arg(long, value_delimiter = ',', value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Switch every feature on
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Leave default features off
    #[arg(long)]
    pub(crate) no_default_features: bool,
    /// The platform to build for [default: this machine's]
    #[arg(long, value_name = "TRIPLE")]
    pub(crate) target: Option<String>,
    /// Build in this directory and keep it: empty, or of an earlier measurement [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    pub(crate) target_dir: Option<PathBuf>,
    /// Where to write the costs; `-` for stdout
    #[arg(long, value_name = "FILE", default_value = "costs.json", help_heading = "Output")]
    pub(crate) out: PathBuf,
    /// Say what would be run, and run nothing
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
    /// Don't show what cargo says
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
    /// More arguments for cargo
    #[arg(last = true, value_name = "CARGO_ARGUMENTS")]
    pub(crate) cargo_arguments: Vec<String>,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) builds: Builds,
    /// What is built
    #[arg(long, value_enum, value_delimiter = ',', default_value = "clean,edit")]
    pub(crate) scenario: Vec<ScenarioArg>,
    /// What is kept of earlier builds of the workspace's own crates
    #[arg(long, value_enum, default_value_t)]
    pub(crate) cache: CacheArg,
    #[command(flatten)]
    pub(crate) seconds: Seconds,
    #[command(flatten)]
    pub(crate) tests: Tests,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Arguments of `what-if`.
#[derive(Debug, Args)]
pub(crate) struct WhatIfArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The split, described
    #[arg(long, value_name = "PLAN.toml")]
    pub(crate) plan: PathBuf,
    /// Predict it as if references against the order had been cut, and impls moved, first; they are listed
    #[arg(long)]
    pub(crate) assume_cuts: bool,
    /// Predict it with other packages depending on the new crates that they use, not on the package that re-exports all
    #[arg(long)]
    pub(crate) direct_users: bool,
    #[command(flatten)]
    pub(crate) builds: Builds,
    /// What is built
    #[arg(long, value_enum, value_delimiter = ',', default_value = "cold,clean,edit")]
    pub(crate) scenario: Vec<ScenarioArg>,
    #[command(flatten)]
    pub(crate) seconds: Seconds,
    #[command(flatten)]
    pub(crate) tests: Tests,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Arguments of `affected`.
#[derive(Debug, Args)]
pub(crate) struct AffectedArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// The commit to compare with: the one at which HEAD parted from it is the base
    #[arg(long, value_name = "REV")]
    pub(crate) since: String,
    /// The newer commit [default: HEAD]; packages are read from the directory all the same
    #[arg(long, value_name = "REV")]
    pub(crate) head: Option<String>,
    /// Compare with REV itself, not with the commit at which the two parted
    #[arg(long)]
    pub(crate) direct: bool,
    /// How far a change spreads along dependencies; cargo rebuilds all of it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) depth: DepthArg,
    /// Paths that concern nobody, in .gitignore's syntax; may be given several times
    #[arg(long, value_name = "PATTERN")]
    pub(crate) ignore: Vec<String>,
    /// Also say which of them can run code that changed: advice for what to deploy and to test first, no replacement for what
    /// cargo compiles
    #[arg(long)]
    pub(crate) reach: bool,
    /// Spread the packages over at most so many jobs of about equal predicted seconds
    /// [default: 256 for github-matrix, 200 for gitlab]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) jobs: Option<u32>,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: AffectedFormat,
}

/// Arguments of `services`.
#[derive(Debug, Args)]
pub(crate) struct ServicesArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Also say which of them the commits since this one affect: compared is the commit at which HEAD parted from it
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: ServicesFormat,
    /// Also write the answer as JSON and Markdown into this directory
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// The plan that is carried out, or a part of it.
#[derive(Debug, Args)]
pub(crate) struct Split {
    /// The split: a plan.toml, or a report.json, whose recommended plan is taken
    #[arg(long, value_name = "PLAN.toml|REPORT.json")]
    pub(crate) plan: PathBuf,
    /// Only this crate of the plan; may be given several times
    #[arg(long = "crate", value_name = "NAME")]
    pub(crate) krate: Vec<String>,
}

/// Arguments of `apply`.
#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) split: Split,
    /// Of the edits that free references against the plan's order only these (`e3`, comma separated); crates that the others
    /// would part stay one
    #[arg(long, value_name = "ID", value_delimiter = ',', conflicts_with = "stacked")]
    pub(crate) edits: Option<Vec<String>>,
    /// Other packages of the workspace name the new crates themselves, in code and manifests, in a commit of their own
    #[arg(long)]
    pub(crate) direct_users: bool,
    /// One commit for each new crate, in the order of their dependencies, in place of moves, code and manifests
    #[arg(long, help_heading = "Result")]
    pub(crate) stacked: bool,
    /// Where the new working tree goes [default: beside the repository]
    #[arg(long, value_name = "DIR", conflicts_with_all = ["patch", "in_place", "dry_run"], help_heading = "Result")]
    pub(crate) worktree: Option<PathBuf>,
    /// The branch [default: split/PACKAGE]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["patch", "in_place", "dry_run"], help_heading = "Result")]
    pub(crate) branch: Option<String>,
    /// Write a patch for `git apply` into this file, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["in_place", "dry_run"], help_heading = "Result")]
    pub(crate) patch: Option<PathBuf>,
    /// Commit on top of what is checked out, which must be clean
    #[arg(long, conflicts_with = "dry_run", help_heading = "Result")]
    pub(crate) in_place: bool,
    /// Print the changes as a patch, uncompiled, and write nothing
    #[arg(long, help_heading = "Result")]
    pub(crate) dry_run: bool,
    /// Don't compile it; to compile it runs the package's build scripts and procedural macros
    #[arg(long, help_heading = "Check")]
    pub(crate) no_check: bool,
    /// Leave crates apart that don't compile so, with the errors; without it they stay one
    #[arg(long, conflicts_with = "no_check", help_heading = "Check")]
    pub(crate) keep_apart: bool,
    /// Where cargo builds [default: `target` in the new working tree]
    #[arg(long, value_name = "DIR", conflicts_with = "no_check", help_heading = "Check")]
    pub(crate) target_dir: Option<PathBuf>,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: ApplyFormat,
    /// More arguments for `cargo check`: --features …, --offline
    #[arg(last = true, value_name = "CARGO-ARGUMENTS")]
    pub(crate) cargo_arguments: Vec<String>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) split: Split,
    /// What cargo is asked to do
    #[arg(long, value_enum, default_value = "dev", help_heading = "Builds")]
    pub(crate) mode: ModeArg,
    /// Parallel jobs [default: the number of processors]
    #[arg(long, short, value_name = "N", help_heading = "Builds")]
    pub(crate) jobs: Option<NonZeroU32>,
    /// How often everything is built, before and after in turn; the median counts
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100), help_heading = "Builds")]
    pub(crate) runs: u32,
    /// A file that is edited, relative to PATH; may be given several times [default: the longest of each crate]
    #[arg(long = "edit", value_name = "FILE", help_heading = "Builds")]
    pub(crate) files: Vec<String>,
    /// Where cargo builds: `before` and `after` in this directory [default: in the working trees, which go in the end]
    #[arg(long, value_name = "DIR", help_heading = "Builds")]
    pub(crate) target_dir: Option<PathBuf>,
    /// How to answer on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub(crate) format: ApplyFormat,
    /// More arguments for cargo: --features …, --offline
    #[arg(last = true, value_name = "CARGO-ARGUMENTS")]
    pub(crate) cargo_arguments: Vec<String>,
}
