//! Units, the edges between them, and what comes out of a simulated build.

use serde::{Deserialize, Serialize};

use crate::cost::parallel::codegen_speed;
use crate::cost::{Artifact, IncrementalShares};
use crate::ids::{IdVec, UnitId};

/// A unit graph with durations: what cargo's job queue works off.
#[derive(Debug, Clone, Default)]
pub struct UnitGraph {
    /// The units.
    pub units: IdVec<UnitId, Unit>,
}

/// One call of rustc, or one run of a build script.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unit {
    /// For people: `name (lib)`, `name (build script run)`.
    pub name: String,
    /// Seconds until its metadata is ready (for a build-script run or a link: until it ends).
    pub frontend_s: f64,
    /// Core seconds of code generation after the metadata.
    pub codegen_s: f64,
    /// Most threads code generation can use (1 = serial).
    pub codegen_threads: u32,
    /// Share of code generation that one thread does alone, 0 to 1: rustc translates to LLVM's language on one, while
    /// the others optimize what it has translated. More threads then gain as Amdahl (1967) has it.
    pub codegen_serial: f64,
    /// Core seconds of link-time optimisation of all that it links, after its code generation.
    pub lto_s: f64,
    /// Most threads that can use (`fat`: 1).
    pub lto_threads: u32,
    /// Seconds of linking at the end.
    pub link_s: f64,
    /// Whether a rebuild compiles it in full: its profile isn't incremental.
    pub from_scratch: bool,
    /// What an incremental rebuild takes, where this one was seen to be rebuilt; else what all units take.
    pub again: Option<IncrementalShares>,
    /// What it waits for.
    pub dependencies: Vec<(UnitId, Awaited)>,
    /// Whether it is fresh (nothing to do).
    pub fresh: bool,
}

/// What a unit waits for of a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Awaited {
    /// Its metadata (pipelining).
    Metadata,
    /// Its end.
    All,
    /// Its end, and that of everything below it: who links waits for all that it links. One edge to each direct dependency
    /// says so, where edges to everything would grow with the square of the packages.
    Closure,
}

impl From<Artifact> for Awaited {
    fn from(artifact: Artifact) -> Self {
        match artifact {
            Artifact::Metadata => Self::Metadata,
            Artifact::All => Self::All,
        }
    }
}

/// A simulated build.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schedule {
    /// When the last unit ends, in seconds.
    pub makespan_s: f64,
    /// For each unit: start, metadata ready, end, in seconds.
    pub spans: IdVec<UnitId, Span>,
    /// The units that determine the makespan, first to last.
    pub critical_path: Vec<UnitId>,
    /// Core seconds of all units.
    pub work_s: f64,
}

/// When a unit ran, in seconds from the start of the build.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Span {
    /// Start.
    pub start_s: f64,
    /// Metadata ready.
    pub metadata_s: f64,
    /// End.
    pub end_s: f64,
}

impl Unit {
    /// Core seconds of code generation that so many threads do in a second.
    pub(super) fn codegen_speed(&self, threads: u32) -> f64 {
        codegen_speed(f64::from(threads), self.codegen_serial)
    }

    /// Whether it ends with work on all that it links.
    pub fn links(&self) -> bool {
        self.link_s > 0.0 || self.lto_s > 0.0
    }

    /// Core seconds of the whole unit, whether fresh or not.
    pub fn work_s(&self) -> f64 {
        self.frontend_s + self.codegen_s + self.lto_s + self.link_s
    }
}

/// A unit on the critical path; seconds from the start of the build.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CriticalUnit {
    /// `name (lib)`, `name (bin)`…
    pub name: String,
    /// When it starts.
    pub start_s: f64,
    /// When its metadata is ready, so that dependents may start.
    pub metadata_s: f64,
    /// When it ends.
    pub end_s: f64,
}

impl CriticalUnit {
    /// A unit of a schedule by name.
    pub fn new(graph: &UnitGraph, schedule: &Schedule, unit: UnitId) -> Self {
        let Span { start_s, metadata_s, end_s } = schedule.spans[unit];
        Self { name: graph.units[unit].name.clone(), start_s, metadata_s, end_s }
    }
}
