//! Paths, types, bounds and generics.

use proc_macro2::Span;
use ustr::ustr;

use super::{Lower, name};
use crate::parse::tree::{GenericArgs, GenericParam, Generics, Path, PathId, Segment, TypeId, TypeRef};

impl Lower<'_> {
    pub(super) fn path(&mut self, path: &syn::Path) -> PathId {
        self.qpath(None, path)
    }

    pub(super) fn qpath(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> PathId {
        let line = path.segments.first().map_or(1, |s| self.line(s.ident.span()));
        let qself = qself.map(|q| (self.ty(&q.ty), u8::try_from(q.position).unwrap_or(u8::MAX)));
        let segments = path
            .segments
            .iter()
            .map(|s| Segment { name: name(&s.ident), args: self.path_arguments(&s.arguments) })
            .collect();
        let global = path.leading_colon.is_some() && qself.is_none();
        self.path_id(Path { line, global, qself, segments })
    }

    fn path_arguments(&mut self, args: &syn::PathArguments) -> Option<Box<GenericArgs>> {
        match args {
            syn::PathArguments::None => None,
            syn::PathArguments::AngleBracketed(a) => Some(Box::new(self.generic_args(a))),
            syn::PathArguments::Parenthesized(p) => {
                let types = p.inputs.iter().map(|a| self.ty(&a.ty)).collect();
                let output = match &p.output {
                    syn::ReturnType::Default => self.type_id(TypeRef::Tuple(Box::new([]))),
                    syn::ReturnType::Type(_, ty) => self.ty(ty),
                };
                let bindings = Box::new([(ustr("Output"), output)]);
                Some(Box::new(GenericArgs { types, bindings, parenthesized: true, ..GenericArgs::default() }))
            }
        }
    }

    pub(super) fn generic_args(&mut self, args: &syn::AngleBracketedGenericArguments) -> GenericArgs {
        let (mut types, mut bindings, mut consts, mut bounds) = (vec![], vec![], vec![], vec![]);
        for arg in &args.args {
            match arg {
                syn::GenericArgument::Type(ty) => types.push(self.ty(ty)),
                syn::GenericArgument::Const(e) => {
                    consts.push(self.expr(e));
                    types.push(self.type_id(TypeRef::Infer));
                }
                syn::GenericArgument::AssocType(a) => {
                    let ty = self.ty(&a.ty);
                    bindings.push((name(&a.ident), ty));
                }
                syn::GenericArgument::AssocConst(a) => consts.push(self.expr(&a.value)),
                syn::GenericArgument::Constraint(c) => bounds.extend(self.bounds(&c.bounds)),
                _ => {}
            }
        }
        GenericArgs {
            types: types.into(),
            bindings: bindings.into(),
            consts: consts.into(),
            bounds: bounds.into(),
            parenthesized: false,
        }
    }

    pub(super) fn bounds<'b>(
        &mut self,
        bounds: impl IntoIterator<Item = &'b syn::TypeParamBound>,
    ) -> Box<[PathId]> {
        let traits = bounds.into_iter().filter_map(|b| match b {
            syn::TypeParamBound::Trait(t) => Some(&t.path),
            _ => None,
        });
        traits.map(|p| self.path(p)).collect()
    }

    pub(super) fn ty(&mut self, ty: &syn::Type) -> TypeId {
        let lowered = match ty {
            syn::Type::Path(t) => TypeRef::Path(self.qpath(t.qself.as_ref(), &t.path)),
            syn::Type::Reference(t) => TypeRef::Ref(self.ty(&t.elem)),
            syn::Type::Ptr(t) => TypeRef::Ptr(self.ty(&t.elem)),
            syn::Type::Slice(t) => TypeRef::Slice(self.ty(&t.elem)),
            syn::Type::Array(t) => TypeRef::Array(self.ty(&t.elem), self.expr(&t.len)),
            syn::Type::Tuple(t) => TypeRef::Tuple(t.elems.iter().map(|e| self.ty(e)).collect()),
            syn::Type::FnPtr(t) => {
                let inputs = t.inputs.iter().map(|a| self.ty(&a.ty)).collect();
                TypeRef::Fn(inputs, self.return_type(&t.output))
            }
            syn::Type::ImplTrait(t) => TypeRef::Impl(self.bounds(&t.bounds)),
            syn::Type::TraitObject(t) => TypeRef::Dyn(self.bounds(&t.bounds)),
            syn::Type::Macro(t) => TypeRef::Macro(self.expr_macro(&t.mac)),
            syn::Type::Never(_) => TypeRef::Never,
            syn::Type::Paren(t) => return self.ty(&t.elem),
            syn::Type::Group(t) => return self.ty(&t.elem),
            _ => TypeRef::Infer,
        };
        self.type_id(lowered)
    }

    pub(super) fn return_type(&mut self, ret: &syn::ReturnType) -> Option<TypeId> {
        match ret {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(self.ty(ty)),
        }
    }

    pub(super) fn generics(&mut self, g: &syn::Generics) -> Option<Box<Generics>> {
        if g.params.is_empty() && g.where_clause.is_none() {
            return None;
        }
        let (mut types, mut consts) = (vec![], vec![]);
        for param in &g.params {
            match param {
                syn::GenericParam::Type(t) => types.push(GenericParam {
                    name: name(&t.ident),
                    bounds: self.bounds(&t.bounds),
                    default: t.default.as_ref().map(|(_, ty)| self.ty(ty)),
                }),
                syn::GenericParam::Const(c) => consts.push((name(&c.ident), self.ty(&c.ty))),
                syn::GenericParam::Lifetime(_) => {}
            }
        }
        let predicates = g.where_clause.iter().flat_map(|w| &w.predicates);
        let wheres = predicates.filter_map(|p| match p {
            syn::WherePredicate::Type(t) => Some((self.ty(&t.bounded_ty), self.bounds(&t.bounds))),
            _ => None,
        });
        let wheres = wheres.collect();
        Some(Box::new(Generics { types: types.into(), consts: consts.into(), wheres }))
    }

    /// The last line of a spanned thing.
    pub(super) fn end_line(&self, span: Span) -> u32 {
        self.fixed_line.unwrap_or_else(|| u32::try_from(span.end().line).unwrap_or(u32::MAX))
    }

    /// The line of a member of a struct.
    pub(super) fn member_line(&self, member: &syn::Member) -> u32 {
        match member {
            syn::Member::Named(i) => self.line(i.span()),
            syn::Member::Unnamed(i) => self.line(i.span),
        }
    }
}
