//! Blocks: the items and imports that they declare for themselves.

use super::walker::Walker;
use crate::parse::MacroRules;
use crate::parse::tree::{Block, ItemTree, NodeId, NodeKind};
use crate::resolve::model::RefKind;
use crate::resolve::names::def::{Def, Ns, PerNs};
use crate::resolve::names::path::{NAMES, marked_crate};
use crate::resolve::types::table::{BlockName, BlockScope};
use crate::resolve::types::ty::Ty;

impl Walker<'_, '_, '_> {
    /// Opens a block's scope; how many scopes and macros to close again.
    pub(in crate::resolve) fn enter_block(&mut self, t: &ItemTree, block: &Block) -> (usize, usize) {
        let marks = (self.scope.blocks.len(), self.scope.block_macros.len());
        if block.items.is_empty() {
            return marks;
        }
        let items: Vec<NodeId> =
            block.items.iter().copied().filter(|id| self.compiled(&t[*id].cfgs)).collect();
        let mut scope = BlockScope::default();
        for &id in &items {
            self.declare(t, id, &mut scope);
        }
        self.scope.blocks.push(scope);
        for &id in &items {
            if let NodeKind::Use(imports) = &t[id].kind {
                for import in imports {
                    self.block_import(import, marks.0);
                }
            }
        }
        for &id in &items {
            self.nested(t, id);
        }
        marks
    }

    pub(in crate::resolve) fn leave_block(&mut self, marks: (usize, usize)) {
        self.scope.blocks.truncate(marks.0);
        self.scope.block_macros.truncate(marks.1);
    }

    pub(in crate::resolve) fn declare(&mut self, t: &ItemTree, id: NodeId, scope: &mut BlockScope) {
        let node = &t[id];
        match &node.kind {
            NodeKind::Macro(rules) => {
                if let Some(rules) = MacroRules::parse(t.tokens(*rules)) {
                    self.scope.block_macros.push((node.name, rules));
                }
            }
            NodeKind::Use(_) | NodeKind::Impl(_) | NodeKind::Call(_) => {}
            NodeKind::Module(module) if node.name.is_empty() => {
                for &inner in module.content.as_deref().unwrap_or_default() {
                    self.declare(t, inner, scope);
                }
            }
            _ => {
                let values =
                    matches!(node.kind, NodeKind::Fn(_) | NodeKind::Const(..) | NodeKind::Static(..));
                let both = matches!(node.kind, NodeKind::Struct(_));
                let own = BlockName::Own { types: !values, values: values || both };
                scope.names.insert(node.name, own);
            }
        }
    }

    pub(in crate::resolve) fn block_import(&mut self, import: &crate::parse::tree::Import, scope: usize) {
        let Some(walk) = self.types.walk(&self.cx(), &import.path, import.global, Ns::Types) else { return };
        let hidden = walk.hidden || import.path.first().is_some_and(|f| marked_crate(*f).is_some());
        let mark = self.notes.refs.len();
        if walk.used < import.path.len() {
            self.note_walk(&walk, import.line, Ns::Types, import.path.len());
            self.notes.refs[mark..].iter_mut().for_each(|r| r.kind = RefKind::Import);
            let mark = self.notes.misses.len();
            self.missing(&import.path, import.line, Ns::Types, &walk);
            let into = self.notes.misses[mark..].iter_mut().filter_map(|miss| miss.into.as_mut());
            into.for_each(|into| into.1 = RefKind::Import);
            // The name is the import's all the same, whatever it means: nobody looks for it further out.
            let unseen = BlockName::Import(PerNs::default(), hidden);
            self.scope.blocks[scope].names.entry(import.alias).or_insert(unseen);
            return;
        }
        for (_, def) in &walk.visited {
            self.note_def(*def, import.line);
        }
        self.note_imported(&walk.found, import.line);
        if hidden {
            self.notes.refs.truncate(mark);
        } else {
            self.note_passed(&walk, import.line);
        }
        for r in &mut self.notes.refs[mark..] {
            r.kind = RefKind::Import;
        }
        let scope = &mut self.scope.blocks[scope];
        if import.glob {
            scope.globs.extend(walk.found.get(Ns::Types));
        } else if import.alias == NAMES.underscore {
            if let Some(Def::Item(def)) = walk.found.get(Ns::Types) {
                scope.unnamed.push(def);
            }
        } else {
            let old = match scope.names.get(&import.alias) {
                Some(BlockName::Import(old, _)) => *old,
                Some(BlockName::Own { .. }) => return,
                None => PerNs::default(),
            };
            scope.names.insert(import.alias, BlockName::Import(walk.found.or(old), hidden));
        }
    }

    /// An item inside a body: it belongs to the item around it.
    pub(in crate::resolve) fn nested(&mut self, t: &ItemTree, id: NodeId) {
        let node = &t[id];
        let mut scope = BlockScope::default();
        if let Some(generics) = &node.generics {
            for param in &generics.types {
                scope.names.insert(param.name, BlockName::Own { types: true, values: false });
            }
            for (name, _) in &generics.consts {
                scope.names.insert(*name, BlockName::Own { types: false, values: true });
            }
        }
        self.scope.blocks.push(scope);
        let locals = std::mem::take(&mut self.scope.locals);
        let saved = self.scope.self_ty.clone();
        match &node.kind {
            NodeKind::Impl(imp) => {
                self.node(t, node);
                self.scope.self_ty = Some(self.types.lower(&self.cx(), t, imp.self_ty));
                for &item in &imp.items {
                    self.nested(t, item);
                }
            }
            NodeKind::Trait(_, items) => {
                self.node(t, node);
                self.scope.self_ty = Some(Ty::Local);
                for &item in items {
                    self.nested(t, item);
                }
            }
            NodeKind::Module(module) => {
                for &item in module.content.as_deref().unwrap_or_default() {
                    self.nested(t, item);
                }
            }
            NodeKind::Call(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
            _ => self.node(t, node),
        }
        self.scope.self_ty = saved;
        self.scope.locals = locals;
        self.scope.blocks.pop();
    }
}
