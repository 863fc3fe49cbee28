//! Macro calls in item position: expanded where the macro is known, hoisted where only its arguments are.

use std::sync::Arc;

use ustr::ustr;

use super::collect::MAX_MODULE_DEPTH;
use super::collector::{Collector, Pending, Site};
use super::def::{Def, DefId, DefKind, LooseCall, Ns, TreeId, TreeRef};
use super::path::crate_marker;
use super::spending::Origin;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::{Id, ModuleId};
use crate::parse::tree::{MacroArgs, MacroId, Name, Token};
use crate::parse::{Fragment, Location, MacroRules, declared_items, is_paste, parse_fragment, pasted};

/// Macros may call macros; deeper is taken for endless. Twice what rustc allows where no `recursion_limit` is set
/// (<https://doc.rust-lang.org/reference/attributes/limits.html>).
const MAX_EXPANSION_DEPTH: u32 = 256;

impl<'a> Collector<'a> {
    /// A macro call inside an `impl` or trait.
    pub(in crate::resolve) fn assoc_call(
        &mut self,
        place: &Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        parent: DefId,
        test: bool,
    ) {
        let path = &tree[tree[call].path];
        let single = (path.segments.len() == 1).then(|| path.segments.last());
        let def = single.and_then(|segment| self.world.legacy_macro(place.legacy, segment.name));
        let expanded = match def {
            Some(def) => self.expand(place, tree, call, def, Fragment::AssocItems),
            None => self.paste(place, tree, call, Fragment::AssocItems),
        };
        if let Some(inner) = &expanded {
            let top = self.world.tree(inner.tree).top.clone();
            self.assoc_items(inner, &top, parent, test);
        }
        self.loose(place, call, Some(parent), test, expanded.is_some());
    }

    pub(in crate::resolve) fn loose(
        &mut self,
        place: &Site,
        call: MacroId,
        owner: Option<DefId>,
        test: bool,
        done: bool,
    ) {
        let (module, tree, legacy) = (place.module, place.tree, place.legacy);
        let index = u32::try_from(self.world.calls.len()).unwrap_or(u32::MAX);
        self.world.modules[module].calls.push(index);
        let compiled = place.compiled;
        self.world.calls.push(LooseCall { owner, tree, call, test, legacy, done, hoisted: false, compiled });
    }

    /// A macro call at module level.
    pub(in crate::resolve) fn call(
        &mut self,
        place: &mut Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        test: bool,
    ) {
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
        if is_paste(last.name) {
            let names: Vec<Name> = path.segments.iter().map(|s| s.name).collect();
            let found = self.world.resolve(place.module, &names, path.global, Ns::Macros);
            if matches!(found, Some(Def::Ext(_))) && self.paste_items(place, tree, call, test) {
                return;
            }
        }
        self.pending.push(Pending { place: place.clone(), call, test });
    }

    /// A macro call that isn't compiled: expanded only where that is to pass its arguments on.
    pub(in crate::resolve) fn left_out_call(
        &mut self,
        place: &Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        test: bool,
    ) {
        let path = &tree[tree[call].path];
        let single = Some(path.segments.last()).filter(|_| path.segments.len() == 1);
        let def = single.and_then(|s| self.world.legacy_macro(place.legacy, s.name));
        let passes = def.is_some_and(|def| self.rules(def).and_then(|r| r.pass_through()).is_some());
        match &tree[call].args {
            MacroArgs::Items(items) if passes => {
                self.loose(place, call, None, test, true);
                self.items(&mut Site { test, ..place.clone() }, items);
            }
            _ => self.loose(place, call, None, test, false),
        }
    }

    pub(in crate::resolve) fn include(
        &mut self,
        place: &mut Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        test: bool,
    ) {
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
                let krate = self.world.modules[place.module].krate;
                let copied = place.copied | self.hang(krate, file);
                let mut inner = Site { tree, location, test, depth, copied, ..place.clone() };
                self.items(&mut inner, &items);
                place.legacy = inner.legacy;
            }
            _ if argument.contains("OUT_DIR") => {
                self.world.modules[place.module].made_in_part = true;
                let line = tree[tree[call].path].line;
                let message = "includes code that a build script makes; build once to have it analysed";
                let problem = Diagnostic::new(Severity::Info, Code::GeneratedCode, message);
                self.diagnostics.push(problem.at(path.clone()).line(line));
            }
            _ => {}
        }
    }

    /// Expands a call whose macro is known; the items it makes join the module.
    pub(in crate::resolve) fn expand_items(
        &mut self,
        place: &mut Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        def: DefId,
        test: bool,
    ) {
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
                self.items(&mut Site { compiled: false, test, ..place.clone() }, items);
            }
            return;
        }
        let ended = self.spending.ended_calls();
        if let Some(inner) = self.expand(place, tree, call, def, Fragment::Items) {
            self.expanded_items(place, inner, call, test);
        } else if self.spending.ended_calls() > ended || self.spending.has_ended(place.origin) {
            // Walking it as a body would begin all over again.
            self.loose(place, call, None, test, true);
        } else {
            let items = matches!(tree[call].args, MacroArgs::Items(_));
            self.loose(place, call, None, test, items);
            self.hoist(place, tree, call, test);
        }
    }

    /// The items of an expansion join the module; macros that it defines are known after it. The call is theirs: they are there
    /// only where its macro is.
    fn expanded_items(&mut self, place: &mut Site, inner: Site, call: MacroId, test: bool) {
        let (of_call, first) = (self.world.calls.len(), self.world.defs.len());
        self.loose(place, call, None, test, true);
        let mut inner = Site { test, ..inner };
        let top = self.world.tree(inner.tree).top.clone();
        self.items(&mut inner, &top);
        place.legacy = inner.legacy;
        self.give(place.module, of_call, first);
    }

    /// Gives a call to the first of the module's items that it has made, counted from a definition on.
    fn give(&mut self, module: ModuleId, of_call: usize, first: usize) {
        let here = |def: &DefId| {
            let data = &self.world.defs[*def];
            data.module == module && data.kind != DefKind::Macro
        };
        let owner = (first..self.world.defs.len()).map(DefId::from_index).find(here);
        self.world.calls[of_call].owner = owner;
    }

    /// The items that a call of another package's `paste!` makes; whether it makes any.
    fn paste_items(&mut self, place: &mut Site, tree: &TreeRef<'a>, call: MacroId, test: bool) -> bool {
        let Some(inner) = self.paste(place, tree, call, Fragment::Items) else { return false };
        self.expanded_items(place, inner, call, test);
        true
    }

    /// Takes the arguments of a macro that can't be expanded for the items it makes.
    pub(in crate::resolve) fn hoist(
        &mut self,
        place: &mut Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        test: bool,
    ) {
        if let MacroArgs::Items(items) = &tree[call].args {
            // The call has just been noted.
            let of_call = self.world.calls.len() - 1;
            let first = self.world.defs.len();
            let saved = std::mem::replace(&mut place.test, test);
            self.items(place, items);
            place.test = saved;
            self.world.calls[of_call].hoisted = true;
            self.give(place.module, of_call, first);
        }
    }

    pub(in crate::resolve) fn rules(&mut self, def: DefId) -> Option<&MacroRules> {
        if !self.world.rules.contains_key(&def) {
            let rules = self.world.read_rules(def)?;
            self.world.rules.insert(def, rules);
        }
        self.world.rules.get(&def)
    }

    pub(in crate::resolve) fn expand(
        &mut self,
        place: &Site,
        tree: &TreeRef<'a>,
        call: MacroId,
        def: DefId,
        fragment: Fragment,
    ) -> Option<Site> {
        let origin = self.origin(place, tree, call)?;
        let line = tree[tree[call].path].line;
        let marker = crate_marker(self.world.modules[self.world.defs[def].module].krate);
        let tokens = self.rules(def)?.expand(tree.tokens(tree[call].tokens?), ustr(&marker), line)?;
        self.made(place, origin, &tokens, fragment)
    }

    /// Likewise for `paste!`, if that is what is called.
    fn paste(&mut self, place: &Site, tree: &TreeRef<'a>, call: MacroId, fragment: Fragment) -> Option<Site> {
        if !is_paste(tree[tree[call].path].segments.last().name) {
            return None;
        }
        let origin = self.origin(place, tree, call)?;
        self.made(place, origin, &pasted(tree.tokens(tree[call].tokens?)), fragment)
    }

    /// The written call that this one comes from, if it may lead to more.
    fn origin(&mut self, place: &Site, tree: &TreeRef<'a>, call: MacroId) -> Option<Origin> {
        let path = &tree[tree[call].path];
        let file = self.world.file_of(place.tree);
        let name = path.segments.last().name;
        let origin = place.origin.unwrap_or_else(|| self.spending.begin(name, file, path.line));
        let deep = place.expansions >= MAX_EXPANSION_DEPTH;
        if deep {
            self.spending.end(origin);
        }
        (!deep && self.spending.may_make(origin, 0)).then_some(origin)
    }

    /// Where the items of an expansion stand.
    fn made(&mut self, place: &Site, origin: Origin, tokens: &[Token], fragment: Fragment) -> Option<Site> {
        if !self.spending.may_make(origin, tokens.len()) {
            return None;
        }
        let made = parse_fragment(tokens, fragment)?;
        let tree = TreeId(u32::try_from(self.world.trees.len()).ok()?);
        self.world.trees.push(TreeRef::Expanded(Arc::new(made)));
        self.world.tree_files.push(self.world.file_of(place.tree));
        Some(Site { tree, expansions: place.expansions + 1, origin: Some(origin), ..place.clone() })
    }

    /// Reports the written calls that were ended.
    pub(in crate::resolve) fn report_ended_calls(&mut self) {
        let files = &self.world.sources.files;
        let ended = self.spending.ended().map(|(file, problem)| problem.at(files[file].path.clone()));
        self.diagnostics.extend(ended);
    }

    /// Tries again the macro calls that only paths can find. Whether anything came of it.
    pub(in crate::resolve) fn expand_pending(&mut self) -> bool {
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
                Some(Def::Ext(_))
                    if self.paste_items(&mut pending.place, &tree, pending.call, pending.test) =>
                {
                    changed = true;
                }
                _ => self.pending.push(pending),
            }
        }
        changed
    }

    /// Gives up on the macro calls that are left: they come from other packages, or from nowhere.
    pub(in crate::resolve) fn settle_pending(&mut self) -> bool {
        let mut changed = false;
        for mut pending in std::mem::take(&mut self.pending) {
            let tree = self.world.tree(pending.place.tree).clone();
            if self.paste_items(&mut pending.place, &tree, pending.call, pending.test) {
                changed = true;
                continue;
            }
            let items = matches!(tree[pending.call].args, MacroArgs::Items(_));
            self.loose(&pending.place, pending.call, None, pending.test, items);
            let test = pending.test;
            self.hoist(&mut pending.place, &tree, pending.call, test);
            changed |= items || self.declared(&mut pending.place, &tree, pending.call, test);
        }
        changed
    }

    /// Takes the names that a call of another package's macro declares.
    fn declared(&mut self, place: &mut Site, tree: &TreeRef<'a>, call: MacroId, test: bool) -> bool {
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
        let mut inner = Site { tree: TreeId(id), test, ..place.clone() };
        self.items(&mut inner, &top);
        true
    }
}
