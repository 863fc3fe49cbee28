//! Items.

use ustr::{Ustr, ustr};

use super::attrs::Attrs;
use super::extent::Extent;
use super::{Lower, name};
use crate::parse::ItemFeatures;
use crate::parse::tree::{
    Expr, FieldNode, FnNode, Generics, ImplNode, Import, ModNode, Name, Node, NodeFlags, NodeId, NodeKind,
    Pat, Path, Segment, TypeRef, VariantNode, Vis,
};

/// What an item needs besides its kind.
struct Head {
    name: Name,
    vis: Vis,
    lines: (u32, u32),
    attrs: Attrs,
    generics: Option<Box<Generics>>,
}

impl Lower<'_> {
    pub(super) fn items(&mut self, items: &[syn::Item]) -> Box<[NodeId]> {
        items.iter().filter_map(|i| self.item(i)).collect()
    }

    pub(super) fn item(&mut self, item: &syn::Item) -> Option<NodeId> {
        self.counts.push(ItemFeatures::default());
        let lowered = self.item_kind(item);
        let features = self.counts.pop().unwrap_or_default();
        let (head, kind) = lowered?;
        Some(self.finish(head, kind, features))
    }

    fn finish(&mut self, head: Head, kind: NodeKind, mut features: ItemFeatures) -> NodeId {
        features.derives += head.attrs.derives;
        let nested = ItemFeatures { tokens: 0, ..features };
        *self.count() += nested;
        features.tokens = match self.fixed_line {
            Some(_) => 0,
            None => self.scan.between(head.lines.0, head.lines.1),
        };
        self.node_id(Node {
            name: head.name,
            kind,
            vis: head.vis,
            line: head.lines.0,
            end_line: head.lines.1,
            cfgs: head.attrs.cfgs,
            attributes: head.attrs.paths,
            flags: head.attrs.flags,
            generics: head.generics,
            features,
        })
    }

    fn head(
        &mut self,
        node: &impl Extent,
        attrs: &[syn::Attribute],
        ident: Option<&proc_macro2::Ident>,
        vis: &syn::Visibility,
        generics: Option<&syn::Generics>,
    ) -> Head {
        let (first, last) = node.extent();
        let start = match (attrs.first(), vis) {
            (Some(attr), _) => attr.pound_token.span,
            (None, syn::Visibility::Public(token)) => token.span,
            (None, syn::Visibility::Restricted(r)) => r.pub_token.span,
            (None, syn::Visibility::Inherited) => first,
        };
        let lines = (self.line(start), self.end_line(last));
        let mut attrs = self.attrs(attrs);
        if attrs.is_proc_macro {
            attrs.flags.proc_macro = attrs.flags.proc_macro.or_else(|| ident.map(name));
        }
        Head {
            name: ident.map_or_else(|| ustr(""), name),
            vis: vis_of(vis),
            lines,
            attrs,
            generics: generics.and_then(|g| self.generics(g)),
        }
    }

    fn item_kind(&mut self, item: &syn::Item) -> Option<(Head, NodeKind)> {
        let none = syn::Visibility::Inherited;
        Some(match item {
            syn::Item::Fn(i) => {
                let head = self.head(i, &i.attrs, Some(&i.sig.ident), &i.vis, Some(&i.sig.generics));
                (head, self.function(&i.sig, Some(&i.block)))
            }
            syn::Item::Struct(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Struct(self.fields(&i.fields)))
            }
            syn::Item::Union(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Union(self.fields(&syn::Fields::Named(i.fields.clone()))))
            }
            syn::Item::Enum(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Enum(i.variants.iter().map(|v| self.variant(v)).collect()))
            }
            syn::Item::Trait(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                let supers = self.bounds(&i.supertraits);
                self.generic += 1;
                let items = i.items.iter().map(|i| self.trait_item(i)).collect();
                self.generic -= 1;
                (head, NodeKind::Trait(supers, items))
            }
            syn::Item::TraitAlias(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Trait(self.bounds(&i.bounds), Box::new([])))
            }
            syn::Item::Impl(i) => {
                let head = self.head(i, &i.attrs, None, &none, Some(&i.generics));
                (head, self.imp(i))
            }
            syn::Item::Type(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::TypeAlias(Box::new([]), Some(self.ty(&i.ty))))
            }
            syn::Item::Const(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Const(Some(self.ty(&i.ty)), Some(self.expr(&i.expr))))
            }
            syn::Item::Static(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, None);
                (head, NodeKind::Static(Some(self.ty(&i.ty)), Some(self.expr(&i.expr))))
            }
            syn::Item::Mod(i) => {
                let mut head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, None);
                let content = i.content.as_ref().map(|(_, items)| self.items(items));
                let paths = std::mem::take(&mut head.attrs.file_paths).into();
                (head, NodeKind::Module(Box::new(ModNode { content, paths })))
            }
            syn::Item::Use(i) => {
                let head = self.head(i, &i.attrs, None, &i.vis, None);
                (head, NodeKind::Use(self.imports(i)))
            }
            syn::Item::ExternCrate(i) => {
                let alias = i.rename.as_ref().map_or(&i.ident, |(_, r)| r);
                let mut head = self.head(i, &i.attrs, None, &i.vis, None);
                head.name = name_or_underscore(alias);
                (head, NodeKind::ExternCrate(name(&i.ident)))
            }
            syn::Item::ForeignMod(i) => {
                let head = self.head(i, &i.attrs, None, &none, None);
                let items: Box<[NodeId]> = i.items.iter().filter_map(|f| self.foreign_item(f)).collect();
                // A foreign block is a group of items under common attributes, like an inline module without a name.
                (head, NodeKind::Module(Box::new(ModNode { content: Some(items), paths: Box::new([]) })))
            }
            syn::Item::Macro(i) => return self.item_macro(i),
            _ => return None,
        })
    }

    fn item_macro(&mut self, i: &syn::ItemMacro) -> Option<(Head, NodeKind)> {
        let head = self.head(i, &i.attrs, i.ident.as_ref(), &syn::Visibility::Inherited, None);
        if i.ident.is_some() && i.mac.path.is_ident("macro_rules") {
            let raw = self.raw_tokens(&i.mac).unwrap_or_default();
            let mut head = head;
            head.attrs.paths = self.transcriber_paths(&i.mac.tokens).into();
            return Some((head, NodeKind::Macro(raw)));
        }
        self.count().macro_calls += 1;
        Some((head, NodeKind::Call(self.items_macro(&i.mac))))
    }

    fn function(&mut self, sig: &syn::Signature, block: Option<&syn::Block>) -> NodeKind {
        let is_async = sig.asyncness.is_some();
        let has_self = sig.receiver().is_some();
        let params = sig.inputs.iter().map(|a| self.param(a)).collect();
        let generic = sig.generics.params.iter().any(|p| !matches!(p, syn::GenericParam::Lifetime(_)))
            || sig
                .inputs
                .iter()
                .any(|a| matches!(a, syn::FnArg::Typed(t) if matches!(*t.ty, syn::Type::ImplTrait(_))));
        if block.is_some() {
            let in_generic = generic || self.generic > 0;
            let count = self.count();
            count.fns += 1;
            count.async_fns += u32::from(is_async);
            count.generic_fns += u32::from(in_generic);
        }
        let ret = self.return_type(&sig.output);
        let body = block.map(|b| {
            let block = self.block(b);
            self.expr_id(Expr::Block(Box::new(block)))
        });
        NodeKind::Fn(Box::new(FnNode { has_self, params, ret, body, is_async }))
    }

    fn param(&mut self, arg: &syn::FnArg) -> (crate::parse::tree::PatId, crate::parse::tree::TypeId) {
        match arg {
            syn::FnArg::Typed(t) => (self.pat(&t.pat), self.ty(&t.ty)),
            syn::FnArg::Receiver(r) => {
                let line = self.line(r.self_token.span);
                let pat = self.pat_id(Pat::Bind(ustr("self"), None, line));
                if let syn::ReceiverKind::Typed(_, ty) = &r.kind {
                    return (pat, self.ty(ty));
                }
                let segments = Box::new([Segment { name: ustr("Self"), args: None }]);
                let path = self.path_id(Path { line, global: false, qself: None, segments });
                let ty = self.type_id(TypeRef::Path(path));
                match r.kind {
                    syn::ReceiverKind::Reference(..) => (pat, self.type_id(TypeRef::Ref(ty))),
                    _ => (pat, ty),
                }
            }
        }
    }

    fn imp(&mut self, i: &syn::ItemImpl) -> NodeKind {
        let trait_path = i.trait_.as_ref().map(|(p, _)| self.path(p));
        self.count().trait_impls += u32::from(trait_path.is_some());
        let self_ty = self.ty(&i.self_ty);
        let generic = i.generics.params.iter().any(|p| !matches!(p, syn::GenericParam::Lifetime(_)));
        self.generic += u32::from(generic);
        let items = i.items.iter().map(|i| self.impl_item(i)).collect();
        self.generic -= u32::from(generic);
        NodeKind::Impl(Box::new(ImplNode { trait_path, self_ty, items }))
    }

    pub(super) fn impl_item(&mut self, item: &syn::ImplItem) -> NodeId {
        self.counts.push(ItemFeatures::default());
        let none = syn::Visibility::Inherited;
        let (head, kind) = match item {
            syn::ImplItem::Fn(i) => {
                let head = self.head(i, &i.attrs, Some(&i.sig.ident), &i.vis, Some(&i.sig.generics));
                (head, self.function(&i.sig, Some(&i.block)))
            }
            syn::ImplItem::Const(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::Const(Some(self.ty(&i.ty)), Some(self.expr(&i.expr))))
            }
            syn::ImplItem::Type(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                (head, NodeKind::TypeAlias(Box::new([]), Some(self.ty(&i.ty))))
            }
            syn::ImplItem::Macro(i) => {
                let head = self.head(i, &i.attrs, None, &none, None);
                self.count().macro_calls += 1;
                (head, NodeKind::Call(self.items_macro(&i.mac)))
            }
            _ => (self.empty_head(), NodeKind::Use(Box::new([]))),
        };
        let features = self.counts.pop().unwrap_or_default();
        self.finish(head, kind, features)
    }

    fn trait_item(&mut self, item: &syn::TraitItem) -> NodeId {
        self.counts.push(ItemFeatures::default());
        let none = syn::Visibility::Inherited;
        let (head, kind) = match item {
            syn::TraitItem::Fn(i) => {
                let head = self.head(i, &i.attrs, Some(&i.sig.ident), &none, Some(&i.sig.generics));
                (head, self.function(&i.sig, i.default.as_ref()))
            }
            syn::TraitItem::Const(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &none, Some(&i.generics));
                let value = i.default.as_ref().map(|(_, e)| self.expr(e));
                (head, NodeKind::Const(Some(self.ty(&i.ty)), value))
            }
            syn::TraitItem::Type(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &none, Some(&i.generics));
                let bounds = self.bounds(&i.bounds);
                (head, NodeKind::TypeAlias(bounds, i.default.as_ref().map(|(_, t)| self.ty(t))))
            }
            syn::TraitItem::Macro(i) => {
                let head = self.head(i, &i.attrs, None, &none, None);
                self.count().macro_calls += 1;
                (head, NodeKind::Call(self.items_macro(&i.mac)))
            }
            _ => (self.empty_head(), NodeKind::Use(Box::new([]))),
        };
        let features = self.counts.pop().unwrap_or_default();
        self.finish(head, kind, features)
    }

    fn foreign_item(&mut self, item: &syn::ForeignItem) -> Option<NodeId> {
        self.counts.push(ItemFeatures::default());
        let lowered = match item {
            syn::ForeignItem::Fn(i) => {
                let head = self.head(i, &i.attrs, Some(&i.sig.ident), &i.vis, Some(&i.sig.generics));
                Some((head, self.function(&i.sig, None)))
            }
            syn::ForeignItem::Static(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, None);
                Some((head, NodeKind::Static(Some(self.ty(&i.ty)), None)))
            }
            syn::ForeignItem::Type(i) => {
                let head = self.head(i, &i.attrs, Some(&i.ident), &i.vis, Some(&i.generics));
                Some((head, NodeKind::Struct(Box::new([]))))
            }
            _ => None,
        };
        let features = self.counts.pop().unwrap_or_default();
        lowered.map(|(head, kind)| self.finish(head, kind, features))
    }

    fn empty_head(&self) -> Head {
        let lines = self.fixed_line.map_or((1, 1), |l| (l, l));
        Head { name: ustr(""), vis: Vis::Inherited, lines, attrs: Attrs::default(), generics: None }
    }

    fn fields(&mut self, fields: &syn::Fields) -> Box<[FieldNode]> {
        let lowered: Box<[FieldNode]> = fields
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let attrs = self.attrs(&f.attrs);
                FieldNode {
                    name: f.ident.as_ref().map_or_else(|| ustr(&i.to_string()), name),
                    ty: self.ty(&f.ty),
                    cfgs: attrs.cfgs,
                    vis: vis_of(&f.vis),
                    attributes: attrs.paths,
                }
            })
            .collect();
        self.count().fields += u32::try_from(lowered.len()).unwrap_or(0);
        lowered
    }

    fn variant(&mut self, v: &syn::Variant) -> VariantNode {
        self.count().fields += 1;
        let attrs = self.attrs(&v.attrs);
        VariantNode {
            name: name(&v.ident),
            fields: self.fields(&v.fields),
            discriminant: v.discriminant.as_ref().map(|(_, e)| self.expr(e)),
            cfgs: attrs.cfgs,
        }
    }

    fn imports(&mut self, item: &syn::ItemUse) -> Box<[Import]> {
        let mut out = Vec::new();
        let mut prefix = Vec::new();
        self.use_tree(&item.tree, item.leading_colon.is_some(), &mut prefix, &mut out);
        out.into()
    }

    fn use_tree(&self, tree: &syn::UseTree, global: bool, prefix: &mut Vec<Name>, out: &mut Vec<Import>) {
        let mut add = |path: Vec<Name>, alias: Name, glob: bool, line: u32| {
            out.push(Import { path: path.into(), global, alias, glob, line });
        };
        match tree {
            syn::UseTree::Path(p) => {
                prefix.push(name(&p.ident));
                self.use_tree(&p.tree, global, prefix, out);
                prefix.pop();
            }
            syn::UseTree::Name(n) => {
                let mut path = prefix.clone();
                let own = name(&n.ident);
                // `use a::{self}` imports `a`.
                if own != "self" || path.is_empty() {
                    path.push(own);
                }
                let alias = path.last().copied().unwrap_or(own);
                add(path, alias, false, self.line(n.ident.span()));
            }
            syn::UseTree::Rename(r) => {
                let mut path = prefix.clone();
                let own = name(&r.ident);
                if own != "self" || path.is_empty() {
                    path.push(own);
                }
                add(path, name_or_underscore(&r.rename), false, self.line(r.ident.span()));
            }
            syn::UseTree::Glob(g) => add(prefix.clone(), ustr("*"), true, self.line(g.star_token.span)),
            syn::UseTree::Group(g) => {
                for tree in &g.items {
                    self.use_tree(tree, global, prefix, out);
                }
            }
        }
    }
}

fn name_or_underscore(ident: &proc_macro2::Ident) -> Ustr {
    if ident == "_" { ustr("_") } else { name(ident) }
}

fn vis_of(vis: &syn::Visibility) -> Vis {
    match vis {
        syn::Visibility::Public(_) => Vis::Public,
        syn::Visibility::Inherited => Vis::Inherited,
        syn::Visibility::Restricted(r) => Vis::In(r.path.segments.iter().map(|s| name(&s.ident)).collect()),
    }
}

impl NodeFlags {
    /// Neither a test nor about macros.
    pub const NONE: NodeFlags =
        NodeFlags { test: false, macro_use: false, macro_export: false, proc_macro: None };
}
