//! Modules that macros of the same file declare: `macro_rules! group { ($name:ident) => { mod $name; } }`.
//!
//! Which files there are is known before any name is. So of calls only those are expanded here that a `macro_rules!` of their own
//! file answers, and only where its body says `mod`.

use rustc_hash::FxHashMap;
use ustr::ustr;

use crate::parse::expand::MacroRules;
use crate::parse::syntax::parser::SyntaxKind::MOD_KW;
use crate::parse::text::{Fragment, parse_fragment};
use crate::parse::tree::{ItemTree, MacroId, Name, NodeKind};

/// Tokens that are made for one file, at most: a choice, above what anybody lists modules with.
const MAX_TOKENS: usize = 100_000;

/// The macros of a file that may declare modules.
#[derive(Default)]
pub(super) struct ModuleMakers {
    macros: FxHashMap<Name, MacroRules>,
    made: usize,
}

impl ModuleMakers {
    pub(super) fn of(tree: &ItemTree) -> Self {
        let rules = tree.items.iter().filter_map(|node| match node.kind {
            NodeKind::Macro(rules) => Some((node.name, tree.tokens(rules))),
            _ => None,
        });
        let making = rules.filter(|(_, tokens)| tokens.iter().any(|token| token.kind == MOD_KW));
        let macros = making.filter_map(|(name, tokens)| Some((name, MacroRules::parse(tokens)?)));
        Self { macros: macros.collect(), made: 0 }
    }

    /// The items that a call makes; what these call in turn is not followed.
    pub(super) fn made(&mut self, tree: &ItemTree, call: MacroId) -> Option<ItemTree> {
        let path = &tree[tree[call].path];
        let rules = self.macros.get(&path.segments.last().name).filter(|_| path.segments.len() == 1)?;
        let arguments = tree.tokens(tree[call].tokens?);
        if self.made >= MAX_TOKENS {
            return None;
        }
        let tokens = rules.expand(arguments, ustr("crate"), path.line)?;
        self.made += tokens.len();
        parse_fragment(&tokens, Fragment::Items)
    }
}
