//! What the manifests of other packages say once these depend on the crates of a plan themselves, in place of the package that
//! re-exports them.

use std::collections::{BTreeMap, BTreeSet};

use crate::discover::{Dependency, DependencyKind, TargetKind};
use crate::ids::{CrateId, ItemId, PackageId, PlanCrateId};
use crate::plan::edit::{AddedDependency, BoundaryEdit, BoundaryEditKind, UserManifest};
use crate::plan::index::{Index, references_to};
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::Assembled;

/// Kinds of dependencies, the one that serves most first.
const KINDS: [DependencyKind; 3] = [DependencyKind::Normal, DependencyKind::Build, DependencyKind::Dev];

/// For each other package that depends on the one that is split, and uses a crate of the plan beside the one that stays: what
/// its manifest gets and loses.
pub(in crate::plan) fn user_manifests(
    (input, index): (&PlanInput<'_>, &Index),
    package: PackageId,
    assembled: &Assembled,
) -> BTreeMap<PackageId, UserManifest> {
    let of_item: BTreeMap<ItemId, PlanCrateId> = assembled.of_item.iter().copied().collect();
    let items: BTreeSet<ItemId> = of_item.keys().copied().collect();
    let mut used: BTreeMap<PackageId, BTreeMap<PlanCrateId, BTreeSet<usize>>> = BTreeMap::new();
    for reference in references_to(input, &items) {
        let from = index.crate_of[reference.from];
        let target = input.resolution.crates[from].target;
        let user = input.repository.targets[target].package;
        if user != package
            && let Some(&part) = of_item.get(&reference.to)
        {
            let kind = needed(input, from, reference.test);
            used.entry(user).or_default().entry(part).or_default().insert(kind);
        }
    }
    // What a module has from elsewhere is taken from there all the same.
    for borrowed in &input.resolution.borrowed_names {
        let from = index.crate_of[borrowed.taker.item];
        let user = input.repository.targets[input.resolution.crates[from].target].package;
        if let Some(&part) = assembled.of_module.get(&borrowed.module).filter(|_| user != package) {
            let kind = needed(input, from, borrowed.taker.test);
            used.entry(user).or_default().entry(part).or_default().insert(kind);
        }
    }
    let residual = assembled.residual();
    let manifest = |(user, parts): (PackageId, BTreeMap<PlanCrateId, BTreeSet<usize>>)| {
        let kind = |kinds: &BTreeSet<usize>| kinds.first().map(|&at| KINDS[at]);
        let adds = parts.iter().filter(|&(&part, _)| part != residual);
        let adds =
            adds.filter_map(|(&part, kinds)| added(input, (user, package), (part, kind(kinds)?), assembled));
        let adds: Vec<AddedDependency> = adds.collect();
        let keeps = parts.get(&residual).and_then(kind);
        (!adds.is_empty()).then_some((user, UserManifest { package, adds, keeps }))
    };
    used.into_iter().filter_map(manifest).collect()
}

/// The kind of dependency that code of a crate asks for, as a position in [`KINDS`].
fn needed(input: &PlanInput<'_>, from: CrateId, test: bool) -> usize {
    match input.repository.targets[input.resolution.crates[from].target].kind {
        TargetKind::BuildScript => 1,
        TargetKind::Test | TargetKind::Example | TargetKind::Bench => 2,
        _ if test => 2,
        _ => 0,
    }
}

/// The dependency on a part, written as the one on the whole is.
fn added(
    input: &PlanInput<'_>,
    (user, package): (PackageId, PackageId),
    (part, kind): (PlanCrateId, DependencyKind),
    assembled: &Assembled,
) -> Option<AddedDependency> {
    let on_whole = |d: &&Dependency| d.local == Some(package);
    let declared = input.repository.packages[user].dependencies.iter().filter(on_whole);
    let whole = declared.clone().find(|d| d.kind == kind).or_else(|| declared.clone().next())?;
    let krate = &assembled.crates[part];
    let features = whole.features.iter().filter(|feature| krate.features.contains(feature));
    Some(AddedDependency {
        krate: krate.name.clone(),
        kind,
        features: features.cloned().collect(),
        default_features: whole.default_features,
        optional: whole.optional && kind == DependencyKind::Normal,
    })
}

/// One piece of work for each manifest.
pub(in crate::plan) fn user_edits(
    manifests: BTreeMap<PackageId, UserManifest>,
    assembled: &Assembled,
) -> Vec<BoundaryEdit> {
    let edit = |(user, manifest): (PackageId, UserManifest)| BoundaryEdit {
        lines: manifest.adds.len() as u32 + u32::from(manifest.keeps != Some(DependencyKind::Normal)),
        kind: BoundaryEditKind::UserManifest { user, manifest },
        krate: assembled.residual(),
        items: Vec::new(),
    };
    manifests.into_iter().map(edit).collect()
}
