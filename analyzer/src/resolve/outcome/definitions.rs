//! Definitions: items, and what is associated to them, with the numbers that uses go by.

use crate::ids::{DefinitionId, IdVec, ItemId};
use crate::parse::tree::{Name, NodeKind};
use crate::resolve::model::Resolution;
use crate::resolve::names::def::{DefId, DefKind};
use crate::resolve::types::table::Types;
use crate::resolve::uses::{Definition, DefinitionKind, Uses};

/// All definitions, and the number of each; `None` for what is no item of the result.
pub(super) fn definitions(
    types: &Types<'_, '_>,
    ids: &IdVec<DefId, ItemId>,
    resolution: &Resolution,
) -> (IdVec<DefinitionId, Definition>, IdVec<DefId, Option<DefinitionId>>) {
    let world = types.world;
    let mut numbers = IdVec::from_elem(None, world.defs.len());
    let mut names: IdVec<ItemId, Name> = IdVec::from_elem(Name::from(""), resolution.items.len());
    let mut associated: Vec<(ItemId, DefId)> = Vec::new();
    for (def, data) in world.defs.iter_enumerated() {
        let item = ids[def];
        if resolution.items.get(item).is_none() {
            continue;
        }
        match data.parent {
            Some(_) => associated.push((item, def)),
            None => {
                numbers[def] = Some(Uses::of_item(item));
                names[item] = data.name;
            }
        }
    }
    associated.sort_unstable();
    let mut all: IdVec<DefinitionId, Definition> = resolution
        .items
        .iter_enumerated()
        .map(|(item, data)| Definition {
            item,
            name: names[item],
            kind: DefinitionKind::Item,
            line: data.line,
            end_line: data.end_line,
            test: data.test,
            takes_self: false,
        })
        .collect();
    for (item, def) in associated {
        let (data, node) = (&world.defs[def], world.node(def));
        numbers[def] = Some(all.push(Definition {
            item,
            name: data.name,
            kind: kind_of(data.kind),
            line: node.line,
            end_line: node.end_line,
            test: data.test || resolution.items[item].test,
            takes_self: matches!(&node.kind, NodeKind::Fn(function) if function.has_self),
        }));
    }
    (all, numbers)
}

fn kind_of(kind: DefKind) -> DefinitionKind {
    match kind {
        DefKind::Fn => DefinitionKind::Function,
        DefKind::Const | DefKind::Static => DefinitionKind::Constant,
        _ => DefinitionKind::Type,
    }
}
