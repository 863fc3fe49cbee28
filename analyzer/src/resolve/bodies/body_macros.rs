//! Macro calls in bodies: the macro is referred to, its expansion or its arguments are walked.

use super::walker::Walker;
use crate::parse::tree::{Expr, ExprId, ItemTree, MacroArgs, MacroId, MacroPart, Name, Token};
use crate::parse::{Fragment, MAX_DEPTH, is_paste, parse_fragment, parse_macro_arguments, pasted};
use crate::resolve::model::{RefKind, UnresolvedCause};
use crate::resolve::names::def::{Def, Ns};
use crate::resolve::names::path::{NAMES, crate_marker, marked_crate};
use crate::resolve::types::ty::Ty;

/// Macros in bodies may call macros; deeper is taken for endless.
const MAX_EXPANSION_DEPTH: u32 = 24;
/// Macro calls expanded in one item at most: a macro that calls itself twice would go on for ever. A choice, far above what
/// people write: macros that eat their arguments token by token expand once for each.
const MAX_EXPANDED: u32 = 10_000;

/// Deepest expression in which a macro call is still read: its arguments or expansion may be as deep again as a tree can be
/// (`parse::MAX_DEPTH`), and both together is what the stack carries.
const MAX_AROUND: u32 = MAX_DEPTH;

impl Walker<'_, '_, '_> {
    /// What a macro call's name means.
    pub(in crate::resolve) fn macro_def(&mut self, t: &ItemTree, id: MacroId) -> Option<Def> {
        let path = &t[t[id].path];
        let last = path.segments.last();
        let single = path.segments.len() == 1 && !path.global;
        let legacy = if single { self.types.world.legacy_macro(self.scope.legacy, last.name) } else { None };
        legacy.map(Def::Item).or_else(|| {
            let names: Vec<Name> = path.segments.names();
            let walk = self.types.walk(&self.cx(), &names, path.global, Ns::Macros)?;
            (walk.used == names.len()).then(|| walk.found.get(Ns::Macros))?
        })
    }

    /// Refers to the macro of a call whose arguments have been taken care of.
    pub(in crate::resolve) fn macro_name(&mut self, t: &ItemTree, id: MacroId) {
        let path = &t[t[id].path];
        let marked = marked_crate(path.segments.first().name).is_some();
        if let (Some(Def::Item(def)), false) = (self.macro_def(t, id), marked) {
            let around = std::mem::replace(&mut self.flags.expanded_path, path.from_body);
            self.refer(def, path.line, RefKind::Macro);
            self.flags.expanded_path = around;
        }
    }

    /// A macro call: the macro is referred to, its expansion or its arguments are walked.
    pub(in crate::resolve) fn macro_call(&mut self, t: &ItemTree, id: MacroId, expected: &Ty) -> Ty {
        let call = &t[id];
        let path = &t[call.path];
        let name = path.segments.last().name;
        let may_expand = self.may_expand();
        if path.segments.len() == 1 {
            let own = self.scope.block_macros.iter().rposition(|(own, _)| *own == name);
            if let Some(own) = own {
                self.tell_limit(may_expand, name, path.line);
                let arguments = call.tokens.map(|range| t.tokens(range));
                let rules = &self.scope.block_macros[own].1;
                let arguments = arguments.filter(|_| may_expand);
                let tokens = arguments.and_then(|args| rules.expand(args, NAMES.krate, path.line));
                return self.expansion(t, id, tokens, expected);
            }
        }
        let def = self.macro_def(t, id);
        match def {
            Some(Def::Item(def)) => {
                self.macro_name(t, id);
                self.tell_limit(may_expand, name, path.line);
                let krate = self.types.world.modules[self.types.world.defs[def].module].krate;
                let rules = self.types.rules(def);
                let args = call.tokens.map(|range| t.tokens(range));
                let tokens = if may_expand {
                    let marker = Name::from(&crate_marker(krate));
                    rules.zip(args).and_then(|(rules, args)| rules.expand(args, marker, path.line))
                } else {
                    None
                };
                self.expansion(t, id, tokens, expected)
            }
            Some(_) => {
                self.notes.external += 1;
                match call.tokens.filter(|_| may_expand && is_paste(name)) {
                    Some(arguments) => self.expansion(t, id, Some(pasted(t.tokens(arguments))), expected),
                    None => self.arguments(t, id, name, expected),
                }
            }
            None => {
                let names: Vec<Name> = path.segments.names();
                match self.types.walk(&self.cx(), &names, path.global, Ns::Macros) {
                    Some(walk) if walk.broken.is_some() => {
                        self.missing(&names, path.line, Ns::Macros, &walk);
                    }
                    _ if self.types.world.modules[self.scope.module].ext_glob.is_some() => {}
                    _ => self.unresolved(name.as_str(), path.line, UnresolvedCause::UnknownMacro),
                }
                self.arguments(t, id, name, expected)
            }
        }
    }

    /// Macros that call themselves end somewhere, and so do those that call themselves twice.
    fn may_expand(&self) -> bool {
        self.spent.expansions < MAX_EXPANSION_DEPTH
            && self.spent.expanded < MAX_EXPANDED
            && self.spent.depth < MAX_AROUND
    }

    /// Notes the first call of an item that is beyond the limits.
    fn tell_limit(&mut self, may_expand: bool, name: Name, line: u32) {
        if !may_expand && !std::mem::replace(&mut self.spent.limit_noted, true) {
            self.unresolved(name.as_str(), line, UnresolvedCause::MacroLimit);
        }
    }

    pub(in crate::resolve) fn expansion(
        &mut self,
        t: &ItemTree,
        id: MacroId,
        tokens: Option<Vec<Token>>,
        expected: &Ty,
    ) -> Ty {
        let tokens = tokens.filter(|tokens| self.spent.allowance.make(tokens.len()));
        let tree = tokens.and_then(|tokens| parse_fragment(&tokens, Fragment::Block));
        let Some(tree) = tree else { return self.arguments(t, id, NAMES.empty, expected) };
        let Some(last) = tree.exprs.len().checked_sub(1) else { return Ty::Unknown };
        let Expr::Block(block) = &tree[ExprId(u32::try_from(last).unwrap_or(u32::MAX))] else {
            return Ty::Unknown;
        };
        self.spent.expansions += 1;
        self.spent.expanded += 1;
        // Variables that the expansion declares are visible after it, so that no scope is opened for them.
        // Imports and items of the expansion stay too, until the block around is left.
        self.enter_block(&tree, block);
        for stmt in &block.stmts {
            self.stmt(&tree, stmt);
        }
        let ty = block.tail.map_or_else(Ty::unit, |tail| self.expr(&tree, tail, expected));
        self.spent.expansions -= 1;
        ty
    }

    /// Walks what a macro is given; the type of the macros that everybody knows.
    pub(in crate::resolve) fn arguments(
        &mut self,
        t: &ItemTree,
        id: MacroId,
        name: Name,
        expected: &Ty,
    ) -> Ty {
        let mut types = Vec::new();
        match &t[id].args {
            MacroArgs::Empty => {}
            MacroArgs::Unread => {
                let call = &t[id];
                let path = &t[call.path];
                let own = path.segments.last().name;
                let args = call.tokens.map(|range| t.tokens(range)).filter(|_| self.spent.depth < MAX_AROUND);
                match args.and_then(|args| parse_macro_arguments(own, args, path.line)) {
                    Some((tree, id)) => return self.arguments(&tree, id, name, expected),
                    None => self.tell_limit(false, own, path.line),
                }
            }
            MacroArgs::Items(items) => {
                for &item in items {
                    self.nested(t, item);
                }
            }
            MacroArgs::Block(block) => {
                types.push(self.block(t, block, &Ty::Unknown));
            }
            MacroArgs::Parts(parts) => {
                for part in &parts[..] {
                    types.push(self.part(t, part, if name == "vec" { expected.arg(0) } else { Ty::Unknown }));
                }
            }
        }
        self.macro_calls(t, id, name, &types);
        let first = types.into_iter().next().unwrap_or(Ty::Unknown);
        match name.as_str() {
            "vec" => Ty::ext("Vec", [first]).or(expected.clone()),
            "format" => Ty::ext("String", []),
            "matches" => Ty::ext("bool", []),
            "write" | "writeln" => Ty::ext("Result", [Ty::unit(), Ty::Unknown]),
            "pin" => Ty::ext("Pin", [first]),
            "dbg" | "ready" => first,
            "try" => crate::resolve::types::stdlib::tried(&first),
            _ => Ty::Unknown,
        }
    }

    pub(in crate::resolve) fn part(&mut self, t: &ItemTree, part: &MacroPart, expected: Ty) -> Ty {
        match part {
            MacroPart::Expr(e) => self.expr(t, *e, &expected),
            MacroPart::Match(pat, value, body) => {
                let mark = self.scope.locals.len();
                let ty = value.map_or(Ty::Unknown, |e| self.expr(t, e, &Ty::Unknown));
                self.bind(t, *pat, &ty);
                let ty = body.map_or(Ty::Unknown, |e| self.expr(t, e, &Ty::Unknown));
                self.scope.locals.truncate(mark);
                ty
            }
            MacroPart::Type(ty) => {
                self.type_ref(t, *ty);
                Ty::Unknown
            }
            MacroPart::Loose(path) => {
                let saved = std::mem::replace(&mut self.flags.loose, true);
                self.path_only(t, *path, Ns::Types);
                self.flags.loose = saved;
                Ty::Unknown
            }
            MacroPart::Shows(_) => Ty::Unknown,
        }
    }
}
