//! The unit graphs before and after a split.

use std::collections::BTreeSet;

use crate::cost::Cost;
use crate::ids::{CrateId, PackageId, PlanCrateId, UnitId};
use crate::plan::partition::assemble::Assembled;
use crate::simulate::UnitGraph;

/// One package that is taken apart.
pub(in crate::plan) struct Split {
    pub(in crate::plan) package: PackageId,
    pub(in crate::plan) krate: CrateId,
    pub(in crate::plan) assembled: Assembled,
    /// Whether other packages depend on the crates that they use, and not on the package.
    pub(in crate::plan) direct_users: bool,
}

/// The two unit graphs.
#[derive(Clone)]
pub(in crate::plan) struct Pair {
    pub(in crate::plan) before: UnitGraph,
    pub(in crate::plan) after: UnitGraph,
    /// What each unit becomes that compiles a package to be split: for the target, and for the host where that is
    /// another one.
    pub(in crate::plan) parts: Vec<Parts>,
    /// Other targets that take from the new crates what they compile themselves today.
    pub(in crate::plan) shared: Vec<Shared>,
    /// The relative error of each unit before, as a factor: that of its crate.
    pub(in crate::plan) error_factors: Vec<f64>,
}

/// Another target of a package that is taken apart, with modules that leave.
#[derive(Clone)]
pub(in crate::plan) struct Shared {
    /// Which split, by position.
    pub(in crate::plan) split: usize,
    /// Its units.
    pub(in crate::plan) units: Vec<UnitId>,
    /// The crates of the plan that it takes them from.
    pub(in crate::plan) crates: BTreeSet<PlanCrateId>,
}

/// What a unit becomes.
#[derive(Clone)]
pub(in crate::plan) struct Parts {
    /// Which split, by position.
    pub(in crate::plan) split: usize,
    /// The unit before.
    pub(in crate::plan) whole: UnitId,
    /// The units after, in the order of the plan's crates, with the cost of their items.
    pub(in crate::plan) crates: Vec<(UnitId, Cost)>,
}
