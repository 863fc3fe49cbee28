//! Patterns: the names that they bind, and what they refer to.

use super::walker::{PathValue, Walker};
use crate::parse::tree::{ItemTree, Name, NodeKind, Pat, PatId};
use crate::resolve::model::RefKind;
use crate::resolve::names::def::{Def, Ns};
use crate::resolve::types::ty::Ty;
use ustr::ustr;

impl Walker<'_, '_, '_> {
    /// Binds a pattern's names; the pattern's type as far as it is known.
    pub(in crate::resolve) fn bind(&mut self, t: &ItemTree, id: PatId, ty: &Ty) -> Ty {
        match &t[id] {
            Pat::Wild => {}
            Pat::Bind(name, sub, line) => {
                let constant = name.as_str().starts_with(|c: char| c.is_uppercase());
                if constant && sub.is_none() && self.constant_pattern(*name, *line) {
                    return ty.clone();
                }
                self.scope.locals.push((*name, ty.clone()));
                if let Some(sub) = sub {
                    self.bind(t, *sub, ty);
                }
            }
            Pat::Path(path) => {
                self.path(t, *path, Ns::Values);
            }
            Pat::TupleStruct(path, pats, rest) => {
                let value = self.path(t, *path, Ns::Values);
                for (i, pat) in pats.iter().enumerate() {
                    // Behind `..` positions count from the end.
                    let after = rest.is_some_and(|r| i >= r as usize);
                    let at = if after { (i + self.arity(&value)).checked_sub(pats.len()) } else { Some(i) };
                    let field = at.map_or(Ty::Unknown, |at| self.position(&value, at, ty));
                    self.bind(t, *pat, &field);
                }
            }
            Pat::Struct(path, fields) => {
                let value = self.path(t, *path, Ns::Types);
                let (of, variant) = self.ctor_ty(&value, ty);
                for (name, pat, line) in fields {
                    let field = self.field_of(&of, variant, *name, *line);
                    self.bind(t, *pat, &field);
                }
            }
            Pat::Tuple(pats, rest) => {
                let parts: Vec<Ty> = match ty {
                    Ty::Tuple(parts) => parts.to_vec(),
                    _ => Vec::new(),
                };
                for (i, pat) in pats.iter().enumerate() {
                    let after = rest.is_some_and(|r| i >= r as usize);
                    let i = if after { (i + parts.len()).checked_sub(pats.len()) } else { Some(i) };
                    let part = i.and_then(|i| parts.get(i)).cloned().unwrap_or(Ty::Unknown);
                    self.bind(t, *pat, &part);
                }
            }
            Pat::Ref(inner) => return self.bind(t, *inner, ty),
            Pat::Slice(pats) => {
                let item = self.element(ty);
                for pat in pats {
                    // `rest @ ..` is the slice itself.
                    let rest = matches!(&t[*pat], Pat::Bind(_, Some(sub), _) if matches!(t[*sub], Pat::Wild));
                    self.bind(t, *pat, if rest { ty } else { &item });
                }
            }
            Pat::Or(pats) => {
                for pat in pats {
                    self.bind(t, *pat, ty);
                }
            }
            Pat::Expr(exprs) => {
                for e in exprs {
                    self.expr(t, *e, &Ty::Unknown);
                }
            }
            Pat::Typed(pat, declared) => {
                let declared = self.type_ref(t, *declared).or(ty.clone());
                self.bind(t, *pat, &declared);
                return declared;
            }
            Pat::Guard(pat, guard) => {
                self.bind(t, *pat, ty);
                self.expr(t, *guard, &Ty::Unknown);
            }
            Pat::Macro(call) => {
                self.macro_call(t, *call, &Ty::Unknown);
            }
        }
        ty.clone()
    }

    /// What a constructor makes: its type (with the arguments that the context knows) and variant.
    pub(in crate::resolve) fn ctor_ty(&mut self, value: &PathValue, context: &Ty) -> (Ty, Option<u32>) {
        match value {
            PathValue::Ctor(def, variant, own) => match context {
                Ty::Adt(of, _) if of == def => (context.clone(), *variant),
                _ => (own.clone(), *variant),
            },
            PathValue::Type(ty) => match (ty, context) {
                (Ty::Adt(a, _), Ty::Adt(b, _)) if a == b => (context.clone(), None),
                _ => (ty.clone(), None),
            },
            _ => (Ty::Unknown, None),
        }
    }

    /// The type of a tuple pattern's position.
    pub(in crate::resolve) fn position(&mut self, value: &PathValue, i: usize, context: &Ty) -> Ty {
        match value {
            PathValue::Ext(_, name) => {
                let context = self.types.normalize(&self.cx(), context);
                match name.as_str() {
                    "Some" | "Ok" | "Continue" | "Ready" | "Left" | "Included" | "Excluded" => context.arg(0),
                    "Err" | "Right" => context.arg(1),
                    // `Json(value): Json<T>`.
                    _ => match &context {
                        Ty::Ext(outer, args) if outer == name && i == 0 && args.len() == 1 => context.arg(0),
                        _ => Ty::Unknown,
                    },
                }
            }
            _ => {
                let (of, variant) = self.ctor_ty(value, context);
                match of {
                    Ty::Adt(def, args) => {
                        self.types.field(def, &args, variant, ustr(&i.to_string())).unwrap_or(Ty::Unknown)
                    }
                    _ => Ty::Unknown,
                }
            }
        }
    }

    /// A field of a constructor, referred to.
    pub(in crate::resolve) fn field_of(
        &mut self,
        of: &Ty,
        variant: Option<u32>,
        name: Name,
        line: u32,
    ) -> Ty {
        let Ty::Adt(def, args) = of else { return Ty::Unknown };
        let Some(ty) = self.types.field(*def, args, variant, name) else { return Ty::Unknown };
        self.refer_field(*def, name, line);
        ty
    }

    /// `NAME` in a pattern: a constant, unit struct or variant in scope.
    pub(in crate::resolve) fn constant_pattern(&mut self, name: Name, line: u32) -> bool {
        let Some(walk) = self.types.walk(&self.cx(), &[name], false, Ns::Values) else { return false };
        match walk.found.get(Ns::Values) {
            Some(Def::Item(def)) => {
                let kind = match &self.types.world.node(def).kind {
                    NodeKind::Const(..) | NodeKind::Static(..) => RefKind::Value,
                    NodeKind::Struct(_) => RefKind::Type,
                    _ => return false,
                };
                self.refer(def, line, kind);
                true
            }
            Some(Def::Variant(def, index)) => {
                self.refer_variant(def, index, line);
                true
            }
            Some(Def::Ext(ext)) => ext == "None",
            _ => false,
        }
    }
}
