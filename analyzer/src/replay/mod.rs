//! The repository's own commits, played against its packages as they are, and as they would be with the plans carried out: what
//! each makes cargo compile again, and how long that takes.
//!
//! Each commit is placed among the crates of today (`changed`), and of a plan by where its files go; from there it spreads along
//! the units. Commits that change the same crates are simulated once (`builds`): as the edit of somebody who has built
//! before, incrementally, and as CI that keeps what did not change, or as much as is said. What comes out is summed over the commits (`summary`).

mod again;
mod builds;
mod changed;
mod model;
mod owners;
mod summary;
#[cfg(test)]
mod tests;
mod together;
mod yard;

use std::collections::{BTreeMap, BTreeSet};

pub use model::{
    Costly, CrateOwners, Distribution, OwnerShare, Owners, PartedWork, PlannedCommits, Repeated,
    RepeatedWork, Replay, ReplayedBuild, ReplayedCommit, ReplayedMinutes, ReplayedScenario, Together,
    TogetherPair,
};
pub(crate) use model::{Pace, PlacedCommit};

use crate::history::CodeOwners;
use crate::parse::FileUse;
use crate::plan::{Cause, CauseKind, PackageAdvice, PlanInput, VerdictKind};
use crate::simulate::Cache;

/// What a replay is made from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    /// The repository, its costs.
    pub(crate) plan: PlanInput<'a>,
    /// From planning.
    pub(crate) advice: &'a [PackageAdvice],
    /// The commits, newest first, placed among the packages of today.
    pub(crate) commits: &'a [PlacedCommit],
    /// Whose files are, if the repository says so.
    pub(crate) code_owners: Option<&'a CodeOwners>,
    /// The targets that compile each file.
    pub(crate) uses: &'a BTreeMap<String, Vec<FileUse>>,
    /// The sources that name a changed file.
    pub(crate) mentions: &'a BTreeMap<String, BTreeSet<String>>,
    /// Parallel jobs.
    pub(crate) jobs: u32,
    /// How often it all happens.
    pub(crate) pace: Pace,
    /// What CI keeps of earlier builds.
    pub(crate) cache: Cache,
}

/// Replays the commits; `None` if there are none that concern a build.
pub(crate) fn replay(input: &Input<'_>) -> Option<Replay> {
    if input.commits.is_empty() || input.plan.costs.is_empty() {
        return None;
    }
    let advice: Vec<&PackageAdvice> = input.advice.iter().filter(|advice| is_carried_out(advice)).collect();
    let builds = builds::Builds::new(input, &advice);
    let owners = owners::owners(&input.plan, input.code_owners, &advice, &builds.commits);
    let together = together::together(&input.plan, input.uses, &builds.placements);
    Some(Replay { owners, together, ..summary::summary(input, &builds) })
}

/// Whether the plan of a package is recommended, or shown since somebody asked for it.
pub(crate) fn is_carried_out(advice: &PackageAdvice) -> bool {
    advice.plan.is_some() && !(advice.auxiliary && advice.verdict.kind == VerdictKind::Keep)
}

/// Adds what the replay says of a planned package to the reasons of its verdict.
pub(crate) fn add_reasons(replay: &Replay, advice: &mut [PackageAdvice]) {
    for planned in &replay.planned {
        let Some(advice) = advice.iter_mut().find(|advice| advice.package == planned.package) else {
            continue;
        };
        let cause = Cause { kind: CauseKind::Commits, detail: planned.reason(replay.commits) };
        let at = advice.verdict.causes.len().min(1);
        advice.verdict.causes.insert(at, cause);
    }
}
