//! Modules that macros declare: `macro_rules! group { ($name:ident) => { mod $name; } }`.
//!
//! Which files there are is known before any name is. So of calls only those are expanded here that a `macro_rules!` of their own
//! file answers, and only where one of them says `mod`; once all files are read that lead to each other so, also those that one
//! of another file answers by its name.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use ustr::ustr;

use crate::discover::above;
use crate::parse::expand::MacroRules;
use crate::parse::syntax::parser::SyntaxKind::MOD_KW;
use crate::parse::text::{Fragment, parse_fragment};
use crate::parse::tree::token::Token;
use crate::parse::tree::{ItemTree, MacroId, Name, NodeKind};

/// Tokens that are made for one file, at most: a choice, above what anybody lists modules with.
const MAX_TOKENS: usize = 100_000;
/// Macros that call macros, at most. A choice.
const MAX_DEPTH: u32 = 8;

/// The macros of a file, if one of them may declare modules.
#[derive(Default)]
pub(super) struct ModuleMakers {
    macros: FxHashMap<Name, Arc<MacroRules>>,
    /// Whether these are of other files, so that a call may name the crate, too.
    shared: bool,
    made: usize,
    depth: u32,
}

impl ModuleMakers {
    pub(super) fn of(tree: &ItemTree) -> Self {
        if !declares_modules(tree) {
            return Self::default();
        }
        let macros =
            rules(tree).filter_map(|(name, tokens)| Some((name, Arc::new(MacroRules::parse(tokens)?))));
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
        let near = path.segments.len() == 1 || self.shared;
        let rules = self.macros.get(&path.segments.last().name).filter(|_| near)?.clone();
        let arguments = tree.tokens(tree[call].tokens?);
        if self.made >= MAX_TOKENS {
            return None;
        }
        let tokens = rules.expand(arguments, ustr("crate"), path.line)?;
        self.made += tokens.len();
        parse_fragment(&tokens, Fragment::Items)
    }
}

/// The macros of all files that declare modules, and those that they may call.
pub(super) struct SharedMakers<'a> {
    /// Directories of packages.
    packages: &'a BTreeSet<&'a str>,
    of_name: FxHashMap<Name, Vec<Shared<'a>>>,
}

/// A macro, and where it can be called.
struct Shared<'a> {
    file: &'a str,
    exported: bool,
    declares: bool,
    rules: Arc<MacroRules>,
}

impl<'a> SharedMakers<'a> {
    /// `None` where no macro declares a module.
    pub(super) fn of(
        files: impl Iterator<Item = (&'a str, &'a ItemTree)>,
        packages: &'a BTreeSet<&'a str>,
    ) -> Option<Self> {
        let mut of_name: FxHashMap<Name, Vec<Shared<'a>>> = FxHashMap::default();
        let mut files: Vec<_> = files.filter(|(_, tree)| declares_modules(tree)).collect();
        files.sort_by_key(|&(file, _)| file);
        for (file, tree) in files {
            for node in &tree.items {
                let NodeKind::Macro(at) = node.kind else { continue };
                let tokens = tree.tokens(at);
                let Some(rules) = MacroRules::parse(tokens) else { continue };
                of_name.entry(node.name).or_default().push(Shared {
                    file,
                    exported: node.flags.macro_export,
                    declares: tokens.iter().any(|token| token.kind == MOD_KW),
                    rules: Arc::new(rules),
                });
            }
        }
        (!of_name.is_empty()).then_some(Self { packages, of_name })
    }

    /// Those that calls of a file may mean, if one of them may declare modules: of its own package, else of another one.
    pub(super) fn for_file(&self, file: &str, tree: &ItemTree) -> Option<ModuleMakers> {
        let own = self.package(file);
        let mut called = tree.macros.iter().map(|call| tree[call.path].segments.last().name);
        let declares = |name: &Name| self.of_name.get(name).is_some_and(|all| all.iter().any(|s| s.declares));
        if !called.any(|name| declares(&name)) {
            return None;
        }
        let means = |all: &Vec<Shared<'_>>| {
            let mut others = all.iter().filter(|shared| shared.file != file);
            let near = others.clone().find(|shared| self.package(shared.file) == own);
            near.or_else(|| others.find(|shared| shared.exported)).map(|shared| shared.rules.clone())
        };
        let macros = self.of_name.iter().filter_map(|(&name, all)| Some((name, means(all)?)));
        Some(ModuleMakers { macros: macros.collect(), shared: true, ..ModuleMakers::default() })
    }

    fn package(&self, file: &str) -> Option<&'a str> {
        above(file).find_map(|dir| self.packages.get(dir).copied())
    }
}

fn declares_modules(tree: &ItemTree) -> bool {
    rules(tree).any(|(_, tokens)| tokens.iter().any(|token| token.kind == MOD_KW))
}

fn rules(tree: &ItemTree) -> impl Iterator<Item = (Name, &[Token])> {
    tree.items.iter().filter_map(|node| match node.kind {
        NodeKind::Macro(rules) => Some((node.name, tree.tokens(rules))),
        _ => None,
    })
}
