//! Blocks and statements.

use crate::parse::syntax::parser::SyntaxKind::*;

use crate::parse::lower::Lower;
use crate::parse::lower::items::{Around, is_item};
use crate::parse::syntax::flat::{Node, is_expr};
use crate::parse::tree::{Block, Expr, ExprId, Name, NodeId, Stmt};

/// What has been seen of a block.
#[derive(Default)]
struct Open {
    items: Vec<NodeId>,
    stmts: Vec<Stmt>,
    tail: Option<ExprId>,
}

impl Lower<'_> {
    /// A `BLOCK_EXPR`.
    pub(in crate::parse::lower) fn block(&mut self, block: Node<'_>) -> Block {
        block.child(STMT_LIST).map_or_else(Block::default, |list| self.stmts(list))
    }

    /// The statements below a node.
    pub(in crate::parse::lower) fn stmts(&mut self, list: Node<'_>) -> Block {
        let stmts = list.children().filter(|s| matches!(s.kind(), LET_STMT | EXPR_STMT)).count();
        let mut open = Open { stmts: Vec::with_capacity(stmts), ..Open::default() };
        for stmt in list.children() {
            match stmt.kind() {
                LET_STMT => {
                    let lowered = self.let_stmt(stmt);
                    let cfgs = self.cfgs(stmt);
                    open.stmts.push(under(cfgs, lowered));
                }
                EXPR_STMT => {
                    if let Some(e) = stmt.expr() {
                        let lowered = self.expr_stmt(e);
                        let cfgs = self.cfgs(e);
                        open.stmts.push(under(cfgs, lowered));
                    }
                }
                kind if is_item(kind) => open.items.extend(self.item(stmt, Around::Module)),
                kind if is_expr(kind) => {
                    // Not at the end only after a syntax error.
                    open.stmts.extend(open.tail.take().map(Stmt::Expr));
                    let value = self.tail(stmt);
                    open.tail = Some(match self.cfgs(stmt) {
                        Some(cfgs) => self.expr_id(Expr::Cfg(cfgs, value)),
                        None => value,
                    });
                }
                _ => {}
            }
        }
        Block { items: open.items.into(), stmts: open.stmts.into(), tail: open.tail }
    }

    fn let_stmt(&mut self, stmt: Node<'_>) -> Stmt {
        let pat = self.pat_or_wild(stmt.pat());
        let ty = stmt.ty().map(|ty| self.ty(ty));
        let init = stmt.expr().map(|e| self.expr(e));
        let diverge = stmt.child(LET_ELSE).and_then(Node::expr).map(|e| self.expr(e));
        self.count().exprs += 1;
        Stmt::Let(pat, ty, init, diverge)
    }

    fn expr_stmt(&mut self, e: Node<'_>) -> Stmt {
        match macro_of(e) {
            Some(call) => {
                self.count().macro_calls += 1;
                match self.expr_macro(call) {
                    Some(call) => Stmt::Macro(call),
                    None => Stmt::Expr(self.expr_id(Expr::Missing)),
                }
            }
            None => Stmt::Expr(self.expr(e)),
        }
    }

    /// The value of a block. A macro with braces at its end is a statement all the same.
    fn tail(&mut self, e: Node<'_>) -> ExprId {
        let braces = |call: &Node<'_>| call.child(TOKEN_TREE).is_some_and(|t| t.has(L_CURLY));
        match macro_of(e).filter(braces) {
            Some(call) => {
                self.count().macro_calls += 1;
                let call = self.expr_macro(call);
                self.expr_id(call.map_or(Expr::Missing, Expr::Macro))
            }
            None => self.expr(e),
        }
    }

    /// `cfg` predicates among the attributes of a statement; most have none. The parser gives attributes in front of
    /// an expression to its leftmost part.
    fn cfgs(&mut self, stmt: Node<'_>) -> Option<Box<[Name]>> {
        let mut at = stmt;
        loop {
            let first = at.children().next()?;
            if first.kind() == ATTR {
                let cfg = at.children().any(|c| c.kind() == ATTR && self.has_cfg(c));
                return cfg.then(|| self.attrs(at.children()).cfgs);
            }
            if !is_expr(first.kind()) {
                return None;
            }
            at = first;
        }
    }

    /// `cfg` predicates among a node's own attributes.
    pub(in crate::parse::lower) fn own_cfgs(&mut self, node: Node<'_>) -> Option<Box<[Name]>> {
        let cfg = node.children().any(|c| c.kind() == ATTR && self.has_cfg(c));
        cfg.then(|| self.attrs(node.children()).cfgs)
    }
}

fn under(cfgs: Option<Box<[Name]>>, stmt: Stmt) -> Stmt {
    match cfgs {
        Some(cfgs) => Stmt::Cfg(cfgs, Box::new(stmt)),
        None => stmt,
    }
}

/// The macro call that an expression consists of.
fn macro_of(e: Node<'_>) -> Option<Node<'_>> {
    if e.kind() == MACRO_EXPR { e.child(MACRO_CALL) } else { None }
}
