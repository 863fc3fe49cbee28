//! What known seconds say beyond those of crates and items: linking, build scripts, packages from elsewhere, rebuilds, and what
//! each figure rests on.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cost, Costs, IncrementalShares, Mode};
use crate::discover::TargetKind;
use crate::ids::CrateId;

/// What a crate's seconds rest on, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// They are known.
    Known,
    /// The model's, times what its own seconds in another mode, for the host or after an edit show.
    OtherBuilds,
    /// The model's, times what other crates of the repository show.
    OtherCrates,
    /// The model's, times what packages from elsewhere show of the machine's speed.
    Machine,
    /// The model's as they are.
    #[default]
    Model,
}

/// Kinds of crates that are compared with the model apart from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CrateKind {
    /// Libraries.
    Library,
    /// Binaries, and other programs.
    Binary,
    /// Procedural macros.
    ProcMacro,
    /// Build scripts.
    BuildScript,
}

impl CrateKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Library, Self::Binary, Self::ProcMacro, Self::BuildScript];

    /// The kind of a target's crate.
    pub fn of(target: TargetKind) -> Self {
        match target {
            TargetKind::Lib => Self::Library,
            TargetKind::ProcMacro => Self::ProcMacro,
            TargetKind::BuildScript => Self::BuildScript,
            TargetKind::Bin | TargetKind::Test | TargetKind::Example | TargetKind::Bench => Self::Binary,
        }
    }
}

/// Front end or code generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CratePhase {
    /// Until the metadata is there.
    FrontEnd,
    /// After it.
    CodeGeneration,
}

/// What modelled seconds of one kind of crate and one phase were multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// Which crates.
    pub kind: CrateKind,
    /// Which of their seconds.
    pub phase: CratePhase,
    /// Crates of this kind whose seconds are known in some mode.
    pub known: usize,
    /// The factor of a crate of which nothing is known.
    pub factor: f64,
    /// Four of five such crates are off by at most this factor then.
    pub error_factor: f64,
}

/// What known seconds say beyond those of crates and items; empty where all are modelled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Knowledge {
    /// What each crate's seconds rest on; [`Basis::Model`] for those that aren't here.
    pub bases: BTreeMap<CrateId, Basis>,
    /// By kind of crate and phase, what the model was multiplied by.
    pub scaling: Vec<Scaling>,
    /// [`Costs::crate_error_factor`], where the model's own doesn't hold.
    pub(super) errors: BTreeMap<CrateId, f64>,
    /// [`Costs::shared_error_factor`] likewise.
    pub(super) shared_error: Option<f64>,
    /// Seconds of linking, by what is linked.
    pub(super) links: BTreeMap<CrateId, f64>,
    /// Seconds of a build script's run, by the crate that is the script.
    pub(super) runs: BTreeMap<CrateId, f64>,
    /// Packages from elsewhere, by name and version.
    pub(super) externals: BTreeMap<(String, String), External>,
    /// Rebuilds of all crates, where samples say something of them.
    pub(super) rebuilds: Option<IncrementalShares>,
    /// Rebuilds of single crates.
    pub(super) crate_rebuilds: BTreeMap<CrateId, IncrementalShares>,
    /// Seconds of linking a crate with its tests.
    pub(super) harness_links: BTreeMap<CrateId, f64>,
    /// What rebuilds take of crates with their tests.
    pub(super) harness_rebuilds: Option<IncrementalShares>,
    pub(super) crate_harness_rebuilds: BTreeMap<CrateId, IncrementalShares>,
}

/// Seconds of a package from elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct External {
    pub(super) target: Option<Cost>,
    pub(super) host: Option<Cost>,
}

impl Costs {
    /// What a crate's seconds rest on.
    pub fn basis(&self, krate: CrateId) -> Basis {
        self.known.bases.get(&krate).copied().unwrap_or(Basis::Model)
    }

    /// Seconds of linking a program or a procedural macro, where its own are known.
    pub fn known_link_s(&self, krate: CrateId, host: bool) -> Option<f64> {
        // A check links what runs on the host and nothing else.
        self.known.links.get(&krate).copied().filter(|_| host || self.mode != Mode::Check)
    }

    /// Seconds of linking a crate with its tests.
    pub fn harness_link_s(&self, krate: CrateId) -> f64 {
        self.known.harness_links.get(&krate).copied().unwrap_or_else(|| self.usual_link_s(krate, false))
    }

    /// Seconds that a build script runs, by the crate that is the script: its own where they are known.
    pub fn build_script_s(&self, script: CrateId) -> f64 {
        self.known.runs.get(&script).copied().unwrap_or(self.overhead.build_script_s)
    }

    /// A package from elsewhere, where its own seconds are known.
    pub fn known_external(&self, name: &str, version: &str, host: bool) -> Option<Cost> {
        let known = self.known.externals.get(&(name.to_owned(), version.to_owned()))?;
        if host { known.host } else { known.target }
    }
}
