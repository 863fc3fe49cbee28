//! What the file may say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cost::Mode;

/// A value and the line that it stands on, from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its line.
    pub line: u32,
}

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    /// `[services]`
    pub services: Services,
    /// `[budgets]`
    pub budgets: Budgets,
    /// `[layers]`
    pub layers: Layers,
    /// `[[forbidden]]`
    pub forbidden: Vec<Forbidden>,
    /// `[lints]`: those that are set.
    pub lints: BTreeMap<Lint, LintLevel>,
    /// `[check]`
    pub check: CheckSettings,
}

/// What is deployed beside what files say, what is not, and what it is called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Services {
    /// Programs that are deployed, though no file says so.
    pub add: Vec<At<AddedService>>,
    /// Names of those that are not.
    pub drop: Vec<At<String>>,
    /// Other names for some.
    pub rename: BTreeMap<String, At<String>>,
    /// Seconds that a deploy takes, by name; `default` for all others.
    pub deploy: BTreeMap<String, At<f64>>,
}

/// A program that is deployed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddedService {
    /// The bin target.
    pub binary: String,
    /// What it is called.
    pub name: Option<String>,
    /// The package, where several have a binary of the name.
    pub package: Option<String>,
    /// How it is started.
    pub role: Option<String>,
}

/// What may not be exceeded; what is not set has no limit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Budgets {
    /// The builds that seconds are of; `dev` without it.
    pub mode: Option<At<Mode>>,
    /// Seconds of a clean build with as many jobs as it can use.
    pub critical_path_s: Option<At<f64>>,
    /// Seconds of a rebuild after a commit that nine in ten don't exceed.
    pub rebuild_p90_s: Option<At<f64>>,
    /// Binaries that an average commit deploys again.
    pub redeploys_per_commit: Option<At<f64>>,
    /// Modules of the largest cycle.
    pub largest_cycle: Option<At<u32>>,
    /// Lines of a package outside tests.
    pub package_lines: Option<At<u32>>,
    /// Dependencies against the order of modules, beyond those of the baseline.
    pub new_back_edges: Option<At<u32>>,
}

/// Who may see whom: each layer sees those below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layers {
    /// From the top to the bottom: names of packages or modules, each with everything below it.
    pub order: Vec<At<Vec<At<String>>>>,
    /// What may be all the same.
    pub except: Vec<Exception>,
}

/// A dependency that may not be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forbidden {
    /// Where the rule stands.
    pub line: u32,
    /// The dependent: a package or module, with everything below it.
    pub from: At<String>,
    /// The dependency, likewise; or a package from elsewhere, or what lies in it.
    pub to: At<String>,
    /// Why.
    pub reason: String,
    /// What may be all the same.
    pub except: Vec<Exception>,
}

/// A dependency that a rule allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exception {
    /// The dependent: a package, module or item.
    pub from: At<String>,
    /// The dependency, likewise.
    pub to: At<String>,
    /// Why.
    pub reason: String,
}

/// What `check` needs to say anything, and where it keeps what it knows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckSettings {
    /// Share of references that have to be followed, 0 to 1.
    pub min_followed: Option<At<f64>>,
    /// Files that may be unread.
    pub max_unread_files: Option<At<u32>>,
    /// By how many percent a figure may grow beyond what the baseline has of it.
    pub slack_percent: Option<At<f64>>,
    /// The baseline, relative to the analysed directory.
    pub baseline: Option<At<String>>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Lint {
    /// A dependency against the layers.
    Layer,
    /// A dependency that a rule forbids.
    Forbidden,
    /// A dependency that closes a cycle of modules, against the order of the rest.
    BackEdge,
    /// A cycle of more modules than the budget has.
    LargestCycle,
    /// A package of more lines than the budget has.
    PackageLines,
    /// A critical path of more seconds.
    CriticalPath,
    /// Rebuilds of more seconds.
    RebuildP90,
    /// More binaries that a commit deploys again.
    RedeploysPerCommit,
    /// What a recommended plan can't do without work by hand.
    Blocker,
}

impl Lint {
    /// All of them, the gravest first.
    pub const ALL: [Self; 9] = [
        Self::Layer,
        Self::Forbidden,
        Self::BackEdge,
        Self::LargestCycle,
        Self::PackageLines,
        Self::CriticalPath,
        Self::RebuildP90,
        Self::RedeploysPerCommit,
        Self::Blocker,
    ];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Layer => "layer",
            Self::Forbidden => "forbidden",
            Self::BackEdge => "back-edge",
            Self::LargestCycle => "largest-cycle",
            Self::PackageLines => "package-lines",
            Self::CriticalPath => "critical-path",
            Self::RebuildP90 => "rebuild-p90",
            Self::RedeploysPerCommit => "redeploys-per-commit",
            Self::Blocker => "blocker",
        }
    }

    /// What it is about, for lists of rules.
    pub fn about(self) -> &'static str {
        match self {
            Self::Layer => "A dependency goes against the layers of split-advisor.toml",
            Self::Forbidden => "A dependency is forbidden by split-advisor.toml",
            Self::BackEdge => "A dependency closes a cycle of modules",
            Self::LargestCycle => "A cycle of modules is larger than its budget",
            Self::PackageLines => "A package is larger than its budget",
            Self::CriticalPath => "The critical path of a clean build is longer than its budget",
            Self::RebuildP90 => "Rebuilds after commits take longer than their budget",
            Self::RedeploysPerCommit => "A commit deploys more binaries again than the budget has",
            Self::Blocker => "A split needs work by hand here",
        }
    }

    /// The level without a word in the file.
    pub fn default_level(self) -> LintLevel {
        match self {
            // Nothing that a change can be blamed for.
            Self::Blocker => LintLevel::Allow,
            _ => LintLevel::Deny,
        }
    }
}

/// What a finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LintLevel {
    /// Fails the gate.
    Deny,
    /// Is reported.
    Warn,
    /// Is not looked for.
    Allow,
}

impl LintLevel {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Allow => "allow",
        }
    }
}

impl Configuration {
    /// The level of a lint.
    pub fn level(&self, lint: Lint) -> LintLevel {
        self.lints.get(&lint).copied().unwrap_or(lint.default_level())
    }
}
