//! Candidates, effort, evaluation by simulation, verdict. Knows every stage before it.
//!
//! For each package worth a look: [atoms](crate::graph::atoms) and the impls they pin become *groups*, files become
//! *blocks*; a structural search over the blocks starts from one crate per top-level module and improves an ordered
//! partition (few references against the order, little coupling cut, modules kept whole, no lump, few crates);
//! single items then move where that dissolves a reference against the order more cheaply than a cut; each candidate
//! is built in the simulator; the recommended one gets its cuts, visibility, savings and a verdict.
//!
//! The residual crate keeps the package's name, its root module and its binaries. It is always on top and
//! re-exports the others, so that no user of the package has to change; hence a change of any crate still rebuilds
//! the users.

mod advice;
mod boundary;
mod cuts;
mod describe;
mod draft;
mod edit;
mod index;
mod input;
mod model;
mod partition;
mod predict;
mod sharers;
mod targets;
#[cfg(test)]
pub(crate) mod tests;
mod users;
mod what_if;
mod workbench;

pub use crate::simulate::Scenario;
pub use advice::advise::advise;
pub(crate) use advice::apart::{Apart, Separable, Separator};
pub use advice::levers::settings::levers;
pub(crate) use advice::week::commits_per_week;
pub use describe::{DescribedCrate, Named, PlanFile};
pub use edit::{
    AddedDependency, BoundaryEdit, BoundaryEditKind, Edit, EditKind, Fix, Move, ReExportPlace, TestMoveCause,
    UserManifest,
};
pub use input::{PlanInput, PlanOptions, Prices, WhatIfOptions};
pub use model::{
    Blocker, BuildScriptNeed, Candidate, Cause, CauseKind, Cut, DirectUser, DirectUsers, FacadePath,
    GeneratedCode, Interval, Lever, LeverKind, MovedPath, Need, OtherPath, OtherTarget, PackageAdvice, Plan,
    PlanCrate, Saving, Settle, SharedStatic, SilentChange, TargetStanding, TestMove, TestSupport, TiedType,
    Verdict, VerdictKind, Week, Widening,
};
pub use predict::model::{EditForecast, EditedTests, Forecast, ForecastBuild, Outcome, TestRuns};
pub(crate) use predict::planned::{CarriedOut, Placements, PlannedUnits};
pub use what_if::{
    DescribedSplit, PlanNote, PlanNoteKind, PlanPlace, Refusal, RefusalKind, WhatIf, what_if,
    what_if_with_tests,
};
pub use workbench::{BenchMode, Layout, Parts, Piece, Stray, User, Workbench, workbenches};
