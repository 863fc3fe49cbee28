//! Whether a change keeps to what a repository asks of itself: budgets, layers, forbidden dependencies, no new cycles. What was
//! there before is in a baseline, by items and not by lines, and passes.
//!
//! Reads a finished report, names of code, and the configuration; no files.

mod baseline;
mod budgets;
mod code_rules;
mod data;
mod decide;
mod diff;
mod findings;
mod model;
mod names;
mod renames;
#[cfg(feature = "schema")]
mod schemas;
#[cfg(test)]
mod tests;
mod trend;

pub(crate) use budgets::MANY_JOBS;

pub use baseline::{BASELINE_FILE, Baseline};
pub use decide::{CheckInput, check};
pub use diff::{
    BuildChange, Change, DiffReport, FigureChange, NeedChange, ServiceChange, VerdictChange, diff,
};
pub use findings::{all_findings, report_findings};
pub use model::{
    BaselineReport, CheckReport, CheckStatus, Debt, Degraded, Finding, GateReport, GateStatus, RenamedDebt,
};
#[cfg(feature = "schema")]
pub use schemas::{check_schema, diff_schema, trend_schema};
pub use trend::{TrendPoint, TrendReport, trend};
