//! Packages whose split saves deploys: `deploys.splits` of `analyze` and `services`.

use serde::{Deserialize, Serialize};

use super::plan::CutReport;
use crate::plan::VerdictKind;

/// A package that several binaries are built from, in parts by who runs what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeploySplitReport {
    /// Its name.
    pub package: String,
    /// Its manifest.
    pub manifest: String,
    /// Whether the deploys that it saves give its work back in time: `split`, `untangle-first` where cuts come first, or `keep`.
    pub verdict: VerdictKind,
    /// Binaries that are built from it today.
    pub programs: u32,
    /// The crates, dependencies before dependents.
    pub crates: Vec<DeploySplitCrateReport>,
    /// References against the order of these crates, which have to go first.
    pub cuts: Vec<CutReport>,
    /// Edits by hand: those that remove the cuts, and one for each manifest of a package that uses it.
    pub edits: u32,
    /// What makes it impossible until it is resolved by hand.
    pub blockers: u32,
    /// Binaries that an average commit deploys again today, all binaries counted.
    pub redeployed_today: f64,
    /// With this split alone, and every binary on the crates that it uses.
    pub after_split: f64,
    /// Those that run something that it changes.
    pub needed: f64,
    /// What that is a week.
    pub week: DeploySplitWeek,
}

/// A crate of such a split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeploySplitCrateReport {
    /// Its name.
    pub name: String,
    /// Whole modules (each with everything below it).
    pub modules: Vec<String>,
    /// Non-test lines.
    pub lines: u32,
    /// Binaries of other packages that are built from it.
    pub programs: Vec<String>,
}

/// Deploys that a split saves a week, against its work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeploySplitWeek {
    /// Deploys that it saves.
    pub deploys: f64,
    /// Minutes that these take.
    pub saved_min: f64,
    /// Seconds of an average one of them.
    pub deploy_s: f64,
    /// Whether these are assumed for a binary, since no configuration says them.
    pub deploy_s_assumed: bool,
    /// Minutes that the split has to save.
    pub asked_min: f64,
    /// What it takes to be carried out, in hours of work by hand: what it has to give back.
    pub work_h: f64,
    /// Within how many weeks.
    pub payback_weeks: f64,
}
