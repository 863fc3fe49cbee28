//! Where a written path leads once a plan is carried out, and what is to be written in its place.

pub(super) mod absolute;
mod doubles;
mod meaning;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use self::meaning::Meaning;
use super::layout::{Layout, Widened};
use super::public::written::WrittenMacros;
use crate::apply::source::syntax::{DeclKind, Leaf, Segment, Use};
use crate::apply::source::tokens::WrittenPath;
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
    /// Names of other packages that the plan knows modules to have, with the paths to write: calls of macros import them.
    pub(in crate::apply) of_packages: &'a BTreeMap<(SourceModuleId, String), String>,
    /// Modules that a crate holds only in part, and names as a whole.
    pub(in crate::apply) aliased: RefCell<BTreeSet<(PlanCrateId, SourceModuleId)>>,
    /// Modules for tests alone that code of another crate names: each crate gets a copy.
    pub(in crate::apply) doubled: RefCell<BTreeSet<(PlanCrateId, SourceModuleId)>>,
    /// Whether paths are those of tests, which may have dev-dependencies on crates above.
    pub(super) tests: Cell<bool>,
    /// Whether what is looked up is code that goes away: nothing is copied for it.
    pub(super) quiet: Cell<bool>,
    /// Crates that tests name above their own.
    pub(super) above_tests: RefCell<BTreeSet<(PlanCrateId, PlanCrateId)>>,
    /// Likewise single macros.
    pub(in crate::apply) doubled_macros: RefCell<BTreeSet<(PlanCrateId, SourceModuleId, String)>>,
    /// Likewise single items.
    pub(super) doubled_items: RefCell<BTreeSet<(PlanCrateId, SourceModuleId, String)>>,
}

/// Crates that come with the compiler: a crate without the standard library declares them at its root.
pub(in crate::apply) const BUILT_IN: [&str; 5] = ["alloc", "std", "core", "proc_macro", "test"];

/// Re-exports that are followed one after the other.
const DEPTH: usize = 8;

impl<'a> Leads<'a> {
    /// Where a path leads that code of `module`, in `krate`, has written. A macro may have the name of a module, or of what a
    /// glob brings in.
    pub(in crate::apply) fn of_path(
        &self,
        module: SourceModuleId,
        path: &WrittenPath,
        krate: PlanCrateId,
    ) -> Lead {
        let root = |name: &str| self.macro_owner(name).filter(|_| path.called);
        match &path.segments[..] {
            [first, name] if first.name == "crate" && !self.layout.crates[krate].residual => root(&name.name)
                .map_or_else(
                    || self.of(module, &path.segments, krate),
                    |owner| self.exported_by(owner, 1, krate),
                ),
            segments => self.of(module, segments, krate),
        }
    }

    /// Where a path leads that begins at an import of a module which lies in several crates; nothing if that import does.
    pub(in crate::apply) fn of_parted(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        segments: &[Segment],
        krate: PlanCrateId,
    ) -> Option<(usize, String)> {
        let names: Vec<&str> = segments.iter().map(|s| s.name.as_str()).collect();
        let behind = self.parted_behind(module, leaf, krate)?;
        match self.from(behind, &names, 1, krate, DEPTH) {
            Lead::Write { segments, path } if segments > 0 => Some((segments, path)),
            _ => None,
        }
    }

    /// The module that an import brings in, if that lies in several crates; what stays finds all of them where they were.
    pub(in crate::apply) fn parted_behind(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        krate: PlanCrateId,
    ) -> Option<SourceModuleId> {
        let is_parted = |behind: &SourceModuleId| self.layout.holders[*behind].len() > 1;
        let behind = || self.module_behind(module, leaf, leaf.name()).filter(is_parted);
        (!self.layout.crates[krate].residual).then(behind).flatten()
    }

    /// A macro that is found at the root of its crate, by a path of which so many segments stand before its name.
    fn exported_by(&self, owner: PlanCrateId, segments: usize, krate: PlanCrateId) -> Lead {
        match self.view(owner, krate) {
            View::Own => Lead::Same,
            View::Below => Lead::Write { segments, path: self.layout.crates[owner].lib_name() },
            View::Above => Lead::Above(owner),
        }
    }

    /// The same of segments that end at no call of a macro.
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

    /// Where a path leads that code of another package has written: its segments after the package's name. What the root imports
    /// is followed to the crate that has it.
    pub(in crate::apply) fn of_user(&self, names: &[&str]) -> Lead {
        let residual = self.layout.residual();
        let (module, at) = self.walk(ROOT, names, 0);
        let imported = names.get(at).filter(|name| !["self", "*"].contains(name)).and_then(|name| {
            let last = names.get(at + 1).is_none_or(|next| *next == "self");
            match self.meaning(module, (name, last), DEPTH) {
                Meaning::Import(statement, leaf) if self.layout.home[module] == residual => {
                    Some(self.absolute(module, (statement, leaf), name, residual, DEPTH))
                }
                _ => None,
            }
        });
        match imported {
            Some(Some(path)) if path.split("::").next() != Some("crate") => {
                Lead::Write { segments: at + 1, path }
            }
            Some(_) => Lead::Same,
            None => self.from(ROOT, names, 0, residual, DEPTH),
        }
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

    /// Likewise of a path in an import, which may begin at a module that lies in this one or comes by a glob.
    pub(in crate::apply) fn start(
        &self,
        module: SourceModuleId,
        names: &[&str],
    ) -> Option<(SourceModuleId, usize)> {
        self.declared_start(module, names).or_else(|| {
            let leaves = self.tree.modules[module].body.uses.iter().flat_map(|u| &u.leaves);
            let behind =
                leaves.filter(|leaf| leaf.is_glob()).filter_map(|leaf| self.behind_glob(module, leaf));
            let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
            let seen = |&behind: &SourceModuleId| {
                let around = std::iter::successors(Some(module), parent).any(|around| around == behind);
                let child = self.tree.child(behind, names[0]).filter(|_| behind != module);
                let decl = child.and_then(|child| self.tree.modules[child].decl.as_ref());
                decl.is_some_and(|decl| around || !decl.vis.is_empty())
            };
            behind.into_iter().find(seen).map(|behind| (behind, 0))
        })
    }

    /// The same without globs.
    fn declared_start(&self, module: SourceModuleId, names: &[&str]) -> Option<(SourceModuleId, usize)> {
        let child = || self.first_child(module, names[0]).map(|_| (module, 0));
        self.base(module, names).or_else(child)
    }

    /// The module that an import's path begins at, but for one that stands in for the standard library where that is not there.
    fn first_child(&self, module: SourceModuleId, name: &str) -> Option<SourceModuleId> {
        let stands_in =
            |child: &SourceModuleId| BUILT_IN.contains(&name) && !self.tree.modules[*child].compiled;
        self.tree.child(module, name).filter(|child| !stands_in(child))
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
            // Where a module is switched off, an import may stand in its place.
            if !self.tree.modules[child].compiled && self.imports_by_name(module, names[at]) {
                break;
            }
            module = child;
            at += 1;
        }
        (module, at)
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
            return if self.quiet.get() { Lead::Above(self.layout.home[module]) } else { Lead::Same };
        }
        let Some(name) = names.get(at).filter(|name| !["self", "*"].contains(name)) else {
            let home = self.layout.home[module];
            let above = home != krate && !self.layout.crates[krate].below.contains(&home);
            let in_part = module != ROOT && self.layout.holders[module].contains(&krate);
            // Crates below may have single items of it: no glob over one of them brings in all.
            if names.get(at) == Some(&"*") && above && !in_part && !self.tests.get() {
                return Lead::Above(home);
            }
            return self.module(module, at, krate);
        };
        let last = names.get(at + 1).is_none_or(|next| *next == "self");
        // A helper of tests that goes with them is seen by those in its crate.
        if let Some(helper) =
            self.layout.tests.iter().find(|test| test.module == module && test.name == *name)
        {
            let around = tests_of(self.tree, module);
            return match helper.krate == krate {
                true => Lead::Write { segments: at, path: format!("crate::{MOVED_TESTS}::{around}") },
                false => Lead::Above(helper.krate),
            };
        }
        if let Some(path) = self.copied(module, name, krate) {
            return match path {
                Some(path) => Lead::Write { segments: at, path },
                None => Lead::Above(self.layout.of_item(module, name)),
            };
        }
        match self.meaning(module, (name, last), depth) {
            Meaning::Item(owner) => match self.view(owner, krate) {
                View::Own => Lead::Same,
                View::Below => Lead::Write { segments: at, path: self.path_in(owner, module) },
                // Under another `cfg` it may be an import.
                View::Above => match self.otherwise_imported(module, name, krate, depth) {
                    Some(path) => Lead::Write { segments: at + 1, path },
                    None => Lead::Above(owner),
                },
            },
            Meaning::Exported(owner) => self.exported_by(owner, at, krate),
            Meaning::Extern(_) | Meaning::Package(_) if self.layout.home[module] == krate => Lead::Same,
            // Each crate that names it depends on it.
            Meaning::Extern(path) | Meaning::Package(path) => {
                Lead::Write { segments: at + 1, path: path.to_owned() }
            }
            Meaning::Import(statement, leaf) => {
                let home = self.layout.home[module];
                if home == krate {
                    return Lead::Same;
                }
                // Of a glob that stays the name itself may have gone to a crate above.
                let is_there = |depth: usize| match self.behind_glob(module, leaf) {
                    Some(behind) if behind != module => self.from(behind, &[name], 0, home, depth),
                    _ => self.leaf(module, leaf, home, depth),
                };
                let kept = self.view(home, krate) == View::Below
                    && self.is_shown(module, statement)
                    && depth > 0
                    && !matches!(is_there(depth - 1), Lead::Above(_));
                if kept {
                    return Lead::Write { segments: at, path: self.path_in(home, module) };
                }
                // What follows a module may lie elsewhere than that.
                if !last
                    && depth > 0
                    && let Some(behind) = self.module_behind(module, leaf, name)
                {
                    return match self.from(behind, names, at + 1, krate, depth - 1) {
                        Lead::Same => {
                            let (end, segments) = self.walk(behind, names, at + 1);
                            let inner = self.tree.inner_path(end);
                            let path =
                                if inner.is_empty() { "crate".to_owned() } else { format!("crate::{inner}") };
                            Lead::Write { segments, path }
                        }
                        lead => lead,
                    };
                }
                // Of globs under several `cfg`s, the plan means one that can be seen from here.
                let other = || {
                    let mut others = self.other_globs(module, (statement, leaf), name, depth);
                    others.find_map(|other| self.absolute(module, other, name, krate, depth))
                };
                match self.absolute(module, (statement, leaf), name, krate, depth).or_else(other) {
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
        match self.first_child(module, names[0]) {
            // In the module itself the declaration is where it was, unless it is above.
            Some(_) if self.layout.home[module] == krate => {
                match self.from(module, &names, 0, krate, depth) {
                    Lead::Above(above) => Lead::Above(above),
                    _ => Lead::Same,
                }
            }
            Some(_) => self.from(module, &names, 0, krate, depth),
            // Variants of an enum of the module, which may lie elsewhere.
            None if names.len() > 1 && self.declares_enum(module, names[0]) => {
                self.from(module, &names, 0, krate, depth)
            }
            None => match self.start(module, &names) {
                Some((behind, at)) => self.from(behind, &names, at, krate, depth),
                None => Lead::Same,
            },
        }
    }

    /// Whether a module declares an enum by a name, which imports may begin at.
    fn declares_enum(&self, module: SourceModuleId, name: &str) -> bool {
        let text = &self.tree.file_of(module).text;
        let declared = format!("enum {name}");
        let mut decls = self.tree.modules[module].body.decls.iter();
        decls.any(|d| d.kind == DeclKind::Item && d.name == name && text[d.item.clone()].contains(&declared))
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

    /// Where code leads that goes away.
    pub(super) fn quietly<T>(&self, seen: impl FnOnce() -> T) -> T {
        let before = self.quiet.replace(true);
        let seen = seen();
        self.quiet.set(before);
        seen
    }

    /// A path, or an import, as tests of a crate see it: what is above is theirs by a dev-dependency.
    pub(super) fn by_tests<T>(&self, seen: impl FnOnce() -> T) -> T {
        let before = self.tests.replace(true);
        let seen = seen();
        self.tests.set(before);
        seen
    }
}

/// The module of tests that have left their crate.
pub(in crate::apply) const MOVED_TESTS: &str = "moved_tests";

/// The module in it of those that have left a module.
pub(super) fn tests_of(tree: &Tree, module: SourceModuleId) -> String {
    match tree.inner_path(module) {
        "" => "root".to_owned(),
        inner => inner.trim_end_matches("::tests").replace("::", "_"),
    }
}

/// Where a crate lies, seen from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::apply) enum View {
    Own,
    Below,
    Above,
}
