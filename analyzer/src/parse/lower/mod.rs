//! Syntax trees to the flat arenas of [`ItemTree`]. One pass; the syntax tree is dropped right after.

mod attrs;
mod bodies;
mod depth;
mod items;
mod macros;
mod services;
mod types;

use crate::parse::syntax::parser::SyntaxKind::*;
use rustc_hash::FxHashSet;

pub(crate) use depth::MAX_DEPTH;
pub(super) use macros::standard::is_std as is_std_macro;

use super::ItemFeatures;
use super::syntax::flat;
use super::syntax::flat::Part;
use super::syntax::grammar::Tokens;
use super::tree::token::TokenRange;
use super::tree::{
    Expr, ExprId, ItemTree, MacroCall, MacroId, Name, Node, NodeId, Pat, PatId, Path, PathId, Segments,
    TypeId, TypeRef,
};

/// Lowers one file or fragment.
pub(super) struct Lower<'a> {
    tree: ItemTree,
    tokens: &'a Tokens<'a>,
    /// Counts of the items being lowered, innermost last.
    counts: Vec<ItemFeatures>,
    /// Whether the functions being lowered stand in something generic.
    generic: u32,
    /// How many async bodies the expressions being lowered stand in.
    is_async: u32,
    /// Names that an expansion's items have been given.
    named: FxHashSet<Name>,
    /// How deep in each other what is being lowered is.
    depth: u32,
    /// How many brackets of a macro's own grammar are around.
    loose_depth: u32,
    /// Whether only the paths are read of something too deep.
    cutting: bool,
}

impl<'a> Lower<'a> {
    pub(super) fn new(tokens: &'a Tokens<'a>) -> Self {
        Self {
            tree: ItemTree::default(),
            tokens,
            counts: vec![ItemFeatures::default()],
            generic: 0,
            is_async: 0,
            named: FxHashSet::default(),
            depth: 0,
            loose_depth: 0,
            cutting: false,
        }
    }

    /// Lowers a whole file.
    pub(super) fn file(mut self, root: flat::Node<'_>) -> ItemTree {
        let attrs = self.attrs(root.children());
        self.tree.cfgs = attrs.cfgs;
        self.tree.attributes = attrs.paths;
        self.tree.macro_use = attrs.flags.macro_use;
        self.tree.top = self.items(root);
        self.note_calls();
        self.note_tasks();
        self.note_queries();
        self.tree
    }

    /// Lowers statements that stand by themselves, as a block expression, the last one of the tree.
    pub(super) fn statements(mut self, root: flat::Node<'_>) -> ItemTree {
        let block = self.stmts(root);
        self.expr_id(Expr::Block(Box::new(block)));
        self.tree
    }

    /// Lowers all tokens as the arguments of a call of macro `name`.
    pub(super) fn macro_arguments(mut self, name: Name, line: u32) -> (ItemTree, MacroId) {
        let args = self.read_arguments(name.as_str(), 0..self.tokens.len());
        let path = self.path_id(Path::single(name, line));
        let id = self.macro_id(MacroCall { path, args, tokens: None });
        (self.tree, id)
    }

    /// Lowers associated items that stand by themselves.
    pub(super) fn assoc_items(mut self, root: flat::Node<'_>) -> ItemTree {
        self.tree.top = self.assoc(root).into_vec();
        self.tree
    }

    fn line(&self, token: u32) -> u32 {
        self.tokens.line(token)
    }

    /// Whether a macro's body wrote a token.
    fn is_from_body(&self, token: u32) -> bool {
        self.tokens.list.get(token as usize).is_some_and(|t| t.from_body)
    }

    /// The line of a token that names something; 0 where a macro's body wrote it, which is not its caller's doing.
    fn line_named(&self, token: u32) -> u32 {
        if self.is_from_body(token) { 0 } else { self.line(token) }
    }

    fn count(&mut self) -> &mut ItemFeatures {
        let last = self.counts.len() - 1;
        &mut self.counts[last]
    }

    /// The name in a `NAME` or `NAME_REF`; a tuple's index is a name too.
    fn name(&self, node: flat::Node<'_>) -> Name {
        let Some(leaf) = node.children().next() else { return Name::from("") };
        let token = leaf.token();
        if self.tokens.kind(token) == IDENT {
            return self.tokens.name(token);
        }
        let text = self.tokens.text(token);
        let text = match leaf.part() {
            Part::BeforeDot => text.split('.').next().unwrap_or(text),
            Part::AfterDot => text.split('.').nth(1).unwrap_or(text),
            Part::Node | Part::Whole => text,
        };
        Name::from(text)
    }

    /// The name that an item has as a child.
    fn own_name(&self, node: flat::Node<'_>) -> Name {
        node.child(NAME).map_or_else(|| Name::from(""), |n| self.name(n))
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

    /// Keeps a run of tokens, each with its text.
    fn keep(&mut self, range: std::ops::Range<u32>) -> TokenRange {
        let start = arena_len(&self.tree.tokens);
        self.tokens.copy(range, &mut self.tree.tokens);
        TokenRange { start, end: arena_len(&self.tree.tokens) }
    }
}

impl Path {
    /// A path of one name.
    pub(super) fn single(name: Name, line: u32) -> Self {
        Path { line, from_body: false, global: false, qself: None, segments: Segments::single(name) }
    }
}

fn push<T, I>(arena: &mut Vec<T>, value: T, id: impl Fn(u32) -> I) -> I {
    arena.push(value);
    id(arena_len(arena) - 1)
}

fn arena_len<T>(arena: &[T]) -> u32 {
    u32::try_from(arena.len()).expect("fewer than 2^32 nodes in a file")
}
