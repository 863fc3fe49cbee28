//! Operators, and the methods of the traits that they stand for.

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

/// An operator: the method it stands for, and its line.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    kind: SyntaxKind,
    /// Whether it stands before its only operand.
    prefix: bool,
    /// Line, from 1.
    pub line: u32,
}

/// What an operator between two operands gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum OperatorKind {
    Compare,
    Arithmetic,
    Assign,
}

impl Operator {
    /// `!` or `-` before its operand.
    pub(in crate::parse) fn prefix(kind: SyntaxKind, line: u32) -> Self {
        Self { kind, prefix: true, line }
    }

    /// An operator between its operands.
    pub(in crate::parse) fn infix(kind: SyntaxKind, line: u32) -> Self {
        Self { kind, prefix: false, line }
    }

    /// The method (`add`, `eq`, `not`…); empty where it stands for none.
    pub fn method(self) -> &'static str {
        match (self.prefix, self.kind) {
            (true, BANG) => "not",
            (true, _) => "neg",
            (false, kind) => infix(kind).map_or("", |(method, _)| method),
        }
    }
}

/// The method and kind of an operator between two operands (<https://doc.rust-lang.org/std/ops/index.html>); `None` for other
/// tokens.
pub(in crate::parse) fn infix(op: SyntaxKind) -> Option<(&'static str, OperatorKind)> {
    use OperatorKind::{Arithmetic, Assign, Compare};
    Some(match op {
        EQ2 => ("eq", Compare),
        NEQ => ("ne", Compare),
        L_ANGLE => ("lt", Compare),
        LTEQ => ("le", Compare),
        R_ANGLE => ("gt", Compare),
        GTEQ => ("ge", Compare),
        AMP2 | PIPE2 => ("", Compare),
        PLUS => ("add", Arithmetic),
        MINUS => ("sub", Arithmetic),
        STAR => ("mul", Arithmetic),
        SLASH => ("div", Arithmetic),
        PERCENT => ("rem", Arithmetic),
        CARET => ("bitxor", Arithmetic),
        AMP => ("bitand", Arithmetic),
        PIPE => ("bitor", Arithmetic),
        SHL => ("shl", Arithmetic),
        SHR => ("shr", Arithmetic),
        EQ => ("", Assign),
        PLUSEQ => ("add_assign", Assign),
        MINUSEQ => ("sub_assign", Assign),
        STAREQ => ("mul_assign", Assign),
        SLASHEQ => ("div_assign", Assign),
        PERCENTEQ => ("rem_assign", Assign),
        CARETEQ => ("bitxor_assign", Assign),
        AMPEQ => ("bitand_assign", Assign),
        PIPEEQ => ("bitor_assign", Assign),
        SHLEQ => ("shl_assign", Assign),
        SHREQ => ("shr_assign", Assign),
        _ => return None,
    })
}
