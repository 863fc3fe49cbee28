//! Modules that macros of the same file declare: `macro_rules! group { ($name:ident) => { mod $name; } }`.
//!
//! Which files there are is known before any name is. So of calls only those are expanded here that a `macro_rules!` of their own
//! file answers, and only where one of them says `mod`.

use rustc_hash::FxHashMap;
use ustr::ustr;

use crate::parse::expand::MacroRules;
use crate::parse::syntax::parser::SyntaxKind::MOD_KW;
use crate::parse::text::{Fragment, parse_fragment};
use crate::parse::tree::{ItemTree, MacroId, Name, NodeKind};

/// Tokens that are made for one file, at most: a choice, above what anybody lists modules with.
const MAX_TOKENS: usize = 100_000;
/// Macros that call macros, at most. A choice.
const MAX_DEPTH: u32 = 8;

/// The macros of a file, if one of them may declare modules.
#[derive(Default)]
pub(super) struct ModuleMakers {
    macros: FxHashMap<Name, MacroRules>,
    made: usize,
    depth: u32,
}

impl ModuleMakers {
    pub(super) fn of(tree: &ItemTree) -> Self {
        let rules = || {
            tree.items.iter().filter_map(|node| match node.kind {
                NodeKind::Macro(rules) => Some((node.name, tree.tokens(rules))),
                _ => None,
            })
        };
        if !rules().any(|(_, tokens)| tokens.iter().any(|token| token.kind == MOD_KW)) {
            return Self::default();
        }
        let macros = rules().filter_map(|(name, tokens)| Some((name, MacroRules::parse(tokens)?)));
        Self { macros: macros.collect(), ..Self::default() }
    }

    /// Has the items looked at that a call makes.
    pub(super) fn expand(&mut self, tree: &ItemTree, call: MacroId, look: impl FnOnce(&mut Self, &ItemTree)) {
        if self.depth < MAX_DEPTH
            && let Some(made) = self.made(tree, call)
        {
            self.depth += 1;
            look(self, &made);
            self.depth -= 1;
        }
    }

    fn made(&mut self, tree: &ItemTree, call: MacroId) -> Option<ItemTree> {
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
