//! What each unit takes.

use crate::cost::parallel::UNOPTIMIZED_SERIAL;
use crate::cost::{Cost, CostSource, CrateKind, Mode, SettingFactors, setting_factors};
use crate::discover::{ProfiledPackage, TargetKind};
use crate::ids::{CrateId, Id, IdVec, LockedId, TargetId};

use super::world::World;
use super::{Key, Unit};

pub(super) struct Durations<'a> {
    pub(super) world: World<'a>,
    /// Modules of each crate, test modules left out.
    modules: IdVec<CrateId, u32>,
}

impl<'a> Durations<'a> {
    pub(super) fn new(world: World<'a>) -> Self {
        let mut modules = IdVec::from_elem(0, world.resolution.crates.len());
        for module in world.resolution.modules.iter().filter(|m| !m.test) {
            modules[module.krate] += 1;
        }
        Self { world, modules }
    }

    /// A package from elsewhere, with what the profile says of it.
    pub(super) fn external_cost(&self, package: LockedId, host: bool) -> Cost {
        let overhead = &self.world.costs.overhead;
        let locked = self.world.locked(package);
        let usual = if host { overhead.external_host } else { overhead.external };
        let known = self.world.costs.known_external(locked.name, locked.version, host);
        known.unwrap_or_else(|| self.factors(locked, host).of(usual))
    }

    /// What settings do to the fixed costs of a package; seconds that are known of this mode have them already.
    fn factors(&self, package: ProfiledPackage<'_>, host: bool) -> SettingFactors {
        let modelled = self.world.costs.source == CostSource::Modelled;
        let profile = self.world.profile(package, host).filter(|_| modelled);
        profile.map_or(SettingFactors::NONE, |p| setting_factors(self.world.costs.mode, &p, host))
    }

    /// A unit without its dependencies.
    pub(super) fn unit(&self, key: Key) -> Unit {
        match key {
            Key::Compile { target, host } => self.compile_unit(target, host),
            Key::Harness(target) => self.harness_unit(target),
            Key::Run(target) => Unit {
                name: format!("{} (build script run)", self.package_name(target)),
                frontend_s: self.world.costs.build_script_s(CrateId::from_index(target.index())),
                codegen_threads: 1,
                ..Unit::default()
            },
            Key::External { package, host } => {
                let locked = self.world.locked(package);
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
        let data = &self.world.repository.targets[target];
        let krate = CrateId::from_index(target.index());
        let host = host || matches!(data.kind, TargetKind::ProcMacro | TargetKind::BuildScript);
        let costs = if host { &self.world.costs.host_crates } else { &self.world.costs.crates };
        let cost = costs.get(krate).copied().unwrap_or_default();
        let suffix = if host && data.kind == TargetKind::Lib { ", for the host" } else { "" };
        let name = format!("{} ({}{suffix})", data.name, kind_name(data.kind));
        let package = self.world.local(data.package);
        let threads = self.threads_of_profile(package, host).min(self.modules(krate));
        let mut unit = self.costed(name, cost, host, threads);
        let profile = self.world.profile(package, host);
        if self.world.links(Key::Compile { target, host }) {
            let usual = || self.world.costs.usual_link_s(krate, host) * self.factors(package, host).link;
            unit.link_s = self.world.costs.known_link_s(krate, host).unwrap_or_else(usual);
        }
        unit.again = (!host).then(|| self.world.costs.incremental_of(krate, CrateKind::of(data.kind)));
        unit.from_scratch = profile.map_or(self.world.costs.mode == Mode::Release, |p| !p.incremental);
        unit
    }

    fn harness_unit(&self, target: TargetId) -> Unit {
        let data = &self.world.repository.targets[target];
        let krate = CrateId::from_index(target.index());
        let cost = self.world.costs.harnesses.get(krate).copied().unwrap_or_default();
        let (kind, name) = (data.kind, &data.name);
        let name = match kind {
            TargetKind::Test => format!("{name} (test)"),
            _ => format!("{name} ({}, test)", kind_name(kind)),
        };
        let package = self.world.local(data.package);
        let threads = self.threads_of_profile(package, false).min(self.modules(krate));
        Unit {
            link_s: self.world.costs.harness_link_s(krate) * self.factors(package, false).link,
            again: Some(self.world.costs.incremental_of_harness(krate)),
            from_scratch: self.world.profile(package, false).is_some_and(|p| !p.incremental),
            ..self.costed(name, cost, false, threads)
        }
    }

    fn costed(&self, name: String, cost: Cost, host: bool, codegen_threads: u32) -> Unit {
        let Cost { frontend_s, codegen_s } = cost;
        let optimized = self.world.costs.mode == Mode::Release && !host;
        let codegen_serial = if optimized { 0.0 } else { UNOPTIMIZED_SERIAL };
        Unit { name, frontend_s, codegen_s, codegen_threads, codegen_serial, ..Unit::default() }
    }

    /// The number of code-generation units that the profile allows.
    fn threads_of_profile(&self, package: ProfiledPackage<'_>, host: bool) -> u32 {
        self.world.profile(package, host).map_or(DEFAULT_CODEGEN_UNITS, |p| p.codegen_units).max(1)
    }

    /// The number of modules of a crate: rustc starts from a code-generation unit for each module
    /// (`rustc_monomorphize::partitioning`) and merges them until the profile's number is reached.
    fn modules(&self, krate: CrateId) -> u32 {
        self.modules.get(krate).copied().unwrap_or_default().max(1)
    }

    fn package_name(&self, target: TargetId) -> &str {
        &self.world.repository.packages[self.world.repository.targets[target].package].name
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
