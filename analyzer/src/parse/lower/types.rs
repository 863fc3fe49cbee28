//! Paths, types, bounds and generics.

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use super::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{
    GenericArgs, GenericParam, Generics, Path, PathId, Segment, Segments, TypeId, TypeRef,
};

/// What is known of a path before all of its segments are.
struct Front {
    line: u32,
    from_body: bool,
    global: bool,
    qself: Option<(TypeId, u8)>,
}

/// A path and its qualifiers, innermost last. A path of many segments is as deep as it is long.
pub(super) fn qualified(path: Node<'_>) -> Vec<Node<'_>> {
    std::iter::successors(Some(path), |p| p.child(PATH)).collect()
}

impl Lower<'_> {
    /// A path; `None` where a syntax error leaves no name of one (`type A = <;`, `fn f(x: ::)`).
    pub(super) fn path(&mut self, path: Node<'_>) -> Option<PathId> {
        let mut out = Front { line: 0, from_body: true, global: false, qself: None };
        // Most paths have one segment: room for exactly what there is, so that boxing copies nothing.
        let qualifiers = std::iter::successors(path.child(PATH), |p| p.child(PATH)).count();
        let mut segments = Vec::with_capacity(1 + qualifiers);
        if qualifiers == 0 {
            self.own_segment(path, &mut out, &mut segments);
        } else {
            self.segments(path, &mut out, &mut segments);
        }
        if out.line == 0 {
            out.line = self.line(path.token());
            out.from_body = self.is_from_body(path.token());
        }
        // Of `<T as Trait>` without a name behind it, the trait is what is left.
        let qself = out.qself.filter(|(_, of_trait)| usize::from(*of_trait) < segments.len());
        let global = out.global && qself.is_none();
        let (line, from_body, segments) = (out.line, out.from_body, Segments::new(segments)?);
        Some(self.path_id(Path { line, from_body, global, qself, segments }))
    }

    /// The path directly below a node.
    pub(super) fn path_in(&mut self, node: Node<'_>) -> Option<PathId> {
        self.path(node.child(PATH)?)
    }

    fn segments(&mut self, path: Node<'_>, out: &mut Front, segments: &mut Vec<Segment>) {
        for part in qualified(path).into_iter().rev() {
            self.own_segment(part, out, segments);
        }
    }

    /// What a path has beside its qualifier.
    fn own_segment(&mut self, path: Node<'_>, out: &mut Front, segments: &mut Vec<Segment>) {
        for child in path.children().filter(|c| c.kind() == PATH_SEGMENT) {
            self.segment(child, out, segments);
        }
    }

    fn segment(&mut self, segment: Node<'_>, out: &mut Front, segments: &mut Vec<Segment>) {
        let (mut name, mut args) = (None, None);
        for child in segment.children() {
            match child.kind() {
                COLON2 => out.global = true,
                NAME_REF => {
                    if out.line == 0 {
                        out.line = self.line(child.token());
                    }
                    out.from_body &= self.is_from_body(child.token());
                    name = Some(self.name(child));
                }
                GENERIC_ARG_LIST => args = Some(Box::new(self.generic_args(child))),
                PARENTHESIZED_ARG_LIST => args = Some(Box::new(self.fn_args(child, segment.child(RET_TYPE)))),
                TYPE_ANCHOR => self.anchor(child, out, segments),
                _ => {}
            }
        }
        segments.extend(name.map(|name| Segment { name, args }));
    }

    /// `<T>` or `<T as Trait>` at the front of a path.
    fn anchor(&mut self, anchor: Node<'_>, out: &mut Front, segments: &mut Vec<Segment>) {
        let mut types = anchor.types();
        let Some(ty) = types.next() else { return };
        let ty = self.ty(ty);
        // The path's own first name tells its line.
        if let Some(path) = types.next().and_then(|t| t.child(PATH)) {
            self.segments(path, out, segments);
        }
        out.qself = Some((ty, u8::try_from(segments.len()).unwrap_or(u8::MAX)));
    }

    /// `(A, B) -> C` behind the name of a trait of functions.
    fn fn_args(&mut self, list: Node<'_>, ret: Option<Node<'_>>) -> GenericArgs {
        let types = list.children().filter_map(Node::ty).map(|ty| self.ty(ty)).collect();
        let output = match ret.and_then(Node::ty) {
            Some(ty) => self.ty(ty),
            None => self.type_id(TypeRef::Tuple(Box::new([]))),
        };
        let bindings = Box::new([(ustr("Output"), output)]);
        GenericArgs { types, bindings, parenthesized: true, ..GenericArgs::default() }
    }

    pub(super) fn generic_args(&mut self, list: Node<'_>) -> GenericArgs {
        let (mut types, mut bindings, mut consts, mut bounds) = (vec![], vec![], vec![], vec![]);
        for arg in list.children() {
            match arg.kind() {
                TYPE_ARG => types.extend(arg.ty().map(|ty| self.ty(ty))),
                CONST_ARG => {
                    if let Some(e) = arg.expr() {
                        consts.push(self.expr(e));
                        types.push(self.type_id(TypeRef::Infer));
                    }
                }
                ASSOC_TYPE_ARG => {
                    if let (Some(name), Some(ty)) = (arg.child(NAME_REF), arg.ty()) {
                        let ty = self.ty(ty);
                        bindings.push((self.name(name), ty));
                    }
                    consts.extend(arg.child(CONST_ARG).and_then(Node::expr).map(|e| self.expr(e)));
                    bounds.extend(self.bounds_of(arg));
                }
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

    /// The traits in the bounds that a node has.
    pub(super) fn bounds_of(&mut self, node: Node<'_>) -> Box<[PathId]> {
        let list = node.child(TYPE_BOUND_LIST).into_iter().flat_map(Node::children);
        let traits = list.filter_map(|bound| match bound.ty()? {
            ty if ty.kind() == FOR_TYPE => ty.ty()?.child(PATH),
            ty => ty.child(PATH),
        });
        traits.filter_map(|p| self.path(p)).collect()
    }

    pub(super) fn ty_or_infer(&mut self, ty: Option<Node<'_>>) -> TypeId {
        match ty {
            Some(ty) => self.ty(ty),
            None => self.type_id(TypeRef::Infer),
        }
    }

    pub(super) fn ty_here(&mut self, ty: Node<'_>) -> TypeId {
        self.count().types += 1;
        let lowered = match ty.kind() {
            PATH_TYPE => self.path_in(ty).map_or(TypeRef::Infer, TypeRef::Path),
            REF_TYPE => TypeRef::Ref(self.ty_or_infer(ty.ty())),
            PTR_TYPE => TypeRef::Ptr(self.ty_or_infer(ty.ty())),
            SLICE_TYPE => TypeRef::Slice(self.ty_or_infer(ty.ty())),
            ARRAY_TYPE => {
                let inner = self.ty_or_infer(ty.ty());
                let len = ty.child(CONST_ARG).and_then(Node::expr);
                TypeRef::Array(inner, self.expr_or_missing(len))
            }
            TUPLE_TYPE => TypeRef::Tuple(ty.types().map(|t| self.ty(t)).collect()),
            FN_PTR_TYPE => {
                let params = ty.child(PARAM_LIST).into_iter().flat_map(Node::children);
                let inputs = params.filter_map(Node::ty).map(|t| self.ty(t)).collect();
                TypeRef::Fn(inputs, self.return_type(ty))
            }
            IMPL_TRAIT_TYPE => TypeRef::Impl(self.bounds_of(ty)),
            DYN_TRAIT_TYPE => TypeRef::Dyn(self.bounds_of(ty)),
            MACRO_TYPE => {
                let call = ty.child(MACRO_CALL).and_then(|call| self.expr_macro(call));
                call.map_or(TypeRef::Infer, TypeRef::Macro)
            }
            NEVER_TYPE => TypeRef::Never,
            FOR_TYPE => return self.for_type(ty),
            PAREN_TYPE => return self.ty_or_infer(ty.ty()),
            _ => TypeRef::Infer,
        };
        self.type_id(lowered)
    }

    /// `for<'a> fn(&'a T)`, or a trait object without its `dyn`.
    fn for_type(&mut self, ty: Node<'_>) -> TypeId {
        match ty.ty() {
            Some(inner) if inner.kind() == PATH_TYPE => {
                let bounds = self.path_in(inner).into_iter().collect();
                self.type_id(TypeRef::Dyn(bounds))
            }
            inner => self.ty_or_infer(inner),
        }
    }

    pub(super) fn return_type(&mut self, item: Node<'_>) -> Option<TypeId> {
        item.child(RET_TYPE).and_then(Node::ty).map(|ty| self.ty(ty))
    }

    /// The generic parameters and where clauses of an item.
    pub(super) fn generics(&mut self, item: Node<'_>) -> Option<Box<Generics>> {
        let (mut types, mut consts, mut wheres) = (vec![], vec![], vec![]);
        let (mut any, mut lifetimes) = (false, 0);
        for child in item.children() {
            match child.kind() {
                GENERIC_PARAM_LIST => {
                    for param in child.children() {
                        any |= matches!(param.kind(), TYPE_PARAM | CONST_PARAM | LIFETIME_PARAM);
                        match param.kind() {
                            TYPE_PARAM => types.push(GenericParam {
                                name: self.own_name(param),
                                bounds: self.bounds_of(param),
                                default: param.ty().map(|ty| self.ty(ty)),
                            }),
                            CONST_PARAM => {
                                let ty = self.ty_or_infer(param.ty());
                                consts.push((self.own_name(param), ty));
                            }
                            LIFETIME_PARAM => lifetimes += 1,
                            _ => {}
                        }
                    }
                }
                WHERE_CLAUSE => {
                    any = true;
                    for predicate in child.children().filter(|c| c.kind() == WHERE_PRED) {
                        if let Some(ty) = predicate.ty() {
                            wheres.push((self.ty(ty), self.bounds_of(predicate)));
                        }
                    }
                }
                _ => {}
            }
        }
        let generics =
            Generics { types: types.into(), consts: consts.into(), lifetimes, wheres: wheres.into() };
        any.then(|| Box::new(generics))
    }
}
