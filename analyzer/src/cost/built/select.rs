//! Which units of a directory are today's build in one mode.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{BuiltCosts, UnitCounts};
use super::unit::{Compiled, Unit};
use super::{Group, assemble};
use crate::cost::measured::{BuildMode, UnitMode, UnitTargetKind};
use crate::discover::Repository;

/// A file for each directory of the group and each mode of cargo that left something.
pub(super) fn builds(units: &[Unit<'_>], group: &Group<'_>, repository: &Repository) -> Vec<BuiltCosts> {
    let modes = [BuildMode::Check, BuildMode::Build, BuildMode::Test];
    let pairs = (0..group.len()).flat_map(|dir| modes.map(|mode| (dir, mode)));
    pairs.filter_map(|(dir, mode)| one(units, group, repository, dir, mode)).collect()
}

fn one(
    units: &[Unit<'_>],
    group: &Group<'_>,
    repository: &Repository,
    dir: usize,
    mode: BuildMode,
) -> Option<BuiltCosts> {
    let roots = newest(units, |unit| unit.dir == dir && unit.member == Some(true) && is_root(unit, mode));
    let mut chosen = closure(units, roots.iter().copied());
    let whole = compiles_all(units, group, repository, dir, &roots);
    if !whole {
        // Part of a build, or what a CI cache has kept of it.
        let known: BTreeSet<_> = chosen.iter().map(|&at| units[at].key()).collect();
        let more = newest(units, |unit| {
            unit.dir == dir
                && unit.member != Some(true)
                && is_external(unit, mode)
                && !known.contains(&unit.key())
        });
        chosen.extend(more);
    }
    // A unit that was rebuilt last may have been compiled whole before, with other features.
    let keys: BTreeSet<_> = chosen.iter().map(|&at| units[at].key()).collect();
    let lacking: BTreeSet<_> = keys
        .into_iter()
        .filter(|key| {
            !chosen.iter().any(|&at| units[at].key() == *key && units[at].compiled == Compiled::Whole)
        })
        .collect();
    let samples = newest(units, |unit| unit.compiled == Compiled::Whole && lacking.contains(&unit.key()));
    let used: BTreeSet<usize> =
        chosen.iter().copied().filter(|&at| units[at].compiled == Compiled::Whole).chain(samples).collect();
    // Of what is for the host alone nothing says in which mode it was needed.
    if used.iter().all(|&at| units[at].host == Some(true) || units[at].mode == UnitMode::Run) {
        return None;
    }
    let complete = whole && chosen.iter().all(|at| used.contains(at));
    let edges = |unit: &Unit<'_>| (unit.details.deps.len() as u64, unit.dependencies.len() as u64);
    let (all, known) = chosen.iter().map(|&at| edges(&units[at])).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let counts = UnitCounts {
        whole: used.len() as u64,
        own: used.iter().filter(|&&at| units[at].member == Some(true)).count() as u64,
        rebuilt: chosen.iter().filter(|&&at| units[at].compiled == Compiled::Again).count() as u64,
        unsure: chosen.iter().filter(|&&at| units[at].compiled == Compiled::Unsure).count() as u64,
        edges: all,
        known_edges: known.min(all),
    };
    Some(assemble::build(units, group, (dir, mode), &used, counts, complete))
}

/// Whether a unit is what cargo is asked for, and not only needed for it.
fn is_root(unit: &Unit<'_>, mode: BuildMode) -> bool {
    use UnitTargetKind::{Bin, Lib, ProcMacro};
    match mode {
        BuildMode::Check => unit.mode == UnitMode::Check && matches!(unit.target.kind, Lib | Bin | ProcMacro),
        BuildMode::Build => unit.mode == UnitMode::Build && matches!(unit.target.kind, Lib | Bin | ProcMacro),
        BuildMode::Test => unit.mode == UnitMode::Test,
    }
}

/// Whether a package from elsewhere is compiled so in the mode; what is for the host is so in each.
fn is_external(unit: &Unit<'_>, mode: BuildMode) -> bool {
    match (mode, unit.mode) {
        (BuildMode::Test, _) => false,
        (_, UnitMode::Run) => true,
        (BuildMode::Check, UnitMode::Check) => true,
        (BuildMode::Check, UnitMode::Build) => unit.host == Some(true),
        (BuildMode::Build, UnitMode::Build) => true,
        _ => false,
    }
}

/// Of units that are the same but for features and settings the one that was started last.
fn newest(units: &[Unit<'_>], is: impl Fn(&Unit<'_>) -> bool) -> Vec<usize> {
    let mut newest: BTreeMap<_, usize> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        if unit.compiled == Compiled::Refused || !is(unit) {
            continue;
        }
        let versioned = (unit.key(), unit.version.as_str());
        let slot = newest.entry(versioned).or_insert(at);
        if (units[*slot].start, *slot) < (unit.start, at) {
            *slot = at;
        }
    }
    newest.into_values().collect()
}

/// Units with all that they need.
fn closure(units: &[Unit<'_>], roots: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    let mut open: Vec<usize> = roots.collect();
    while let Some(at) = open.pop() {
        if all.insert(at) {
            open.extend(&units[at].dependencies);
        }
    }
    all
}

/// Whether there is a unit of every package of the workspaces that has something to compile.
fn compiles_all(
    units: &[Unit<'_>],
    group: &Group<'_>,
    repository: &Repository,
    dir: usize,
    roots: &[usize],
) -> bool {
    use crate::discover::TargetKind::{Bin, Lib, ProcMacro};
    let seen: BTreeSet<&str> = closure(units, roots.iter().copied())
        .into_iter()
        .filter(|&at| units[at].member == Some(true))
        .map(|at| units[at].raw.package.as_str())
        .collect();
    let workspaces = group[dir].workspaces.iter().map(|&id| &repository.workspaces[id]);
    workspaces.flat_map(|workspace| &workspace.members).all(|&member| {
        let package = &repository.packages[member];
        let compiled = package.targets.iter().map(|&target| &repository.targets[target]);
        let has_any = compiled.into_iter().any(|t| t.enabled && matches!(t.kind, Lib | Bin | ProcMacro));
        !has_any || seen.contains(package.name.as_str())
    })
}
