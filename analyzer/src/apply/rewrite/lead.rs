//! Where a written path leads once a plan is carried out, and what is to be written in its place.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use super::layout::{Layout, Widened};
use super::statements::named;
use super::widen::WrittenMacros;
use crate::apply::source::syntax::{Decl, DeclKind, Leaf, Segment, Use};
use crate::apply::source::tree::{ROOT, Tree};
use crate::ids::{PlanCrateId, SourceModuleId};

/// What becomes of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::apply) enum Lead {
    /// It means in its crate what it meant.
    Same,
    /// Its first segments become another path.
    Write { segments: usize, path: String },
    /// It leads to a crate above.
    Above(PlanCrateId),
}

/// Paths over a tree and a plan for it.
pub(in crate::apply) struct Leads<'a> {
    pub(in crate::apply) tree: &'a Tree,
    pub(in crate::apply) layout: &'a Layout,
    /// What becomes public.
    pub(in crate::apply) widened: &'a Widened,
    /// Macros that are exported, by the plan or already.
    pub(in crate::apply) exported: &'a dyn Fn(SourceModuleId, &str) -> bool,
    /// Those of them that other macros declare.
    pub(super) written_macros: &'a WrittenMacros,
    /// Modules that a crate holds only in part, and names as a whole.
    pub(in crate::apply) aliased: RefCell<BTreeSet<(PlanCrateId, SourceModuleId)>>,
    /// Modules for tests alone that code of another crate names: each crate gets a copy.
    pub(in crate::apply) doubled: RefCell<BTreeSet<(PlanCrateId, SourceModuleId)>>,
    /// Whether paths are those of tests, which may have dev-dependencies on crates above.
    pub(super) tests: Cell<bool>,
    /// Crates that tests name above their own.
    pub(super) above_tests: RefCell<BTreeSet<(PlanCrateId, PlanCrateId)>>,
    /// Likewise single macros.
    pub(in crate::apply) doubled_macros: RefCell<BTreeSet<(PlanCrateId, SourceModuleId, String)>>,
}

/// Re-exports that are followed one after the other.
const DEPTH: usize = 8;

/// What a name in a module stands for.
enum Meaning<'a> {
    /// Something that the module defines, or a macro writes there.
    Item(PlanCrateId),
    /// A macro, which is found at the root of its crate.
    Exported(PlanCrateId),
    /// An import.
    Import(&'a Use, &'a Leaf),
}

impl<'a> Leads<'a> {
    /// Where a path leads that code of `module`, in `krate`, has written.
    pub(in crate::apply) fn of(
        &self,
        module: SourceModuleId,
        segments: &[Segment],
        krate: PlanCrateId,
    ) -> Lead {
        let names: Vec<&str> = segments.iter().map(|s| s.name.as_str()).collect();
        match self.base(module, &names) {
            Some((base, at)) if self.layout.crates[krate].residual => {
                // All is where it was, but for what another crate has for its tests.
                self.double(self.walk(base, &names, at).0, krate);
                Lead::Same
            }
            Some((base, at)) => self.from(base, &names, at, krate, DEPTH),
            None => Lead::Same,
        }
    }

    /// Whether a module is one for tests of another crate, of which this one gets a copy.
    fn double(&self, module: SourceModuleId, krate: PlanCrateId) -> bool {
        let for_tests =
            |id: &SourceModuleId| self.tree.modules[*id].decl.as_ref().is_some_and(|decl| decl.for_tests);
        let parent = |id: &SourceModuleId| self.tree.modules[*id].parent;
        let found = std::iter::successors(Some(module), parent).find(for_tests);
        let other = found.filter(|&found| self.layout.home[found] != krate);
        if let Some(module) = other {
            self.doubled.borrow_mut().insert((krate, module));
        }
        other.is_some()
    }

    /// Likewise for the module of a macro that is there for tests alone.
    pub(in crate::apply) fn double_macro(&self, name: &str, krate: PlanCrateId) {
        let has = |id: &SourceModuleId| {
            let decls = &self.tree.modules[*id].body.decls;
            decls.iter().any(|d| d.kind == DeclKind::Macro && d.name == name)
        };
        let found: Vec<SourceModuleId> = self.tree.modules.ids().filter(has).collect();
        if let Some(&module) = found.first()
            && found.iter().all(|&module| self.layout.home[module] != krate)
            && !self.double(module, krate)
            && self.macro_for_tests(module, name).is_some()
        {
            self.doubled_macros.borrow_mut().insert((krate, module, name.to_owned()));
        }
    }

    /// A macro that is compiled for tests alone.
    pub(in crate::apply) fn macro_for_tests(&self, module: SourceModuleId, name: &str) -> Option<&'a Decl> {
        let body = &self.tree.modules[module].body;
        let text = &self.tree.file_of(module).text;
        let head = |d: &Decl| {
            text[d.item.clone()].split("macro_rules").next().unwrap_or_default().contains("cfg(test)")
        };
        body.decls.iter().find(|d| d.kind == DeclKind::Macro && d.name == name && head(d))
    }

    /// The module that a path begins at, and the segments that say so.
    fn base(&self, module: SourceModuleId, names: &[&str]) -> Option<(SourceModuleId, usize)> {
        let mut at = 0;
        let mut base = module;
        match *names.first()? {
            "crate" => return Some((ROOT, 1)),
            "self" => at = 1,
            "super" => {}
            _ => return None,
        }
        while names.get(at) == Some(&"super") {
            base = self.tree.modules[base].parent?;
            at += 1;
        }
        Some((base, at))
    }

    /// The module that the segments lead to, and how many do.
    fn walk(&self, base: SourceModuleId, names: &[&str], at: usize) -> (SourceModuleId, usize) {
        let (mut module, mut at) = (base, at);
        while let Some(child) = names.get(at).and_then(|name| self.tree.child(module, name)) {
            // What has the name of a private module, and is re-exported from it, is meant rather than the module.
            let last = names.get(at + 1).is_none_or(|next| *next == "self");
            if last && self.is_shadowed(module, child) {
                break;
            }
            module = child;
            at += 1;
        }
        (module, at)
    }

    /// Whether the module around re-exports something by the name of a module that only it sees.
    fn is_shadowed(&self, around: SourceModuleId, child: SourceModuleId) -> bool {
        let Some(decl) = self.tree.modules[child].decl.as_ref().filter(|decl| decl.vis.is_empty()) else {
            return false;
        };
        let uses = self.tree.modules[around].body.uses.iter().filter(|u| !u.vis.is_empty());
        let mut leaves = uses.flat_map(|u| &u.leaves);
        leaves.any(|leaf| !leaf.is_glob() && leaf.name() == decl.name)
    }

    fn from(
        &self,
        base: SourceModuleId,
        names: &[&str],
        at: usize,
        krate: PlanCrateId,
        depth: usize,
    ) -> Lead {
        let (module, at) = self.walk(base, names, at);
        if self.double(module, krate) {
            return Lead::Same;
        }
        let Some(name) = names.get(at).filter(|name| !["self", "*"].contains(name)) else {
            return self.module(module, at, krate);
        };
        match self.meaning(module, name, depth) {
            Meaning::Item(owner) => match self.view(owner, krate) {
                View::Own => Lead::Same,
                View::Below => Lead::Write { segments: at, path: self.path_in(owner, module) },
                View::Above => Lead::Above(owner),
            },
            Meaning::Exported(owner) => match self.view(owner, krate) {
                View::Own => Lead::Same,
                View::Below => Lead::Write { segments: at, path: self.layout.crates[owner].lib_name() },
                View::Above => Lead::Above(owner),
            },
            Meaning::Import(statement, leaf) => {
                let home = self.layout.home[module];
                if home == krate {
                    return Lead::Same;
                }
                let kept = self.view(home, krate) == View::Below
                    && self.is_shown(module, statement)
                    && depth > 0
                    && !matches!(self.leaf(module, leaf, home, depth - 1), Lead::Above(_));
                if kept {
                    return Lead::Write { segments: at, path: self.path_in(home, module) };
                }
                match self.absolute(module, (statement, leaf), name, krate, depth) {
                    Some(path) => Lead::Write { segments: at + 1, path },
                    None => Lead::Above(home),
                }
            }
        }
    }

    /// Whether other crates may name what an import brings in.
    fn is_shown(&self, module: SourceModuleId, statement: &Use) -> bool {
        let file = self.tree.modules[module].file;
        let becomes = !statement.vis.is_empty() && self.widened.contains(&(file, statement.bytes.start));
        statement.vis == "pub" || becomes
    }

    /// A path that ends at a module.
    fn module(&self, module: SourceModuleId, segments: usize, krate: PlanCrateId) -> Lead {
        let home = self.layout.home[module];
        if home == krate {
            return Lead::Same;
        }
        if self.layout.holders[module].contains(&krate) && module != ROOT {
            self.aliased.borrow_mut().insert((krate, module));
            return Lead::Same;
        }
        let providers = self.layout.providers(module, krate);
        let chosen = providers.iter().find(|&&other| other == home).or(providers.first());
        match chosen {
            Some(&owner) => Lead::Write { segments, path: self.path_in(owner, module) },
            None if self.view(home, krate) == View::Below => {
                Lead::Write { segments, path: self.path_in(home, module) }
            }
            None => Lead::Above(home),
        }
    }

    /// What a leaf of an import leads to, seen from a crate.
    pub(in crate::apply) fn of_leaf(&self, module: SourceModuleId, leaf: &Leaf, krate: PlanCrateId) -> Lead {
        if self.layout.crates[krate].residual {
            let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
            if let Some((base, at)) = self.base(module, &names) {
                self.double(self.walk(base, &names, at).0, krate);
            }
            return Lead::Same;
        }
        self.leaf(module, leaf, krate, DEPTH)
    }

    fn leaf(&self, module: SourceModuleId, leaf: &Leaf, krate: PlanCrateId, depth: usize) -> Lead {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        if let Some((base, at)) = self.base(module, &names) {
            return self.from(base, &names, at, krate, depth);
        }
        match self.tree.child(module, names[0]) {
            // In the module itself the declaration is where it was, unless it is above.
            Some(_) if self.layout.home[module] == krate => {
                match self.from(module, &names, 0, krate, depth) {
                    Lead::Above(above) => Lead::Above(above),
                    _ => Lead::Same,
                }
            }
            Some(_) => self.from(module, &names, 0, krate, depth),
            None => Lead::Same,
        }
    }

    /// The whole path that an import of a module stands for, as a crate has to write it.
    fn absolute(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        name: &str,
        krate: PlanCrateId,
        depth: usize,
    ) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let mut names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        if leaf.is_glob() {
            names.pop();
            names.push(name);
        } else if names.len() > 1 && names.last() == Some(&"self") {
            names.pop();
        }
        let base = self.base(module, &names);
        let child = self.tree.child(module, names[0]).map(|_| (module, 0));
        let Some((base, at)) = base.or(child) else {
            let colon = if statement.colon { "::" } else { "" };
            return Some(format!("{colon}{}", names.join("::")));
        };
        match self.from(base, &names, at, krate, depth) {
            Lead::Write { segments, path } => {
                Some([&[path.as_str()], &names[segments.min(names.len())..]].concat().join("::"))
            }
            Lead::Same => {
                let (end, at) = self.walk(base, &names, at);
                let inner = self.tree.inner_path(end);
                let start = if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
                Some([&[start.as_str()], &names[at..]].concat().join("::"))
            }
            Lead::Above(_) => None,
        }
    }

    /// A path of code of a module, as code at the root of a crate writes it.
    pub(in crate::apply) fn path_from(
        &self,
        module: SourceModuleId,
        segments: &[Segment],
        krate: PlanCrateId,
    ) -> Option<String> {
        let names: Vec<&str> = segments.iter().map(|s| s.name.as_str()).collect();
        let child = || self.tree.child(module, names[0]).map(|_| (module, 0));
        let (base, at) = self.base(module, &names).or_else(child)?;
        let rooted = |end: SourceModuleId, at: usize| {
            let inner = self.tree.inner_path(end);
            let start = if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
            [&[start.as_str()], &names[at.min(names.len())..]].concat().join("::")
        };
        let (end, walked) = self.walk(base, &names, at);
        Some(match self.from(base, &names, at, krate, DEPTH) {
            Lead::Write { segments, path } => {
                [&[path.as_str()], &names[segments.min(names.len())..]].concat().join("::")
            }
            Lead::Same | Lead::Above(_) => rooted(end, walked),
        })
    }

    /// Likewise what a leaf of an import brings in, each with its new name. Of a glob over a module of another crate it is what is
    /// wanted of it: that may be private there, or an import.
    pub(in crate::apply) fn leaf_from(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        krate: PlanCrateId,
        words: &BTreeSet<&str>,
    ) -> Vec<(String, String)> {
        self.leaf_within(module, (statement, leaf), krate, words, DEPTH)
    }

    fn leaf_within(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        krate: PlanCrateId,
        words: &BTreeSet<&str>,
        depth: usize,
    ) -> Vec<(String, String)> {
        if leaf.is_glob()
            && depth > 0
            && let Some(behind) = self.behind_glob(module, leaf)
            && behind != module
            && self.layout.home[behind] != krate
        {
            let body = &self.tree.modules[behind].body;
            let decls =
                body.decls.iter().filter(|d| d.kind == DeclKind::Item && words.contains(d.name.as_str()));
            let own = decls.map(|d| (self.exposed(behind, &d.name, krate), String::new()));
            // What the module itself has by an import nobody else sees there.
            let leaves = body.uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
            let imported = leaves.filter(|(_, leaf)| leaf.is_glob() || words.contains(leaf.name()));
            let imported =
                imported.flat_map(|(u, leaf)| self.leaf_within(behind, (u, leaf), krate, words, depth - 1));
            return own.chain(imported.collect::<Vec<_>>()).collect();
        }
        let path = self.path_from(module, &leaf.segments, krate);
        let path = path.map(|path| path.trim_end_matches("::self").to_owned());
        vec![named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)))]
    }

    /// Whether other crates see a module in the one around it: it is public, becomes so, or is declared afresh.
    pub(in crate::apply) fn is_public(&self, module: SourceModuleId) -> bool {
        let data = &self.tree.modules[module];
        let Some(parent) = data.parent else { return true };
        let afresh = parent == ROOT || self.layout.home[parent] != self.layout.home[module];
        let decls = &self.tree.modules[parent].body.decls;
        let mut of_module = decls.iter().filter(|d| {
            d.kind == DeclKind::Module && data.decl.as_ref().is_some_and(|decl| decl.name == d.name)
        });
        let file = self.tree.modules[parent].file;
        afresh || of_module.any(|d| d.public || self.widened.contains(&(file, d.vis.start)))
    }

    fn is_reachable(&self, module: SourceModuleId) -> bool {
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        std::iter::successors(Some(module), parent).all(|module| self.is_public(module))
    }

    /// The path of an item by which others can name it: its own, or that of a re-export in a module around.
    fn exposed(&self, module: SourceModuleId, name: &str, krate: PlanCrateId) -> String {
        let owner = self.layout.of_item(module, name);
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        let around = std::iter::successors(Some(module), parent).find(|&around| {
            let uses = self.tree.modules[around].body.uses.iter().filter(|u| !u.vis.is_empty());
            let mut leaves = uses.flat_map(|u| &u.leaves);
            self.layout.home[around] == owner
                && self.is_reachable(around)
                && leaves.any(|leaf| leaf.name() == name)
        });
        let shown = around.filter(|_| !self.is_reachable(module)).unwrap_or(module);
        format!("{}::{name}", self.path_for(krate, owner, shown))
    }

    /// The path of a module of `owner` as code of a crate writes it.
    fn path_for(&self, krate: PlanCrateId, owner: PlanCrateId, module: SourceModuleId) -> String {
        match (owner == krate, self.tree.inner_path(module)) {
            (false, _) => self.path_in(owner, module),
            (true, "") => "crate".to_owned(),
            (true, inner) => format!("crate::{inner}"),
        }
    }

    fn meaning(&self, module: SourceModuleId, name: &str, depth: usize) -> Meaning<'a> {
        let body = &self.tree.modules[module].body;
        let defined = |kind: DeclKind| matches!(kind, DeclKind::Item | DeclKind::Macro);
        if let Some(decl) = body.decls.iter().find(|d| d.name == name && defined(d.kind)) {
            let owner = self.layout.of_item(module, name);
            let exported = decl.kind == DeclKind::Macro && (self.exported)(module, name);
            return if exported { Meaning::Exported(owner) } else { Meaning::Item(owner) };
        }
        let leaves = || body.uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
        if let Some((statement, leaf)) = leaves().find(|(_, leaf)| leaf.name() == name && !leaf.is_glob()) {
            return Meaning::Import(statement, leaf);
        }
        if let Some((statement, leaf)) =
            leaves().find(|(_, leaf)| leaf.is_glob() && self.glob_has(module, leaf, name, depth))
        {
            return Meaning::Import(statement, leaf);
        }
        if module == ROOT
            && let Some(owner) = self.macro_owner(name)
        {
            return Meaning::Exported(owner);
        }
        // What nobody declares may come by a glob of another package.
        let foreign = |leaf: &Leaf| leaf.is_glob() && self.behind_glob(module, leaf).is_none();
        let written = self.layout.moved.iter().any(|m| m.module == module && m.arguments.contains(name));
        match leaves().find(|(u, leaf)| foreign(leaf) && !u.vis.is_empty()) {
            Some((statement, leaf)) if !written => Meaning::Import(statement, leaf),
            _ => Meaning::Item(self.layout.of_item(module, name)),
        }
    }

    /// The crate of an exported macro.
    pub(in crate::apply) fn macro_owner(&self, name: &str) -> Option<PlanCrateId> {
        let has = |module: &SourceModuleId| {
            let decls = &self.tree.modules[*module].body.decls;
            decls.iter().any(|d| d.kind == DeclKind::Macro && d.name == name)
                && (self.exported)(*module, name)
        };
        let written =
            || self.written_macros.iter().find(|(_, other)| other == name).map(|&(module, _)| module);
        let module = self.tree.modules.ids().find(has).or_else(written)?;
        Some(self.layout.of_item(module, name))
    }

    /// Whether the module behind a glob has a name.
    fn glob_has(&self, module: SourceModuleId, leaf: &Leaf, name: &str, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let Some(behind) = self.behind_glob(module, leaf).filter(|&behind| behind != module) else {
            return false;
        };
        let body = &self.tree.modules[behind].body;
        let declared = body.decls.iter().any(|d| d.name == name && d.kind == DeclKind::Item);
        let imported = || {
            let mut leaves = body.uses.iter().filter(|u| !u.vis.is_empty()).flat_map(|u| &u.leaves);
            leaves.any(|leaf| {
                if leaf.is_glob() { self.glob_has(behind, leaf, name, depth) } else { leaf.name() == name }
            })
        };
        declared || self.tree.child(behind, name).is_some() || imported()
    }

    /// The module that a glob opens, if it is one of the crate.
    pub(in crate::apply) fn behind_glob(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
    ) -> Option<SourceModuleId> {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        let child = || self.tree.child(module, names[0]).map(|_| (module, 0));
        let (base, at) = self.base(module, &names).or_else(child)?;
        let (found, at) = self.walk(base, &names, at);
        (names.get(at) == Some(&"*")).then_some(found)
    }

    pub(in crate::apply) fn view(&self, owner: PlanCrateId, krate: PlanCrateId) -> View {
        if owner == krate {
            View::Own
        } else if self.layout.crates[krate].below.contains(&owner) {
            View::Below
        } else if self.tests.get() {
            // A dev-dependency gives them what lies above.
            self.above_tests.borrow_mut().insert((krate, owner));
            View::Below
        } else {
            View::Above
        }
    }

    /// A path, or an import, as tests of a crate see it: what is above is theirs by a dev-dependency.
    pub(super) fn by_tests<T>(&self, seen: impl FnOnce() -> T) -> T {
        self.tests.set(true);
        let seen = seen();
        self.tests.set(false);
        seen
    }

    /// `other_crate::a::b`.
    pub(in crate::apply) fn path_in(&self, krate: PlanCrateId, module: SourceModuleId) -> String {
        let (name, inner) = (self.layout.crates[krate].lib_name(), self.tree.inner_path(module));
        if inner.is_empty() { name } else { format!("{name}::{inner}") }
    }
}

/// Where a crate lies, seen from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::apply) enum View {
    Own,
    Below,
    Above,
}
