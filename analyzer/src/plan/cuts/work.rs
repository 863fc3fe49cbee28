//! From what was chosen to a plan's cuts and edits.

use std::collections::{BTreeMap, BTreeSet};

use super::against::Against;
use super::choose::{Choice, Step};
use super::generated_names::generated_names;
use crate::ids::{EditId, GroupId, IdVec, ItemId, LevelId, PackageId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind, Move};
use crate::plan::input::PlanInput;
use crate::plan::model::Cut;
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::plan::users::outside_uses;
use crate::resolve::{ItemKind, Visibility};

/// All cuts of a placement, ordered by item, and the edits that remove them, those first that remove most.
pub(in crate::plan) fn work(
    input: &PlanInput<'_>,
    groups: &Groups,
    placement: &Placement,
    assembled: &Assembled,
    choice: &Choice<'_>,
) -> (Vec<Cut>, IdVec<EditId, Edit>) {
    let maker = Maker { input, groups, placement, assembled, choice };
    let edits = maker.edits();
    let mut edit_of = vec![EditId(0); choice.pairs.len()];
    for (id, edit) in edits.iter_enumerated() {
        edit.cuts.iter().for_each(|&cut| edit_of[cut as usize] = id);
    }
    let cut = |(pair, edit): (&Against<'_>, EditId)| Cut {
        from: pair.from,
        to: pair.to,
        lines: pair.references.iter().map(|r| r.line).collect(),
        edit,
    };
    let cuts = choice.pairs.iter().zip(edit_of).map(cut).collect();
    (cuts, edits)
}

struct Maker<'a> {
    input: &'a PlanInput<'a>,
    groups: &'a Groups,
    placement: &'a Placement,
    assembled: &'a Assembled,
    choice: &'a Choice<'a>,
}

impl Maker<'_> {
    fn edits(&self) -> IdVec<EditId, Edit> {
        let mut edits: Vec<Edit> = Vec::new();
        // Changes for the same reason in the same crate are one.
        let mut same: BTreeMap<(&str, PlanCrateId, ItemId), usize> = BTreeMap::new();
        for (step, covered) in &self.choice.steps {
            let edit = match step {
                Step::Move { up, moves, lines } => self.movement(*up, moves, *lines, covered),
                Step::Change(kind) => {
                    let edit = self.change(kind, covered);
                    let about = match kind {
                        EditKind::SplitImpl { .. } | EditKind::DevCrate { .. } => edit.items[0],
                        // One trait stands for a type and its methods.
                        EditKind::Invert { target, .. } => self.type_of(*target),
                        _ => self.choice.pairs[covered[0] as usize].to,
                    };
                    let place = *same.entry((kind.name(), edit.krate, about)).or_insert(edits.len());
                    if let Some(first) = edits.get_mut(place) {
                        join(first, edit);
                        continue;
                    }
                    edit
                }
            };
            edits.push(edit);
        }
        edits.sort_by(|a, b| b.cuts.len().cmp(&a.cuts.len()).then_with(|| a.cuts.cmp(&b.cuts)));
        edits.into()
    }

    /// The type that an `impl` is of; any other item itself.
    fn type_of(&self, item: ItemId) -> ItemId {
        let header = self.input.resolution.items[item].imp.as_ref();
        header.and_then(|header| header.self_item).unwrap_or(item)
    }

    fn movement(&self, up: bool, moves: &[(GroupId, LevelId)], lines: u32, covered: &[u32]) -> Edit {
        let first = &self.choice.pairs[covered[0] as usize];
        let asked = if up { first.from } else { first.to };
        let mut items: Vec<ItemId> =
            moves.iter().flat_map(|&(group, _)| self.groups.items[group].iter().copied()).collect();
        // The item that the step is about: of the group that moves first, the one that a reference names.
        let own = &self.groups.items[moves[0].0];
        let named = covered.iter().map(|&pair| &self.choice.pairs[pair as usize]);
        let named = named.map(|pair| if up { pair.from } else { pair.to });
        let about = named.into_iter().find(|item| own.contains(item)).unwrap_or(asked);
        items.retain(|&item| item != about);
        items.insert(0, about);
        let to = self.crate_at(moves[0].1);
        let moving: BTreeSet<GroupId> = moves.iter().map(|&(group, _)| group).collect();
        let kind = EditKind::MoveItems(Move {
            from: self.assembled.of_group[moves[0].0],
            up,
            users: self.users(moves[0].0),
            outside: self.outside(&items),
            keeps: if up { 0 } else { self.keeps(about, &moving, covered) },
            unseen: self.unseen(covered),
        });
        Edit { kind, krate: to, items, lines, cuts: covered.to_vec() }
    }

    /// Names that nobody sees in the modules that the references lead into.
    fn unseen(&self, covered: &[u32]) -> Vec<String> {
        let resolution = self.input.resolution;
        let pairs = covered.iter().map(|&pair| &self.choice.pairs[pair as usize]);
        let into_modules = pairs.filter(|pair| resolution.items[pair.to].kind == ItemKind::Module);
        let names: BTreeSet<String> =
            into_modules.flat_map(|pair| generated_names(resolution, pair)).collect();
        names.into_iter().collect()
    }

    /// Groups that use a group.
    fn users(&self, group: GroupId) -> u32 {
        self.groups.into.row(group).len() as u32
    }

    /// Other packages that name one of the items.
    fn outside(&self, items: &[ItemId]) -> Vec<PackageId> {
        let resolution = self.input.resolution;
        let krate = resolution.modules[resolution.items[items[0]].module].krate;
        let package = self.input.repository.targets[resolution.crates[krate].target].package;
        let uses = outside_uses(self.input, package, &items.iter().copied().collect());
        let users: BTreeSet<PackageId> = uses.into_values().flat_map(|by| by.users).collect();
        users.into_iter().collect()
    }

    /// References that keep the item's old path, those aside that the move is for.
    fn keeps(&self, item: ItemId, moving: &BTreeSet<GroupId>, covered: &[u32]) -> u32 {
        let data = &self.input.resolution.items[item];
        if data.visibility != Visibility::Public || data.kind == ItemKind::Impl {
            return 0;
        }
        let Some(group) = self.groups.of(item) else { return 0 };
        let from: BTreeSet<GroupId> = covered
            .iter()
            .filter_map(|&pair| self.groups.of(self.choice.pairs[pair as usize].from))
            .collect();
        let users = self.groups.into.row(group).iter();
        users.filter(|(user, _)| !moving.contains(user) && !from.contains(user)).map(|&(_, n)| n).sum()
    }

    fn change(&self, kind: &EditKind, covered: &[u32]) -> Edit {
        let pairs = covered.iter().map(|&pair| &self.choice.pairs[pair as usize]);
        let mut items: Vec<ItemId> = pairs.clone().map(|pair| pair.from).collect();
        items.dedup();
        let lines = pairs.map(|pair| pair.lines().len() as u32).sum();
        let krate = self.groups.of(items[0]).map(|group| self.assembled.of_group[group]);
        let krate = krate.unwrap_or_else(|| self.assembled.residual());
        Edit { kind: kind.clone(), krate, items, lines, cuts: covered.to_vec() }
    }

    /// The crate of the plan at a level: the first group that lies there tells, else it is the one that stays.
    fn crate_at(&self, level: LevelId) -> PlanCrateId {
        let there = self.placement.level.iter_enumerated().find(|&(_, &other)| other == level);
        there.map_or_else(|| self.assembled.residual(), |(group, _)| self.assembled.of_group[group])
    }
}

/// Adds a change to another one of the same thing.
fn join(first: &mut Edit, more: Edit) {
    match (&mut first.kind, more.kind) {
        (EditKind::SplitImpl { lines, along }, EditKind::SplitImpl { lines: own, along: its }) => {
            lines.extend(own);
            lines.sort_unstable();
            lines.dedup();
            along.extend(its);
            along.sort_unstable();
            along.dedup();
        }
        (EditKind::PassFunction { calls, .. }, EditKind::PassFunction { calls: own, .. }) => *calls += own,
        (EditKind::PassValue { unseen, .. }, EditKind::PassValue { unseen: own, .. }) => {
            unseen.extend(own);
            unseen.sort_unstable();
            unseen.dedup();
        }
        _ => {}
    }
    first.items.extend(more.items);
    let mut seen = BTreeSet::new();
    first.items.retain(|&item| seen.insert(item));
    first.lines += more.lines;
    first.cuts.extend(more.cuts);
    first.cuts.sort_unstable();
}
