//! What is found of packages whose split saves deploys.

use crate::ids::{PackageId, PlanCrateId, TargetId};
use crate::plan::{Candidate, Plan, VerdictKind};

/// A package that several programs are built from, in parts by who runs what.
#[derive(Debug, Clone)]
pub struct DeploySplit {
    /// The package.
    pub package: PackageId,
    /// Whether it pays by the deploys that it saves: never [`VerdictKind::MeasureFirst`].
    pub kind: VerdictKind,
    /// The plan.
    pub plan: Plan,
    /// What the plan is made of, with its users' manifests among the edits.
    pub candidate: Candidate,
    /// Who needs each crate of the plan once every program is built from those that it uses.
    pub parts: Vec<SplitPart>,
    /// Programs that are built from the package today.
    pub programs: u32,
    /// Deploys of all programs over the replayed commits: one for each program that a commit deploys again.
    pub today: u32,
    /// With this plan alone carried out.
    pub after: u32,
    /// Those after which the program runs something that changed.
    pub needed: u32,
    /// What that is a week.
    pub week: SplitWeek,
}

/// A crate of such a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitPart {
    /// The crate.
    pub krate: PlanCrateId,
    /// Programs that are built from it, sorted; the package's own aside, which need all of it.
    pub programs: Vec<TargetId>,
}

/// Deploys that a split saves a week, against its work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitWeek {
    /// Deploys.
    pub deploys: f64,
    /// Minutes that these take.
    pub saved_min: f64,
    /// Seconds of an average one of them.
    pub deploy_s: f64,
    /// Whether these are assumed for a program, since no configuration says them.
    pub assumed: bool,
    /// Minutes that the split has to save.
    pub asked_min: f64,
    /// The work that it has to give back, in hours.
    pub work_h: f64,
    /// Within how many weeks.
    pub payback_weeks: f64,
}
