//! Which methods would have to leave their block for a crate above, and whether they can.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::ids::{DefinitionId, EditId, IdVec, ItemId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind};
use crate::plan::index::users_of;
use crate::plan::input::PlanInput;
use crate::plan::model::Cut;
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::{Definition, DefinitionKind, ImplHeader, Item, Uses};

/// What comes of moving methods of an inherent `impl` up.
pub(in crate::plan) enum Leaving {
    /// They can go, and these of the block with them, which call them; sorted.
    Can(Vec<DefinitionId>),
    /// What stays below calls them.
    Called,
    /// This `impl` of a trait of another package calls them, or a method of their type that does: it stays with the type, and
    /// what it takes is fixed.
    Fixed(ItemId),
    /// No method has all of these lines.
    None,
}

/// What comes of moving the methods of a block in which these lines lie up. `stays` says of an item whether it lies below the
/// crate that they would go to.
pub(in crate::plan) fn leaving(
    input: &PlanInput<'_>,
    block: ItemId,
    lines: &[u32],
    stays: &dyn Fn(ItemId) -> bool,
) -> Leaving {
    let uses = &input.resolution.uses;
    let own: Vec<DefinitionId> = uses.members(block).filter(|&id| !uses.definitions[id].test).collect();
    let asked: Vec<DefinitionId> = members_at(uses, block, lines).collect();
    let is_method = |&id: &DefinitionId| uses.definitions[id].kind == DefinitionKind::Function;
    let within = |line: &u32| asked.iter().any(|&id| lines_of(&uses.definitions[id]).contains(line));
    if asked.is_empty() || !asked.iter().all(is_method) || !lines.iter().all(within) {
        return Leaving::None;
    }
    let mut found: BTreeSet<DefinitionId> = asked.iter().copied().collect();
    // Each round adds a method at least.
    loop {
        let calls = |&&id: &&DefinitionId| !found.contains(&id) && names_any(uses, id, &found);
        let Some(&caller) = own.iter().find(calls) else { break };
        found.insert(caller);
    }
    if found.iter().any(|id| !is_method(id)) {
        return Leaving::Called;
    }
    let mut next: Vec<DefinitionId> =
        callers(input, block, &found).filter(|&caller| stays(uses.definitions[caller].item)).collect();
    if next.is_empty() {
        let along = found.into_iter().filter(|id| !asked.contains(id)).collect();
        return Leaving::Can(along);
    }
    // Other methods of the type hand the need on.
    let type_of =
        |item: ItemId| input.resolution.items[item].imp.as_ref().and_then(|header| header.self_item);
    let of_type = |item: ItemId| type_of(item).is_some() && type_of(item) == type_of(block);
    while let Some(caller) = next.pop() {
        let item = uses.definitions[caller].item;
        if !of_type(item) || !found.insert(caller) {
            continue;
        }
        if implements_foreign(&input.resolution.items[item]) {
            return Leaving::Fixed(item);
        }
        let own = BTreeSet::from([caller]);
        let within = uses.members(item).filter(|&other| names_any(uses, other, &own));
        next.extend(
            callers(input, item, &own).filter(|&other| stays(uses.definitions[other].item)).chain(within),
        );
    }
    Leaving::Called
}

/// Crates that call methods which leave their block depend on the crate that gets these, where that lies below them.
pub(in crate::plan) fn follow_methods(
    input: &PlanInput<'_>,
    groups: &Groups,
    (cuts, edits): (&[Cut], &IdVec<EditId, Edit>),
    after: &mut Assembled,
) {
    let uses = &input.resolution.uses;
    for edit in edits {
        let EditKind::SplitImpl { lines, along } = &edit.kind else { continue };
        let block = edit.items[0];
        let leaving = members_at(uses, block, lines).chain(along.iter().copied()).collect();
        let krate = |item: ItemId| groups.of(item).map(|group| after.of_group[group]);
        let above = edit.cuts.iter().filter_map(|&cut| krate(cuts[cut as usize].to)).max();
        let users = callers(input, block, &leaving).map(|caller| uses.definitions[caller].item);
        let users: BTreeSet<PlanCrateId> = users.filter_map(krate).collect();
        let Some(above) = above else { continue };
        for user in users.into_iter().filter(|&user| user > above) {
            let needs = &mut after.crates[user].depends_on;
            if !needs.contains(&above) {
                needs.push(above);
                needs.sort_unstable();
            }
        }
    }
}

/// The methods that leave a block, those in which lines lie and those that go along, each with its lines.
pub(in crate::plan) fn members_leaving(
    input: &PlanInput<'_>,
    block: ItemId,
    lines: &[u32],
    along: &[DefinitionId],
) -> Vec<(DefinitionId, RangeInclusive<u32>)> {
    let uses = &input.resolution.uses;
    let all = members_at(uses, block, lines).chain(along.iter().copied());
    all.map(|id| (id, lines_of(&uses.definitions[id]))).collect()
}

/// The members of a block in which lines lie, tests aside.
fn members_at<'a>(
    uses: &'a Uses,
    block: ItemId,
    lines: &'a [u32],
) -> impl Iterator<Item = DefinitionId> + use<'a> {
    let at = |id: DefinitionId| lines.iter().any(|line| lines_of(&uses.definitions[id]).contains(line));
    uses.members(block).filter(move |&id| !uses.definitions[id].test && at(id))
}

/// Whether an item implements a trait of another package: what its methods take and return can't change.
pub(in crate::plan) fn implements_foreign(item: &Item) -> bool {
    let foreign = |header: &ImplHeader| header.trait_item.is_none() && header.unseen_items.is_empty();
    item.imp.as_ref().is_some_and(|header| header.is_trait && foreign(header))
}

/// What names one of these parts of an item, the parts of the item itself aside.
fn callers<'a>(
    input: &PlanInput<'a>,
    item: ItemId,
    parts: &'a BTreeSet<DefinitionId>,
) -> impl Iterator<Item = DefinitionId> + use<'a> {
    let uses = &input.resolution.uses;
    let users = users_of(input, item).filter(move |&user| user != item);
    let all = users.flat_map(|user| std::iter::once(Uses::of_item(user)).chain(uses.members(user)));
    all.filter(move |&part| names_any(uses, part, parts))
}

fn names_any(uses: &Uses, by: DefinitionId, of: &BTreeSet<DefinitionId>) -> bool {
    uses.of(by).iter().any(|used| of.contains(&used.to))
}

fn lines_of(definition: &Definition) -> RangeInclusive<u32> {
    definition.line..=definition.end_line
}
