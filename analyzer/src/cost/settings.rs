//! What settings of a profile do to the seconds of a crate, as factors; and link-time optimisation, as work of its own.
//!
//! The model is fitted to builds with cargo's defaults, but for incremental compilation: those were without. Each factor is the geometric mean over workspaces of processor seconds
//! with one setting changed over those without, by phase (`benches/README.md`, "Settings"; `cargo run --release -p
//! split-benches -- settings`). Settings are taken to be independent of each other. What changed nothing beyond the noise
//! (`panic`, `split-debuginfo`) has no factor.

use crate::discover::{Package, Profile, ProfiledPackage, Repository};
use crate::ids::{CrateId, IdVec};
use crate::resolve::Resolution;

use super::{Cost, Costs, Mode};

/// What the seconds of each phase are multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SettingFactors {
    /// Of the front end.
    pub frontend: f64,
    /// Of code generation.
    pub codegen: f64,
    /// Of the linker.
    pub link: f64,
}

impl SettingFactors {
    /// Those of cargo's defaults.
    pub const NONE: Self = Self { frontend: 1.0, codegen: 1.0, link: 1.0 };

    const fn new(frontend: f64, codegen: f64, link: f64) -> Self {
        Self { frontend, codegen, link }
    }

    /// What a crate then costs.
    pub fn of(self, cost: Cost) -> Cost {
        Cost { frontend_s: cost.frontend_s * self.frontend, codegen_s: cost.codegen_s * self.codegen }
    }

    fn and(self, other: Self) -> Self {
        Self::new(self.frontend * other.frontend, self.codegen * other.codegen, self.link * other.link)
    }
}

/// `opt-level` in `dev`. 2 was not measured and is taken to be 3; `s` and `z` are that times what they are of 3 in `release`.
const OPTIMIZED_DEV: [(&str, SettingFactors); 5] = [
    ("1", SettingFactors::new(1.0, 3.2, 1.0)),
    ("2", SettingFactors::new(1.0, 3.8, 1.0)),
    ("3", SettingFactors::new(1.0, 3.8, 1.0)),
    ("s", SettingFactors::new(1.0, 2.8, 1.0)),
    ("z", SettingFactors::new(1.0, 2.8, 1.0)),
];
/// `debug` in `dev`, where cargo's default is 2; 1 is taken to be line tables, from which it differs by less than the noise.
const DEBUG_DEV: [(&str, SettingFactors); 4] = [
    ("0", SettingFactors::new(1.0, 0.57, 0.54)),
    ("line-directives-only", SettingFactors::new(1.0, 0.74, 0.89)),
    ("line-tables-only", SettingFactors::new(1.0, 0.74, 0.89)),
    ("1", SettingFactors::new(1.0, 0.74, 0.89)),
];
/// `opt-level` in `release`, where cargo's default is 3; `z` is taken to be `s`. Less is inlined before metadata is written.
const OPTIMIZED_RELEASE: [(&str, SettingFactors); 5] = [
    ("0", SettingFactors::new(0.84, 0.17, 1.0)),
    ("1", SettingFactors::new(0.86, 0.84, 1.0)),
    ("2", SettingFactors::new(1.0, 0.96, 1.0)),
    ("s", SettingFactors::new(0.9, 0.75, 1.0)),
    ("z", SettingFactors::new(0.9, 0.75, 1.0)),
];
/// `debug` in `release`, where cargo's default is 0; 1 is taken to be line tables, as it is in `dev`.
const DEBUG_RELEASE: [(&str, SettingFactors); 4] = [
    ("line-directives-only", SettingFactors::new(1.0, 1.17, 1.17)),
    ("line-tables-only", SettingFactors::new(1.0, 1.17, 1.17)),
    ("1", SettingFactors::new(1.0, 1.17, 1.17)),
    ("2", SettingFactors::new(1.0, 1.74, 1.45)),
];
const ONE_UNIT_DEV: SettingFactors = SettingFactors::new(1.0, 0.65, 1.0);
const ONE_UNIT_RELEASE: SettingFactors = SettingFactors::new(1.0, 0.7, 1.0);
/// The model is fitted to crates that were compiled without: geometric means over the crates of two applications that were built
/// both ways (`benches/README.md`, "Settings").
const INCREMENTAL_DEV: SettingFactors = SettingFactors::new(1.16, 1.33, 1.0);
const INCREMENTAL_CHECK: SettingFactors = SettingFactors::new(1.10, 1.0, 1.0);
const INCREMENTAL_RELEASE: SettingFactors = SettingFactors::new(1.37, 1.22, 1.0);

/// `lto = "thin"`.
const THIN: LinkTime = LinkTime { bitcode: 0.38, per_codegen: 1.6, std_s: 4.1, parallel: true };
/// `lto = "fat"`.
const FAT: LinkTime = LinkTime { bitcode: 0.41, per_codegen: 1.1, std_s: 2.9, parallel: false };
/// Where the code linked is known, no executable of the four workspaces was off by more.
pub const LINK_TIME_FACTOR: f64 = 1.15;

/// What settings other than cargo's defaults for a mode do to a unit. `host`: whether it is built for the host, which in every
/// mode is taken from the model for [`Mode::Dev`] without optimization. `profile` is that of the unit
/// ([`Profile::for_unit`]).
pub fn setting_factors(mode: Mode, profile: &Profile, host: bool) -> SettingFactors {
    let mode = if host || mode == Mode::Test { Mode::Dev } else { mode };
    let (opt_levels, debug): (&[_], &[_]) = match mode {
        // No code is generated: neither matters.
        Mode::Check => (&[], &[]),
        Mode::Dev | Mode::Test => (&OPTIMIZED_DEV, &DEBUG_DEV),
        Mode::Release => (&OPTIMIZED_RELEASE, &DEBUG_RELEASE),
    };
    let of = |table: &[(&str, SettingFactors)], value: &str| {
        table.iter().find(|(name, _)| *name == value).map_or(SettingFactors::NONE, |(_, factors)| *factors)
    };
    // Debug information of what only runs while building is left out by cargo itself; the model's figure is with it.
    let debug = if host { SettingFactors::NONE } else { of(debug, &profile.debug) };
    of(opt_levels, &profile.opt_level)
        .and(debug)
        .and(one_unit(mode, profile))
        .and(incremental(mode, profile, host))
        .and(bitcode(mode, profile))
}

/// One code-generation unit in place of the default number. What a number between changes was not measured.
fn one_unit(mode: Mode, profile: &Profile) -> SettingFactors {
    match (mode, profile.codegen_units) {
        (Mode::Dev, 1) => ONE_UNIT_DEV,
        (Mode::Release, 1) => ONE_UNIT_RELEASE,
        _ => SettingFactors::NONE,
    }
}

/// Incremental compilation: what is kept for the next build takes time in this one.
fn incremental(mode: Mode, profile: &Profile, host: bool) -> SettingFactors {
    match (mode, profile.incremental) {
        (Mode::Check, true) if !host => INCREMENTAL_CHECK,
        (Mode::Dev, true) if !host => INCREMENTAL_DEV,
        (Mode::Release, true) => INCREMENTAL_RELEASE,
        _ => SettingFactors::NONE,
    }
}

/// With link-time optimisation the code of libraries is left as LLVM's bitcode.
fn bitcode(mode: Mode, profile: &Profile) -> SettingFactors {
    match LinkTime::of(profile).filter(|_| mode != Mode::Check) {
        Some(lto) => SettingFactors { codegen: lto.bitcode, ..SettingFactors::NONE },
        None => SettingFactors::NONE,
    }
}

/// What link-time optimisation takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkTime {
    /// Code generation of a crate up to bitcode, as a share of what it is without.
    bitcode: f64,
    /// Core seconds for each second of code generation (up to bitcode) of the crates linked.
    per_codegen: f64,
    /// Core seconds for the standard library.
    std_s: f64,
    parallel: bool,
}

impl LinkTime {
    /// That of a profile, if it has any.
    pub fn of(profile: &Profile) -> Option<Self> {
        match profile.lto.as_str() {
            "thin" => Some(THIN),
            "fat" | "true" => Some(FAT),
            _ => None,
        }
    }

    /// Core seconds for an executable: `codegen_s` is the code generation of all crates that it links, itself included, with
    /// the profile's settings; `machine` how much slower this machine is than the reference ([`Costs::machine`]).
    pub fn work_s(self, codegen_s: f64, machine: f64) -> f64 {
        self.per_codegen * codegen_s + self.std_s * machine
    }

    /// Whether it runs on several threads.
    pub fn parallel(self) -> bool {
        self.parallel
    }
}

/// Brings modelled costs of crates and items from cargo's defaults to the profiles of their workspaces.
pub(super) fn apply_settings(repository: &Repository, resolution: &Resolution, costs: &mut Costs) {
    let mode = costs.mode;
    let (target, host) =
        (factors(repository, resolution, mode, false), factors(repository, resolution, mode, true));
    for (item, data) in resolution.items.iter_enumerated() {
        let krate = resolution.modules[data.module].krate;
        costs.items[item] = target[krate].of(costs.items[item]);
    }
    for (cost, factors) in costs.crates.iter_mut().zip(&target) {
        *cost = factors.of(*cost);
    }
    for (cost, factors) in costs.host_crates.iter_mut().zip(&host) {
        *cost = factors.of(*cost);
    }
}

/// Those of each crate, by the profile of its package's workspace.
pub(super) fn factors(
    repository: &Repository,
    resolution: &Resolution,
    mode: Mode,
    host: bool,
) -> IdVec<CrateId, SettingFactors> {
    let of_package = |package: &Package| {
        let workspace = &repository.workspaces[package.workspace];
        let profile = workspace.profiles.get(mode.profile())?;
        let package = ProfiledPackage { name: &package.name, version: &package.version, member: true };
        Some(setting_factors(mode, &profile.for_unit(package, host), host))
    };
    let crates = resolution.crates.iter();
    let packages = crates.map(|krate| &repository.packages[repository.targets[krate.target].package]);
    packages.map(|package| of_package(package).unwrap_or(SettingFactors::NONE)).collect()
}
