//! What is found of the programs of a repository.

use super::reach::{Reached, Start};
use super::redeploys::Redeploys;
use super::roles::{Activity, Role};
use crate::ids::{DefinitionId, FileId, ModuleId, PackageId, TargetId};

/// A binary and what it needs: a candidate service.
#[derive(Debug, Clone)]
pub struct Deployable {
    /// The package of the bin target.
    pub package: PackageId,
    /// The bin target.
    pub target: TargetId,
    /// The bin target's name.
    pub name: String,
    /// Whether it only serves tests, fuzzing, benchmarks or as an example: nobody deploys it.
    pub auxiliary: bool,
    /// Local packages it needs, itself included, sorted.
    pub packages: Vec<PackageId>,
    /// Modules with something that it may run, sorted.
    pub modules: Vec<ModuleId>,
    /// Its `main`; `None` where it isn't written as one.
    pub entry: Option<DefinitionId>,
    /// What runs.
    pub running: Running,
    /// What it does under several names: commands, servers, consumers, schedulers.
    pub roles: Vec<RunningRole>,
    /// Commands that are no roles (`keep_services`), by the order of their arms.
    pub commands: Vec<String>,
}

/// A role of a program, and what it runs.
#[derive(Debug, Clone)]
pub struct RunningRole {
    /// The role.
    pub role: Role,
    /// What runs.
    pub running: Running,
    /// All that it reaches.
    pub(crate) reached: Reached,
    /// Where it starts.
    pub(crate) start: Start,
}

/// What a program, or a role of one, runs.
#[derive(Debug, Clone, Default)]
pub struct Running {
    /// Packages with something that it may run, its own included, sorted.
    pub packages: Vec<PackageId>,
    /// Files with something that it may run, sorted.
    pub files: Vec<FileId>,
    /// Those of which it alone runs something: of a program's roles each for itself. Sorted.
    pub own_files: Vec<FileId>,
    /// Cost of the modules with something that it may run as a share of the workspace's, 0 to 1.
    pub cost_share: f64,
    /// What it does.
    pub activity: Activity,
    /// How many of the replayed commits deploy it again; `None` without a history.
    pub redeploys: Option<Redeploys>,
    /// Who owns at least a tenth of the lines of its own files (of all its files if it has none), most first.
    pub owners: Vec<String>,
}
