//! What a check has found: the contract of `check --format json`.

use serde::{Deserialize, Serialize};

use crate::config::{Lint, LintLevel};
use crate::diagnostic::Diagnostic;
use crate::report::Tool;

/// The answer of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckReport {
    /// [`SCHEMA_VERSION`](crate::report::SCHEMA_VERSION).
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// How it ended.
    pub status: CheckStatus,
    /// What was looked for, gravest first.
    pub gates: Vec<GateReport>,
    /// What was found: new findings first, those that fail before those that warn.
    pub findings: Vec<Finding>,
    /// What the data lack. Not empty means that passing says little.
    pub degraded: Vec<Degraded>,
    /// What was accepted before; absent without a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineReport>,
    /// The commit that is checked out. Absent without git.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What could not be read or understood.
    pub diagnostics: Vec<Diagnostic>,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    /// Nothing new that is denied.
    Passed,
    /// Something new that is denied.
    Failed,
    /// Nothing was found, and too little is known to say so. Fails unless that is allowed.
    Degraded,
}

/// One thing that was looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GateReport {
    /// What.
    pub lint: Lint,
    /// What a finding does.
    pub level: LintLevel,
    /// How it ended.
    pub status: GateStatus,
    /// The budget, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// The largest figure, in the unit of the budget: seconds, lines, modules, binaries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Findings that the baseline does not have.
    pub new: u32,
    /// Those that it has.
    pub accepted: u32,
}

/// How one gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GateStatus {
    /// Nothing new.
    Passed,
    /// Something new, which is only reported.
    Warned,
    /// Something new.
    Failed,
    /// What it needs is not known.
    Unknown,
    /// Not asked for.
    Off,
}

/// Something that a gate is about, at its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// Which gate.
    pub lint: Lint,
    /// What it does.
    pub level: LintLevel,
    /// Whether the baseline has it.
    pub accepted: bool,
    /// The dependent item; of a budget the package, the workspace, or nothing.
    pub from: String,
    /// The dependency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// References between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<u32>,
    /// The figure, of a budget.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// One sentence.
    pub message: String,
    /// Why the baseline has it, or why the rule is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Data that a gate needs and that are not there, or not good enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Degraded {
    /// The gate that it is about; all of them without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lint: Option<Lint>,
    /// One sentence.
    pub message: String,
}

/// A finding that passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Debt {
    /// What was found.
    pub lint: Lint,
    /// [`Finding::from`]
    pub from: String,
    /// [`Finding::to`]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The figure that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Why it passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the two ends look like, so that they are recognised under another name; empty for one that is known by its name alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<String>,
}

/// An entry of the baseline of which the items have other names by now: it passes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RenamedDebt {
    /// The entry.
    pub entry: Debt,
    /// The dependent's name of today.
    pub from: String,
    /// The dependency's.
    pub to: Option<String>,
}

/// What was accepted before.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BaselineReport {
    /// The file.
    pub file: String,
    /// How much is in it.
    pub entries: u32,
    /// What of it is no more: `--prune` takes it out.
    pub gone: Vec<Debt>,
    /// What of it was renamed or moved and passes: `--prune` and `--accept` write the names of today.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<RenamedDebt>,
}

impl CheckReport {
    /// Whether nothing new was found; with `allow_degraded` even where little is known.
    pub fn passed(&self, allow_degraded: bool) -> bool {
        match self.status {
            CheckStatus::Passed => true,
            CheckStatus::Degraded => allow_degraded,
            CheckStatus::Failed => false,
        }
    }

    /// Findings that the baseline does not have.
    pub fn new_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.accepted)
    }
}
