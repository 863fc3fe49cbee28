//! Items.

mod data;
mod head;
mod imports;
mod members;

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use super::Lower;
use crate::parse::ItemFeatures;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{Expr, FnNode, ImplNode, ModNode, NodeId, NodeKind, PathId, Vis};
use head::Head;

/// Where an item stands: the same syntax means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse::lower) enum Around {
    Module,
    Impl,
    Trait,
    Foreign,
}

impl Lower<'_> {
    /// The items directly below a node.
    pub(in crate::parse::lower) fn items(&mut self, parent: Node<'_>) -> Vec<NodeId> {
        parent.children().filter_map(|item| self.item(item, Around::Module)).collect()
    }

    /// The items of an `impl`.
    pub(in crate::parse::lower) fn assoc(&mut self, parent: Node<'_>) -> Box<[NodeId]> {
        self.items_in(Some(parent), Around::Impl)
    }

    fn items_in(&mut self, list: Option<Node<'_>>, around: Around) -> Box<[NodeId]> {
        list.into_iter().flat_map(Node::children).filter_map(|item| self.item(item, around)).collect()
    }

    pub(in crate::parse::lower) fn item_here(&mut self, item: Node<'_>, around: Around) -> Option<NodeId> {
        if !is_item(item.kind()) {
            return None;
        }
        self.counts.push(ItemFeatures::default());
        let mut head = self.head(item);
        if around == Around::Trait {
            head.vis = Vis::Inherited;
        }
        let kind = self.item_kind(item, around, &mut head);
        let features = self.counts.pop().unwrap_or_default();
        Some(self.finish(head, kind?, features))
    }

    /// `None` for what is none, as a call of nothing.
    fn item_kind(&mut self, item: Node<'_>, around: Around, head: &mut Head) -> Option<NodeKind> {
        Some(match item.kind() {
            FN => self.function(item),
            STRUCT => NodeKind::Struct(self.fields(item)),
            UNION => NodeKind::Union(self.fields(item)),
            ENUM => NodeKind::Enum(self.variants(item)),
            TRAIT => self.trait_item(item),
            IMPL => self.impl_item(item),
            TYPE_ALIAS if around == Around::Foreign => NodeKind::Struct(Box::new([])),
            TYPE_ALIAS => {
                let bounds: Box<[PathId]> =
                    if around == Around::Trait { self.bounds_of(item) } else { Box::new([]) };
                NodeKind::TypeAlias(bounds, item.ty().map(|ty| self.ty(ty)))
            }
            CONST => {
                if item.has(UNDERSCORE) {
                    head.name = ustr("_");
                }
                NodeKind::Const(item.ty().map(|ty| self.ty(ty)), item.expr().map(|e| self.expr(e)))
            }
            STATIC => {
                head.attrs.flags.mutable = item.has(MUT_KW);
                NodeKind::Static(item.ty().map(|ty| self.ty(ty)), item.expr().map(|e| self.expr(e)))
            }
            MODULE => {
                let content = item.child(ITEM_LIST).map(|list| self.items(list).into());
                let paths = std::mem::take(&mut head.attrs.file_paths).into();
                NodeKind::Module(Box::new(ModNode { content, paths }))
            }
            USE => NodeKind::Use(self.imports(item)),
            EXTERN_CRATE => {
                let krate = item.child(NAME_REF).map_or_else(|| ustr(""), |n| self.name(n));
                head.name = item.child(RENAME).map_or(krate, |rename| self.rename(rename));
                NodeKind::ExternCrate(krate)
            }
            EXTERN_BLOCK => {
                // A foreign block is a group of items under common attributes, like an inline module without a name.
                let items = self.items_in(item.child(EXTERN_ITEM_LIST), Around::Foreign);
                NodeKind::Module(Box::new(ModNode { content: Some(items), paths: Box::new([]) }))
            }
            MACRO_RULES | MACRO_DEF => {
                let rules = self.rules(item);
                let mut paths = self.transcriber_paths(rules.clone());
                if head.attrs.flags.local_inner_macros {
                    paths.extend(self.local_macro_paths(rules.clone()));
                }
                head.attrs.paths = paths.into();
                NodeKind::Macro(self.keep(rules))
            }
            _ => {
                self.count().macro_calls += 1;
                NodeKind::Call(self.items_macro(item)?)
            }
        })
    }

    fn trait_item(&mut self, item: Node<'_>) -> NodeKind {
        let supers = self.bounds_of(item);
        self.generic += 1;
        let items = self.items_in(item.child(ASSOC_ITEM_LIST), Around::Trait);
        self.generic -= 1;
        NodeKind::Trait(supers, items)
    }

    fn impl_item(&mut self, item: Node<'_>) -> NodeKind {
        let mut types = item.types();
        let trait_type = item.has(FOR_KW).then(|| types.next()).flatten();
        let trait_path = trait_type.and_then(|ty| self.path_in(ty));
        self.count().trait_impls += u32::from(trait_path.is_some());
        let self_ty = match types.next() {
            Some(ty) => self.ty(ty),
            None => self.type_id(crate::parse::tree::TypeRef::Infer),
        };
        let generic = u32::from(has_type_params(item));
        self.generic += generic;
        let items = self.items_in(item.child(ASSOC_ITEM_LIST), Around::Impl);
        self.generic -= generic;
        NodeKind::Impl(Box::new(ImplNode { trait_path, self_ty, items }))
    }

    fn function(&mut self, item: Node<'_>) -> NodeKind {
        let is_async = item.has(ASYNC_KW);
        let list = item.child(PARAM_LIST);
        let has_self = list.is_some_and(|l| l.has(SELF_PARAM));
        let params = self.params(list);
        let body = item.child(BLOCK_EXPR);
        if body.is_some() {
            let generic = self.generic > 0 || has_type_params(item) || list.is_some_and(takes_impl_trait);
            let count = self.count();
            count.fns += 1;
            count.async_fns += u32::from(is_async);
            count.generic_fns += u32::from(generic);
        }
        let ret = self.return_type(item);
        // A function in an async body is none itself.
        let outer = std::mem::replace(&mut self.is_async, u32::from(is_async));
        let body = body.map(|b| {
            let block = self.block(b);
            self.expr_id(Expr::Block(Box::new(block)))
        });
        self.is_async = outer;
        NodeKind::Fn(Box::new(FnNode { has_self, params, ret, body, is_async }))
    }
}

fn takes_impl_trait(list: Node<'_>) -> bool {
    list.children().any(|p| p.kind() == PARAM && p.has(IMPL_TRAIT_TYPE))
}

/// Whether an item is generic over types or constants.
fn has_type_params(item: Node<'_>) -> bool {
    item.child(GENERIC_PARAM_LIST)
        .is_some_and(|list| list.children().any(|p| matches!(p.kind(), TYPE_PARAM | CONST_PARAM)))
}

pub(in crate::parse::lower) fn is_item(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        CONST
            | ENUM
            | EXTERN_BLOCK
            | EXTERN_CRATE
            | FN
            | IMPL
            | MACRO_CALL
            | MACRO_DEF
            | MACRO_RULES
            | MODULE
            | STATIC
            | STRUCT
            | TRAIT
            | TYPE_ALIAS
            | UNION
            | USE
    )
}
