//! Enums whose variants may be the commands of a program: those that a parser of command lines is derived for, and small ones.

use crate::ids::{IdVec, ItemId};
use crate::parse::tree::{Node, NodeKind, VariantNode};
use crate::resolve::model::{CommandEnum, CommandVariant};
use crate::resolve::names::def::{DefId, DefKind, World};

/// Derives of clap, structopt and argh that make an enum's variants commands.
const DERIVES: [&str; 5] = ["Subcommand", "Parser", "StructOpt", "FromArgs", "Clap"];

/// Variants of an enum that commands may be kept in without a derive. A choice.
const MOST_VARIANTS: usize = 64;

pub(super) fn commands(world: &World<'_>, ids: &IdVec<DefId, ItemId>) -> Vec<CommandEnum> {
    let enums = world.defs.iter_enumerated().filter(|(_, data)| data.kind == DefKind::Enum && !data.test);
    let of_enum = |(def, _)| {
        let node: &Node = world.node(def);
        let tree = world.tree(world.defs[def].tree);
        let is_derived = node.attributes.iter().any(|&path| {
            let path = &tree[path];
            DERIVES.contains(&path.segments.last().name.as_str())
        });
        let NodeKind::Enum(variants) = &node.kind else { return None };
        let known = ids[def].0 != u32::MAX && (is_derived || variants.len() <= MOST_VARIANTS);
        known.then(|| CommandEnum {
            item: ids[def],
            derived: is_derived,
            variants: variants.iter().map(variant).collect(),
        })
    };
    let mut found: Vec<CommandEnum> = enums.filter_map(of_enum).collect();
    found.sort_by_key(|of| of.item);
    found
}

fn variant(variant: &VariantNode) -> CommandVariant {
    CommandVariant { name: variant.name, command: variant.command, lines: variant.lines }
}
