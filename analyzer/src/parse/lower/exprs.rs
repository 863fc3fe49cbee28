//! Expressions, patterns, blocks.

use ustr::ustr;

use super::{Lower, name};
use crate::parse::expand::BODY_MEMBER;
use syn::spanned::Spanned as _;

use crate::parse::tree::{
    Block, Closure, Expr, ExprId, Literal, MethodCall, Name, Operator, Pat, PatId, Stmt,
};

impl Lower<'_> {
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        self.stmts(&block.stmts)
    }

    pub(super) fn stmts(&mut self, stmts: &[syn::Stmt]) -> Block {
        let (mut items, mut out, mut tail) = (Vec::new(), Vec::with_capacity(stmts.len()), None);
        for (i, stmt) in stmts.iter().enumerate() {
            let cfgs = match stmt {
                syn::Stmt::Local(local) => self.cfgs(&local.attrs),
                syn::Stmt::Expr(e, _) => self.cfgs(expr_attrs(e)),
                syn::Stmt::Macro(m) => self.cfgs(&m.attrs),
                syn::Stmt::Item(_) => None,
            };
            let before = out.len();
            match stmt {
                syn::Stmt::Item(item) => items.extend(self.item(item)),
                syn::Stmt::Local(local) => {
                    let pat = &local.pat;
                    let (pat, ty) = match pat {
                        syn::Pat::Type(t) => (self.pat(&t.pat), Some(self.ty(&t.ty))),
                        other => (self.pat(other), None),
                    };
                    let init = local.init.as_ref().map(|i| self.expr(&i.expr));
                    let diverge =
                        local.init.as_ref().and_then(|i| i.diverge.as_ref()).map(|(_, e)| self.expr(e));
                    self.count().exprs += 1;
                    out.push(Stmt::Let(pat, ty, init, diverge));
                }
                syn::Stmt::Expr(e, semi) => {
                    let id = self.expr(e);
                    if semi.is_none() && i + 1 == stmts.len() {
                        tail = Some(id);
                    } else {
                        out.push(Stmt::Expr(id));
                    }
                }
                syn::Stmt::Macro(m) => {
                    self.count().macro_calls += 1;
                    let last = i + 1 == stmts.len() && m.semi_token.is_none();
                    let call = self.expr_macro(&m.mac);
                    if last {
                        tail = Some(self.expr_id(Expr::Macro(call)));
                    } else {
                        out.push(Stmt::Macro(call));
                    }
                }
            }
            match (cfgs, tail) {
                (Some(cfgs), _) if out.len() > before => {
                    if let Some(inner) = out.pop() {
                        out.push(Stmt::Cfg(cfgs, Box::new(inner)));
                    }
                }
                (Some(cfgs), Some(value)) => tail = Some(self.expr_id(Expr::Cfg(cfgs, value))),
                _ => {}
            }
        }
        Block { items: items.into(), stmts: out.into(), tail }
    }

    /// A method's or field's name with its line; line 0 for one out of a macro's body, which is not the caller's.
    fn member(&self, ident: &proc_macro2::Ident) -> (Name, u32) {
        let own = name(ident);
        match own.as_str().strip_prefix(BODY_MEMBER) {
            Some(stripped) if self.fixed_line.is_some() => (ustr(stripped), 0),
            _ => (own, self.line(ident.span())),
        }
    }

    /// `cfg` predicates among attributes; most things have none.
    fn cfgs(&mut self, attrs: &[syn::Attribute]) -> Option<Box<[Name]>> {
        if !attrs.iter().any(|a| a.path().is_ident("cfg")) {
            return None;
        }
        Some(self.attrs(attrs).cfgs)
    }

    fn block_expr(&mut self, block: &syn::Block) -> ExprId {
        let block = self.block(block);
        self.expr_id(Expr::Block(Box::new(block)))
    }

    fn opt(&mut self, e: Option<&syn::Expr>) -> Option<ExprId> {
        e.map(|e| self.expr(e))
    }

    fn list<'e>(&mut self, list: impl IntoIterator<Item = &'e syn::Expr>) -> Box<[ExprId]> {
        list.into_iter().map(|e| self.expr(e)).collect()
    }

    pub(super) fn expr(&mut self, e: &syn::Expr) -> ExprId {
        self.count().exprs += 1;
        let lowered = match e {
            syn::Expr::Path(p) => Expr::Path(self.qpath(p.qself.as_ref(), &p.path)),
            syn::Expr::Lit(l) => Expr::Lit(literal(&l.lit)),
            syn::Expr::Call(c) => {
                self.count().calls += 1;
                Expr::Call(self.expr(&c.func), self.list(&c.args))
            }
            syn::Expr::MethodCall(m) => {
                self.count().calls += 1;
                let receiver = self.expr(&m.receiver);
                let (name, line) = self.member(&m.method);
                Expr::Method(Box::new(MethodCall {
                    receiver,
                    name,
                    line,
                    turbofish: m.turbofish.as_ref().map(|t| Box::new(self.generic_args(t))),
                    args: self.list(&m.args),
                }))
            }
            syn::Expr::Field(f) => {
                let base = self.expr(&f.base);
                match &f.member {
                    syn::Member::Named(ident) => {
                        let (name, line) = self.member(ident);
                        Expr::Field(base, name, line)
                    }
                    index => Expr::Field(base, member(index), self.member_line(index)),
                }
            }
            syn::Expr::Unary(u) => match u.op {
                syn::UnOp::Deref(_) => Expr::Deref(self.expr(&u.expr)),
                syn::UnOp::Not(t) => {
                    Expr::Unary(self.expr(&u.expr), Operator { method: "not", line: self.line(t.span) })
                }
                syn::UnOp::Neg(t) => {
                    Expr::Unary(self.expr(&u.expr), Operator { method: "neg", line: self.line(t.span) })
                }
                _ => Expr::Missing,
            },
            syn::Expr::Reference(r) => Expr::Ref(self.expr(&r.expr)),
            syn::Expr::RawAddr(r) => Expr::Ref(self.expr(&r.expr)),
            syn::Expr::Binary(b) => {
                let (l, r) = (self.expr(&b.left), self.expr(&b.right));
                let (method, kind) = operator(&b.op);
                let op = Operator { method, line: self.line(b.op.span()) };
                match kind {
                    OperatorKind::Compare => Expr::Compare(l, r, op),
                    OperatorKind::Arithmetic => Expr::Binary(l, r, op),
                    OperatorKind::Assign => Expr::Assign(l, r, op),
                }
            }
            syn::Expr::Assign(a) => {
                let op = Operator { method: "", line: self.line(a.eq_token.span) };
                Expr::Assign(self.expr(&a.left), self.expr(&a.right), op)
            }
            syn::Expr::Block(b) => return self.block_expr(&b.block),
            syn::Expr::Unsafe(b) => return self.block_expr(&b.block),
            syn::Expr::Const(b) => return self.block_expr(&b.block),
            syn::Expr::TryBlock(b) => return self.block_expr(&b.block),
            syn::Expr::Async(b) => {
                self.count().closures += 1;
                Expr::Async(Box::new(self.block(&b.block)))
            }
            syn::Expr::If(i) => {
                let cond = self.expr(&i.cond);
                let then = self.block_expr(&i.then_branch);
                Expr::If(cond, then, i.else_branch.as_ref().map(|(_, e)| self.expr(e)))
            }
            syn::Expr::Let(l) => {
                let value = self.expr(&l.expr);
                Expr::Let(self.pat(&l.pat), value)
            }
            syn::Expr::While(w) => Expr::While(self.expr(&w.cond), self.block_expr(&w.body)),
            syn::Expr::Loop(l) => Expr::Loop(self.block_expr(&l.body)),
            syn::Expr::ForLoop(f) => {
                let over = self.expr(&f.expr);
                Expr::For(self.pat(&f.pat), over, self.block_expr(&f.body))
            }
            syn::Expr::Match(m) => {
                let on = self.expr(&m.expr);
                self.count().match_arms += u32::try_from(m.arms.len()).unwrap_or(0);
                let mut arm = |a: &syn::Arm| {
                    let (pat, body) = (self.pat(&a.pat), self.expr(&a.body));
                    match self.cfgs(&a.attrs) {
                        Some(cfgs) => (pat, self.expr_id(Expr::Cfg(cfgs, body))),
                        None => (pat, body),
                    }
                };
                let arms = m.arms.iter().map(&mut arm).collect();
                Expr::Match(on, arms)
            }
            syn::Expr::Closure(c) => {
                self.count().closures += 1;
                let params = c.inputs.iter().map(|p| self.pat(p)).collect();
                let ret = self.return_type(&c.output);
                let body = self.expr(&c.body);
                Expr::Closure(Box::new(Closure { params, ret, body, is_async: c.asyncness.is_some() }))
            }
            syn::Expr::Struct(s) => {
                let path = self.qpath(s.qself.as_ref(), &s.path);
                let fields = s
                    .fields
                    .iter()
                    .map(|f| (member(&f.member), self.expr(&f.expr), self.member_line(&f.member)))
                    .collect();
                Expr::Struct(path, fields, s.rest.as_ref().map(|e| self.expr(e)))
            }
            syn::Expr::Tuple(t) => Expr::Tuple(self.list(&t.elems)),
            syn::Expr::Array(a) => Expr::Array(self.list(&a.elems)),
            syn::Expr::Repeat(r) => Expr::Repeat(self.expr(&r.expr), self.expr(&r.len)),
            syn::Expr::Index(i) => {
                let line = self.line(i.bracket_token.span.open());
                Expr::Index(self.expr(&i.expr), self.expr(&i.index), line)
            }
            syn::Expr::Cast(c) => Expr::Cast(self.expr(&c.expr), self.ty(&c.ty)),
            syn::Expr::Range(r) => Expr::Range(self.opt(r.start.as_deref()), self.opt(r.end.as_deref())),
            syn::Expr::Try(t) => Expr::Try(self.expr(&t.expr)),
            syn::Expr::Await(a) => Expr::Await(self.expr(&a.base), self.line(a.await_token.span)),
            syn::Expr::Return(r) => Expr::Diverge(self.opt(r.expr.as_deref())),
            syn::Expr::Break(b) => Expr::Diverge(self.opt(b.expr.as_deref())),
            syn::Expr::Yield(y) => Expr::Diverge(self.opt(y.expr.as_deref())),
            syn::Expr::Continue(_) => Expr::Diverge(None),
            syn::Expr::Paren(p) => return self.expr(&p.expr),
            syn::Expr::Group(g) => return self.expr(&g.expr),
            syn::Expr::Macro(m) => {
                self.count().macro_calls += 1;
                Expr::Macro(self.expr_macro(&m.mac))
            }
            _ => Expr::Missing,
        };
        self.expr_id(lowered)
    }

    pub(super) fn pat(&mut self, pat: &syn::Pat) -> PatId {
        let lowered = match pat {
            syn::Pat::Ident(i) => {
                let sub = i.subpat.as_ref().map(|(_, p)| self.pat(p));
                Pat::Bind(name(&i.ident), sub, self.line(i.ident.span()))
            }
            syn::Pat::Path(p) => Pat::Path(self.qpath(p.qself.as_ref(), &p.path)),
            syn::Pat::TupleStruct(t) => {
                let path = self.qpath(t.qself.as_ref(), &t.path);
                let (pats, rest) = self.pats(&t.elems);
                Pat::TupleStruct(path, pats, rest)
            }
            syn::Pat::Struct(s) => {
                let path = self.qpath(s.qself.as_ref(), &s.path);
                let fields = s
                    .fields
                    .iter()
                    .map(|f| (member(&f.member), self.pat(&f.pat), self.member_line(&f.member)))
                    .collect();
                Pat::Struct(path, fields)
            }
            syn::Pat::Tuple(t) => {
                let (pats, rest) = self.pats(&t.elems);
                Pat::Tuple(pats, rest)
            }
            syn::Pat::Reference(r) => Pat::Ref(self.pat(&r.pat)),
            syn::Pat::Slice(s) => Pat::Slice(s.elems.iter().map(|p| self.pat(p)).collect()),
            syn::Pat::Or(o) => Pat::Or(o.cases.iter().map(|p| self.pat(p)).collect()),
            syn::Pat::Paren(p) => return self.pat(&p.pat),
            syn::Pat::Type(t) => Pat::Typed(self.pat(&t.pat), self.ty(&t.ty)),
            syn::Pat::Guard(g) => {
                let inner = self.pat(&g.pat);
                Pat::Guard(inner, self.expr(&g.guard))
            }
            syn::Pat::Range(r) => {
                let ends = [r.start.as_deref(), r.end.as_deref()];
                Pat::Expr(ends.into_iter().flatten().map(|e| self.expr(e)).collect())
            }
            syn::Pat::Const(c) => Pat::Expr(Box::new([self.block_expr(&c.block)])),
            syn::Pat::Macro(m) => Pat::Macro(self.expr_macro(&m.mac)),
            _ => Pat::Wild,
        };
        self.pat_id(lowered)
    }

    fn pats<'p>(&mut self, pats: impl IntoIterator<Item = &'p syn::Pat>) -> (Box<[PatId]>, Option<u32>) {
        let (mut out, mut rest) = (Vec::new(), None);
        for pat in pats {
            if matches!(pat, syn::Pat::Rest(_)) {
                rest = u32::try_from(out.len()).ok();
            } else {
                out.push(self.pat(pat));
            }
        }
        (out.into(), rest)
    }
}

fn member(member: &syn::Member) -> Name {
    match member {
        syn::Member::Named(i) => name(i),
        syn::Member::Unnamed(i) => ustr(&i.index.to_string()),
    }
}

/// Attributes of the expressions that carry `cfg` in practice.
fn expr_attrs(e: &syn::Expr) -> &[syn::Attribute] {
    match e {
        syn::Expr::Assign(e) => &e.attrs,
        syn::Expr::Block(e) => &e.attrs,
        syn::Expr::Call(e) => &e.attrs,
        syn::Expr::ForLoop(e) => &e.attrs,
        syn::Expr::If(e) => &e.attrs,
        syn::Expr::Loop(e) => &e.attrs,
        syn::Expr::Macro(e) => &e.attrs,
        syn::Expr::Match(e) => &e.attrs,
        syn::Expr::MethodCall(e) => &e.attrs,
        syn::Expr::Path(e) => &e.attrs,
        syn::Expr::Return(e) => &e.attrs,
        syn::Expr::Try(e) => &e.attrs,
        syn::Expr::Unsafe(e) => &e.attrs,
        syn::Expr::While(e) => &e.attrs,
        _ => &[],
    }
}

enum OperatorKind {
    Compare,
    Arithmetic,
    Assign,
}

/// <https://doc.rust-lang.org/std/ops/index.html>
fn operator(op: &syn::BinOp) -> (&'static str, OperatorKind) {
    use OperatorKind::{Arithmetic, Assign, Compare};
    use syn::BinOp as B;
    match op {
        B::Eq(_) => ("eq", Compare),
        B::Ne(_) => ("ne", Compare),
        B::Lt(_) => ("lt", Compare),
        B::Le(_) => ("le", Compare),
        B::Gt(_) => ("gt", Compare),
        B::Ge(_) => ("ge", Compare),
        B::And(_) | B::Or(_) => ("", Compare),
        B::Add(_) => ("add", Arithmetic),
        B::Sub(_) => ("sub", Arithmetic),
        B::Mul(_) => ("mul", Arithmetic),
        B::Div(_) => ("div", Arithmetic),
        B::Rem(_) => ("rem", Arithmetic),
        B::BitXor(_) => ("bitxor", Arithmetic),
        B::BitAnd(_) => ("bitand", Arithmetic),
        B::BitOr(_) => ("bitor", Arithmetic),
        B::Shl(_) => ("shl", Arithmetic),
        B::Shr(_) => ("shr", Arithmetic),
        B::AddAssign(_) => ("add_assign", Assign),
        B::SubAssign(_) => ("sub_assign", Assign),
        B::MulAssign(_) => ("mul_assign", Assign),
        B::DivAssign(_) => ("div_assign", Assign),
        B::RemAssign(_) => ("rem_assign", Assign),
        B::BitXorAssign(_) => ("bitxor_assign", Assign),
        B::BitAndAssign(_) => ("bitand_assign", Assign),
        B::BitOrAssign(_) => ("bitor_assign", Assign),
        B::ShlAssign(_) => ("shl_assign", Assign),
        B::ShrAssign(_) => ("shr_assign", Assign),
        _ => ("", Assign),
    }
}

fn literal(lit: &syn::Lit) -> Literal {
    match lit {
        syn::Lit::Str(_) => Literal::Str,
        syn::Lit::ByteStr(_) => Literal::ByteStr,
        syn::Lit::Char(_) => Literal::Char,
        syn::Lit::Int(_) | syn::Lit::Byte(_) => Literal::Int,
        syn::Lit::Float(_) => Literal::Float,
        syn::Lit::Bool(_) => Literal::Bool,
        _ => Literal::Other,
    }
}
