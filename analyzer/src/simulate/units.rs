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
//! Not modelled: dependencies for some platforms only count as dependencies for all, and one package built with two sets of
//! features.

use std::collections::{BTreeMap, BTreeSet};

use crate::cost::parallel::UNOPTIMIZED_SERIAL;
use crate::cost::{Cost, CostSource, Costs, LinkTime, Mode, SettingFactors, setting_factors};
use crate::discover::{Dependency, DependencyKind, Profile, ProfiledPackage, Repository, TargetKind};
use crate::ids::{CrateId, Id, IdVec, LockedId, PackageId, TargetId, UnitId, WorkspaceId};
use crate::resolve::Resolution;

use super::{Artifact, Unit, UnitGraph};

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
    /// cost for each package of the lock file that is reached. A lock file doesn't say which features and
    /// platforms are on, so these are more than cargo builds; and their sources are not read.
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
    /// The unit that compiles each crate with its tests, in [`Mode::Test`].
    pub harness_of_crate: IdVec<CrateId, Option<UnitId>>,
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
    let mut builder = Builder::new(repository, resolution, costs, options);
    let roots = builder.roots();
    builder.build(roots);
    builder.finish()
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

struct Builder<'a> {
    repository: &'a Repository,
    resolution: &'a Resolution,
    costs: &'a Costs,
    options: UnitOptions,
    /// Modules of each crate, test modules left out.
    modules: IdVec<CrateId, u32>,
    /// What each package of the repository depends on by the lock file, if that has it.
    locked_below: BTreeMap<PackageId, BTreeSet<LockedId>>,
    /// The packages from elsewhere by name.
    locked_by_name: BTreeMap<&'a str, Vec<LockedId>>,
    /// Direct dependencies of each unit that is needed.
    needed: BTreeMap<Key, Vec<Key>>,
}

impl<'a> Builder<'a> {
    fn new(
        repository: &'a Repository,
        resolution: &'a Resolution,
        costs: &'a Costs,
        options: UnitOptions,
    ) -> Self {
        let mut modules = IdVec::from_elem(0, resolution.crates.len());
        for module in resolution.modules.iter().filter(|m| !m.test) {
            modules[module.krate] += 1;
        }
        let mut locked_below = BTreeMap::new();
        let mut locked_by_name: BTreeMap<&str, Vec<LockedId>> = BTreeMap::new();
        let workspace = repository.workspaces.get(options.workspace);
        for (id, locked) in workspace.into_iter().flat_map(|workspace| workspace.locked.iter_enumerated()) {
            match locked.package {
                Some(package) => {
                    let below = || locked.dependencies.iter().copied().collect();
                    locked_below.entry(package).or_insert_with(below);
                }
                None => locked_by_name.entry(&locked.name).or_default().push(id),
            }
        }
        Self {
            repository,
            resolution,
            costs,
            options,
            modules,
            locked_below,
            locked_by_name,
            needed: BTreeMap::new(),
        }
    }

    /// What the call of cargo asks for: every library and binary of every member; for tests all that has some, what the
    /// documentation's examples need, and the examples.
    fn roots(&self) -> Vec<Key> {
        let Some(workspace) = self.repository.workspaces.get(self.options.workspace) else {
            return Vec::new();
        };
        let members = workspace.members.iter().flat_map(|&p| &self.repository.packages[p].targets);
        let members = members.filter(|&&t| self.repository.targets[t].enabled);
        if self.costs.mode == Mode::Test {
            return members.flat_map(|&target| self.tests_of(target)).collect();
        }
        members
            .filter_map(|&target| match self.repository.targets[target].kind {
                TargetKind::Lib | TargetKind::Bin => Some(self.compile(target, false)),
                TargetKind::ProcMacro => Some(self.compile(target, true)),
                TargetKind::BuildScript | TargetKind::Test | TargetKind::Example | TargetKind::Bench => None,
            })
            .collect()
    }

    /// What `cargo test` builds for the sake of one target.
    fn tests_of(&self, target: TargetId) -> Vec<Key> {
        let data = &self.repository.targets[target];
        let mut keys = Vec::new();
        if data.tested {
            keys.push(Key::Harness(target));
        } else if data.kind == TargetKind::Example {
            keys.push(self.compile(target, false));
        }
        if data.doctested {
            keys.push(self.compile(target, data.kind == TargetKind::ProcMacro));
        }
        keys
    }

    fn compile(&self, target: TargetId, host: bool) -> Key {
        // Cargo builds a unit once if the profile and features agree. In `dev` the profile mostly does.
        let apart = || {
            self.costs.twice_in_dev.contains(&CrateId::from_index(target.index()))
                || self.profiles_differ(self.local(self.repository.targets[target].package))
        };
        Key::Compile { target, host: host && (!self.costs.mode.shares_host() || apart()) }
    }

    fn local(&self, package: PackageId) -> ProfiledPackage<'a> {
        let data = &self.repository.packages[package];
        let member = data.workspace == self.options.workspace;
        ProfiledPackage { name: &data.name, version: &data.version, member }
    }

    fn locked(&self, package: LockedId) -> ProfiledPackage<'a> {
        let data = &self.repository.workspaces[self.options.workspace].locked[package];
        ProfiledPackage { name: &data.name, version: &data.version, member: false }
    }

    /// What the profile of this mode says of a package; `None` in a repository without profiles.
    fn profile(&self, package: ProfiledPackage<'_>, host: bool) -> Option<Profile> {
        let profiles = &self.repository.workspaces[self.options.workspace].profiles;
        Some(profiles.get(self.costs.mode.profile())?.for_unit(package, host))
    }

    /// Whether a package's library for the host is another unit than the one for the target, whatever its features: debug
    /// information alone doesn't make it one (the Cargo Book, "Profiles: Build Dependencies").
    fn profiles_differ(&self, package: ProfiledPackage<'_>) -> bool {
        let of = |host| {
            let profile = self.profile(package, host)?;
            Some((profile.opt_level, profile.codegen_units, profile.incremental, profile.panic))
        };
        of(false) != of(true)
    }

    fn build(&mut self, mut open: Vec<Key>) {
        while let Some(key) = open.pop() {
            if self.needed.contains_key(&key) {
                continue;
            }
            let mut dependencies = match key {
                Key::Compile { target, host } => self.dependencies_of_target(target, host),
                Key::Run(target) => self.dependencies_of_run(target),
                Key::External { package, host } => self.dependencies_of_external(package, host),
                Key::Harness(target) => self.dependencies_of_harness(target),
            };
            dependencies.sort_unstable();
            dependencies.dedup();
            dependencies.retain(|&d| d != key);
            open.extend(&dependencies);
            self.needed.insert(key, dependencies);
        }
    }

    fn dependencies_of_target(&self, target: TargetId, host: bool) -> Vec<Key> {
        let data = &self.repository.targets[target];
        let package = data.package;
        let host = host || matches!(data.kind, TargetKind::ProcMacro | TargetKind::BuildScript);
        if data.kind == TargetKind::BuildScript {
            return self.dependencies_of_kind(package, DependencyKind::Build, true);
        }
        let mut found = self.dependencies_of_kind(package, DependencyKind::Normal, host);
        if !matches!(data.kind, TargetKind::Lib | TargetKind::ProcMacro) {
            found.extend(self.library(package, host));
        }
        if matches!(data.kind, TargetKind::Example | TargetKind::Test | TargetKind::Bench) {
            found.extend(self.dependencies_of_kind(package, DependencyKind::Dev, host));
        }
        found.extend(self.target_of_kind(package, TargetKind::BuildScript).map(Key::Run));
        found
    }

    /// A harness needs what its target does, what only tests need, and an integration test the package's programs.
    fn dependencies_of_harness(&self, target: TargetId) -> Vec<Key> {
        let data = &self.repository.targets[target];
        let mut found = self.dependencies_of_target(target, false);
        found.extend(self.dependencies_of_kind(data.package, DependencyKind::Dev, false));
        if matches!(data.kind, TargetKind::Test | TargetKind::Bench) {
            let targets = self.repository.packages[data.package].targets.iter();
            let programs = targets.filter(|&&t| {
                let target = &self.repository.targets[t];
                target.kind == TargetKind::Bin && target.enabled
            });
            found.extend(programs.map(|&program| self.compile(program, false)));
        }
        found
    }

    fn dependencies_of_kind(&self, package: PackageId, kind: DependencyKind, host: bool) -> Vec<Key> {
        let declared = self.repository.packages[package].dependencies.iter();
        declared
            .filter(|d| d.enabled && d.kind == kind)
            .filter_map(|d| match d.local {
                Some(local) => self.library(local, host),
                None => self.external(package, d, host),
            })
            .collect()
    }

    /// The library of a package, for whoever depends on the package.
    fn library(&self, package: PackageId, host: bool) -> Option<Key> {
        if let Some(target) = self.target_of_kind(package, TargetKind::ProcMacro) {
            return Some(self.compile(target, true));
        }
        self.target_of_kind(package, TargetKind::Lib).map(|target| self.compile(target, host))
    }

    fn target_of_kind(&self, package: PackageId, kind: TargetKind) -> Option<TargetId> {
        let targets = &self.repository.packages[package].targets;
        targets.iter().copied().find(|&t| self.repository.targets[t].kind == kind)
    }

    /// A build script runs once it is compiled and once those of `links` packages below it have run.
    fn dependencies_of_run(&self, target: TargetId) -> Vec<Key> {
        let package = &self.repository.packages[self.repository.targets[target].package];
        let below = package.dependencies.iter().filter(|d| d.enabled && d.kind == DependencyKind::Normal);
        below
            .filter_map(|d| d.local)
            .filter(|&p| self.repository.packages[p].links.is_some())
            .filter_map(|p| self.target_of_kind(p, TargetKind::BuildScript))
            .map(Key::Run)
            .chain([self.compile(target, true)])
            .collect()
    }

    fn external(&self, package: PackageId, dependency: &Dependency, host: bool) -> Option<Key> {
        if self.options.external == External::Cached {
            return None;
        }
        self.locked_dependency(package, dependency).map(|package| self.external_key(package, host))
    }

    /// The package of the lock file that a dependency on a package from elsewhere is.
    fn locked_dependency(&self, package: PackageId, dependency: &Dependency) -> Option<LockedId> {
        let named = self.locked_by_name.get(&*dependency.package)?;
        let below = self.locked_below.get(&package);
        named.iter().find(|id| below.is_none_or(|below| below.contains(id))).copied()
    }

    fn external_key(&self, package: LockedId, host: bool) -> Key {
        let apart = || !self.costs.mode.shares_host() || self.profiles_differ(self.locked(package));
        Key::External { package, host: host && apart() }
    }

    fn dependencies_of_external(&self, package: LockedId, host: bool) -> Vec<Key> {
        let locked = &self.repository.workspaces[self.options.workspace].locked;
        let below = locked[package].dependencies.iter();
        below.filter(|&&p| locked[p].package.is_none()).map(|&p| self.external_key(p, host)).collect()
    }

    fn finish(self) -> Units {
        let ids: BTreeMap<Key, UnitId> =
            self.needed.keys().enumerate().map(|(i, &key)| (key, UnitId::from_index(i))).collect();
        let units = self.needed.iter().map(|(&key, direct)| {
            let edges = self.edges(key, direct);
            let mut unit = self.unit(key);
            self.optimize_while_linking(&mut unit, key, &edges);
            Unit { dependencies: edges.into_iter().map(|(k, a)| (ids[&k], a)).collect(), ..unit }
        });
        let graph = UnitGraph { units: units.collect() };
        let of = |target, host| ids.get(&Key::Compile { target, host }).copied();
        let crates = self.resolution.crates.iter().map(|krate| krate.target);
        let harness: Vec<_> = crates.clone().map(|t| ids.get(&Key::Harness(t)).copied()).collect();
        let (target, host): (Vec<_>, Vec<_>) =
            crates.map(|t| (of(t, false), of(t, true))).map(|(t, h)| (t.or(h), t.and(h))).unzip();
        Units { graph, of_crate: target.into(), host_of_crate: host.into(), harness_of_crate: harness.into() }
    }

    /// What a unit waits for, and how much of it.
    fn edges(&self, key: Key, direct: &[Key]) -> Vec<(Key, Artifact)> {
        if !self.links(key) {
            return direct.iter().map(|&d| (d, self.artifact(d))).collect();
        }
        let mut below = BTreeSet::new();
        let mut stack = direct.to_vec();
        while let Some(key) = stack.pop() {
            if below.insert(key) {
                stack.extend(self.needed.get(&key).into_iter().flatten());
            }
        }
        below.into_iter().map(|d| (d, Artifact::All)).collect()
    }

    /// What a unit that doesn't link needs of a dependency.
    fn artifact(&self, dependency: Key) -> Artifact {
        match dependency {
            Key::Run(_) => Artifact::All,
            Key::Compile { .. } if self.links(dependency) => Artifact::All,
            Key::Harness(_) => Artifact::All,
            Key::Compile { .. } | Key::External { .. } => Artifact::Metadata,
        }
    }

    /// Whether a unit ends with a call of the linker.
    fn links(&self, key: Key) -> bool {
        match key {
            Key::Compile { target, .. } => match self.repository.targets[target].kind {
                TargetKind::ProcMacro | TargetKind::BuildScript => true,
                TargetKind::Lib => false,
                TargetKind::Bin | TargetKind::Test | TargetKind::Example | TargetKind::Bench => {
                    self.costs.mode != Mode::Check
                }
            },
            Key::Harness(_) => true,
            Key::Run(_) | Key::External { .. } => false,
        }
    }

    /// Adds link-time optimisation to an executable whose profile has it: over the code of all that it links, from elsewhere
    /// too. Where the executable was measured, it is in its seconds already.
    fn optimize_while_linking(&self, unit: &mut Unit, key: Key, below: &[(Key, Artifact)]) {
        let (Key::Compile { target, host: false } | Key::Harness(target)) = key else { return };
        let (krate, data) = (CrateId::from_index(target.index()), &self.repository.targets[target]);
        let runs_here = matches!(data.kind, TargetKind::ProcMacro | TargetKind::BuildScript);
        if runs_here || !self.links(key) || !self.costs.is_modelled(krate) {
            return;
        }
        let profile = self.profile(self.local(data.package), false);
        let Some(lto) = profile.as_ref().and_then(LinkTime::of) else { return };
        let libraries = below.iter().filter_map(|&(key, _)| match key {
            Key::Compile { target, host: false } => Some(target),
            _ => None,
        });
        let libraries: BTreeSet<TargetId> = libraries
            .filter(|&t| self.repository.targets[t].kind == TargetKind::Lib)
            .chain([target])
            .collect();
        let own: f64 = libraries
            .iter()
            .filter_map(|t| self.costs.crates.get(CrateId::from_index(t.index())))
            .map(|cost| cost.codegen_s)
            .sum();
        let packages = libraries.iter().map(|&t| self.repository.targets[t].package).collect();
        let external = self.externals_below(&packages);
        let of_external: f64 = external.iter().map(|&p| self.external_cost(p, false).codegen_s).sum();
        unit.lto_s = lto.work_s(own + of_external, self.costs.machine);
        unit.lto_threads = if lto.parallel() {
            (libraries.len() + external.len()).try_into().unwrap_or(u32::MAX)
        } else {
            1
        };
    }

    /// Packages from elsewhere that the libraries of these packages link: an upper bound, as a lock file knows neither
    /// features nor platforms nor what is a procedural macro.
    fn externals_below(&self, packages: &BTreeSet<PackageId>) -> BTreeSet<LockedId> {
        let locked = &self.repository.workspaces[self.options.workspace].locked;
        let direct = |&package: &PackageId| {
            let declared = self.repository.packages[package].dependencies.iter();
            declared
                .filter(|d| d.enabled && d.kind == DependencyKind::Normal && d.local.is_none())
                .filter_map(move |d| self.locked_dependency(package, d))
        };
        let mut open: Vec<LockedId> = packages.iter().flat_map(direct).collect();
        let mut found = BTreeSet::new();
        while let Some(package) = open.pop() {
            if found.insert(package) {
                open.extend(locked[package].dependencies.iter().filter(|&&p| locked[p].package.is_none()));
            }
        }
        found
    }

    /// A package from elsewhere, with what the profile says of it.
    fn external_cost(&self, package: LockedId, host: bool) -> Cost {
        let overhead = &self.costs.overhead;
        let locked = self.locked(package);
        let usual = if host { overhead.external_host } else { overhead.external };
        let known = self.costs.known_external(locked.name, locked.version, host);
        known.unwrap_or_else(|| self.factors(locked, host).of(usual))
    }

    /// What settings do to the fixed costs of a package; seconds that are known of this mode have them already.
    fn factors(&self, package: ProfiledPackage<'_>, host: bool) -> SettingFactors {
        let modelled = self.costs.source == CostSource::Modelled;
        let profile = self.profile(package, host).filter(|_| modelled);
        profile.map_or(SettingFactors::NONE, |p| setting_factors(self.costs.mode, &p, host))
    }

    /// A unit without its dependencies.
    fn unit(&self, key: Key) -> Unit {
        match key {
            Key::Compile { target, host } => self.compile_unit(target, host),
            Key::Harness(target) => self.harness_unit(target),
            Key::Run(target) => Unit {
                name: format!("{} (build script run)", self.package_name(target)),
                frontend_s: self.costs.build_script_s(CrateId::from_index(target.index())),
                codegen_threads: 1,
                ..Unit::default()
            },
            Key::External { package, host } => {
                let locked = self.locked(package);
                let name = format!("{} {} (external)", locked.name, locked.version);
                let threads = self.threads_of_profile(locked, host);
                Unit {
                    from_scratch: true,
                    ..self.costed(name, self.external_cost(package, host), host, threads)
                }
            }
        }
    }

    fn compile_unit(&self, target: TargetId, host: bool) -> Unit {
        let data = &self.repository.targets[target];
        let krate = CrateId::from_index(target.index());
        let host = host || matches!(data.kind, TargetKind::ProcMacro | TargetKind::BuildScript);
        let costs = if host { &self.costs.host_crates } else { &self.costs.crates };
        let cost = costs.get(krate).copied().unwrap_or_default();
        let suffix = if host && data.kind == TargetKind::Lib { ", for the host" } else { "" };
        let name = format!("{} ({}{suffix})", data.name, kind_name(data.kind));
        let package = self.local(data.package);
        let threads = self.threads_of_profile(package, host).min(self.modules(krate));
        let mut unit = self.costed(name, cost, host, threads);
        let profile = self.profile(package, host);
        if self.links(Key::Compile { target, host }) {
            let usual = || self.costs.usual_link_s(krate, host) * self.factors(package, host).link;
            unit.link_s = self.costs.known_link_s(krate, host).unwrap_or_else(usual);
        }
        unit.again = self.costs.incremental_of(krate).filter(|_| !host);
        unit.from_scratch = profile.map_or(self.costs.mode == Mode::Release, |p| !p.incremental);
        unit
    }

    fn harness_unit(&self, target: TargetId) -> Unit {
        let data = &self.repository.targets[target];
        let krate = CrateId::from_index(target.index());
        let cost = self.costs.harnesses.get(krate).copied().unwrap_or_default();
        let (kind, name) = (data.kind, &data.name);
        let name = match kind {
            TargetKind::Test => format!("{name} (test)"),
            _ => format!("{name} ({}, test)", kind_name(kind)),
        };
        let package = self.local(data.package);
        let threads = self.threads_of_profile(package, false).min(self.modules(krate));
        Unit {
            link_s: self.costs.usual_link_s(krate, false) * self.factors(package, false).link,
            from_scratch: self.profile(package, false).is_some_and(|p| !p.incremental),
            ..self.costed(name, cost, false, threads)
        }
    }

    fn costed(&self, name: String, cost: Cost, host: bool, codegen_threads: u32) -> Unit {
        let Cost { frontend_s, codegen_s } = cost;
        let optimized = self.costs.mode == Mode::Release && !host;
        let codegen_serial = if optimized { 0.0 } else { UNOPTIMIZED_SERIAL };
        Unit { name, frontend_s, codegen_s, codegen_threads, codegen_serial, ..Unit::default() }
    }

    /// The number of code-generation units that the profile allows.
    fn threads_of_profile(&self, package: ProfiledPackage<'_>, host: bool) -> u32 {
        self.profile(package, host).map_or(DEFAULT_CODEGEN_UNITS, |p| p.codegen_units).max(1)
    }

    /// The number of modules of a crate: rustc starts from a code-generation unit for each module
    /// (`rustc_monomorphize::partitioning`) and merges them until the profile's number is reached.
    fn modules(&self, krate: CrateId) -> u32 {
        self.modules.get(krate).copied().unwrap_or_default().max(1)
    }

    fn package_name(&self, target: TargetId) -> &str {
        &self.repository.packages[self.repository.targets[target].package].name
    }
}

/// `codegen-units` of a profile that doesn't set it and isn't incremental (the Cargo Book, "Profiles").
const DEFAULT_CODEGEN_UNITS: u32 = 16;

fn kind_name(kind: TargetKind) -> &'static str {
    match kind {
        TargetKind::Lib => "lib",
        TargetKind::ProcMacro => "proc macro",
        TargetKind::Bin => "bin",
        TargetKind::Test => "test",
        TargetKind::Example => "example",
        TargetKind::Bench => "bench",
        TargetKind::BuildScript => "build script",
    }
}
