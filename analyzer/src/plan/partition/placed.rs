//! Single items that a plan has elsewhere than the module that they are written in.

use std::collections::BTreeMap;

use super::assemble::Assembled;
use super::groups::Groups;
use crate::ids::{GroupId, ItemId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind, Move};
use crate::plan::index::item_lines;
use crate::plan::input::PlanInput;
use crate::resolve::ItemKind;

/// One move for each group of items, ordered by their first item. Lone `impl`s follow their type or trait: no work that
/// anybody decides on.
pub(in crate::plan) fn placed(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> Vec<Edit> {
    let resolution = input.resolution;
    let mut moved: BTreeMap<GroupId, Vec<ItemId>> = BTreeMap::new();
    for (item, group) in groups.of_items() {
        let data = &resolution.items[item];
        let to = assembled.of_group[group];
        if assembled.of_module.get(&data.module) != Some(&to) && data.kind != ItemKind::Module {
            moved.entry(group).or_default().push(item);
        }
    }
    let decided = |items: &[ItemId]| {
        items
            .iter()
            .any(|&item| resolution.items[item].kind != ItemKind::Impl && !resolution.items[item].test)
    };
    let edit = |(group, mut items): (GroupId, Vec<ItemId>)| {
        let named = |&item: &ItemId| resolution.items[item].kind == ItemKind::Impl;
        items.sort_by_key(|item| (named(item), *item));
        let module = resolution.items[items[0]].module;
        let from = assembled.of_module.get(&module).copied().unwrap_or(PlanCrateId(0));
        let to = assembled.of_group[group];
        let kind = EditKind::MoveItems(Move {
            from,
            up: from < to,
            users: groups.into.row(group).len() as u32,
            outside: Vec::new(),
            keeps: 0,
            unseen: Vec::new(),
        });
        let lines = items.iter().map(|&item| item_lines(&resolution.items[item])).sum();
        Edit { kind, krate: to, items, lines, cuts: Vec::new() }
    };
    moved.into_iter().filter(|(_, items)| decided(items)).map(edit).collect()
}
