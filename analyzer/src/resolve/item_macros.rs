//! Macro calls in item position: expanded where the macro is known, hoisted where only its arguments are.

use std::sync::Arc;

use ustr::ustr;

use super::collect::{Collector, MAX_MODULE_DEPTH, Pending, Place};
use super::def::{Def, DefId, LooseCall, Ns, TreeId, TreeRef};
use super::path::crate_marker;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::parse::tree::{MacroArgs, MacroId, Name, NodeKind};
use crate::parse::{Fragment, Location, MacroRules, declared_items, parse_fragment};

/// Macro calls expanded in item position at most, in the whole repository: two orders of magnitude above what a large one
/// has (a choice). A macro that calls itself twice would go on for ever.
const MAX_EXPANDED: usize = 200_000;
/// Macros may call macros; deeper is taken for endless.
const MAX_EXPANSION_DEPTH: u32 = 64;

impl<'a> Collector<'a> {
    /// A macro call inside an `impl` or trait.
    pub(super) fn assoc_call(
        &mut self,
        place: &Place,
        tree: &TreeRef<'a>,
        call: MacroId,
        parent: DefId,
        test: bool,
    ) {
        let mut done = false;
        let path = &tree[tree[call].path];
        if let ([segment], true) = (&path.segments[..], place.expansions < MAX_EXPANSION_DEPTH)
            && let Some(def) = self.world.legacy_macro(place.legacy, segment.name)
            && let Some(expanded) = self.expand(place, tree, call, def, Fragment::AssocItems)
        {
            let inner = Place { tree: expanded, expansions: place.expansions + 1, ..place.clone() };
            let top = self.world.tree(expanded).top.clone();
            self.assoc_items(&inner, &top, parent, test);
            done = true;
        }
        self.loose(place, call, Some(parent), test, done);
    }

    pub(super) fn loose(
        &mut self,
        place: &Place,
        call: MacroId,
        owner: Option<DefId>,
        test: bool,
        done: bool,
    ) {
        let (module, tree, legacy) = (place.module, place.tree, place.legacy);
        let index = u32::try_from(self.world.calls.len()).unwrap_or(u32::MAX);
        self.world.modules[module].calls.push(index);
        let compiled = place.compiled;
        self.world.calls.push(LooseCall { owner, tree, call, test, legacy, done, compiled });
    }

    /// A macro call at module level.
    pub(super) fn call(&mut self, place: &mut Place, tree: &TreeRef<'a>, call: MacroId, test: bool) {
        let path = &tree[tree[call].path];
        let last = path.segments.last();
        if path.segments.len() == 1 {
            if let Some(def) = self.world.legacy_macro(place.legacy, last.name) {
                self.expand_items(place, tree, call, def, test);
                return;
            }
            if last.name == "include" {
                self.include(place, tree, call, test);
                return;
            }
        }
        self.pending.push(Pending { place: place.clone(), call, test });
    }

    /// A macro call that isn't compiled: expanded only where that is to pass its arguments on.
    pub(super) fn left_out_call(&mut self, place: &Place, tree: &TreeRef<'a>, call: MacroId, test: bool) {
        let path = &tree[tree[call].path];
        let single = Some(path.segments.last()).filter(|_| path.segments.len() == 1);
        let def = single.and_then(|s| self.world.legacy_macro(place.legacy, s.name));
        let passes = def.is_some_and(|def| self.rules(def).and_then(|r| r.pass_through()).is_some());
        match &tree[call].args {
            MacroArgs::Items(items) if passes => {
                self.loose(place, call, None, test, true);
                self.items(&mut Place { test, ..place.clone() }, items);
            }
            _ => self.loose(place, call, None, test, false),
        }
    }

    pub(super) fn include(&mut self, place: &mut Place, tree: &TreeRef<'a>, call: MacroId, test: bool) {
        let sources = self.world.sources;
        let path = &sources.files[self.world.file_of(place.tree)].path;
        let argument = tree[call].tokens.map(|range| tree.text(range)).unwrap_or_default();
        let found = sources.included(path, &argument).iter().find_map(|p| sources.file(p));
        match found {
            Some(_) if place.depth >= MAX_MODULE_DEPTH => {
                self.too_deep(place, "what is included here", tree[tree[call].path].line);
            }
            Some(file) => {
                let tree = TreeId(file.0);
                let items = self.world.tree(tree).top.clone();
                let location = Location::of_file(&sources.files[file].path, true);
                let depth = place.depth + 1;
                let mut inner = Place { tree, location, test, depth, ..place.clone() };
                self.items(&mut inner, &items);
                place.legacy = inner.legacy;
            }
            _ if argument.contains("OUT_DIR") => {
                let line = tree[tree[call].path].line;
                let message = "includes code that a build script makes; build once to have it analysed";
                let problem = Diagnostic::new(Severity::Info, Code::GeneratedCode, message);
                self.diagnostics.push(problem.at(path.clone()).line(line));
            }
            _ => {}
        }
    }

    /// Expands a call whose macro is known; the items it makes join the module.
    pub(super) fn expand_items(
        &mut self,
        place: &mut Place,
        tree: &TreeRef<'a>,
        call: MacroId,
        def: DefId,
        test: bool,
    ) {
        if place.expansions >= MAX_EXPANSION_DEPTH {
            return;
        }
        let pass = self.rules(def).and_then(|r| r.pass_through()).cloned();
        if let (Some(pass), MacroArgs::Items(items)) = (pass, &tree[call].args) {
            self.loose(place, call, None, test, true);
            let arguments = tree[call].tokens.map(|range| tree.tokens(range)).unwrap_or_default();
            let cfgs: Vec<Name> = pass.predicates(arguments).iter().map(|c| ustr(c)).collect();
            let (active, test_only) = self.cfg(self.package(place.module), &cfgs);
            if active {
                let saved = std::mem::replace(&mut place.test, test || test_only);
                self.items(place, items);
                place.test = saved;
            } else {
                self.items(&mut Place { compiled: false, test, ..place.clone() }, items);
            }
            return;
        }
        if let Some(expanded) = self.expand(place, tree, call, def, Fragment::Items) {
            self.loose(place, call, None, test, true);
            let (saved_tree, saved_test) = (place.tree, place.test);
            (place.tree, place.test) = (expanded, test);
            place.expansions += 1;
            let top = self.world.tree(expanded).top.clone();
            self.items(place, &top);
            place.expansions -= 1;
            (place.tree, place.test) = (saved_tree, saved_test);
        } else {
            let items = matches!(tree[call].args, MacroArgs::Items(_));
            self.loose(place, call, None, test, items);
            self.hoist(place, tree, call, test);
        }
    }

    /// Takes the arguments of a macro that can't be expanded for the items it makes.
    pub(super) fn hoist(&mut self, place: &mut Place, tree: &TreeRef<'a>, call: MacroId, test: bool) {
        if let MacroArgs::Items(items) = &tree[call].args {
            let saved = std::mem::replace(&mut place.test, test);
            self.items(place, items);
            place.test = saved;
        }
    }

    pub(super) fn rules(&mut self, def: DefId) -> Option<&MacroRules> {
        if !self.world.rules.contains_key(&def) {
            let NodeKind::Macro(rules) = self.world.node(def).kind else { return None };
            let tree = self.world.tree(self.world.defs[def].tree);
            let rules = MacroRules::parse(tree.tokens(rules))?;
            self.world.rules.insert(def, rules);
        }
        self.world.rules.get(&def)
    }

    pub(super) fn expand(
        &mut self,
        place: &Place,
        tree: &TreeRef<'a>,
        call: MacroId,
        def: DefId,
        fragment: Fragment,
    ) -> Option<TreeId> {
        let line = tree[tree[call].path].line;
        if self.world.trees.len() > self.world.sources.files.len() + MAX_EXPANDED {
            self.tell_limit(place, line);
            return None;
        }
        let marker = crate_marker(self.world.modules[self.world.defs[def].module].krate);
        let tokens = self.rules(def)?.expand(tree.tokens(tree[call].tokens?), ustr(&marker), line)?;
        let expanded = parse_fragment(&tokens, fragment)?;
        let id = TreeId(u32::try_from(self.world.trees.len()).ok()?);
        self.world.trees.push(TreeRef::Expanded(Arc::new(expanded)));
        let file = self.world.file_of(place.tree);
        self.world.tree_files.push(file);
        Some(id)
    }

    fn tell_limit(&mut self, place: &Place, line: u32) {
        if self.diagnostics.iter().any(|told| told.code == Code::MacroLimit) {
            return;
        }
        let message = format!(
            "more than {MAX_EXPANDED} macro calls make items: from here on they aren't expanded, and what they would declare is missing"
        );
        let file = &self.world.sources.files[self.world.file_of(place.tree)].path;
        let problem = Diagnostic::new(Severity::Warning, Code::MacroLimit, message);
        self.diagnostics.push(problem.at(file.clone()).line(line));
    }

    /// Tries again the macro calls that only paths can find. Whether anything came of it.
    pub(super) fn expand_pending(&mut self) -> bool {
        let mut changed = false;
        for mut pending in std::mem::take(&mut self.pending) {
            let tree = self.world.tree(pending.place.tree).clone();
            let path = &tree[tree[pending.call].path];
            let names: Vec<Name> = path.segments.names();
            match self.world.resolve(pending.place.module, &names, path.global, Ns::Macros) {
                Some(Def::Item(def)) => {
                    let test = pending.test;
                    self.expand_items(&mut pending.place, &tree, pending.call, def, test);
                    changed = true;
                }
                _ => self.pending.push(pending),
            }
        }
        changed
    }

    /// Gives up on the macro calls that are left: they come from other packages, or from nowhere.
    pub(super) fn settle_pending(&mut self) -> bool {
        let mut changed = false;
        for mut pending in std::mem::take(&mut self.pending) {
            let tree = self.world.tree(pending.place.tree).clone();
            let items = matches!(tree[pending.call].args, MacroArgs::Items(_));
            self.loose(&pending.place, pending.call, None, pending.test, items);
            let test = pending.test;
            self.hoist(&mut pending.place, &tree, pending.call, test);
            changed |= items || self.declared(&mut pending.place, &tree, pending.call, test);
        }
        changed
    }

    /// Takes the names that a call of another package's macro declares.
    fn declared(&mut self, place: &mut Place, tree: &TreeRef<'a>, call: MacroId, test: bool) -> bool {
        let (MacroArgs::Parts(_), Some(range)) = (&tree[call].args, tree[call].tokens) else { return false };
        let name = tree[tree[call].path].segments.last().name;
        let items = declared_items(name.as_str(), tree.tokens(range));
        let Some(made) = parse_fragment(&items, Fragment::Items).filter(|_| !items.is_empty()) else {
            return false;
        };
        let Ok(id) = u32::try_from(self.world.trees.len()) else { return false };
        let top = made.top.clone();
        let file = self.world.file_of(place.tree);
        self.world.trees.push(TreeRef::Expanded(Arc::new(made)));
        self.world.tree_files.push(file);
        let mut inner = Place { tree: TreeId(id), test, ..place.clone() };
        self.items(&mut inner, &top);
        true
    }
}
