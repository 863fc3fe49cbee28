//! The left side of a rule: what it wants to see.

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::Trees;
use crate::parse::tree::Name;
use crate::parse::tree::token::Token;

#[derive(Debug, Clone)]
pub(super) enum Matcher {
    Token(Token),
    /// Brackets, by the opening one.
    Group(SyntaxKind, Vec<Matcher>),
    /// `$name:kind`.
    Variable(Name, Name),
    Repeat {
        inner: Vec<Matcher>,
        separator: Vec<Token>,
        most: Most,
    },
}

/// The operator of a repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Most {
    /// `*`
    Any,
    /// `+`
    Some,
    /// `?`
    One,
}

pub(super) fn matchers(trees: Trees<'_>, range: Range<usize>) -> Option<Vec<Matcher>> {
    let (mut out, mut at) = (Vec::new(), range.start);
    let tokens = &trees.tokens[..range.end];
    while at < range.end {
        let token = tokens[at];
        let next = tokens.get(at + 1).map(|t| t.kind);
        if token.kind == DOLLAR && next == Some(L_PAREN) {
            let end = trees.close[at + 1] as usize;
            let (separator, most, used) = repetition(&tokens[end + 1..])?;
            let inner = matchers(trees, at + 2..end)?;
            out.push(Matcher::Repeat { inner, separator, most });
            at = end + 1 + used;
        } else if let [name, colon, kind, ..] = &tokens[at + 1..]
            && token.kind == DOLLAR
            && colon.kind == COLON
            && name.kind.is_any_identifier()
            && kind.kind == IDENT
        {
            out.push(Matcher::Variable(Name::from(name.as_str()), kind.text));
            at += 4;
        } else if trees.close[at] as usize > at {
            let end = trees.close[at] as usize;
            out.push(Matcher::Group(token.kind, matchers(trees, at + 1..end)?));
            at = end + 1;
        } else {
            out.push(Matcher::Token(token));
            at += 1;
        }
    }
    Some(out)
}

/// `sep? op` after `$(…)`: the separator, the operator, the number of tokens.
pub(super) fn repetition(rest: &[Token]) -> Option<(Vec<Token>, Most, usize)> {
    // `+` may itself be the separator: `$(…)+*`; an operator directly behind decides.
    for len in 0..=3 {
        if let Some(most) = rest.get(len).and_then(most) {
            let doubled = len == 0 && most == Most::Some && rest.get(1).and_then(self::most).is_some();
            if doubled && rest.get(1).is_some_and(|t| t.kind != QUESTION) {
                continue;
            }
            return Some((rest[..len].to_vec(), most, len + 1));
        }
    }
    None
}

fn most(token: &Token) -> Option<Most> {
    match token.kind {
        STAR => Some(Most::Any),
        PLUS => Some(Most::Some),
        QUESTION => Some(Most::One),
        _ => None,
    }
}

/// The variables that a matcher binds.
pub(super) fn variables(matchers: &[Matcher], out: &mut Vec<Name>) {
    for m in matchers {
        match m {
            Matcher::Variable(name, _) => out.push(*name),
            Matcher::Group(_, inner) | Matcher::Repeat { inner, .. } => variables(inner, out),
            Matcher::Token(_) => {}
        }
    }
}

/// Whether two tokens are written alike.
pub(super) fn same(a: &Token, b: &Token) -> bool {
    a.kind == b.kind && a.text == b.text
}
