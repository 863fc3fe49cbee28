//! Imports, flattened.

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use crate::parse::lower::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{Import, Name};

impl Lower<'_> {
    pub(in crate::parse::lower) fn imports(&self, item: Node<'_>) -> Box<[Import]> {
        let mut out = Vec::new();
        if let Some(tree) = item.child(USE_TREE) {
            let first = tree.token();
            let global = self.tokens.kind(first) == COLON;
            self.use_tree(tree, global, &mut Vec::new(), &mut out);
        }
        out.into()
    }

    fn use_tree(&self, tree: Node<'_>, global: bool, prefix: &mut Vec<Name>, out: &mut Vec<Import>) {
        let depth = prefix.len();
        let path = tree.child(PATH);
        if let Some(path) = path {
            self.path_names(path, prefix);
        }
        if let Some(list) = tree.child(USE_TREE_LIST) {
            for inner in list.children().filter(|c| c.kind() == USE_TREE) {
                self.use_tree(inner, global, prefix, out);
            }
        } else if let Some(star) = tree.child(STAR) {
            let line = self.line(star.token());
            out.push(Import { path: prefix[..].into(), global, alias: ustr("*"), glob: true, line });
        } else if let (Some(path), Some(&own)) = (path, prefix.last()) {
            let line = self.line(path.last_token());
            // `use a::{self}` imports `a`.
            if own == "self" && prefix.len() > 1 {
                prefix.pop();
            }
            let alias = match tree.child(RENAME) {
                Some(rename) => self.rename(rename),
                None => prefix.last().copied().unwrap_or(own),
            };
            out.push(Import { path: prefix[..].into(), global, alias, glob: false, line });
        }
        prefix.truncate(depth);
    }

    /// The name behind `as`; `_` for none.
    pub(in crate::parse::lower) fn rename(&self, rename: Node<'_>) -> Name {
        rename.child(NAME).map_or_else(|| ustr("_"), |n| self.name(n))
    }
}
