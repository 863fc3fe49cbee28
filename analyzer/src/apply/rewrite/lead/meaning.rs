//! What a name means in a module.

use super::{DEPTH, Leads};
use crate::apply::rewrite::statements::Import;
use crate::apply::rewrite::text::words;
use crate::apply::source::syntax::{Decl, DeclKind, Leaf, Use};
use crate::apply::source::tree::{ROOT, Tree};
use crate::ids::{PlanCrateId, SourceModuleId};

/// What a name in a module stands for.
pub(super) enum Meaning<'a> {
    /// Something that the module defines, or a macro writes there.
    Item(PlanCrateId),
    /// A macro, which is found at the root of its crate.
    Exported(PlanCrateId),
    /// An import.
    Import(&'a Use, &'a Leaf),
    /// Another package, or what comes with the compiler, by `extern crate`.
    Extern(&'a str),
    /// What a macro's call imports from another package, by its path there.
    Package(&'a str),
}

/// Whether an import is of a package that has macros alone, as such packages are named: a type may have the same name.
fn brings_macro(leaf: &Leaf) -> bool {
    let first = leaf.segments[0].name.as_str();
    ["_derive", "_macros", "_macro", "_attributes"].iter().any(|end| first.ends_with(end))
}

impl<'a> Leads<'a> {
    /// `last`: whether nothing of the path follows.
    pub(super) fn meaning(
        &self,
        module: SourceModuleId,
        (name, last): (&str, bool),
        depth: usize,
    ) -> Meaning<'a> {
        let body = &self.tree.modules[module].body;
        let defined = |kind: DeclKind| matches!(kind, DeclKind::Item | DeclKind::Macro);
        if let Some(decl) = body.decls.iter().find(|d| d.name == name && defined(d.kind)) {
            let owner = self.layout.of_item(module, name);
            let exported = decl.kind == DeclKind::Macro && (self.exported)(module, name);
            return if exported { Meaning::Exported(owner) } else { Meaning::Item(owner) };
        }
        let leaves = || body.uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
        // A module and a function may have one name: where the path goes on, the module is meant.
        let named = leaves().filter(|(_, leaf)| leaf.name() == name && !leaf.is_glob());
        let fits = named.clone().filter(|(_, leaf)| self.is_module(module, leaf) != last);
        // What is of the standard library where that is there, and of `core` where not, mostly is of the former.
        let rank = |(u, leaf): &(&Use, &Leaf)| match leaf.segments[0].name.as_str() {
            _ if brings_macro(leaf) => 3,
            _ if u.cfgs.is_empty() => 0,
            "std" => 0,
            "alloc" => 1,
            _ => 2,
        };
        let glob = || leaves().find(|(_, leaf)| leaf.is_glob() && self.glob_has(module, leaf, name, depth));
        if let Some((statement, leaf)) = fits.min_by_key(rank).or_else(|| named.min_by_key(rank)) {
            // A trait and what derives it may have one name.
            let beside = if brings_macro(leaf) { glob() } else { None };
            let (statement, leaf) = beside.unwrap_or((statement, leaf));
            return Meaning::Import(statement, leaf);
        }
        if let Some((statement, leaf)) = glob() {
            return Meaning::Import(statement, leaf);
        }
        if module == ROOT
            && let Some(owner) = self.macro_owner(name)
        {
            return Meaning::Exported(owner);
        }
        if module == ROOT
            && let Some(krate) = self.extern_crate(name)
        {
            return Meaning::Extern(krate);
        }
        if let Some(path) = self.of_packages.get(&(module, name.to_owned())) {
            return Meaning::Package(path);
        }
        // What nobody declares may come by a glob of another package.
        let foreign = |leaf: &Leaf| leaf.is_glob() && self.behind_glob(module, leaf).is_none();
        let written = self.layout.moved.iter().any(|m| m.module == module && m.written.contains(name));
        match leaves().find(|(u, leaf)| foreign(leaf) && !u.vis.is_empty()) {
            Some((statement, leaf)) if !written => Meaning::Import(statement, leaf),
            _ => Meaning::Item(self.layout.of_item(module, name)),
        }
    }

    /// The crate that the root declares by a name: `extern crate alloc;`.
    fn extern_crate(&self, name: &str) -> Option<&'a str> {
        let tree: &'a Tree = self.tree;
        tree.modules[ROOT].body.extern_crates.iter().find_map(|text| {
            let declared = text.split("extern crate ").nth(1)?.trim_end_matches(';').trim();
            let (krate, known) = declared.split_once(" as ").unwrap_or((declared, declared));
            (known.trim() == name && krate.trim() != "self").then_some(krate.trim())
        })
    }

    /// Whether the module around re-exports something by the name of a module that only it sees.
    pub(super) fn is_shadowed(&self, around: SourceModuleId, child: SourceModuleId) -> bool {
        let Some(decl) = self.tree.modules[child].decl.as_ref().filter(|decl| decl.vis.is_empty()) else {
            return false;
        };
        let uses = self.tree.modules[around].body.uses.iter().filter(|u| !u.vis.is_empty());
        let mut leaves = uses.flat_map(|u| &u.leaves);
        leaves.any(|leaf| !leaf.is_glob() && leaf.name() == decl.name)
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
        // What is private a glob gives to the modules within alone.
        let parent = |module: &SourceModuleId| self.tree.modules[*module].parent;
        let within = std::iter::successors(Some(module), parent).any(|around| around == behind);
        let is_item = |d: &Decl| d.name == name && d.kind == DeclKind::Item && (within || !d.vis.is_empty());
        let declared = body.decls.iter().any(is_item) || self.is_written(behind, name);
        let child = self.tree.child(behind, name).and_then(|child| self.tree.modules[child].decl.as_ref());
        let child = child.is_some_and(|decl| within || !decl.vis.is_empty());
        let imported = || {
            let mut leaves = body.uses.iter().filter(|u| !u.vis.is_empty()).flat_map(|u| &u.leaves);
            leaves.any(|leaf| {
                if leaf.is_glob() { self.glob_has(behind, leaf, name, depth) } else { leaf.name() == name }
            })
        };
        declared || child || imported()
    }

    /// Whether a call of a macro of the package names something, and so may declare it.
    fn is_written(&self, module: SourceModuleId, name: &str) -> bool {
        let file = self.tree.file_of(module);
        let calls = self.tree.modules[module].body.decls.iter().filter(|d| d.kind == DeclKind::Nameless);
        calls.map(|decl| &decl.item).any(|bytes| {
            let text = file.text.get(bytes.clone()).unwrap_or_default();
            text.contains(name)
                && syn::parse_str::<syn::ItemMacro>(text).is_ok()
                && words(&file.tokens, bytes, &[]).contains(name)
        })
    }

    /// What a leaf of an import stands for where the module that it leads to has the name by several imports, each under a `cfg`
    /// of its own: one for each that the crate can have. Empty where they come to the same, or not all `segments` are written anew:
    /// the module still has the name then.
    pub(in crate::apply) fn several(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        segments: usize,
        krate: PlanCrateId,
    ) -> Vec<Import> {
        if segments < leaf.segments.len() {
            return Vec::new();
        }
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        let Some((base, at)) = self.start(module, &names) else { return Vec::new() };
        let found = self.in_each(base, &names[at..], leaf, krate);
        if !found.is_empty() {
            return found;
        }
        let (end, at) = self.walk(base, &names, at);
        let Some(name) = names.get(at).filter(|_| at + 1 == names.len()) else { return Vec::new() };
        let uses = self.tree.modules[end].body.uses.iter();
        let leaves = uses.flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
        let named: Vec<_> =
            leaves.clone().filter(|(_, other)| !other.is_glob() && other.name() == *name).collect();
        let is_item = self.is_item_at_times(end, name);
        // A trait and what derives it have one name.
        if let [(u, derive)] = named[..]
            && brings_macro(derive)
            && let Some(of_trait) =
                leaves.clone().find(|(_, other)| other.is_glob() && self.glob_has(end, other, name, DEPTH))
        {
            let of = |(u, other): (&Use, &Leaf)| {
                let path = self.absolute(end, (u, other), name, krate, DEPTH)?;
                Some(Import::known_as(path, leaf.name()).under(&u.cfgs))
            };
            return [of_trait, (u, derive)].into_iter().filter_map(of).collect();
        }
        if named.len() + usize::from(is_item) < 2 || named.iter().any(|(u, _)| u.cfgs.is_empty()) {
            return Vec::new();
        }
        let of = |(u, other): (&Use, &Leaf)| {
            let path = self.absolute(end, (u, other), name, krate, DEPTH)?;
            Some(Import::known_as(path, leaf.name()).under(&u.cfgs))
        };
        let found: Vec<Import> = named.into_iter().filter_map(of).collect();
        let differ = found.iter().any(|import| import.path != found[0].path);
        if differ || is_item { found } else { Vec::new() }
    }

    /// Whether a module declares something under a `cfg`.
    fn is_item_at_times(&self, module: SourceModuleId, name: &str) -> bool {
        let decls = &self.tree.modules[module].body.decls;
        decls.iter().any(|d| d.kind == DeclKind::Item && d.name == name && !d.cfgs.is_empty())
    }

    /// The path of what a module imports where it does not declare it, each under a `cfg`.
    pub(super) fn otherwise_imported(
        &self,
        module: SourceModuleId,
        name: &str,
        krate: PlanCrateId,
        depth: usize,
    ) -> Option<String> {
        if !self.is_item_at_times(module, name) {
            return None;
        }
        let uses = self.tree.modules[module].body.uses.iter().filter(|u| !u.cfgs.is_empty());
        let mut leaves = uses.flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
        let (statement, leaf) = leaves.find(|(_, leaf)| !leaf.is_glob() && leaf.name() == name)?;
        self.absolute(module, (statement, leaf), name, krate, depth)
    }

    /// The same where the way leads through one of several modules of a name, each under a `cfg`.
    fn in_each(&self, base: SourceModuleId, names: &[&str], leaf: &Leaf, krate: PlanCrateId) -> Vec<Import> {
        let [way @ .., around, name] = names else { return Vec::new() };
        let (end, walked) = self.walk(base, way, 0);
        let data = |id: &SourceModuleId| &self.tree.modules[*id];
        let named = |id: &&SourceModuleId| data(id).decl.as_ref().is_some_and(|decl| decl.name == *around);
        let several: Vec<SourceModuleId> = data(&end).children.iter().filter(named).copied().collect();
        if walked < way.len() || several.len() < 2 || several.iter().any(|id| data(id).cfgs().is_empty()) {
            return Vec::new();
        }
        let of = |&id: &SourceModuleId| {
            let leaves = data(&id).body.uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
            let mut imported = leaves.filter(|(_, other)| !other.is_glob() && other.name() == *name);
            let (path, cfgs) = match imported.next() {
                Some((u, other)) => (self.absolute(id, (u, other), name, krate, DEPTH)?, u.cfgs.as_str()),
                None => {
                    let owner = self.layout.of_item(id, name);
                    let seen = owner == krate || self.layout.crates[krate].below.contains(&owner);
                    let declared = data(&id).body.decls.iter().any(|d| d.name == *name);
                    ((seen && declared).then(|| self.exposed(id, name, krate))?, "")
                }
            };
            Some(Import::known_as(path, leaf.name()).under(cfgs).under(&data(&id).cfgs()))
        };
        several.iter().filter_map(of).collect()
    }

    /// Other globs of a module that bring a name in, each under a `cfg` as the one given is.
    pub(super) fn other_globs(
        &self,
        module: SourceModuleId,
        (statement, leaf): (&Use, &Leaf),
        name: &str,
        depth: usize,
    ) -> impl Iterator<Item = (&'a Use, &'a Leaf)> {
        let tree: &'a Tree = self.tree;
        let under_cfg = leaf.is_glob() && !statement.cfgs.is_empty();
        let uses = tree.modules[module].body.uses.iter();
        let own = statement.bytes.start;
        uses.filter(move |u| under_cfg && !u.cfgs.is_empty() && u.bytes.start != own)
            .flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)))
            .filter(move |(_, leaf)| leaf.is_glob() && self.glob_has(module, leaf, name, depth))
    }

    /// Whether an import begins at another package.
    pub(in crate::apply) fn is_foreign(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        let names: Vec<&str> = leaf.segments.iter().map(|segment| segment.name.as_str()).collect();
        self.start(module, &names).is_none()
    }

    /// Whether an import brings a module, or an item that a module declares, and no macro of its name: both can be there at once.
    pub(in crate::apply) fn is_no_macro(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        let names: Vec<&str> = leaf.segments.iter().map(|segment| segment.name.as_str()).collect();
        let Some((base, at)) = self.start(module, &names) else { return false };
        let (around, at) = self.walk(base, &names, at);
        match names[at..] {
            [] | ["self"] => true,
            [name] => self.declares(around, name) && !self.imports_by_name(around, name),
            _ => false,
        }
    }

    /// Whether an import ends at a module of the crate.
    fn is_module(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        !leaf.is_glob() && self.module_behind(module, leaf, leaf.name()).is_some()
    }

    /// The module of the crate that an import brings in by a name, if it is one.
    pub(super) fn module_behind(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
        name: &str,
    ) -> Option<SourceModuleId> {
        if leaf.is_glob() {
            return self.behind_glob(module, leaf).and_then(|behind| self.tree.child(behind, name));
        }
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        let (base, at) = self.start(module, &names)?;
        let (found, at) = self.walk(base, &names, at);
        names.get(at).is_none_or(|name| *name == "self").then_some(found)
    }

    /// Whether an import is of an item of the crate that is no trait.
    pub(in crate::apply) fn is_plain(&self, module: SourceModuleId, leaf: &Leaf) -> bool {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        self.start(module, &names).is_some_and(|(base, at)| {
            let (end, at) = self.walk(base, &names, at);
            let decls = &self.tree.modules[end].body.decls;
            let plain = |d: &Decl| d.kind == DeclKind::Item && d.name == names[at] && !d.is_trait;
            at + 1 == names.len() && decls.iter().any(plain)
        })
    }

    /// The module that a glob opens, if it is one of the crate.
    pub(in crate::apply) fn behind_glob(
        &self,
        module: SourceModuleId,
        leaf: &Leaf,
    ) -> Option<SourceModuleId> {
        let names: Vec<&str> = leaf.segments.iter().map(|s| s.name.as_str()).collect();
        let (base, at) = self.declared_start(module, &names)?;
        let (found, at) = self.walk(base, &names, at);
        (names.get(at) == Some(&"*")).then_some(found)
    }
}
