//! Enums whose variants may be the commands of a program: those that a parser of command lines is derived for, and small ones.

use crate::ids::{IdVec, ItemId};
use crate::parse::tree::{Node, NodeKind, VariantNode};
use crate::resolve::model::{CommandEnum, CommandVariant};
use crate::resolve::names::def::{DefId, DefKind, World};

/// Derives of clap, structopt and argh that make an enum's variants commands.
const DERIVES: [&str; 5] = ["Subcommand", "Parser", "StructOpt", "FromArgs", "Clap"];

/// Derives of enums that are read from a configuration or an option.
const READ: [&str; 4] = ["Deserialize", "EnumString", "FromStr", "ValueEnum"];

/// Ends of the names of enums that say what a process is.
const CHOOSING: [&str; 5] = ["Component", "Mode", "ProcessKind", "Role", "ServiceKind"];

/// The same of enums of which several variants may be on at a time.
const SWITCHED: [&str; 6] = ["Component", "Module", "ProcessKind", "Role", "Service", "ServiceKind"];

/// Variants of an enum that commands may be kept in without a derive. A choice.
const MOST_VARIANTS: usize = 64;

pub(super) fn commands(world: &World<'_>, ids: &IdVec<DefId, ItemId>) -> Vec<CommandEnum> {
    let enums = world.defs.iter_enumerated().filter(|(_, data)| data.kind == DefKind::Enum && !data.test);
    let of_enum = |(def, data): (DefId, &crate::resolve::names::def::DefData)| {
        let node: &Node = world.node(def);
        let tree = world.tree(world.defs[def].tree);
        let derives = |names: &[&str]| {
            let mut paths = node.attributes.iter();
            paths.any(|&path| names.contains(&tree[path].segments.last().name.as_str()))
        };
        let is_derived = derives(&DERIVES);
        let ends = |names: &[&str]| names.iter().any(|end| data.name.as_str().ends_with(end));
        let NodeKind::Enum(variants) = &node.kind else { return None };
        let known = ids[def].0 != u32::MAX && (is_derived || variants.len() <= MOST_VARIANTS);
        known.then(|| CommandEnum {
            item: ids[def],
            derived: is_derived,
            configured: ends(&CHOOSING) && derives(&READ),
            switched: ends(&SWITCHED),
            variants: variants.iter().map(variant).collect(),
        })
    };
    let mut found: Vec<CommandEnum> = enums.filter_map(of_enum).collect();
    found.sort_by_key(|of| of.item);
    found
}

fn variant(variant: &VariantNode) -> CommandVariant {
    let &VariantNode { name, command, flattened, lines, .. } = variant;
    CommandVariant { name, command, flattened, lines }
}
