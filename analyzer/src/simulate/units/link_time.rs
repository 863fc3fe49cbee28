//! Link-time optimisation of executables: over the code of all that they link.

use crate::cost::LinkTime;
use crate::discover::{DependencyKind, TargetKind};
use crate::ids::{CrateId, Id, LockedId, PackageId, TargetId, UnitId};

use super::durations::Durations;
use super::lock_file::LockFile;
use super::{Key, Unit};

/// Adds link-time optimisation to the executables whose profile has it: over the code of all that they link, from
/// elsewhere too. Where an executable was measured, it is in its seconds already. `keys` and `units` are parallel.
pub(super) fn optimize_while_linking(
    durations: &Durations<'_>,
    lock: &LockFile<'_>,
    keys: &[Key],
    units: &mut [Unit],
) {
    let world = durations.world;
    let locked = world.repository.workspaces.get(world.options.workspace).map_or(0, |w| w.locked.len());
    let mut linked =
        Linked { durations, lock, keys, seen: Seen::new(units.len()), external: Seen::new(locked) };
    for at in 0..units.len() {
        let Some((target, lto)) = linked.optimized(keys[at]) else { continue };
        let (libraries, external) = linked.below(UnitId::from_index(at), target, units);
        let costs = &world.costs.crates;
        let own = libraries.iter().filter_map(|t| costs.get(CrateId::from_index(t.index())));
        let own: f64 = own.map(|cost| cost.codegen_s).sum();
        let elsewhere: f64 = external.iter().map(|&p| durations.external_cost(p, false).codegen_s).sum();
        units[at].lto_s = lto.work_s(own + elsewhere, world.costs.machine);
        let parts = if lto.parallel() { libraries.len() + external.len() } else { 1 };
        units[at].lto_threads = parts.try_into().unwrap_or(u32::MAX);
    }
}

struct Linked<'a> {
    durations: &'a Durations<'a>,
    lock: &'a LockFile<'a>,
    keys: &'a [Key],
    seen: Seen,
    external: Seen,
}

impl Linked<'_> {
    /// Whether a unit is an executable that is optimised while it is linked, and how.
    fn optimized(&self, key: Key) -> Option<(TargetId, LinkTime)> {
        let (Key::Compile { target, host: false } | Key::Harness(target)) = key else { return None };
        let world = self.durations.world;
        let (krate, data) = (CrateId::from_index(target.index()), &world.repository.targets[target]);
        let runs_here = matches!(data.kind, TargetKind::ProcMacro | TargetKind::BuildScript);
        if runs_here || !world.links(key) || !world.costs.is_modelled(krate) {
            return None;
        }
        let profile = world.profile(world.local(data.package), false)?;
        Some((target, LinkTime::of(&profile)?))
    }

    /// The libraries that a unit links and its own target, and the packages from elsewhere; both sorted.
    fn below(&mut self, unit: UnitId, own: TargetId, units: &[Unit]) -> (Vec<TargetId>, Vec<LockedId>) {
        let targets = &self.durations.world.repository.targets;
        let mut libraries = vec![own];
        let mut open = vec![unit];
        self.seen.clear();
        while let Some(unit) = open.pop() {
            for &(below, _) in &units[unit.index()].dependencies {
                if self.seen.insert(below.index()) {
                    open.push(below);
                    if let Key::Compile { target, host: false } = self.keys[below.index()]
                        && targets[target].kind == TargetKind::Lib
                    {
                        libraries.push(target);
                    }
                }
            }
        }
        libraries.sort_unstable();
        libraries.dedup();
        let mut packages: Vec<PackageId> = libraries.iter().map(|&t| targets[t].package).collect();
        packages.sort_unstable();
        packages.dedup();
        let external = self.externals_below(&packages);
        (libraries, external)
    }

    /// Packages from elsewhere that the libraries of these packages link: an upper bound, as a lock file knows neither
    /// features nor platforms nor what is a procedural macro.
    fn externals_below(&mut self, packages: &[PackageId]) -> Vec<LockedId> {
        let world = self.durations.world;
        let locked = &world.repository.workspaces[world.options.workspace].locked;
        let lock = self.lock;
        let direct = |&package: &PackageId| {
            let declared = world.repository.packages[package].dependencies.iter();
            declared
                .filter(|d| d.enabled && d.kind == DependencyKind::Normal && d.local.is_none())
                .filter_map(move |d| lock.dependency(package, d))
        };
        let mut open: Vec<LockedId> = packages.iter().flat_map(direct).collect();
        let mut found = Vec::new();
        self.external.clear();
        while let Some(package) = open.pop() {
            if self.external.insert(package.index()) {
                found.push(package);
                open.extend(locked[package].dependencies.iter().filter(|&&p| locked[p].package.is_none()));
            }
        }
        found.sort_unstable();
        found
    }
}

/// A set that is emptied in no time: many searches over one graph.
struct Seen {
    stamps: Vec<u32>,
    round: u32,
}

impl Seen {
    fn new(len: usize) -> Self {
        Self { stamps: vec![0; len], round: 1 }
    }

    fn clear(&mut self) {
        self.round += 1;
    }

    /// Whether it was not there.
    fn insert(&mut self, at: usize) -> bool {
        std::mem::replace(&mut self.stamps[at], self.round) != self.round
    }
}
