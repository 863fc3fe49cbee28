//! Packages from elsewhere as a workspace's lock file has them.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::Dependency;
use crate::ids::{LockedId, PackageId};

use super::world::World;

pub(super) struct LockFile<'a> {
    /// The packages of the repository that it has.
    local: BTreeSet<PackageId>,
    /// What each of these depends on, by name.
    below: BTreeMap<(PackageId, &'a str), LockedId>,
    /// The first package from elsewhere of each name.
    by_name: BTreeMap<&'a str, LockedId>,
}

impl<'a> LockFile<'a> {
    pub(super) fn new(world: World<'a>) -> Self {
        let mut lock = Self { local: BTreeSet::new(), below: BTreeMap::new(), by_name: BTreeMap::new() };
        let Some(workspace) = world.repository.workspaces.get(world.options.workspace) else { return lock };
        for (id, locked) in workspace.locked.iter_enumerated() {
            let Some(package) = locked.package else {
                lock.by_name.entry(&locked.name).or_insert(id);
                continue;
            };
            if !lock.local.insert(package) {
                continue;
            }
            for &below in &locked.dependencies {
                let dependency = &workspace.locked[below];
                if dependency.package.is_none() {
                    let first = lock.below.entry((package, &dependency.name)).or_insert(below);
                    *first = below.min(*first);
                }
            }
        }
        lock
    }

    /// The package that a dependency on a package from elsewhere is: one of this package's where the file has it.
    pub(super) fn dependency(&self, package: PackageId, dependency: &Dependency) -> Option<LockedId> {
        let name = &*dependency.package;
        if self.local.contains(&package) {
            self.below.get(&(package, name)).copied()
        } else {
            self.by_name.get(name).copied()
        }
    }
}
