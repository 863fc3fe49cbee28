//! The units of `cargo build`, `cargo check` and `cargo test --no-run` in one workspace, with their costs.
//!
//! As cargo's `unit_dependencies.rs` and `job_queue/mod.rs` have it: libraries, binaries, procedural macros
//! and build scripts (compiled, then run). What runs on the host (procedural macros, build scripts, and the
//! libraries they need) is always compiled in full and unoptimized, in units of its own unless the mode is
//! [`Mode::Dev`], where cargo shares them unless the host needs other features. A unit that links waits for the end of everything below it;
//! the others wait for the metadata of their direct dependencies. Tests are as `unit_generator.rs` has them: a harness of each
//! target with tests; libraries themselves for who uses them and for their documentation's examples; the programs of a
//! package with integration tests; examples.
//!
//! What the profile says of a package ([`Profile::for_unit`]) decides whether the host shares a unit, how many threads
//! generate code, whether a rebuild is incremental, and what link-time optimisation follows.
//!
//! Dependencies for other platforms than the analysis's are none. Not modelled: one package built with two sets of features.

mod durations;
mod link_time;
mod lock_file;
mod needed;
mod world;

use std::collections::BTreeMap;

use crate::cost::Costs;
use crate::discover::{DependencyKind, Repository};
use crate::ids::{CrateId, Id, IdVec, LockedId, PackageId, TargetId, UnitId, WorkspaceId};
use crate::resolve::{Crate, Resolution};

use self::durations::Durations;
use self::link_time::optimize_while_linking;
use self::lock_file::LockFile;
use self::needed::needed;
use self::world::World;
use super::{Awaited, Unit, UnitGraph};

/// What is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitOptions {
    /// The workspace in which cargo is called; all its members are built.
    pub workspace: WorkspaceId,
    /// What becomes of packages from outside the repository.
    pub external: External,
}

/// What becomes of packages from outside the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum External {
    /// They are cached (a `clean` build of the workspace): no units.
    Cached,
    /// They are built too (a `cold` build): one library of [`Overhead::external`](crate::cost::Overhead)
    /// cost for each package of the lock file that is reached ([`built`](crate::discover::LockedPackage::built)). Their
    /// sources are not read.
    Estimated,
}

/// A unit graph, and which unit stands for what.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// The graph.
    pub graph: UnitGraph,
    /// The unit that compiles each crate for the target (for a procedural macro or build script: its only
    /// one); `None` for crates that this build doesn't compile.
    pub of_crate: IdVec<CrateId, Option<UnitId>>,
    /// The unit that compiles each library for the host, where that is another one.
    pub host_of_crate: IdVec<CrateId, Option<UnitId>>,
    /// The unit that compiles each crate with its tests, in [`Mode::Test`](crate::cost::Mode::Test).
    pub harness_of_crate: IdVec<CrateId, Option<UnitId>>,
    /// The unit that runs the build script of each crate's package, where that runs again after any change of the package.
    pub rerun_of_crate: IdVec<CrateId, Option<UnitId>>,
}

impl Units {
    /// The unit that a split replaces: the one for the target, or the harness where nothing else compiles the crate.
    pub fn first_of(&self, krate: CrateId) -> Option<UnitId> {
        let at = |units: &IdVec<CrateId, Option<UnitId>>| units.get(krate).copied().flatten();
        at(&self.of_crate).or(at(&self.harness_of_crate))
    }

    /// The harness, where it is another unit than [`first_of`](Self::first_of).
    pub fn harness_beside(&self, krate: CrateId) -> Option<UnitId> {
        let harness = self.harness_of_crate.get(krate).copied().flatten();
        harness.filter(|_| self.of_crate.get(krate).copied().flatten().is_some())
    }

    /// Every unit that reads the sources of a crate.
    pub fn compiling(&self, krate: CrateId) -> impl Iterator<Item = UnitId> {
        let at = |units: &IdVec<CrateId, Option<UnitId>>| units.get(krate).copied().flatten();
        at(&self.of_crate).into_iter().chain(at(&self.host_of_crate)).chain(at(&self.harness_of_crate))
    }

    /// Every unit that cargo starts anew itself after a change of a crate: those that read its sources, and the build script's
    /// run where that [looks at the whole package](crate::resolve::Crate::reruns).
    pub fn changed_with(&self, krate: CrateId) -> impl Iterator<Item = UnitId> {
        self.compiling(krate).chain(self.rerun_of_crate.get(krate).copied().flatten())
    }
}

/// Said where a `cold` build is asked for that isn't [known](knows_cold).
pub const UNKNOWN_COLD: &str =
    "no cold build is predicted: without a lock file nobody knows which packages come from elsewhere";

/// Whether a `cold` build of a workspace is known: its lock file is there, or nothing of it comes from elsewhere.
pub fn knows_cold(repository: &Repository, workspace: WorkspaceId) -> bool {
    let workspace = &repository.workspaces[workspace];
    let elsewhere = |&member: &PackageId| {
        let declared = repository.packages[member].dependencies.iter();
        declared.filter(|d| d.enabled && d.kind != DependencyKind::Dev).any(|d| d.local.is_none())
    };
    !workspace.locked.is_empty() || !workspace.members.iter().any(elsewhere)
}

/// Builds the unit graph of one workspace from its packages and the costs of their crates.
///
/// The mode is that of `costs`.
pub fn unit_graph(
    repository: &Repository,
    resolution: &Resolution,
    costs: &Costs,
    options: UnitOptions,
) -> Units {
    assemble(World { repository, resolution, costs, options })
}

/// What a unit does, before it has an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// Compiles a target, for the host if so.
    Compile { target: TargetId, host: bool },
    /// Runs the build script that is this target.
    Run(TargetId),
    /// Compiles a package from elsewhere.
    External { package: LockedId, host: bool },
    /// Compiles a target with its tests.
    Harness(TargetId),
}

/// Gives units ids, and makes edges of what they need.
fn assemble(world: World<'_>) -> Units {
    let lock = LockFile::new(world);
    let needed = needed(world, &lock);
    let ids: BTreeMap<Key, UnitId> =
        needed.keys().enumerate().map(|(i, &key)| (key, UnitId::from_index(i))).collect();
    let durations = Durations::new(world);
    let mut units: Vec<Unit> = needed
        .iter()
        .map(|(&key, direct)| Unit {
            dependencies: direct.iter().map(|&d| (ids[&d], awaited(world, key, d))).collect(),
            ..durations.unit(key)
        })
        .collect();
    optimize_while_linking(&durations, &lock, &needed.keys().copied().collect::<Vec<_>>(), &mut units);
    let graph = UnitGraph { units: units.into() };
    let of = |target, host| ids.get(&Key::Compile { target, host }).copied();
    let crates = world.resolution.crates.iter().map(|krate| krate.target);
    let harness: Vec<_> = crates.clone().map(|t| ids.get(&Key::Harness(t)).copied()).collect();
    let (target, host): (Vec<_>, Vec<_>) =
        crates.map(|t| (of(t, false), of(t, true))).map(|(t, h)| (t.or(h), t.and(h))).unzip();
    let scripts = world.resolution.crates.iter().filter(|krate| krate.reruns).map(|script| {
        let package = world.repository.targets[script.target].package;
        (package, ids.get(&Key::Run(script.target)).copied())
    });
    let scripts: BTreeMap<PackageId, Option<UnitId>> = scripts.collect();
    let package = |krate: &Crate| world.repository.targets[krate.target].package;
    let rerun: Vec<_> =
        world.resolution.crates.iter().map(|k| scripts.get(&package(k)).copied().flatten()).collect();
    Units {
        graph,
        of_crate: target.into(),
        host_of_crate: host.into(),
        harness_of_crate: harness.into(),
        rerun_of_crate: rerun.into(),
    }
}

/// What a unit waits for of one that it needs.
fn awaited(world: World<'_>, user: Key, dependency: Key) -> Awaited {
    match dependency {
        _ if world.links(user) => Awaited::Closure,
        Key::Run(_) | Key::Harness(_) => Awaited::All,
        Key::Compile { .. } if world.links(dependency) => Awaited::All,
        Key::Compile { .. } | Key::External { .. } => Awaited::Metadata,
    }
}
