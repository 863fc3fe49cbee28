//! Paths in helper attributes: a derive writes them into what it makes, beside the item.

use super::state::Mark;
use super::walker::{PathValue, Walker};
use crate::ids::ModuleId;
use crate::parse::tree::{HelperMeans, HelperPath, ItemTree, Name};
use crate::resolve::names::def::{Def, Ns};
use crate::resolve::names::path::NAMES;
use crate::resolve::types::ty::Ty;

impl Walker<'_, '_, '_> {
    /// Notes what the paths in helper attributes refer to. They may mean anything, also what only the derive knows, so
    /// that those which lead nowhere or outside count as nothing.
    pub(in crate::resolve) fn helper_paths(&mut self, t: &ItemTree, paths: &[HelperPath]) {
        let mark = self.notes.mark();
        let around = std::mem::replace(&mut self.flags.expanded_path, true);
        for path in paths {
            self.helper_path(t, *path);
        }
        self.flags.expanded_path = around;
        self.notes.reset(Mark { refs: self.notes.refs.len(), ..mark });
    }

    fn helper_path(&mut self, t: &ItemTree, HelperPath { path: id, means }: HelperPath) {
        let path = &t[id];
        let names: Vec<Name> = path.segments.names();
        if means != HelperMeans::Type
            && let Some(walk) = self.types.walk(&self.cx(), &names, path.global, Ns::Types)
            && walk.used == names.len()
            && let Some(Def::Module(module)) = walk.found.get(Ns::Types)
            && (means == HelperMeans::With || walk.found.get(Ns::Values).is_none())
        {
            self.named_module(module, means, path.line);
            return;
        }
        match means {
            HelperMeans::Value => {
                self.path_here(t, id, Ns::Values);
            }
            HelperMeans::Type => {
                self.path_here(t, id, Ns::Types);
            }
            HelperMeans::With => {
                if let PathValue::Ctor(_, _, ty) | PathValue::Type(ty) = self.path_here(t, id, Ns::Types) {
                    self.serde_members(&ty, path.line);
                }
            }
        }
    }

    /// What a derive calls of a module, or else the module.
    fn named_module(&mut self, module: ModuleId, means: HelperMeans, line: u32) {
        let world = self.types.world;
        let mut found = false;
        if means == HelperMeans::With {
            for name in [NAMES.serialize, NAMES.deserialize] {
                if let Some(def @ Def::Item(_)) = world.in_module(module, name).get(Ns::Values) {
                    self.note_def(def, line);
                    found = true;
                }
            }
        }
        // A module around the item is no place of its own that the item depends on.
        let mut around = std::iter::successors(Some(self.scope.module), |at| world.modules[*at].parent);
        if !found && line > 0 && !around.any(|at| at == module) {
            self.notes.named_modules.push((module, line));
        }
    }

    fn serde_members(&mut self, ty: &Ty, line: u32) {
        for name in [NAMES.serialize, NAMES.deserialize] {
            if let Some(found) = self.types.member(&self.cx(), ty, name, false) {
                self.member_value(found, line);
            }
        }
    }
}
