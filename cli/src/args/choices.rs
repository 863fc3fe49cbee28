//! Words that an option takes.

use clap::ValueEnum;
use split_analyzer::affected::Depth;
use split_analyzer::cost::Mode;
use split_analyzer::cost::measured::BuildMode;
use split_analyzer::graph::Level;
use split_analyzer::plan::Scenario;
use split_analyzer::simulate::Cache;

/// Formats of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, on one screen.
    #[default]
    Terminal,
    /// For programs; see the JSON Schema.
    Json,
    /// For pull requests and pages.
    Markdown,
}

/// Formats of the answer of `analyze`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people, on one screen
    #[default]
    Terminal,
    /// For programs; see the JSON Schema
    Json,
    /// For pull requests and pages
    Markdown,
    /// A page that opens from disk
    Html,
    /// For code scanning: cycles, what closes them, what stands in the way of a plan
    Sarif,
    /// For dashboards: figures as OpenMetrics text
    Openmetrics,
    /// Annotations of a step of a GitHub workflow
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// A message in Slack's Block Kit
    Slack,
    /// A comment in Jira's wiki markup
    Jira,
    /// A page in Confluence's storage format
    Confluence,
    /// Blocks for Notion's API
    Notion,
}

/// Formats of the answer of `check`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    #[default]
    Terminal,
    /// For programs; see the JSON Schema
    Json,
    /// For pull requests
    Markdown,
    /// For code scanning
    Sarif,
    /// For whatever shows tests
    Junit,
    /// Annotations of a step of a GitHub workflow
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// For dashboards: figures as OpenMetrics text
    Openmetrics,
}

/// Formats of the answer of `trend`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendFormat {
    /// A table for people
    #[default]
    Terminal,
    /// For programs; see the JSON Schema
    Json,
    /// A table for pages
    Markdown,
    /// A page with a chart for each figure, that opens from disk
    Html,
    /// For dashboards: figures as OpenMetrics text
    Openmetrics,
}

/// What a node of the graph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LevelArg {
    Item,
    Module,
    File,
    Crate,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Item => Level::Item,
            LevelArg::Module => Level::Module,
            LevelArg::File => Level::File,
            LevelArg::Crate => Level::Crate,
        }
    }
}

/// Formats of a graph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Node-link JSON; see the JSON Schema.
    #[default]
    Json,
    /// For Graphviz.
    Dot,
    /// For Markdown pages.
    Mermaid,
    /// For yEd, Gephi, networkx.
    Graphml,
}

/// How far a change spreads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DepthArg {
    /// What itself changed
    None,
    /// And what depends on it directly
    Direct,
    /// And everything that depends on it
    #[default]
    Transitive,
}

impl From<DepthArg> for Depth {
    fn from(depth: DepthArg) -> Self {
        match depth {
            DepthArg::None => Depth::None,
            DepthArg::Direct => Depth::Direct,
            DepthArg::Transitive => Depth::Transitive,
        }
    }
}

/// Formats of `affected`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AffectedFormat {
    /// For people, on one screen.
    #[default]
    Terminal,
    /// For programs; see the JSON Schema.
    Json,
    /// The names of the packages with something to check or to test, one a line.
    Names,
    /// One line of JSON for `strategy.matrix` of a GitHub workflow.
    GithubMatrix,
    /// A child pipeline for GitLab; its job extends `.affected`, which is yours.
    Gitlab,
}

impl AffectedFormat {
    /// The most jobs that the receiver takes: "A matrix will generate a maximum of 256 jobs per workflow run" (GitHub,
    /// "Running variations of jobs in a workflow"); "The maximum number of jobs is 200" (GitLab, "CI/CD YAML syntax
    /// reference: parallel:matrix").
    pub(crate) fn most_jobs(self) -> Option<u32> {
        match self {
            Self::GithubMatrix => Some(256),
            Self::Gitlab => Some(200),
            Self::Terminal | Self::Json | Self::Names => None,
        }
    }
}

/// Formats of `apply`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApplyFormat {
    /// For people.
    #[default]
    Terminal,
    /// For programs; see the JSON Schema.
    Json,
}

/// Formats of `services`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ServicesFormat {
    /// For people.
    #[default]
    Terminal,
    /// For programs; see the JSON Schema.
    Json,
    /// For pull requests and pages.
    Markdown,
    /// One line of JSON for `strategy.matrix` of a GitHub workflow: with --since of what is affected.
    GithubMatrix,
}

/// What cargo is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum ModeArg {
    /// `cargo check`
    Check,
    /// `cargo build`
    #[value(alias = "build")]
    Dev,
    /// `cargo build --release`
    Release,
    /// `cargo test --no-run`
    Test,
}

impl ModeArg {
    /// What cargo does, and the profile that goes with it where that is not its own.
    pub(crate) fn build(self) -> (BuildMode, Option<&'static str>) {
        match self {
            ModeArg::Check => (BuildMode::Check, None),
            ModeArg::Dev => (BuildMode::Build, None),
            ModeArg::Release => (BuildMode::Build, Some("release")),
            ModeArg::Test => (BuildMode::Test, None),
        }
    }
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Check => Mode::Check,
            ModeArg::Dev => Mode::Dev,
            ModeArg::Release => Mode::Release,
            ModeArg::Test => Mode::Test,
        }
    }
}

/// What is kept of earlier builds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CacheArg {
    /// Nothing; after an edit cargo's own target directory
    #[default]
    None,
    /// Each crate whose inputs didn't change, as with sccache or Nix
    Crate,
    /// The same, and what depends on a changed crate is only linked again
    Relink,
}

impl From<CacheArg> for Cache {
    fn from(cache: CacheArg) -> Self {
        match cache {
            CacheArg::None => Cache::None,
            CacheArg::Crate => Cache::Crate,
            CacheArg::Relink => Cache::Relink,
        }
    }
}

/// What is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum ScenarioArg {
    /// Everything, dependencies too
    Cold,
    /// The workspace's crates; dependencies are cached
    Clean,
    /// After a change of one crate, averaged by how often each changes
    Edit,
}

impl From<ScenarioArg> for Scenario {
    fn from(scenario: ScenarioArg) -> Self {
        match scenario {
            ScenarioArg::Cold => Scenario::Cold,
            ScenarioArg::Clean => Scenario::Clean,
            ScenarioArg::Edit => Scenario::Edit,
        }
    }
}
