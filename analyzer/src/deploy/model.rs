//! What is found of the programs of a repository.

use crate::ids::{ModuleId, PackageId};

/// A binary and what it needs: a candidate service.
#[derive(Debug, Clone)]
pub struct Deployable {
    /// The package of the bin target.
    pub package: PackageId,
    /// The bin target's name.
    pub name: String,
    /// Whether it only serves tests, fuzzing, benchmarks or as an example: nobody deploys it.
    pub auxiliary: bool,
    /// Local packages it needs, itself included, sorted.
    pub packages: Vec<PackageId>,
    /// Modules with something that it may run, sorted.
    pub modules: Vec<ModuleId>,
    /// Cost of those modules as a share of the workspace's, 0 to 1.
    pub cost_share: f64,
}
