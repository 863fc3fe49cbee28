//! What lies between an item and those who name it from another crate of a plan: modules on its path, and re-exports.
//!
//! A reference ends at the definition, whichever path was written. So each path that the referring module may write is
//! looked at: the item's own, and those through re-exports, one after the other.

use std::collections::BTreeMap;

use crate::ids::{ItemId, ModuleId, PlanCrateId};
use crate::plan::edit::ReExportPlace;
use crate::plan::index::{Index, ReExports};
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{Item, ItemKind, ReExport, RefKind, Reference, Resolution, Visibility};

/// Something to make public: a module by its item, or a re-export with what it names.
pub(in crate::plan) type ToWiden = (ItemId, Option<ReExportPlace>);

/// Re-exports of what another one brings that are followed.
const DEPTH: usize = 4;

/// Ways from modules to items of lower crates.
pub(in crate::plan) struct Passages<'a> {
    resolution: &'a Resolution,
    of_module: &'a BTreeMap<ModuleId, PlanCrateId>,
    re_exports: &'a ReExports,
    known: BTreeMap<(ModuleId, ItemId), Vec<ToWiden>>,
}

/// A path that may have been written.
struct Route {
    to_widen: Vec<ToWiden>,
    /// Modules on it: people import from where the path is shortest.
    length: usize,
}

impl<'a> Passages<'a> {
    pub(in crate::plan) fn new(input: &PlanInput<'a>, index: &'a Index, assembled: &'a Assembled) -> Self {
        Self {
            resolution: input.resolution,
            of_module: &assembled.of_module,
            re_exports: &index.re_exports,
            known: BTreeMap::new(),
        }
    }

    /// What has to become public so that code in `from` can go on naming what a reference leads to; nothing where it is
    /// not named but reached through a value.
    pub(in crate::plan) fn of(&mut self, from: ModuleId, reference: &Reference) -> Vec<ToWiden> {
        let item = &self.resolution.items[reference.to];
        let by_value = matches!(reference.kind, RefKind::Method | RefKind::Field);
        let named = match item.kind {
            ItemKind::Impl | ItemKind::Module => false,
            ItemKind::Trait => true,
            _ => !by_value,
        };
        if !named {
            return Vec::new();
        }
        if let Some(known) = self.known.get(&(from, reference.to)) {
            return known.clone();
        }
        let to_widen = self.routes(from, reference.to, DEPTH).map(|route| route.to_widen).unwrap_or_default();
        self.known.insert((from, reference.to), to_widen.clone());
        to_widen
    }

    /// What has to become public so that a re-export can go on naming what it does. No reference tells of it: who uses the
    /// name refers to the definition.
    pub(in crate::plan) fn of_re_export(&mut self, re_export: &ReExport) -> Vec<ToWiden> {
        let item = &self.resolution.items[re_export.to];
        if item.kind == ItemKind::Module {
            return self.closed_modules(item.module);
        }
        let route = self.routes(re_export.module, re_export.to, DEPTH);
        route.map(|route| route.to_widen).unwrap_or_default()
    }

    /// Re-exports outside of tests that name an item.
    fn named(&self, item: ItemId) -> impl Iterator<Item = &'a ReExport> + use<'a> {
        let resolution = self.resolution;
        self.re_exports.get(&item).into_iter().flatten().map(move |&at| &resolution.re_exports[at])
    }

    /// The route that most likely is written: the shortest.
    fn routes(&self, from: ModuleId, item: ItemId, depth: usize) -> Option<Route> {
        let Item { module: home, kind, .. } = self.resolution.items[item];
        let mut routes = Vec::new();
        // A macro has a path only by a re-export.
        if kind != ItemKind::Macro && self.sees_path(from, home) {
            routes.push(Route { to_widen: self.closed_modules(home), length: self.depth(home) });
        }
        if depth > 0 {
            let exposing = self.exposing(item, home);
            routes.extend(exposing.into_iter().filter_map(|r| self.through(from, (item, home), r, depth)));
        }
        routes.into_iter().min_by_key(|route| (route.length, route.to_widen.len()))
    }

    /// Re-exports of the item, and globs of modules that hold or re-export it.
    fn exposing(&self, item: ItemId, home: ModuleId) -> Vec<&'a ReExport> {
        let mut found: Vec<&ReExport> = self.named(item).collect();
        let mut modules = vec![home];
        modules.extend(found.iter().map(|r| r.module));
        let mut at = 0;
        while let Some(&module) = modules.get(at) {
            for glob in self.named(self.resolution.modules[module].item).filter(|r| r.glob) {
                if !modules.contains(&glob.module) {
                    modules.push(glob.module);
                    found.push(glob);
                }
            }
            at += 1;
        }
        found
    }

    /// The route through a re-export: where it stays beside the item it has to be public itself; elsewhere it is one more that
    /// names the item.
    fn through(
        &self,
        from: ModuleId,
        (item, home): (ItemId, ModuleId),
        re_export: &ReExport,
        depth: usize,
    ) -> Option<Route> {
        let at = re_export.module;
        if at == from || !self.sees_path(from, at) || !self.sees(from, re_export.visibility) {
            return None;
        }
        let length = self.depth(at);
        if self.of_module.get(&at) != self.of_module.get(&home) {
            let route = self.routes(at, item, depth - 1)?;
            return Some(Route { to_widen: route.to_widen, length });
        }
        let mut to_widen = self.closed_modules(at);
        to_widen.extend(self.opened((item, home), re_export, depth));
        Some(Route { to_widen, length })
    }

    /// A re-export beside its item and those that it takes the item from, as far as they are not public.
    fn opened(&self, (item, home): (ItemId, ModuleId), re_export: &ReExport, depth: usize) -> Vec<ToWiden> {
        let mut to_widen = Vec::new();
        if re_export.visibility != Visibility::Public {
            let place =
                ReExportPlace { module: re_export.module, line: re_export.line, glob: re_export.glob };
            to_widen.push((re_export.to, Some(place)));
        }
        let source = self.resolution.items[re_export.to].module;
        let direct = if re_export.glob { source == home } else { self.sees_path(re_export.module, home) };
        if direct || depth == 0 {
            return to_widen;
        }
        // A glob takes it from the module that it names, another one from any that it sees.
        let inner = self.exposing(item, home).into_iter().filter(|inner| {
            let here = if re_export.glob { inner.module == source } else { inner.module != re_export.module };
            here && self.sees_path(re_export.module, inner.module)
                && self.sees(re_export.module, inner.visibility)
        });
        let routes = inner.map(|inner| self.opened((item, home), inner, depth - 1));
        to_widen.extend(routes.min_by_key(Vec::len).unwrap_or_default());
        to_widen
    }

    /// Modules from the root down to one, the root left out.
    fn path(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> + '_ {
        let parent = |module: &ModuleId| self.resolution.modules[*module].parent;
        std::iter::successors(Some(module), parent).filter(move |module| parent(module).is_some())
    }

    fn depth(&self, module: ModuleId) -> usize {
        self.path(module).count()
    }

    fn sees_path(&self, from: ModuleId, module: ModuleId) -> bool {
        self.path(module).all(|at| self.sees(from, self.resolution.modules[at].visibility))
    }

    fn sees(&self, from: ModuleId, visibility: Visibility) -> bool {
        let parent = |module: &ModuleId| self.resolution.modules[*module].parent;
        match visibility {
            Visibility::Public => true,
            Visibility::Within(around) => std::iter::successors(Some(from), parent).any(|at| at == around),
        }
    }

    /// Modules of a path that are not public. Those that a new crate declares afresh are: at its root, and where the module
    /// around lies elsewhere.
    fn closed_modules(&self, module: ModuleId) -> Vec<ToWiden> {
        let resolution = self.resolution;
        let fresh = |at: ModuleId| {
            let parent = resolution.modules[at].parent;
            parent.is_none_or(|parent| {
                resolution.modules[parent].parent.is_none()
                    || self.of_module.get(&parent) != self.of_module.get(&at)
            })
        };
        self.path(module)
            .filter(|&at| resolution.modules[at].visibility != Visibility::Public && !fresh(at))
            .map(|at| (resolution.modules[at].item, None))
            .collect()
    }
}
