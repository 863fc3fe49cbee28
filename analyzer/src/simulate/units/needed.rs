//! Which units a call of cargo needs, and what each needs of the others directly.

use std::collections::BTreeMap;

use crate::cost::Mode;
use crate::discover::{Dependency, DependencyKind, TargetKind, target_applies};
use crate::ids::{LockedId, PackageId, TargetId};

use super::lock_file::LockFile;
use super::world::World;
use super::{External, Key};

/// Every unit with its direct dependencies, sorted.
pub(super) fn needed(world: World<'_>, lock: &LockFile<'_>) -> BTreeMap<Key, Vec<Key>> {
    let needs = Needs { world, lock };
    let mut found: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    let mut open = needs.roots();
    while let Some(key) = open.pop() {
        if found.contains_key(&key) {
            continue;
        }
        let mut direct = needs.of(key);
        direct.sort_unstable();
        direct.dedup();
        direct.retain(|&d| d != key);
        open.extend(&direct);
        found.insert(key, direct);
    }
    found
}

struct Needs<'a> {
    world: World<'a>,
    lock: &'a LockFile<'a>,
}

impl Needs<'_> {
    fn roots(&self) -> Vec<Key> {
        let Some(workspace) = self.world.repository.workspaces.get(self.world.options.workspace) else {
            return Vec::new();
        };
        let members = workspace.members.iter().flat_map(|&p| &self.world.repository.packages[p].targets);
        let members = members.filter(|&&t| self.world.repository.targets[t].enabled);
        if self.world.costs.mode == Mode::Test {
            return members.flat_map(|&target| self.tests_of(target)).collect();
        }
        members
            .filter_map(|&target| match self.world.repository.targets[target].kind {
                TargetKind::Lib | TargetKind::Bin => Some(self.world.compile(target, false)),
                TargetKind::ProcMacro => Some(self.world.compile(target, true)),
                TargetKind::BuildScript | TargetKind::Test | TargetKind::Example | TargetKind::Bench => None,
            })
            .collect()
    }

    /// What `cargo test` builds for the sake of one target.
    fn tests_of(&self, target: TargetId) -> Vec<Key> {
        let data = &self.world.repository.targets[target];
        let mut keys = Vec::new();
        if data.tested {
            keys.push(Key::Harness(target));
        } else if data.kind == TargetKind::Example {
            keys.push(self.world.compile(target, false));
        }
        if data.doctested {
            keys.push(self.world.compile(target, data.kind == TargetKind::ProcMacro));
        }
        keys
    }

    fn of(&self, key: Key) -> Vec<Key> {
        match key {
            Key::Compile { target, host } => self.dependencies_of_target(target, host),
            Key::Run(target) => self.dependencies_of_run(target),
            Key::External { package, host } => self.dependencies_of_external(package, host),
            Key::Harness(target) => self.dependencies_of_harness(target),
        }
    }

    fn dependencies_of_target(&self, target: TargetId, host: bool) -> Vec<Key> {
        let data = &self.world.repository.targets[target];
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
        found.extend(self.world.target_of_kind(package, TargetKind::BuildScript).map(Key::Run));
        found
    }

    /// A harness needs what its target does, what only tests need, and an integration test the package's programs.
    fn dependencies_of_harness(&self, target: TargetId) -> Vec<Key> {
        let data = &self.world.repository.targets[target];
        let mut found = self.dependencies_of_target(target, false);
        found.extend(self.dependencies_of_kind(data.package, DependencyKind::Dev, false));
        if matches!(data.kind, TargetKind::Test | TargetKind::Bench) {
            let targets = self.world.repository.packages[data.package].targets.iter();
            let programs = targets.filter(|&&t| {
                let target = &self.world.repository.targets[t];
                target.kind == TargetKind::Bin && target.enabled
            });
            found.extend(programs.map(|&program| self.world.compile(program, false)));
        }
        found
    }

    fn dependencies_of_kind(&self, package: PackageId, kind: DependencyKind, host: bool) -> Vec<Key> {
        let declared = self.world.repository.packages[package].dependencies.iter();
        declared
            .filter(|d| d.enabled && d.kind == kind && self.is_for_platform(d))
            .filter_map(|d| match d.local {
                Some(local) => self.library(local, host),
                None => self.external(package, d, host),
            })
            .collect()
    }

    fn is_for_platform(&self, dependency: &Dependency) -> bool {
        dependency.target.as_deref().is_none_or(|target| target_applies(target, &self.world.repository.cfg))
    }

    /// The library of a package, for whoever depends on the package.
    fn library(&self, package: PackageId, host: bool) -> Option<Key> {
        if let Some(target) = self.world.target_of_kind(package, TargetKind::ProcMacro) {
            return Some(self.world.compile(target, true));
        }
        self.world.target_of_kind(package, TargetKind::Lib).map(|target| self.world.compile(target, host))
    }

    /// A build script runs once it is compiled and once those of `links` packages below it have run.
    fn dependencies_of_run(&self, target: TargetId) -> Vec<Key> {
        let package = &self.world.repository.packages[self.world.repository.targets[target].package];
        let below = package.dependencies.iter().filter(|d| d.enabled && d.kind == DependencyKind::Normal);
        let below = below.filter(|d| self.is_for_platform(d));
        below
            .filter_map(|d| d.local)
            .filter(|&p| self.world.repository.packages[p].links.is_some())
            .filter_map(|p| self.world.target_of_kind(p, TargetKind::BuildScript))
            .map(Key::Run)
            .chain([self.world.compile(target, true)])
            .collect()
    }

    fn external(&self, package: PackageId, dependency: &Dependency, host: bool) -> Option<Key> {
        if self.world.options.external == External::Cached {
            return None;
        }
        self.lock.dependency(package, dependency).map(|package| self.external_key(package, host))
    }

    fn external_key(&self, package: LockedId, host: bool) -> Key {
        let apart =
            || !self.world.costs.mode.shares_host() || self.world.profiles_differ(self.world.locked(package));
        Key::External { package, host: host && apart() }
    }

    fn dependencies_of_external(&self, package: LockedId, host: bool) -> Vec<Key> {
        let locked = &self.world.repository.workspaces[self.world.options.workspace].locked;
        let below = match self.world.costs.mode {
            Mode::Test => &locked[package].tested,
            Mode::Check | Mode::Dev | Mode::Release => &locked[package].built,
        };
        let below = below.iter();
        below.filter(|&&p| locked[p].package.is_none()).map(|&p| self.external_key(p, host)).collect()
    }
}
