//! Calls that cross a cut, and the types that go with them.

use std::collections::BTreeMap;

use super::model::{Crossing, CrossingType, Side};
use super::sides::{Ground, Sides, functions};
use crate::ids::{DefinitionId, ItemId};
use crate::resolve::{ItemKind, ObstacleKind, Uses};

/// The calls between both sides, most references first.
pub(super) fn crossing(ground: Ground<'_>, sides: &Sides) -> Vec<Crossing> {
    let mut found: BTreeMap<(DefinitionId, DefinitionId), Crossing> = BTreeMap::new();
    for side in [Side::Candidate, Side::Rest] {
        let outwards = side == Side::Candidate;
        let others = if outwards { &sides.of_rest } else { &sides.of_own };
        for from in functions(ground, sides.side(side)) {
            for used in ground.resolution.uses.of(from).iter().filter(|used| others.contains(&used.to)) {
                let add = || Crossing {
                    from,
                    to: used.to,
                    outwards,
                    file: ground.resolution.items[ground.resolution.uses.definitions[from].item].file,
                    line: used.line,
                    references: 0,
                    obstacles: obstacles(ground, used.to),
                };
                found.entry((from, used.to)).or_insert_with(add).references += 1;
            }
        }
    }
    let mut found: Vec<Crossing> = found.into_values().collect();
    found.sort_by_key(|of| (std::cmp::Reverse(of.references), of.file, of.line, of.to));
    found
}

/// What of a function's signature can't be sent.
fn obstacles(ground: Ground<'_>, of: DefinitionId) -> Vec<(ObstacleKind, String)> {
    let shape = ground.resolution.shapes.get(&of);
    let own = shape.into_iter().flat_map(|shape| &shape.obstacles);
    own.map(|obstacle| (obstacle.kind, obstacle.what.clone())).collect()
}

/// The repository's types in the signatures of what is called across, with those in their fields.
pub(super) fn types(ground: Ground<'_>, crossing: &[Crossing]) -> Vec<CrossingType> {
    let resolution = ground.resolution;
    let mut open: Vec<ItemId> = crossing.iter().flat_map(|of| shown(ground, of.to)).collect();
    let mut found: BTreeMap<ItemId, CrossingType> = BTreeMap::new();
    while let Some(item) = open.pop() {
        let kind = resolution.items[item].kind;
        if found.contains_key(&item) || !matches!(kind, ItemKind::Struct | ItemKind::Enum) {
            continue;
        }
        let shape = resolution.shapes.get(&Uses::of_item(item));
        let obstacles = shape.into_iter().flat_map(|shape| &shape.obstacles);
        let derived = shape.is_some_and(|shape| shape.serializes && shape.deserializes);
        found.insert(
            item,
            CrossingType {
                item,
                serializes: derived || is_written_by_hand(ground, item),
                obstacles: obstacles.map(|of| (of.kind, of.what.clone(), of.line)).collect(),
            },
        );
        // What a handle of the process keeps in its fields does not cross; it is passed by what it stands for.
        if shape.is_none_or(|shape| shape.obstacles.is_empty()) {
            open.extend(shown(ground, Uses::of_item(item)));
        }
    }
    found.into_values().collect()
}

/// Items that a signature or a type shows to those who use it.
fn shown(ground: Ground<'_>, of: DefinitionId) -> impl Iterator<Item = ItemId> {
    let definition = ground.resolution.uses.definitions[of];
    let references = &ground.resolution.references;
    let first = references.partition_point(|r| r.from < definition.item);
    let own = references[first..].iter().take_while(move |r| r.from == definition.item);
    let lines = definition.line..=definition.end_line;
    own.filter(move |r| r.shown && lines.contains(&r.line)).map(|r| r.to)
}

/// `impl Serialize for T` and `impl Deserialize for T`.
fn is_written_by_hand(ground: Ground<'_>, item: ItemId) -> bool {
    let impls = || {
        let all = ground.resolution.items.iter().filter(|of| of.kind == ItemKind::Impl && !of.test);
        all.filter(|of| of.imp.as_ref().is_some_and(|header| header.self_item == Some(item)))
    };
    ["impl Serialize", "impl Deserialize"].iter().all(|of| impls().any(|imp| imp.name.starts_with(of)))
}
