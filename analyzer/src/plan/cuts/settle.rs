//! What a plan places elsewhere than its module, and the work on its cuts moves once more, goes there at once: nobody moves a thing
//! twice.

use std::collections::BTreeSet;

use super::choose::{Step, choose};
use crate::ids::{CrateId, GroupId, LevelId, PackageId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::{Assembled, assemble};
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::ItemKind;

/// Rounds at most: what moved may take others along, once or twice.
const MAX_ROUNDS: usize = 4;

/// A placement with such groups where they come to lie in the end, and its crates.
pub(in crate::plan) fn settled(
    input: &PlanInput<'_>,
    index: &Index,
    target: (PackageId, CrateId),
    groups: &Groups,
    mut placement: Placement,
) -> (Placement, Assembled) {
    let mut assembled = assemble(input, index, target, groups, &placement);
    for _ in 0..MAX_ROUNDS {
        let Some(next) = once(input, groups, &placement, &assembled) else { break };
        placement = next;
        assembled = assemble(input, index, target, groups, &placement);
    }
    (placement, assembled)
}

/// One round; `None` if nothing goes elsewhere by it.
fn once(
    input: &PlanInput<'_>,
    groups: &Groups,
    placement: &Placement,
    assembled: &Assembled,
) -> Option<Placement> {
    let out_of_place: BTreeSet<GroupId> = out_of_place(input, groups, assembled);
    if out_of_place.is_empty() {
        return None;
    }
    let choice = choose(input, groups, placement);
    let moves: Vec<(GroupId, LevelId)> = choice
        .steps
        .iter()
        .flat_map(|(step, _)| match step {
            Step::Move { moves, .. } => moves.as_slice(),
            Step::Change(_) => &[],
        })
        .copied()
        .collect();
    let moved: BTreeSet<GroupId> =
        moves.iter().map(|&(group, _)| group).filter(|group| out_of_place.contains(group)).collect();
    let mut settled = placement.clone();
    for (group, level) in moves {
        // An `impl` goes where its type or its trait goes.
        if moved.contains(&group) || groups.hosts[group].iter().any(|host| moved.contains(host)) {
            settled.level[group] = level;
        }
    }
    let touched =
        moved.iter().copied().chain(moved.iter().flat_map(|&of| groups.followers[of].iter().copied()));
    let hosted = |placement: &Placement, imp: GroupId| {
        let hosts = &groups.hosts[imp];
        hosts.is_empty() || hosts.iter().any(|&host| placement.level[host] == placement.level[imp])
    };
    // Its type or its trait may go with a step that is still to be made.
    let orphaned = touched.into_iter().any(|imp| hosted(placement, imp) && !hosted(&settled, imp));
    (settled != *placement && !orphaned).then_some(settled)
}

/// Groups of which an item lies elsewhere than the module that it is written in, lone `impl`s and tests aside.
fn out_of_place(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> BTreeSet<GroupId> {
    let elsewhere = groups.of_items().filter(|&(item, group)| {
        let data = &input.resolution.items[item];
        !matches!(data.kind, ItemKind::Module | ItemKind::Impl)
            && !data.test
            && assembled.of_module.get(&data.module) != Some(&assembled.of_group[group])
    });
    elsewhere.map(|(_, group)| group).collect()
}
