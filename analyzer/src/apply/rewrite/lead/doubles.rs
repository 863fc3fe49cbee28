//! Modules and macros for tests alone: no other crate sees them, so each whose tests name them gets a copy.

use super::Leads;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tree::ROOT;
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
