//! What is learnt from target directories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cost::measured::{BuildMode, CostsFile, Origin};
use crate::discover::Repository;
use crate::ids::WorkspaceId;

/// What is learnt from builds that had happened anyway.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    /// One per directory, profile and mode, the one that ended last first.
    pub builds: Vec<BuiltCosts>,
    /// Rebuilds after an edit, the newest first.
    pub edits: Vec<MeasuredEdit>,
    /// Times that were not used.
    pub refused: Vec<Refusal>,
}

/// Where something was built.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuiltPlace {
    /// The target directory (or a page in it), relative to the analysed root where it lies in or beside it.
    pub directory: String,
    /// `--target`; `None` for the host.
    pub triple: Option<String>,
    /// Cargo's profile: `dev`, `release`, …
    pub profile: String,
    /// The workspaces that build into the directory.
    pub workspaces: Vec<WorkspaceId>,
}

/// The units of one mode of cargo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BuiltCosts {
    /// Where.
    pub place: BuiltPlace,
    /// When the last of them ended, in seconds since 1970.
    pub newest: i64,
    /// How many there are.
    pub counts: UnitCounts,
    /// The units that were compiled whole. Times count from the earliest start, be they of one call of cargo or of several.
    pub costs: CostsFile,
}

/// How much is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitCounts {
    /// Units that were compiled whole, or run.
    pub whole: u64,
    /// Of these, units of the repository's own packages.
    pub own: u64,
    /// Units of today's build that were last compiled with what rustc had kept.
    pub rebuilt: u64,
    /// Units that may have been compiled whole or not; they are not used.
    pub unsure: u64,
    /// Dependencies between units, as cargo recorded them.
    pub edges: u64,
    /// Of these, dependencies whose unit is known.
    pub known_edges: u64,
}

/// One rebuild after an edit, as far as no later one wrote over it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeasuredEdit {
    /// Where.
    pub place: BuiltPlace,
    /// When it ended, in seconds since 1970.
    pub ended: i64,
    /// The units that were rebuilt; its `wall_s` is there.
    pub costs: CostsFile,
    /// Positions of those whose own sources had changed: nothing that they depend on was rebuilt.
    pub edited: Vec<u32>,
    /// Whether everything of the repository that depends on what was rebuilt was rebuilt then: otherwise a later build has
    /// written over the times of some.
    pub complete: bool,
}

/// Times that were not used, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The directory of the profile.
    pub directory: String,
    /// Why.
    pub reason: RefusalReason,
    /// How many units.
    pub units: u64,
    /// One of them.
    pub example: String,
}

/// Why times were not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// Nothing says when the unit started.
    NoStart,
    /// It ended before it started: a clock that was set back, or a file that was written since.
    EndsBeforeStart,
    /// It took less time than starting a process does: files that were copied or touched.
    NoTime,
    /// It took longer than any job may: a clock that was set forward.
    TooLong,
    /// Its metadata is newer than its end.
    MetadataAfterEnd,
    /// Times are of whole seconds only, and the unit took too few of them.
    Coarse,
    /// More units ran at once than any machine has processors.
    TooManyAtOnce,
    /// Units started before what they need was there: times that are not those of a build.
    OutOfOrder,
    /// Too many units of the same build have times that can't be: those of the others mean nothing.
    Untrustworthy,
    /// Clippy took the compiler's place: its time is not that of a check.
    Clippy,
}

impl BuiltCosts {
    /// Whether it is a page of `cargo --timings`, and not the times of files.
    pub fn is_page(&self) -> bool {
        self.costs.units.iter().any(|unit| unit.origins.times == Origin::Timings)
    }
}

impl Built {
    /// For each workspace, profile and mode the directory with the most of the repository's own units; of such that are alike
    /// the one that ended last.
    pub fn best(&self, repository: &Repository) -> Vec<&BuiltCosts> {
        let mut best: BTreeMap<(WorkspaceId, &str, BuildMode), &BuiltCosts> = BTreeMap::new();
        for build in &self.builds {
            let triple = build.place.triple.as_deref().is_none_or(|triple| triple == repository.cfg.triple);
            for &workspace in build.place.workspaces.iter().filter(|_| triple) {
                let rank =
                    |build: &BuiltCosts| (build.counts.own, build.counts.edges > 0, build.counts.whole);
                let slot =
                    best.entry((workspace, &build.place.profile, build.costs.build.mode)).or_insert(build);
                // Those that ended last come first.
                if rank(build) > rank(slot) {
                    *slot = build;
                }
            }
        }
        let mut all: Vec<&BuiltCosts> = Vec::new();
        for build in best.into_values() {
            if !all.iter().any(|known| std::ptr::eq(*known, build)) {
                all.push(build);
            }
        }
        all
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let units = if self.units == 1 { "unit" } else { "units" };
        write!(f, "{} {units} {}, {} among them", self.units, self.reason.text(), self.example)
    }
}

impl RefusalReason {
    /// The reason as a part of a sentence: "12 units …".
    pub fn text(self) -> &'static str {
        match self {
            RefusalReason::NoStart => "have no record of their start",
            RefusalReason::EndsBeforeStart => "end before they start",
            RefusalReason::NoTime => "took no time: their files were copied or touched",
            RefusalReason::TooLong => "took longer than any job may: the clock was changed",
            RefusalReason::MetadataAfterEnd => "have metadata that is newer than their end",
            RefusalReason::Coarse => "took a few seconds where times are whole seconds",
            RefusalReason::TooManyAtOnce => "ran at once: more than a machine has processors",
            RefusalReason::OutOfOrder => "started before what they need was there",
            RefusalReason::Untrustworthy => "are of a build with many times that can't be",
            RefusalReason::Clippy => "were checked by clippy, which takes longer than a check",
        }
    }
}
