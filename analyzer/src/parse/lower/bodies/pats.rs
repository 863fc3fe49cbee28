//! Patterns.

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use crate::parse::lower::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{Expr, ExprId, Literal, Name, Operator, Pat, PatId, Path};

impl Lower<'_> {
    pub(in crate::parse::lower) fn pat_or_wild(&mut self, pat: Option<Node<'_>>) -> PatId {
        match pat {
            Some(pat) => self.pat(pat),
            None => self.pat_id(Pat::Wild),
        }
    }

    pub(in crate::parse::lower) fn pat_here(&mut self, pat: Node<'_>) -> PatId {
        let lowered = match pat.kind() {
            IDENT_PAT => {
                let inner = pat.pat().map(|p| self.pat(p));
                let name = pat.child(NAME);
                let line = name.map_or(0, |n| self.line_named(n.token()));
                Pat::Bind(name.map_or_else(|| ustr(""), |n| self.name(n)), inner, line)
            }
            // Macros match on `self` as on a binding.
            PATH_PAT if self.tokens.kind(pat.token()) == SELF_KW && pat.token() == pat.last_token() => {
                Pat::Bind(ustr("self"), None, self.line(pat.token()))
            }
            PATH_PAT => self.path_in(pat).map_or(Pat::Wild, Pat::Path),
            TUPLE_STRUCT_PAT => {
                let path = self.path_in(pat);
                let (pats, rest) = self.pats(pat);
                match path {
                    Some(path) => Pat::TupleStruct(path, pats, rest),
                    None => Pat::Tuple(pats, rest),
                }
            }
            RECORD_PAT => {
                let path = self.path_in(pat);
                let fields = pat.child(RECORD_PAT_FIELD_LIST).into_iter().flat_map(Node::children);
                let fields = fields.filter_map(|f| self.record_field(f)).collect();
                path.map_or(Pat::Wild, |path| Pat::Struct(path, fields))
            }
            TUPLE_PAT => {
                let (pats, rest) = self.pats(pat);
                Pat::Tuple(pats, rest)
            }
            REF_PAT => Pat::Ref(self.pat_or_wild(pat.pat())),
            SLICE_PAT => Pat::Slice(pat.pats().map(|p| self.pat(p)).collect()),
            OR_PAT => {
                // A bar in front of a single pattern means nothing.
                let mut cases = pat.pats();
                if let (Some(only), None) = (cases.next(), cases.next()) {
                    return self.pat(only);
                }
                Pat::Or(pat.pats().map(|p| self.pat(p)).collect())
            }
            PAREN_PAT | BOX_PAT | DEREF_PAT => return self.pat_or_wild(pat.pat()),
            RANGE_PAT => Pat::Expr(pat.pats().map(|p| self.range_end(p)).collect()),
            CONST_BLOCK_PAT => {
                let block = pat.child(BLOCK_EXPR).map(|b| self.block(b)).unwrap_or_default();
                Pat::Expr(Box::new([self.expr_id(Expr::Block(Box::new(block)))]))
            }
            MACRO_PAT => {
                let call = pat.child(MACRO_CALL).and_then(|call| self.expr_macro(call));
                call.map_or(Pat::Wild, Pat::Macro)
            }
            _ => Pat::Wild,
        };
        self.pat_id(lowered)
    }

    fn pats(&mut self, pat: Node<'_>) -> (Box<[PatId]>, Option<u32>) {
        let (mut out, mut rest) = (Vec::new(), None);
        for inner in pat.pats() {
            if inner.kind() == REST_PAT {
                rest = u32::try_from(out.len()).ok();
            } else {
                out.push(self.pat(inner));
            }
        }
        (out.into(), rest)
    }

    fn record_field(&mut self, field: Node<'_>) -> Option<(Name, PatId, u32)> {
        if field.kind() != RECORD_PAT_FIELD {
            return None;
        }
        let pat = field.pat()?;
        let name = field.child(NAME_REF).or_else(|| shorthand(pat))?;
        let lowered = self.pat(pat);
        Some((self.name(name), lowered, self.line_named(name.token())))
    }

    /// An end of a range: an expression in a pattern's clothes.
    fn range_end(&mut self, pat: Node<'_>) -> ExprId {
        self.count().exprs += 1;
        let lowered = match pat.kind() {
            LITERAL_PAT => {
                let float = pat.child(LITERAL).is_some_and(|l| l.has(FLOAT_NUMBER));
                let char = pat.child(LITERAL).is_some_and(|l| l.has(CHAR));
                let value = match (float, char) {
                    (true, _) => Literal::Float,
                    (_, true) => Literal::Char,
                    _ => Literal::Int,
                };
                let value = Expr::Lit(value);
                match pat.child(MINUS) {
                    Some(minus) => {
                        self.count().exprs += 1;
                        let line = self.line_named(minus.token());
                        Expr::Unary(self.expr_id(value), Operator::prefix(MINUS, line))
                    }
                    None => value,
                }
            }
            PATH_PAT => self.path_in(pat).map_or(Expr::Missing, Expr::Path),
            IDENT_PAT => match pat.child(NAME) {
                Some(name) => {
                    let path = Path::single(self.name(name), self.line(name.token()));
                    let path = Path { from_body: self.is_from_body(name.token()), ..path };
                    Expr::Path(self.path_id(path))
                }
                None => Expr::Missing,
            },
            CONST_BLOCK_PAT => {
                let block = pat.child(BLOCK_EXPR).map(|b| self.block(b)).unwrap_or_default();
                Expr::Block(Box::new(block))
            }
            _ => Expr::Missing,
        };
        self.expr_id(lowered)
    }
}

/// The name in `S { ref x }`.
fn shorthand(pat: Node<'_>) -> Option<Node<'_>> {
    match pat.kind() {
        IDENT_PAT => pat.child(NAME),
        BOX_PAT => shorthand(pat.pat()?),
        _ => None,
    }
}
