//! Fields, variants and parameters.

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use crate::parse::lower::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{FieldNode, Pat, PatId, Path, TypeId, TypeRef, VariantNode};

impl Lower<'_> {
    /// The fields of a struct, union or variant.
    pub(in crate::parse::lower) fn fields(&mut self, item: Node<'_>) -> Box<[FieldNode]> {
        let list = item.child(RECORD_FIELD_LIST).or_else(|| item.child(TUPLE_FIELD_LIST));
        let fields = list.into_iter().flat_map(Node::children);
        let fields = fields.filter(|f| matches!(f.kind(), RECORD_FIELD | TUPLE_FIELD)).enumerate();
        let lowered: Box<[FieldNode]> = fields.map(|(i, field)| self.field(i, field)).collect();
        self.count().fields += u32::try_from(lowered.len()).unwrap_or(0);
        lowered
    }

    fn field(&mut self, index: usize, field: Node<'_>) -> FieldNode {
        let attrs = self.attrs(field.children());
        let (name, from_body) = match field.child(NAME) {
            Some(name) => (self.name(name), self.is_from_body(name.token())),
            None => (ustr(&index.to_string()), false),
        };
        FieldNode {
            name,
            line: self.line(field.token()),
            from_body,
            ty: self.ty_or_infer(field.ty()),
            cfgs: attrs.cfgs,
            vis: self.vis(field),
            attributes: attrs.paths,
            helpers: attrs.helpers,
        }
    }

    pub(in crate::parse::lower) fn variants(&mut self, item: Node<'_>) -> Box<[VariantNode]> {
        let list = item.child(VARIANT_LIST).into_iter().flat_map(Node::children);
        list.filter(|v| v.kind() == VARIANT).map(|v| self.variant(v)).collect()
    }

    fn variant(&mut self, variant: Node<'_>) -> VariantNode {
        self.count().fields += 1;
        let attrs = self.attrs(variant.children());
        VariantNode {
            name: self.own_name(variant),
            lines: (self.line(variant.token()), self.line(variant.last_token())),
            command: attrs.command,
            flattened: attrs.flattened,
            from_body: variant.child(NAME).is_some_and(|name| self.is_from_body(name.token())),
            fields: self.fields(variant),
            discriminant: variant.child(CONST_ARG).and_then(Node::expr).map(|e| self.expr(e)),
            cfgs: attrs.cfgs,
            helpers: attrs.helpers,
        }
    }

    /// The parameters of a function; `self` as a binding named `self`.
    pub(in crate::parse::lower) fn params(&mut self, list: Option<Node<'_>>) -> Box<[(PatId, TypeId)]> {
        let params = list.into_iter().flat_map(Node::children);
        let params = params.filter_map(|param| match param.kind() {
            SELF_PARAM => Some(self.self_param(param)),
            PARAM if param.pat().is_some() || param.ty().is_some() => {
                let pat = self.pat_or_wild(param.pat());
                Some((pat, self.ty_or_infer(param.ty())))
            }
            _ => None,
        });
        params.collect()
    }

    fn self_param(&mut self, param: Node<'_>) -> (PatId, TypeId) {
        let line = param.child(NAME).map_or(1, |n| self.line(n.token()));
        let pat = self.pat_id(Pat::Bind(ustr("self"), None, line));
        if let Some(ty) = param.ty() {
            return (pat, self.ty(ty));
        }
        let path = self.path_id(Path::single(ustr("Self"), line));
        let ty = self.type_id(TypeRef::Path(path));
        if param.has(AMP) { (pat, self.type_id(TypeRef::Ref(ty))) } else { (pat, ty) }
    }
}
