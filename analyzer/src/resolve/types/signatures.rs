//! Types of functions, fields, constants and statics, made when asked for.

use std::sync::Arc;

use super::fuel;
use super::table::{Sig, Types};
use super::ty::Ty;
use crate::parse::tree::{FieldNode, Name, NodeKind, TypeRef};
use crate::resolve::names::def::DefId;

impl Types<'_, '_> {
    pub(in crate::resolve) fn sig(&self, def: DefId) -> Option<Arc<Sig>> {
        let NodeKind::Fn(node) = &self.world.node(def).kind else { return None };
        let sig = self.sigs[def].get_or_init(|| {
            fuel::with(fuel::SIGNATURE, || {
                let cx = self.cx_of(def);
                let tree = self.world.tree(self.world.defs[def].tree);
                let params = node.params.iter().map(|(_, ty)| self.lower(&cx, tree, *ty)).collect();
                let ret = node.ret.map_or_else(Ty::unit, |r| self.lower(&cx, tree, r));
                let ret = if node.is_async { Ty::ext("Future", [ret]) } else { ret };
                let gives_value = node.ret.is_some_and(|ret| matches!(tree[ret], TypeRef::Path(_)));
                Arc::new(Sig { has_self: node.has_self, params, ret, gives_value })
            })
        });
        Some(sig.clone())
    }

    /// Types of a struct's or union's fields; of an enum's, one variant after the other.
    pub(in crate::resolve) fn field_types(&self, def: DefId) -> Arc<[Ty]> {
        let types = self.fields[def].get_or_init(|| {
            fuel::with(fuel::SIGNATURE, || {
                let cx = self.cx_of(def);
                let tree = self.world.tree(self.world.defs[def].tree);
                let all: Vec<&FieldNode> = match &self.world.node(def).kind {
                    NodeKind::Struct(fields) | NodeKind::Union(fields) => fields.iter().collect(),
                    NodeKind::Enum(variants) => variants.iter().flat_map(|v| &v.fields).collect(),
                    _ => Vec::new(),
                };
                all.into_iter().map(|f| self.lower(&cx, tree, f.ty)).collect()
            })
        });
        types.clone()
    }

    /// Types of the fields of a struct or variant, in terms of its own parameters.
    pub(in crate::resolve) fn raw_fields(&self, def: DefId, variant: Option<u32>) -> Vec<Ty> {
        let all = self.field_types(def);
        let (start, len) = match (&self.world.node(def).kind, variant) {
            (NodeKind::Struct(fields) | NodeKind::Union(fields), _) => (0, fields.len()),
            (NodeKind::Enum(variants), Some(index)) => {
                let index = index as usize;
                let start = variants.iter().take(index).map(|v| v.fields.len()).sum();
                (start, variants.get(index).map_or(0, |v| v.fields.len()))
            }
            _ => (0, 0),
        };
        all.get(start..start + len).map(<[Ty]>::to_vec).unwrap_or_default()
    }

    /// The type of one field in terms of its type's own parameters.
    pub(in crate::resolve) fn raw_field(&self, def: DefId, variant: Option<u32>, name: Name) -> Option<Ty> {
        self.field_ty(def, variant, name)
    }

    /// The type of a field, for a value of type `Adt(def, args)`; `variant` for an enum's.
    pub(in crate::resolve) fn field(
        &self,
        def: DefId,
        args: &[Ty],
        variant: Option<u32>,
        name: Name,
    ) -> Option<Ty> {
        let ty = self.field_ty(def, variant, name)?;
        let inside = matches!(args, [Ty::Param(owner, _), ..] if *owner == def);
        if inside {
            return Some(ty);
        }
        Some(self.forget(&self.bind_params(def, args).apply(&ty), def))
    }

    fn field_ty(&self, def: DefId, variant: Option<u32>, name: Name) -> Option<Ty> {
        let mut base = 0;
        let fields: &[FieldNode] = match (&self.world.node(def).kind, variant) {
            (NodeKind::Struct(fields) | NodeKind::Union(fields), _) => fields,
            (NodeKind::Enum(variants), Some(index)) => {
                let index = index as usize;
                base = variants.iter().take(index).map(|v| v.fields.len()).sum();
                &variants.get(index)?.fields
            }
            _ => return None,
        };
        let position = fields.iter().position(|f| f.name == name)?;
        self.field_types(def).get(base + position).cloned()
    }

    /// The value of a constant or static.
    pub(in crate::resolve) fn value_ty(&self, def: DefId) -> Ty {
        let (NodeKind::Const(Some(ty), _) | NodeKind::Static(Some(ty), _)) = &self.world.node(def).kind
        else {
            return Ty::Unknown;
        };
        self.lower(&self.cx_of(def), self.world.tree(self.world.defs[def].tree), *ty)
    }
}
