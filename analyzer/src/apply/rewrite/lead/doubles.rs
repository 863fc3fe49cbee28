//! Modules and macros for tests alone: no other crate sees them, so each whose tests name them gets a copy.

use std::collections::BTreeSet;

use super::{Leads, MOVED_TESTS, tests_of};
use crate::apply::rewrite::layout::Moved;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tree::{ROOT, Tree};
use crate::ids::{PlanCrateId, SourceModuleId};

impl<'a> Leads<'a> {
    /// Whether a module is one for tests of another crate, of which this one gets a copy.
    pub(super) fn double(&self, module: SourceModuleId, krate: PlanCrateId) -> bool {
        let for_tests =
            |id: &SourceModuleId| self.tree.modules[*id].decl.as_ref().is_some_and(|decl| decl.for_tests);
        let parent = |id: &SourceModuleId| self.tree.modules[*id].parent;
        let found = std::iter::successors(Some(module), parent).find(for_tests);
        let other = found.filter(|&found| self.layout.home[found] != krate);
        if let Some(found) = other.filter(|_| !self.quiet.get()) {
            // With the modules on the way to what is named.
            let way = std::iter::successors(Some(module), parent);
            let way = way.take_while(|&id| id != found).filter(|&id| self.tree.modules[id].inside.is_none());
            self.doubled.borrow_mut().extend(way.chain([found]).map(|id| (krate, id)));
        }
        other.is_some()
    }

    /// The module in which a crate has its copy of what a crate above or beside it has for its tests alone; nothing in it where the code
    /// that names it goes away.
    pub(super) fn copied(
        &self,
        module: SourceModuleId,
        name: &str,
        krate: PlanCrateId,
    ) -> Option<Option<String>> {
        let owner = self.layout.of_item(module, name);
        if owner == krate || self.layout.crates[krate].below.contains(&owner) {
            return None;
        }
        self.item_for_tests(module, name)?;
        if self.quiet.get() {
            return Some(None);
        }
        self.doubled_items.borrow_mut().insert((krate, module, name.to_owned()));
        Some(Some(format!("crate::{MOVED_TESTS}::{}", tests_of(self.tree, module))))
    }

    /// What a crate gets copies of.
    pub(in crate::apply) fn copied_into(&self, krate: PlanCrateId) -> Vec<Moved> {
        let items = self.doubled_items.borrow();
        let of_crate = items.iter().filter(|(of, ..)| *of == krate);
        let copy = |(_, module, name): &(PlanCrateId, SourceModuleId, String)| {
            let bytes = self.item_for_tests(*module, name)?.item.clone();
            let (kind, written) = (DeclKind::Item, BTreeSet::new());
            Some(Moved { module: *module, name: name.clone(), kind, bytes, krate, written })
        };
        of_crate.filter_map(copy).collect()
    }

    /// What a module, which is not for tests itself, has by a name for tests alone.
    fn item_for_tests(&self, module: SourceModuleId, name: &str) -> Option<&'a Decl> {
        let tree: &'a Tree = self.tree;
        let data = &tree.modules[module];
        let mut decls = data.body.decls.iter().filter(|d| d.kind == DeclKind::Item && d.name == name);
        let only = decls.next().filter(|_| decls.next().is_none())?;
        let for_tests = !tree.is_module_for_tests(module) && tree.is_for_tests(data.file, only.item.start);
        for_tests.then_some(only)
    }

    /// The same for the module of a macro: others may have a macro of its name, so that it has to be in scope, or the crate to have
    /// the module's place.
    fn double_beside(&self, module: SourceModuleId, krate: PlanCrateId) -> bool {
        let parent = |id: &SourceModuleId| self.tree.modules[*id].parent;
        let holds =
            |around| self.layout.home[around] == krate || self.layout.holders[around].contains(&krate);
        let in_scope = || {
            let way = std::iter::successors(Some(module), parent).take_while(|&id| id != ROOT);
            way.into_iter().all(|id| self.tree.modules[id].decl.as_ref().is_some_and(|decl| decl.macro_use))
        };
        (parent(&module).is_none_or(holds) || in_scope()) && self.double(module, krate)
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
            && !self.double_beside(module, krate)
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
}
