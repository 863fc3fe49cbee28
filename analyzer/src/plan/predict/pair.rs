//! The unit graphs before and after a split.

use crate::cost::Cost;
use crate::ids::{CrateId, PackageId, UnitId};
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
    /// The relative error of each unit before, as a factor: that of its crate.
    pub(in crate::plan) error_factors: Vec<f64>,
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
