//! What waits for what: cargo names each dependency by the fingerprint that it had.
//!
//! Where a dependency has another fingerprint by now, or two directories hold the same one, the package (cargo's hash of its id,
//! learnt from dependencies that are found), the crate's name and the order in time decide.

use std::collections::BTreeMap;

use super::unit::Unit;
use crate::cost::measured::UnitMode;

/// Fills in dependencies and dependents.
pub(super) fn link(units: &mut [Unit<'_>]) {
    let mut by_fingerprint: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        by_fingerprint.entry(unit.raw.fingerprint).or_default().push(at);
    }
    let mut packages: BTreeMap<u64, &str> = BTreeMap::new();
    let mut missing = Vec::new();
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); units.len()];
    for (at, unit) in units.iter().enumerate() {
        for (position, dependency) in unit.details.deps.iter().enumerate() {
            let same = by_fingerprint.get(&dependency.3).map_or(&[][..], Vec::as_slice);
            // Its own directory first: the host's may hold a copy.
            let own = same.iter().copied().find(|&to| units[to].dir == unit.dir);
            match own.or(same.first().copied()).filter(|&to| to != at) {
                Some(to) => {
                    packages.insert(dependency.0, &units[to].raw.package);
                    found[at].push(to);
                }
                None => missing.push((at, position)),
            }
        }
    }
    for (at, position) in missing {
        found[at].extend(by_name(units, at, position, &packages));
    }
    for (at, mut dependencies) in found.into_iter().enumerate() {
        dependencies.sort_unstable();
        dependencies.dedup();
        for &to in &dependencies {
            units[to].dependents.push(at);
        }
        units[at].dependencies = dependencies;
    }
    versions_of_runs(units);
}

/// Of which version of a package a run is: no source tells, but that of the script that is run.
fn versions_of_runs(units: &mut [Unit<'_>]) {
    let version = |unit: &Unit<'_>| {
        let unknown = unit.mode == UnitMode::Run && unit.version.is_empty();
        let mut below = unit.dependencies.iter().filter(|_| unknown).map(|&to| &units[to]);
        let script = below.find(|to| to.raw.package == unit.raw.package && to.mode != UnitMode::Run)?;
        Some(script.version.clone())
    };
    let found: Vec<Option<String>> = units.iter().map(version).collect();
    for (unit, found) in units.iter_mut().zip(found) {
        if let Some(version) = found {
            unit.version = version;
        }
    }
}

/// The unit that is meant by a fingerprint that no unit has any more: of those that fit the last that began before.
fn by_name(units: &[Unit<'_>], at: usize, position: usize, packages: &BTreeMap<u64, &str>) -> Option<usize> {
    let (user, dependency) = (&units[at], &units[at].details.deps[position]);
    let package = packages.get(&dependency.0).copied();
    let script = dependency.1 == "build_script_build";
    let fits = |unit: &Unit<'_>| {
        let named = match package {
            Some(package) => unit.raw.package == package,
            // A build script's own package runs it.
            None if script => unit.raw.package == user.raw.package,
            None => unit.target.name == dependency.1,
        };
        let kind = match (script, user.mode) {
            (true, UnitMode::Run) => unit.raw.file.starts_with("build-script-") || unit.mode == UnitMode::Run,
            (true, _) => unit.mode == UnitMode::Run,
            (false, UnitMode::Check | UnitMode::CheckTest) => {
                unit.mode == UnitMode::Check || unit.mode == UnitMode::Build && !unit.is_library()
            }
            (false, _) => unit.mode == UnitMode::Build && unit.raw.file.starts_with("lib-"),
        };
        named && kind && unit.details.rustc == user.details.rustc && unit.start <= user.start
    };
    let candidates = units.iter().enumerate().filter(|(to, unit)| *to != at && fits(unit));
    candidates.max_by_key(|(to, unit)| (unit.dir == user.dir, unit.start, *to)).map(|(to, _)| to)
}
