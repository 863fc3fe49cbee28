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

mod advise;
mod assemble;
mod auxiliary;
mod blockers;
mod blocks;
mod boundary;
mod closure;
mod cuts;
mod deploy;
mod describe;
mod evaluate;
mod fixes;
mod forecast;
mod frontier;
mod groups;
mod harness;
mod index;
mod inherit;
mod input;
mod layering;
mod levers;
mod lost;
mod manifest;
mod model;
mod names;
mod passages;
mod place;
mod predict;
mod re_exports;
mod reach;
mod rows;
mod search;
mod structure;
mod test_runs;
#[cfg(test)]
mod tests;
mod uncertainty;
mod unlinked;
mod unseen;
mod verdict;
mod week;
mod what_if;

pub use advise::advise;
pub use deploy::deployables;
pub use describe::{DescribedCrate, Named, PlanFile};
pub use input::{PlanInput, PlanOptions, Prices};
pub use levers::levers;
pub use model::{
    Blocker, Candidate, Cause, CauseKind, Cut, Deployable, Fix, Interval, Lever, LeverKind, MovedPath, Need,
    PackageAdvice, Plan, PlanCrate, ReExportPlace, Saving, Scenario, Settle, SharedStatic, Verdict,
    VerdictKind, Week, Widening,
};
pub use what_if::{
    DescribedSplit, EditForecast, EditedTests, Forecast, ForecastBuild, Outcome, PlanNote, PlanNoteKind,
    PlanPlace, Refusal, RefusalKind, TestRuns, WhatIf, WhatIfOptions, what_if, what_if_with_tests,
};
