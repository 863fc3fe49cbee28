//! syn's tree to the flat arenas of [`ItemTree`]. One pass; the syntax tree is dropped right after.

mod attrs;
mod cfg_if;
mod exprs;
mod extent;
mod items;
mod macros;
mod types;

use proc_macro2::Span;
use ustr::ustr;

use super::ItemFeatures;
use super::lex::Scan;
use super::tree::{
    Expr, ExprId, ItemTree, MacroCall, MacroId, Name, Node, NodeId, Pat, PatId, Path, PathId, TypeId, TypeRef,
};

/// Lowers one file or fragment.
pub(super) struct Lower<'a> {
    tree: ItemTree,
    source: &'a str,
    scan: &'a Scan,
    /// The line of everything, for code that a macro made.
    fixed_line: Option<u32>,
    /// Counts of the items being lowered, innermost last.
    counts: Vec<ItemFeatures>,
    /// Whether the functions being lowered stand in something generic.
    generic: u32,
    /// Whether to read the arguments of the outermost macro call whatever its name.
    read_all: bool,
}

impl<'a> Lower<'a> {
    pub(super) fn new(source: &'a str, scan: &'a Scan, fixed_line: Option<u32>) -> Self {
        let tree = ItemTree::default();
        Self {
            tree,
            source,
            scan,
            fixed_line,
            counts: vec![ItemFeatures::default()],
            generic: 0,
            read_all: false,
        }
    }

    /// Lowers a whole file.
    pub(super) fn file(mut self, file: &syn::File) -> ItemTree {
        let attrs = self.attrs(&file.attrs);
        self.tree.cfgs = attrs.cfgs;
        self.tree.attributes = attrs.paths;
        self.tree.top = self.items(&file.items).into_vec();
        self.tree
    }

    /// Lowers statements that stand by themselves, as a block expression.
    pub(super) fn statements(mut self, stmts: &[syn::Stmt]) -> (ItemTree, ExprId) {
        let block = self.stmts(stmts);
        let id = self.expr_id(Expr::Block(Box::new(block)));
        (self.tree, id)
    }

    /// Lowers the arguments of one macro call.
    pub(super) fn macro_arguments(mut self, mac: &syn::Macro) -> (ItemTree, MacroId) {
        self.read_all = true;
        let id = self.expr_macro(mac);
        (self.tree, id)
    }

    /// Lowers associated items that stand by themselves.
    pub(super) fn assoc_items(mut self, items: &[syn::ImplItem]) -> ItemTree {
        self.tree.top = items.iter().map(|i| self.impl_item(i)).collect();
        self.tree
    }

    fn line(&self, span: Span) -> u32 {
        self.fixed_line.unwrap_or_else(|| u32::try_from(span.start().line).unwrap_or(u32::MAX))
    }

    fn count(&mut self) -> &mut ItemFeatures {
        let last = self.counts.len() - 1;
        &mut self.counts[last]
    }

    fn expr_id(&mut self, expr: Expr) -> ExprId {
        push(&mut self.tree.exprs, expr, ExprId)
    }

    fn pat_id(&mut self, pat: Pat) -> PatId {
        push(&mut self.tree.pats, pat, PatId)
    }

    fn type_id(&mut self, ty: TypeRef) -> TypeId {
        push(&mut self.tree.types, ty, TypeId)
    }

    fn path_id(&mut self, path: Path) -> PathId {
        push(&mut self.tree.paths, path, PathId)
    }

    fn macro_id(&mut self, call: MacroCall) -> MacroId {
        push(&mut self.tree.macros, call, MacroId)
    }

    fn node_id(&mut self, node: Node) -> NodeId {
        push(&mut self.tree.items, node, NodeId)
    }
}

fn push<T, I>(arena: &mut Vec<T>, value: T, id: impl Fn(u32) -> I) -> I {
    arena.push(value);
    id(u32::try_from(arena.len() - 1).expect("fewer than 2^32 nodes in a file"))
}

/// Interns an identifier; a raw one loses its `r#`.
fn name(ident: &proc_macro2::Ident) -> Name {
    let text = ident.to_string();
    ustr(text.strip_prefix("r#").unwrap_or(&text))
}
