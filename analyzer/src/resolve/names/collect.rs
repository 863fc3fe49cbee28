//! Phase 1: every definition, in source order, `cfg` evaluated, item macros expanded.

use rustc_hash::FxHashMap;

use super::collector::{Collector, Had, Site};
use super::crates::library_crates;
use super::def::{Def, DefData, DefId, DefKind, Entry, ImportData, PerNs, TreeRef, World};
use super::path::NAMES;
use super::spending::Spending;
use crate::budget::Watch;
use crate::bug::caught;

use crate::discover::{CfgExpr, Repository};
use crate::ids::{CrateId, Id as _, IdVec, ModuleId, PackageId};
use crate::parse::SourceTree;
use crate::parse::tree::{Name, Node, NodeId, NodeKind};
use crate::resolve::model::Visibility;

/// Modules and `include!`s that nest deeper are left out (a file may include itself through `#[path]`).
pub(in crate::resolve) const MAX_MODULE_DEPTH: u32 = 128;

impl<'a> Collector<'a> {
    pub(in crate::resolve) fn collect(
        repository: &'a Repository,
        sources: &'a SourceTree,
        watch: &'a Watch,
    ) -> Self {
        let trees = sources.files.iter().map(|f| TreeRef::File(&f.tree)).collect();
        let world = World {
            repository,
            sources,
            trees,
            tree_files: sources.files.ids().collect(),
            crates: IdVec::new(),
            modules: IdVec::new(),
            defs: IdVec::new(),
            imports: Vec::new(),
            calls: Vec::new(),
            legacy: vec![(0, NAMES.empty, DefId(u32::MAX))],
            rules: FxHashMap::default(),
            clock: 1,
            epoch: 0,
            settled: false,
        };
        let mut collector = Self {
            world,
            diagnostics: Vec::new(),
            pending: Vec::new(),
            spending: Spending::new(*watch.limits()),
            had: Had::default(),
            watch,
            cfgs: FxHashMap::default(),
        };
        let libs = library_crates(repository);
        // All crates exist before the first is read: `extern crate` may name any of them.
        for (index, target) in repository.targets.iter().enumerate() {
            collector.declare_crate(CrateId::from_index(index), target, &libs);
        }
        for (index, target) in repository.targets.iter().enumerate() {
            let found = caught(|| collector.krate(CrateId::from_index(index), target));
            if let Err(bug) = found {
                let problem = bug.diagnostic(&format!("reading the modules of `{}`", target.crate_name));
                collector.diagnostics.push(problem.at(target.src.clone()));
            }
        }
        collector
    }

    pub(in crate::resolve) fn package(&self, module: ModuleId) -> PackageId {
        let krate = self.world.modules[module].krate;
        self.world.repository.targets.as_slice()[krate.index()].package
    }

    /// Whether code under these predicates is compiled at all, and whether under test only.
    pub(in crate::resolve) fn cfg(&mut self, package: PackageId, cfgs: &[Name]) -> (bool, bool) {
        let (mut active, mut test) = (true, false);
        for &cfg in cfgs {
            let repository = self.world.repository;
            let (a, t) = *self.cfgs.entry((cfg, package)).or_insert_with(|| {
                let expr = CfgExpr::parse(cfg.as_str());
                let features = &repository.packages[package].enabled_features;
                let on = expr.eval(&repository.cfg, features, Some(true)) != Some(false);
                let off = expr.eval(&repository.cfg, features, Some(false)) != Some(false);
                (on || off, on && !off)
            });
            active &= a;
            test |= t;
        }
        (active, test)
    }

    pub(in crate::resolve) fn items(&mut self, place: &mut Site, ids: &[NodeId]) {
        let tree = self.world.tree(place.tree).clone();
        for &id in ids {
            self.item(place, &tree, id);
        }
    }

    pub(in crate::resolve) fn item(&mut self, place: &mut Site, tree: &TreeRef<'a>, id: NodeId) {
        let node = &tree[id];
        if self.watch.stopped() || !self.may_have(place, node.line) {
            return;
        }
        let (active, test_only) = self.cfg(self.package(place.module), &node.cfgs);
        let test = place.test || test_only || node.flags.test;
        if !active && place.compiled {
            let brings_in = matches!(&node.kind, NodeKind::Use(_));
            if !matches!(&node.kind, NodeKind::Module(_) if !node.name.is_empty()) {
                // What links of documentation are given binds the code of a build no more than what tests are.
                let beside = |cfg: &CfgExpr| cfg.needs_test() || (brings_in && cfg.needs_doc());
                let test = test || node.cfgs.iter().any(|cfg| beside(&CfgExpr::parse(cfg.as_str())));
                let mut place = Site { compiled: false, test, ..place.clone() };
                self.item(&mut place, tree, id);
            }
            return;
        }
        match &node.kind {
            NodeKind::Module(module) if node.name.is_empty() => {
                let saved = std::mem::replace(&mut place.test, test);
                self.items(place, module.content.as_deref().unwrap_or_default());
                place.test = saved;
            }
            NodeKind::Use(imports) => {
                let vis = self.world.visibility(place.module, &node.vis);
                for import in imports {
                    let data = ImportData {
                        module: place.module,
                        path: import.path.clone(),
                        global: import.global,
                        alias: import.alias,
                        glob: import.glob,
                        vis,
                        test,
                        compiled: place.compiled,
                        line: import.line,
                        found: PerNs::default(),
                        copied: 0,
                        trail: Vec::new(),
                        followed: None,
                    };
                    self.add_import(data);
                }
            }
            NodeKind::Call(call) if !place.compiled => self.left_out_call(place, tree, *call, test),
            NodeKind::Module(module) => self.module(place, node, module, test),
            // Whoever names these isn't compiled either, or means another of the name.
            NodeKind::ExternCrate(_) | NodeKind::Macro(_) if !place.compiled => {}
            NodeKind::ExternCrate(name) => self.extern_crate(place, node, *name, test),
            NodeKind::Call(call) => self.call(place, tree, *call, test),
            NodeKind::Macro(_) => self.macro_definition(place, id, node, test),
            _ => {
                self.definition(place, id, node, None, test);
            }
        }
    }

    fn add_import(&mut self, import: ImportData) {
        let index = u32::try_from(self.world.imports.len()).unwrap_or(u32::MAX);
        let module = &mut self.world.modules[import.module];
        if import.glob {
            module.globs.push(index)
        } else {
            module.imports.push(index)
        }
        self.world.imports.push(import);
    }

    fn macro_definition(&mut self, place: &mut Site, id: NodeId, node: &Node, test: bool) {
        // Only a `macro` has a visibility of its own.
        let vis = self.world.visibility(place.module, &node.vis);
        let vis = if node.flags.macro_export { Visibility::Public } else { vis };
        let def = self.push_def(place, id, node, DefKind::Macro, None, vis, test);
        let next = u32::try_from(self.world.legacy.len()).unwrap_or(0);
        self.world.legacy.push((place.legacy, node.name, def));
        place.legacy = next;
        if node.flags.macro_export {
            let root = self.world.root(place.module);
            let entry = Entry { def: Def::Item(def), vis, glob: false, test };
            self.define(root, node.name, PerNs { macros: Some(entry), ..PerNs::default() });
        } else {
            // `pub(crate) use name;` can re-export it by path.
            let entry = Entry { def: Def::Item(def), vis, glob: false, test };
            self.define(place.module, node.name, PerNs { macros: Some(entry), ..PerNs::default() });
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one place makes definitions, from what all its callers know"
    )]
    fn push_def(
        &mut self,
        place: &Site,
        id: NodeId,
        node: &Node,
        kind: DefKind,
        parent: Option<DefId>,
        vis: Visibility,
        test: bool,
    ) -> DefId {
        let def = self.world.defs.push(DefData {
            name: node.name,
            kind,
            module: place.module,
            tree: place.tree,
            node: id,
            parent,
            test,
            vis,
            legacy: place.legacy,
            compiled: place.compiled,
        });
        if parent.is_none() {
            self.world.modules[place.module].defs.push(def);
        }
        def
    }

    fn definition(&mut self, place: &Site, id: NodeId, node: &Node, parent: Option<DefId>, test: bool) {
        let (kind, items): (DefKind, &[NodeId]) = match &node.kind {
            NodeKind::Fn(_) => (DefKind::Fn, &[]),
            NodeKind::Struct(_) => (DefKind::Struct, &[]),
            NodeKind::Union(_) => (DefKind::Union, &[]),
            NodeKind::Enum(_) => (DefKind::Enum, &[]),
            NodeKind::Trait(_, items) => (DefKind::Trait, items),
            NodeKind::Impl(imp) => (DefKind::Impl, &imp.items),
            NodeKind::TypeAlias(..) => (DefKind::TypeAlias, &[]),
            NodeKind::Const(..) => (DefKind::Const, &[]),
            NodeKind::Static(..) => (DefKind::Static, &[]),
            _ => return,
        };
        let vis = match parent.map(|p| (&self.world.node(p).kind, self.world.defs[p].vis)) {
            Some((NodeKind::Trait(..), vis)) => vis,
            Some((NodeKind::Impl(imp), _)) if imp.trait_path.is_some() => Visibility::Public,
            _ if kind == DefKind::Impl => Visibility::Public,
            _ => self.world.visibility(place.module, &node.vis),
        };
        let def = self.push_def(place, id, node, kind, parent, vis, test);
        if place.compiled && parent.is_none() && !node.name.is_empty() && node.name != NAMES.underscore {
            let entry = Some(Entry { def: Def::Item(def), vis, glob: false, test });
            let names = match kind {
                DefKind::Struct if is_callable(node) => PerNs { types: entry, values: entry, macros: None },
                DefKind::Struct | DefKind::Union | DefKind::Enum | DefKind::Trait | DefKind::TypeAlias => {
                    PerNs { types: entry, ..PerNs::default() }
                }
                DefKind::Fn if node.flags.proc_macro.is_some() => {
                    let own = PerNs { values: entry, ..PerNs::default() };
                    let exported = node.flags.proc_macro.unwrap_or(node.name);
                    self.define(place.module, exported, PerNs { macros: entry, ..PerNs::default() });
                    own
                }
                DefKind::Fn | DefKind::Const | DefKind::Static => PerNs { values: entry, ..PerNs::default() },
                DefKind::Impl | DefKind::Macro => PerNs::default(),
            };
            self.define(place.module, node.name, names);
        }
        self.assoc_items(place, items, def, test);
    }

    pub(in crate::resolve) fn assoc_items(
        &mut self,
        place: &Site,
        items: &[NodeId],
        parent: DefId,
        test: bool,
    ) {
        let tree = self.world.tree(place.tree).clone();
        for &id in items {
            let node = &tree[id];
            let (active, test_only) = self.cfg(self.package(place.module), &node.cfgs);
            let test = test || test_only;
            if !active && place.compiled {
                let place = Site { compiled: false, ..place.clone() };
                self.assoc_items(&place, &[id], parent, test);
                continue;
            }
            match &node.kind {
                NodeKind::Call(call) if !place.compiled => {
                    self.loose(place, *call, Some(parent), test, false)
                }
                NodeKind::Call(call) => self.assoc_call(place, &tree, *call, parent, test),
                _ => self.definition(place, id, node, Some(parent), test),
            }
        }
    }

    /// Puts a name into a module's scope; what is there already stays, unless it is test code and this isn't.
    pub(in crate::resolve) fn define(&mut self, module: ModuleId, name: Name, new: PerNs) {
        let data = &mut self.world.modules[module];
        let slot = data.scope.entry(name).or_default();
        let mut changed = false;
        for (old, new) in
            [(&mut slot.types, new.types), (&mut slot.values, new.values), (&mut slot.macros, new.macros)]
        {
            if let Some(new) = new
                && old.is_none_or(|o| o.glob || (o.test && !new.test))
            {
                *old = Some(new);
                changed = true;
            }
        }
        if changed {
            self.world.changed(module);
        }
    }
}

/// Whether a struct's name is also a value: a unit or tuple struct.
fn is_callable(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Struct(fields) => fields.first().is_none_or(|f| f.name == "0"),
        _ => false,
    }
}
