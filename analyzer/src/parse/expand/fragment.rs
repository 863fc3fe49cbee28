//! How many tokens a macro's fragment takes: delimited by what the language lets follow it, not parsed.
//!
//! <https://doc.rust-lang.org/reference/macros-by-example.html#follow-set-ambiguity-restrictions>

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::Trees;
use crate::parse::tree::token::{Token, closing};

/// Operators of several characters, each of which is one token to a macro
/// (<https://doc.rust-lang.org/reference/tokens.html#punctuation>).
const OPERATORS: [&str; 25] = [
    "<<=", ">>=", "...", "..=", "&&", "||", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "==",
    "!=", ">=", "<=", "->", "=>", "<-", "..", "::",
];

/// How many tokens at the front make up one operator.
fn operator_len(tokens: &[Token]) -> usize {
    let is_one = |&len: &usize| {
        let joint = |parts: &&[Token]| parts[..len - 1].iter().all(|part| part.joint);
        let Some(parts) = tokens.get(..len).filter(joint) else { return false };
        let text: String = parts.iter().map(Token::as_str).collect();
        OPERATORS.contains(&text.as_str())
    };
    [3, 2].into_iter().find(is_one).unwrap_or(1)
}

/// Where the fragment at the front of `range` ends; `None` if there is none.
pub(super) fn fragment_end(kind: &str, input: Trees<'_>, range: Range<usize>) -> Option<usize> {
    let start = range.start;
    let rest = &input.tokens[range.clone()];
    let first = rest.first();
    let is = |wanted: SyntaxKind| first.is_some_and(|t| t.kind == wanted);
    match kind {
        "ident" => first.is_some_and(|t| t.kind.is_any_identifier()).then_some(start + 1),
        "tt" => first.map(|_| input.next(start).max(start + operator_len(rest))),
        "lifetime" => is(LIFETIME_IDENT).then_some(start + 1),
        "literal" => match rest {
            [minus, value, ..] if minus.kind == MINUS && value.kind.is_literal() => Some(start + 2),
            [value, ..] if value.kind.is_literal() || matches!(value.kind, TRUE_KW | FALSE_KW) => {
                Some(start + 1)
            }
            _ => None,
        },
        "block" => is(L_CURLY).then(|| input.next(start)),
        "vis" => Some(visibility_end(input, start, rest)),
        "meta" => meta_end(input, range),
        "path" | "ty" => found(start, until(input, range, ends_type)),
        "pat" | "pat_param" => found(start, until(input, range, ends_pattern)),
        "expr" | "expr_2021" | "stmt" => {
            let starts = !matches!(
                first.map(|t| t.kind),
                None | Some(COMMA | SEMICOLON | EQ | DOT | QUESTION | COLON | POUND)
            );
            starts.then(|| found(start, until(input, range, ends_expression)))?
        }
        "item" => item_end(input, range),
        _ => None,
    }
}

/// No fragment of these kinds is empty.
fn found(start: usize, end: usize) -> Option<usize> {
    (end > start).then_some(end)
}

fn ends_type(token: &Token, next: Option<&Token>) -> bool {
    match token.kind {
        COMMA | SEMICOLON | PIPE | EQ | R_ANGLE | L_CURLY | AS_KW | WHERE_KW => true,
        COLON => !token.joint && next.is_none_or(|n| n.kind != COLON),
        _ => false,
    }
}

fn ends_pattern(token: &Token, next: Option<&Token>) -> bool {
    match token.kind {
        COMMA | IF_KW | IN_KW => true,
        EQ => next.is_none_or(|n| n.kind != EQ),
        _ => false,
    }
}

fn ends_expression(token: &Token, next: Option<&Token>) -> bool {
    match token.kind {
        COMMA | SEMICOLON => true,
        EQ => token.joint && next.is_some_and(|n| n.kind == R_ANGLE),
        _ => false,
    }
}

fn visibility_end(input: Trees<'_>, start: usize, rest: &[Token]) -> usize {
    match rest {
        [public, open, inner, ..]
            if public.kind == PUB_KW
                && open.kind == L_PAREN
                && matches!(inner.kind, CRATE_KW | SELF_KW | SUPER_KW | IN_KW) =>
        {
            input.next(start + 1)
        }
        [public, ..] if public.kind == PUB_KW => start + 1,
        _ => start,
    }
}

fn meta_end(input: Trees<'_>, range: Range<usize>) -> Option<usize> {
    let is_path = |t: &Token| t.kind.is_any_identifier() || t.kind == COLON;
    let path = range.clone().find(|&i| !is_path(&input.tokens[i])).unwrap_or(range.end);
    let rest = &input.tokens[path..range.end];
    match rest {
        [open, ..] if closing(open.kind).is_some() => Some(input.next(path)),
        [eq, _, ..] if eq.kind == EQ && !eq.joint => Some(input.next(path + 1)),
        _ => found(range.start, path),
    }
}

/// The end of the trees before the first for which `stop` holds, outside of angle brackets and closure parameters.
fn until(input: Trees<'_>, range: Range<usize>, stop: impl Fn(&Token, Option<&Token>) -> bool) -> usize {
    let (mut angle, mut at) = (0usize, range.start);
    let tokens = &input.tokens[..range.end];
    while at < range.end {
        let token = &tokens[at];
        let before = (at > range.start).then(|| &tokens[at - 1]);
        if angle == 0
            && stop(token, tokens.get(at + 1))
            && !before.is_some_and(|before| second_of_pair(before, token))
        {
            return at;
        }
        match token.kind {
            // `<` opens generics after a path separator or a type's name; in an expression `a < b` it does not.
            L_ANGLE if angle > 0 || before.is_none_or(opens_generics) => angle += 1,
            R_ANGLE if angle > 0 && !before.is_some_and(|b| b.joint && matches!(b.kind, MINUS | EQ)) => {
                angle -= 1;
            }
            PIPE if !token.joint && before.is_none_or(|b| b.kind == MOVE_KW) => {
                // The parameters of a closure.
                at += 1;
                while at < range.end && tokens[at].kind != PIPE {
                    at = input.next(at);
                }
            }
            _ => {}
        }
        if at >= range.end {
            break;
        }
        at = input.next(at);
    }
    range.end
}

/// `::` and `==`, `->`, `<=`…: the second character never ends a fragment by itself.
fn second_of_pair(before: &Token, token: &Token) -> bool {
    before.joint
        && matches!(
            (before.kind, token.kind),
            (COLON, COLON) | (MINUS, R_ANGLE) | (EQ | BANG | L_ANGLE | R_ANGLE | DOT, EQ)
        )
}

fn opens_generics(before: &Token) -> bool {
    match before.kind {
        COLON | AMP | L_ANGLE | COMMA | DYN_KW | IMPL_KW | SELF_TYPE_KW => true,
        IDENT => before.text.starts_with(char::is_uppercase),
        _ => false,
    }
}

fn item_end(input: Trees<'_>, range: Range<usize>) -> Option<usize> {
    let tokens = &input.tokens[..range.end];
    let kind = |i: usize| tokens.get(i).map(|t| t.kind);
    let mut at = range.start;
    while kind(at) == Some(POUND) && kind(at + 1) == Some(L_BRACK) {
        at = input.next(at + 1);
    }
    let mut words =
        std::iter::successors(Some(at), |&i| (i < range.end).then(|| input.next(i))).map_while(kind);
    let passed = |k: &SyntaxKind| *k == PUB_KW || closing(*k).is_some();
    let value = words.clone().find(|k| !passed(k));
    let value = matches!(value, Some(CONST_KW | STATIC_KW | USE_KW | TYPE_KW));
    let function = words.by_ref().take(8).any(|k| k == FN_KW);
    while at < range.end {
        match tokens[at].kind {
            SEMICOLON => return Some(at + 1),
            L_CURLY if !value || function => return Some(input.next(at)),
            _ => at = input.next(at),
        }
    }
    None
}
