//! Units in the form of the costs file.

use std::collections::{BTreeMap, BTreeSet};

use super::Group;
use super::model::{BuiltCosts, BuiltPlace, UnitCounts};
use super::plausible::at_once;
use super::unit::Unit;
use crate::cost::Artifact;
use crate::cost::measured::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, Origin, Origins, Outcome, UnitCost, UnitDependency,
};
use crate::discover::{BuiltDir, Stamp};

pub(super) fn place(dir: &BuiltDir) -> BuiltPlace {
    // The Cargo Book, "Build cache": `dev` and `test` build into `debug`, `release` and `bench` into `release`.
    let profile = if dir.profile_dir == "debug" { "dev" } else { &dir.profile_dir };
    BuiltPlace {
        directory: dir.target_dir.clone(),
        triple: dir.triple.clone(),
        profile: profile.to_owned(),
        workspaces: dir.workspaces.clone(),
    }
}

/// The units of a build that were compiled whole.
pub(super) fn build(
    units: &[Unit<'_>],
    group: &Group<'_>,
    (dir, mode): (usize, BuildMode),
    whole: &BTreeSet<usize>,
    counts: UnitCounts,
    complete: bool,
) -> BuiltCosts {
    let mut costs = file(units, group, (dir, mode), whole);
    costs.build.outcome = if complete { Outcome::Complete } else { Outcome::Interrupted };
    let newest = whole.iter().map(|&at| units[at].end).max().unwrap_or_default();
    BuiltCosts { place: place(group[dir]), newest: newest.seconds(), counts, costs }
}

/// Units in order of start.
pub(super) fn file(
    units: &[Unit<'_>],
    group: &Group<'_>,
    (dir, mode): (usize, BuildMode),
    chosen: &BTreeSet<usize>,
) -> CostsFile {
    let mut order: Vec<usize> = chosen.iter().copied().collect();
    order.sort_by_key(|&at| (units[at].start, units[at].end, at));
    let position: BTreeMap<usize, u32> = order.iter().copied().zip(0..).collect();
    let zero = order.first().map(|&at| units[at].start).unwrap_or_default();
    let end = order.iter().map(|&at| units[at].end).max().unwrap_or_default();
    let together = order.iter().all(|&at| units[at].session == units[order[0]].session);
    let place = place(group[dir]);
    let rustc = &group[dir].rustc;
    let build = BuildRecord {
        mode,
        profile: place.profile,
        target: place.triple,
        // Cargo runs as many units as there are processors, unless it is told otherwise.
        cores: u32::try_from(at_once(units, &order)).ok(),
        rustc: rustc.lines().next().map(str::to_owned),
        host: rustc.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned),
        wall_s: together.then(|| end.since(zero)),
        ..BuildRecord::default()
    };
    let units = order.iter().map(|&at| unit_cost(units, at, zero, &position)).collect();
    CostsFile { schema_version: COSTS_VERSION, build, units, modules: Vec::new() }
}

fn unit_cost(units: &[Unit<'_>], at: usize, zero: Stamp, position: &BTreeMap<usize, u32>) -> UnitCost {
    let unit = &units[at];
    let dependency = |to: &usize| {
        let early = units[*to].is_library() && !unit.links();
        let artifact = if early { Artifact::Metadata } else { Artifact::All };
        Some(UnitDependency { unit: *position.get(to)?, artifact })
    };
    // Unless all of them are in the file.
    let mut dependencies: Option<Vec<UnitDependency>> = unit.dependencies.iter().map(dependency).collect();
    dependencies = dependencies.filter(|_| unit.dependencies.len() >= unit.details.deps.len());
    dependencies.iter_mut().for_each(|all| all.sort_unstable());
    let has_dependencies = dependencies.is_some();
    UnitCost {
        package: unit.raw.package.clone(),
        version: unit.version.clone(),
        member: unit.member,
        target: unit.target.clone(),
        mode: unit.mode,
        host: unit.host,
        hash: Some(unit.raw.hash.clone()),
        features: unit.details.features(),
        dependencies,
        jobs: unit.jobs,
        start_s: unit.start.since(zero),
        metadata_s: unit.metadata.map(|metadata| metadata.min(unit.end).since(zero)),
        end_s: Some(unit.end.since(zero)),
        origins: Origins {
            times: Origin::Stamps,
            dependencies: has_dependencies.then_some(Origin::Stamps),
            ..Origins::default()
        },
        ..UnitCost::default()
    }
}
