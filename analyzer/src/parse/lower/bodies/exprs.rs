//! Expressions.

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use crate::parse::lower::Lower;
use crate::parse::syntax::flat::{Node, is_expr};
use crate::parse::tree::{
    Closure, Expr, ExprId, Literal, MethodCall, NUMBER_TYPES, Name, Operator, OperatorKind, Pat, PatId,
    StructLiteral, infix,
};

impl Lower<'_> {
    pub(in crate::parse::lower) fn expr_or_missing(&mut self, e: Option<Node<'_>>) -> ExprId {
        match e {
            Some(e) => self.expr(e),
            None => self.expr_id(Expr::Missing),
        }
    }

    fn literal(&self, e: Node<'_>) -> Literal {
        let token = e.children().find(|c| c.kind() != ATTR);
        match token.map(Node::kind) {
            Some(STRING) => Literal::Str,
            Some(BYTE_STRING) => Literal::ByteStr,
            Some(CHAR) => Literal::Char,
            Some(BYTE) => Literal::Typed(0),
            Some(kind @ (INT_NUMBER | FLOAT_NUMBER)) => {
                let own = token.and_then(|token| number_type(self.tokens.text(token.token())));
                own.map_or(if kind == INT_NUMBER { Literal::Int } else { Literal::Float }, Literal::Typed)
            }
            Some(TRUE_KW | FALSE_KW) => Literal::Bool,
            _ => Literal::Other,
        }
    }

    /// The only, or first, expression below a node.
    fn inner(&mut self, e: Node<'_>) -> ExprId {
        self.expr_or_missing(e.expr())
    }

    fn list(&mut self, e: Option<Node<'_>>) -> Box<[ExprId]> {
        let Some(e) = e else { return Box::new([]) };
        // Counted first: a list with room for exactly what is in it becomes a box without being copied.
        let mut out = Vec::with_capacity(e.exprs().count());
        out.extend(e.exprs().map(|e| self.expr(e)));
        out.into()
    }

    fn block_expr(&mut self, block: Node<'_>) -> ExprId {
        let block = self.block(block);
        self.expr_id(Expr::Block(Box::new(block)))
    }

    /// The body of a loop or branch.
    fn body(&mut self, body: Option<Node<'_>>) -> ExprId {
        match body {
            Some(block) if block.kind() == BLOCK_EXPR => self.block_expr(block),
            other => self.expr_or_missing(other),
        }
    }

    pub(in crate::parse::lower) fn expr_here(&mut self, e: Node<'_>) -> ExprId {
        let in_async = u32::from(self.is_async > 0);
        let count = self.count();
        count.exprs += 1;
        count.async_exprs += in_async;
        let lowered = match e.kind() {
            PATH_EXPR => self.path_in(e).map_or(Expr::Missing, Expr::Path),
            LITERAL => Expr::Lit(self.literal(e)),
            CALL_EXPR => {
                self.count().calls += 1;
                Expr::Call(self.inner(e), self.list(e.child(ARG_LIST)))
            }
            METHOD_CALL_EXPR => self.method_call(e),
            FIELD_EXPR => {
                let base = self.inner(e);
                let (name, line) = self.member(e);
                Expr::Field(base, name, line)
            }
            PREFIX_EXPR => self.prefix(e),
            REF_EXPR => Expr::Ref(self.inner(e)),
            BIN_EXPR => self.binary(e),
            BLOCK_EXPR if e.has(ASYNC_KW) => {
                let count = self.count();
                count.closures += 1;
                count.async_blocks += 1;
                self.is_async += 1;
                let block = self.block(e);
                self.is_async -= 1;
                Expr::Async(Box::new(block))
            }
            BLOCK_EXPR => return self.block_expr(e),
            IF_EXPR => {
                self.note_if(e);
                let mut parts = e.exprs();
                let cond = self.expr_or_missing(parts.next());
                let then = self.body(parts.next());
                Expr::If(cond, then, parts.next().map(|e| self.expr(e)))
            }
            LET_EXPR => {
                let value = self.inner(e);
                Expr::Let(self.pat_or_wild(e.pat()), value)
            }
            WHILE_EXPR => {
                let mut parts = e.exprs();
                Expr::While(self.expr_or_missing(parts.next()), self.body(parts.next()))
            }
            LOOP_EXPR => Expr::Loop(self.body(e.expr())),
            FOR_EXPR => {
                let mut parts = e.exprs();
                let over = self.expr_or_missing(parts.next());
                Expr::For(self.pat_or_wild(e.pat()), over, self.body(parts.next()))
            }
            MATCH_EXPR => self.match_expr(e),
            CLOSURE_EXPR => self.closure(e),
            RECORD_EXPR => self.record(e),
            TUPLE_EXPR => Expr::Tuple(self.list(Some(e))),
            ARRAY_EXPR if e.has(SEMICOLON) => {
                let mut parts = e.exprs();
                Expr::Repeat(self.expr_or_missing(parts.next()), self.expr_or_missing(parts.next()))
            }
            ARRAY_EXPR => Expr::Array(self.list(Some(e))),
            INDEX_EXPR => {
                let line = e.child(L_BRACK).map_or(1, |t| self.line_named(t.token()));
                let mut parts = e.exprs();
                Expr::Index(self.expr_or_missing(parts.next()), self.expr_or_missing(parts.next()), line)
            }
            CAST_EXPR => Expr::Cast(self.inner(e), self.ty_or_infer(e.ty())),
            RANGE_EXPR => self.range(e),
            TRY_EXPR => {
                self.count().tries += 1;
                Expr::Try(self.inner(e))
            }
            AWAIT_EXPR => {
                self.count().awaits += 1;
                let line = e.child(AWAIT_KW).map_or(1, |t| self.line_named(t.token()));
                Expr::Await(self.inner(e), line)
            }
            RETURN_EXPR | BREAK_EXPR | YIELD_EXPR | BECOME_EXPR | YEET_EXPR | CONTINUE_EXPR => {
                Expr::Diverge(e.expr().map(|e| self.expr(e)))
            }
            PAREN_EXPR => return self.inner(e),
            MACRO_EXPR => match e.child(MACRO_CALL) {
                Some(call) => {
                    self.count().macro_calls += 1;
                    self.expr_macro(call).map_or(Expr::Missing, Expr::Macro)
                }
                None => Expr::Missing,
            },
            _ => Expr::Missing,
        };
        self.expr_id(lowered)
    }

    /// A method's or field's name with its line; line 0 for one out of a macro's body, which is not the caller's.
    fn member(&self, e: Node<'_>) -> (Name, u32) {
        let Some(name) = e.child(NAME_REF) else { return (ustr(""), 0) };
        (self.name(name), self.line_named(name.token()))
    }

    fn method_call(&mut self, e: Node<'_>) -> Expr {
        let count = self.count();
        count.calls += 1;
        count.method_calls += 1;
        let receiver = self.inner(e);
        let (name, line) = self.member(e);
        Expr::Method(Box::new(MethodCall {
            receiver,
            name,
            line,
            turbofish: e.child(GENERIC_ARG_LIST).map(|t| Box::new(self.generic_args(t))),
            args: self.list(e.child(ARG_LIST)),
        }))
    }

    fn prefix(&mut self, e: Node<'_>) -> Expr {
        let op = e.children().find(|c| matches!(c.kind(), STAR | BANG | MINUS));
        let Some(op) = op else { return Expr::Missing };
        let (kind, line) = (op.kind(), self.line_named(op.token()));
        let operand = self.inner(e);
        match kind {
            BANG | MINUS => Expr::Unary(operand, Operator::prefix(kind, line)),
            _ => Expr::Deref(operand),
        }
    }

    fn binary(&mut self, e: Node<'_>) -> Expr {
        let mut parts = e.exprs();
        let (l, r) = (self.expr_or_missing(parts.next()), self.expr_or_missing(parts.next()));
        let found = e.children().find_map(|c| Some((infix(c.kind())?.1, c)));
        let Some((kind, token)) = found else { return Expr::Missing };
        let op = Operator::infix(token.kind(), self.line_named(token.token()));
        match kind {
            OperatorKind::Compare => Expr::Compare(l, r, op),
            OperatorKind::Arithmetic => Expr::Binary(l, r, op),
            OperatorKind::Assign => Expr::Assign(l, r, op),
        }
    }

    fn range(&mut self, e: Node<'_>) -> Expr {
        let (mut start, mut end, mut passed) = (None, None, false);
        for child in e.children() {
            match child.kind() {
                DOT2 | DOT2EQ | DOT3 => passed = true,
                ATTR => {}
                _ if passed => end = Some(self.expr(child)),
                _ => start = Some(self.expr(child)),
            }
        }
        Expr::Range(start, end)
    }

    fn match_expr(&mut self, e: Node<'_>) -> Expr {
        let on = self.inner(e);
        let arms = e.child(MATCH_ARM_LIST).into_iter().flat_map(Node::children);
        let arms: Box<[(PatId, ExprId)]> =
            arms.filter(|a| a.kind() == MATCH_ARM).map(|arm| self.arm(arm)).collect();
        self.count().match_arms += u32::try_from(arms.len()).unwrap_or(0);
        if arms.len() > 1 {
            self.note_dispatch(e);
        }
        Expr::Match(on, arms)
    }

    fn arm(&mut self, arm: Node<'_>) -> (PatId, ExprId) {
        let mut pat = self.pat_or_wild(arm.pat());
        if let Some(guard) = arm.child(MATCH_GUARD).and_then(Node::expr) {
            let guard = self.expr(guard);
            pat = self.pat_id(Pat::Guard(pat, guard));
        }
        let body = self.inner(arm);
        match self.own_cfgs(arm) {
            Some(cfgs) => (pat, self.expr_id(Expr::Cfg(cfgs, body))),
            None => (pat, body),
        }
    }

    fn closure(&mut self, e: Node<'_>) -> Expr {
        self.count().closures += 1;
        let list = e.child(PARAM_LIST).into_iter().flat_map(Node::children);
        let params = list.filter(|p| p.kind() == PARAM).map(|p| self.closure_param(p)).collect();
        let ret = self.return_type(e);
        let body = self.inner(e);
        Expr::Closure(Box::new(Closure { params, ret, body, is_async: e.has(ASYNC_KW) }))
    }

    fn closure_param(&mut self, param: Node<'_>) -> PatId {
        let pat = self.pat_or_wild(param.pat());
        match param.ty() {
            Some(ty) => {
                let ty = self.ty(ty);
                self.pat_id(Pat::Typed(pat, ty))
            }
            None => pat,
        }
    }

    fn record(&mut self, e: Node<'_>) -> Expr {
        let path = self.path_in(e);
        let (mut fields, mut base) = (Vec::new(), None);
        for part in e.child(RECORD_EXPR_FIELD_LIST).into_iter().flat_map(Node::children) {
            if part.kind() == RECORD_EXPR_FIELD {
                let value = self.inner(part);
                let name = part.child(NAME_REF).or_else(|| shorthand(part));
                fields.extend(name.map(|n| (self.name(n), value, self.line_named(n.token()))));
            } else if is_expr(part.kind()) {
                base = Some(self.expr(part));
            }
        }
        let literal = StructLiteral { fields: fields.into(), base };
        match path {
            Some(path) => Expr::Struct(path, Box::new(literal)),
            None => Expr::Tuple(literal.fields.iter().map(|field| field.1).chain(base).collect()),
        }
    }
}

/// `x` in `S { x }`.
fn shorthand(field: Node<'_>) -> Option<Node<'_>> {
    field.child(PATH_EXPR)?.child(PATH)?.child(PATH_SEGMENT)?.child(NAME_REF)
}

/// The type that a number's suffix names. Digits of `0x1f32` are none.
fn number_type(number: &str) -> Option<u8> {
    let hexadecimal = number.starts_with("0x");
    let named = |name: &str| number.ends_with(name) && !(hexadecimal && name.starts_with('f'));
    NUMBER_TYPES.iter().zip(0..).find(|(name, _)| named(name)).map(|(_, at)| at)
}
