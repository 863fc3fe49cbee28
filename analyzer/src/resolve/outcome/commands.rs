//! Enums whose variants are the commands of a program: those that a parser of command lines derives.

use crate::ids::{IdVec, ItemId};
use crate::parse::tree::{Node, NodeKind, VariantNode};
use crate::resolve::model::{CommandEnum, CommandVariant};
use crate::resolve::names::def::{DefId, DefKind, World};

/// Derives of clap, structopt and argh that make an enum's variants commands, or the values of one argument.
const DERIVES: [&str; 7] = ["Subcommand", "Parser", "StructOpt", "FromArgs", "ValueEnum", "ArgEnum", "Clap"];

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
        (is_derived && ids[def].0 != u32::MAX)
            .then(|| CommandEnum { item: ids[def], variants: variants.iter().map(variant).collect() })
    };
    let mut found: Vec<CommandEnum> = enums.filter_map(of_enum).collect();
    found.sort_by_key(|of| of.item);
    found
}

fn variant(variant: &VariantNode) -> CommandVariant {
    let command =
        variant.command.map_or_else(|| kebab(variant.name.as_str()), |name| name.as_str().to_owned());
    CommandVariant { name: variant.name, command, lines: variant.lines }
}

/// `StartWorker` as `start-worker`: what clap and its peers call a variant.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (i, &letter) in letters.iter().enumerate() {
        let begins = letter.is_uppercase()
            && i > 0
            && letters[i - 1] != '_'
            && (!letters[i - 1].is_uppercase() || letters.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if begins || letter == '_' {
            out.push('-');
        }
        out.extend(letter.to_lowercase().filter(|&l| l != '_'));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn variants_as_a_command_line_calls_them() {
        for (name, expected) in [
            ("Serve", "serve"),
            ("StartWorker", "start-worker"),
            ("DbMigrate2", "db-migrate2"),
            ("HTTPServer", "http-server"),
            ("Run_All", "run-all"),
            ("", ""),
        ] {
            assert_eq!(kebab(name), expected, "{name}");
        }
    }
}
