//! What it takes to work a plan out again where its reader moves modules by hand: a report's page does so, by the rules of
//! [`what_if`](super::what_if()) and to the same seconds.
//!
//! A plan names modules and single items. What it can't tell apart goes from crate to crate as one, so it is summed up: a
//! [`Piece`] has what its items cost, need and weigh, and pieces are counted together as items are. Only who refers to whom
//! stays as fine as [`Groups`], since what has to move along is worked out item by item.

mod costs;
mod model;
mod pieces;

pub use model::{BenchMode, Layout, Parts, Piece, Stray, User, Workbench};

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::index::Index;
use super::input::PlanInput;
use super::model::PackageAdvice;
use super::partition::assemble::Assembled;
use super::partition::groups::Groups;
use super::predict::direct::used_parts;
use super::predict::split::edit_weights;
use crate::discover::TargetKind;
use crate::ids::{CrateId, GroupId, Id, PackageId, PlanCrateId};
use pieces::Pieces;

/// A workbench for each package with candidates, in the order of the advice.
pub fn workbenches(input: &PlanInput<'_>, advice: &[&PackageAdvice]) -> Vec<Workbench> {
    let index = Index::new(input.repository, input.resolution);
    let candidates = advice.iter().filter(|advice| !advice.layouts.is_empty());
    candidates.filter_map(|advice| workbench(input, &index, advice)).collect()
}

fn workbench(input: &PlanInput<'_>, index: &Index, advice: &PackageAdvice) -> Option<Workbench> {
    let (package, krate) = (advice.package, advice.krate);
    // What other targets take from the new crates is not worked out again there.
    let shared = index.targets.shared(input.repository, package);
    if shared.is_some_and(|shared| shared.crates.contains(&krate)) {
        return None;
    }
    let groups = Groups::apart(input, index, krate);
    let mut pieces = Pieces::new(input, krate, &groups, &advice.layouts);
    for (layout, candidate) in pieces.layouts.iter_mut().zip(&advice.frontier) {
        layout.effort = candidate.effort();
    }
    let assembled = pieces.assembled(input, index, package);
    let data = &input.repository.packages[package];
    let modes = input
        .costs
        .iter()
        .filter_map(|costs| costs::mode((input, index), costs, (data.workspace, krate), &assembled));
    Some(Workbench {
        manifest: data.manifest.clone(),
        package: data.name.clone(),
        workspace: data.workspace.index() as u32,
        root: input.resolution.crates[krate].root.0,
        direct_users: advice.direct_users.as_ref().is_some_and(|direct| direct.counted),
        layouts: pieces.layouts.clone(),
        chosen: advice.frontier.iter().position(|candidate| candidate.recommended).map(|at| at as u32),
        modes: modes.collect(),
        users: users(input, index, krate, &assembled),
        binaries: binaries(input, index, (package, krate), &groups, &pieces),
        needs: costs::needs((input, index), krate, &assembled),
        weights: edit_weights(input, &assembled).iter().map(|weight| (weight * 1e9).round() as u64).collect(),
        group_lines: groups.ids().map(|group| groups.lines[group]).collect(),
        groups: pieces.of_group.iter().copied().collect(),
        strays: pieces.strays.clone(),
        pieces: pieces.pieces,
        arcs: arcs(input, &groups),
    })
}

/// Who refers to whom among groups, with how many references of how many pairs of items.
fn arcs(input: &PlanInput<'_>, groups: &Groups) -> Vec<u32> {
    let mut all = Vec::new();
    for (group, items) in groups.items.iter_enumerated() {
        let mut row: BTreeMap<GroupId, (u32, u32)> = BTreeMap::new();
        for &item in items {
            for edge in input.graph.edges(NodeIndex::new(item.index())) {
                let references = edge.weight().structural;
                let to = groups.of(input.graph[edge.target()]).filter(|&to| to != group && references > 0);
                if let Some(to) = to {
                    let sum = row.entry(to).or_default();
                    *sum = (sum.0 + references, sum.1 + 1);
                }
            }
        }
        all.push(row.len() as u32);
        all.extend(row.into_iter().flat_map(|(to, (references, pairs))| [to.0, references, pairs]));
    }
    all
}

/// Who uses which pieces from outside of the crate.
fn users(input: &PlanInput<'_>, index: &Index, krate: CrateId, assembled: &Assembled) -> Vec<User> {
    let all = used_parts(input, index, krate, assembled, &|_, _| true);
    let mut structural = used_parts(input, index, krate, assembled, &|_, structural| structural);
    let ids = |pieces: &BTreeSet<PlanCrateId>| pieces.iter().map(|id| id.0).collect();
    all.iter()
        .map(|(&user, used)| User {
            krate: user.0,
            pieces: ids(used),
            structural: ids(&structural.remove(&user).unwrap_or_default()),
        })
        .collect()
}

/// References of the package's own binaries: they stay with its name.
fn binaries(
    input: &PlanInput<'_>,
    index: &Index,
    (package, krate): (PackageId, CrateId),
    groups: &Groups,
    pieces: &Pieces,
) -> Vec<(u32, u32)> {
    let targets = &input.repository.targets;
    let of_bin = |other: CrateId| {
        let target = &targets[input.resolution.crates[other].target];
        other != krate && target.package == package && target.kind == TargetKind::Bin
    };
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for reference in input.resolution.references.iter().filter(|r| !r.test && r.structural) {
        if index.crate_of[reference.to] == krate
            && of_bin(index.crate_of[reference.from])
            && let Some(group) = groups.of(reference.to)
        {
            *counts.entry(pieces.of_group[group]).or_default() += 1;
        }
    }
    counts.into_iter().collect()
}
