//! How deeply what is lowered is nested, counted: `a + b + c` is as deep as it is long, and whoever walks a tree recurses.

use crate::parse::syntax::parser::SyntaxKind::*;

use super::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{Expr, ExprId, NodeId, Pat, PatId, TypeId, TypeRef};

/// Most levels of items, expressions, patterns and types in each other. A choice: chains that people or programs write are an
/// order of magnitude shorter. A test holds that the threads' stack carries them in a debug build, macros' included.
pub(crate) const MAX_DEPTH: u32 = 2_000;

/// Deepest nesting of brackets in the arguments of a macro with a grammar of its own that is looked into. A choice: each level
/// is read in several ways.
pub(super) const MAX_LOOSE_DEPTH: u32 = 64;

impl Lower<'_> {
    /// An expression. Of one that is too deep, only the paths are kept.
    pub(in crate::parse::lower) fn expr(&mut self, e: Node<'_>) -> ExprId {
        match self.deeper(e, |lower| lower.expr_here(e)) {
            Some(id) => id,
            None if self.cutting => self.expr_id(Expr::Missing),
            None => self.paths_of(e),
        }
    }

    pub(in crate::parse::lower) fn pat(&mut self, pat: Node<'_>) -> PatId {
        match self.deeper(pat, |lower| lower.pat_here(pat)) {
            Some(id) => id,
            None => self.pat_id(Pat::Wild),
        }
    }

    pub(in crate::parse::lower) fn ty(&mut self, ty: Node<'_>) -> TypeId {
        match self.deeper(ty, |lower| lower.ty_here(ty)) {
            Some(id) => id,
            None => self.type_id(TypeRef::Infer),
        }
    }

    pub(in crate::parse::lower) fn item(
        &mut self,
        item: Node<'_>,
        around: super::items::Around,
    ) -> Option<NodeId> {
        self.deeper(item, |lower| lower.item_here(item, around))?
    }

    /// Lowers something inside of something, if that is not too deep.
    fn deeper<T>(&mut self, node: Node<'_>, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == MAX_DEPTH {
            self.cut_at(node.token());
            return None;
        }
        self.depth += 1;
        let lowered = work(self);
        self.depth -= 1;
        Some(lowered)
    }

    /// Notes a place that is too deep.
    pub(super) fn cut_at(&mut self, token: u32) {
        let line = self.line(token);
        self.tree.too_deep.get_or_insert(line);
    }

    /// The paths in an expression, as an expression: found without descending.
    fn paths_of(&mut self, e: Node<'_>) -> ExprId {
        self.cutting = true;
        let mut paths = Vec::new();
        for inner in e.outermost(PATH_EXPR) {
            let path = self.path_in(inner);
            paths.extend(path.map(|path| self.expr_id(Expr::Path(path))));
        }
        self.cutting = false;
        self.expr_id(Expr::Tuple(paths.into()))
    }
}
