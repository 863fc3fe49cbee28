//! Where seconds come from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cost::built::{RefusalReason, UnitCounts};
use crate::cost::measured::BuildMode;
use crate::cost::{Basis, CostSource, CrateKind, CratePhase, Mode};

/// Where the seconds come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostsReport {
    /// Measured, imported, of a build that happened anyway, or modelled.
    pub source: CostSource,
    /// The repository's own crates, one entry per mode.
    pub modes: Vec<ModeCost>,
    /// What earlier builds have left in target directories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub built: Vec<BuiltReport>,
    /// Rebuilds after an edit whose times are still there, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured_edits: Vec<EditReport>,
    /// What earlier builds have left and is not used, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedReport>,
}

/// What builds of one profile and mode have left in one directory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuiltReport {
    /// The target directory, relative to the analysed directory where it lies in or beside it.
    pub directory: String,
    /// `--target`; absent for the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triple: Option<String>,
    /// Cargo's profile.
    pub profile: String,
    /// What cargo was asked to do.
    pub mode: BuildMode,
    /// When the newest of its units ended, in UTC: `2026-02-03T04:05:06Z`.
    pub ended: String,
    /// How many units there are.
    pub units: UnitCounts,
    /// Whether seconds are taken from it; others are covered by a file, or by another directory.
    pub used: bool,
}

/// One rebuild after an edit that was made anyway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EditReport {
    /// The target directory.
    pub directory: String,
    /// Cargo's profile.
    pub profile: String,
    /// What cargo was asked to do.
    pub mode: BuildMode,
    /// When it ended, in UTC.
    pub ended: String,
    /// Seconds from the first unit's start to the last one's end.
    pub wall_s: f64,
    /// What was edited: units of which nothing that they depend on was rebuilt.
    pub edited: Vec<String>,
    /// How many units were rebuilt.
    pub units: u64,
    /// Whether all of it is there: of an older rebuild later ones have written over a part.
    pub complete: bool,
}

/// Times that are not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusedReport {
    /// The directory.
    pub directory: String,
    /// Why.
    pub reason: RefusalReason,
    /// How many units.
    pub units: u64,
    /// One of them.
    pub example: String,
}

/// Core seconds of the libraries and binaries of the repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModeCost {
    /// check, dev or release.
    pub mode: Mode,
    /// Front end, core seconds.
    pub frontend_s: f64,
    /// Code generation, core seconds.
    pub codegen_s: f64,
    /// A duration's relative error as a factor: p10 = p50 / factor, p90 = p50 × factor.
    pub error_factor: f64,
    /// Where the seconds of most of these crates come from, weighted by their cost.
    pub source: CostSource,
    /// What the seconds of crates that aren't known in this mode were multiplied by, all together; of those that are, where
    /// there is no other. Absent where nothing is known of any mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<f64>,
    /// Modules whose part of their crate's seconds was measured (`measure --modules`); where none was, the model shares
    /// a crate's seconds out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub measured_modules: u64,
    /// How many of these crates rest on what; absent where nothing is known of any mode.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bases: BTreeMap<Basis, u64>,
    /// By kind of crate and phase, what modelled seconds were multiplied by; absent likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scaled: Vec<ScaledCost>,
    /// Each crate with its seconds and their origin, where not all are modelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crates: Vec<CrateCost>,
}

/// What modelled seconds of one kind of crate and one phase were multiplied by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScaledCost {
    /// Which crates.
    pub kind: CrateKind,
    /// Which of their seconds.
    pub phase: CratePhase,
    /// Crates of this kind of which some seconds are known, in any mode.
    pub known: u64,
    /// The factor for a crate of which nothing is known.
    pub factor: f64,
    /// Four of five such crates are off by at most this factor then.
    pub error_factor: f64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Core seconds of one crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrateCost {
    /// Its package.
    pub package: String,
    /// Its target's name.
    pub target: String,
    /// Front end, core seconds.
    pub frontend_s: f64,
    /// Code generation, core seconds.
    pub codegen_s: f64,
    /// Where the two come from.
    pub source: CostSource,
    /// What they rest on.
    #[serde(default)]
    pub basis: Basis,
    /// Four of five times they are off by at most this factor, beyond what all crates share that aren't known.
    #[serde(default = "one")]
    pub error_factor: f64,
}

fn one() -> f64 {
    1.0
}
