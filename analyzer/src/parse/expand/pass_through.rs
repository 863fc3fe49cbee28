//! Macros that give back the items they are given, under attributes: `cfg_unix! { … }`.

use crate::parse::syntax::parser::SyntaxKind::*;

use super::Rule;
use super::pattern::Matcher;
use crate::parse::tree::token::{Token, print};

/// A macro that gives back the items it is given, under attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassThrough {
    /// Under these `cfg` predicates.
    Cfg(Vec<String>),
    /// Under the predicate that the call gives in `#![…]`.
    Argument,
}

impl PassThrough {
    /// The predicates under which the items of a call with these arguments stand.
    pub fn predicates(&self, arguments: &[Token]) -> Vec<String> {
        match self {
            PassThrough::Cfg(cfgs) => cfgs.clone(),
            PassThrough::Argument => inner_attribute(arguments).into_iter().collect(),
        }
    }
}

/// The predicate in `#![…]` at the front of a macro call's arguments.
fn inner_attribute(arguments: &[Token]) -> Option<String> {
    let [pound, bang, open, rest @ ..] = arguments else { return None };
    if (pound.kind, bang.kind, open.kind) != (POUND, BANG, L_BRACK) {
        return None;
    }
    let mut depth = 1;
    let end = rest.iter().position(|t| {
        depth += i32::from(t.kind == L_BRACK) - i32::from(t.kind == R_BRACK);
        depth == 0
    });
    Some(text(&rest[..end?]))
}

fn text(tokens: &[Token]) -> String {
    print(tokens.iter().map(|t| (t.kind, t.as_str())))
}

/// Recognises `($($item:item)*) => { $( #[cfg(…)] $item )* }` and the like.
pub(super) fn recognise(rules: &[Rule]) -> Option<PassThrough> {
    let [Rule { matcher, body, close }] = rules else { return None };
    let argument = takes_argument(matcher)?;
    let kind = |i: usize| body.get(i).map(|t| t.kind);
    let end = *close.get(1)? as usize;
    if kind(0) != Some(DOLLAR)
        || kind(1) != Some(L_PAREN)
        || kind(end + 1) != Some(STAR)
        || body.len() != end + 2
    {
        return None;
    }
    let (mut cfgs, mut at, mut by_argument) = (Vec::new(), 2, false);
    while kind(at) == Some(POUND) && kind(at + 1) == Some(L_BRACK) {
        let last = close[at + 1] as usize;
        if let [name, open, predicate @ .., _] = &body[at + 2..last]
            && (name.kind, open.kind) == (IDENT, L_PAREN)
            && name.text == "cfg"
        {
            match predicate {
                [dollar, _] if dollar.kind == DOLLAR => by_argument = true,
                predicate => cfgs.push(text(predicate)),
            }
        }
        at = last + 1;
    }
    if kind(at) != Some(DOLLAR) || at + 2 != end || by_argument != argument {
        return None;
    }
    Some(if argument { PassThrough::Argument } else { PassThrough::Cfg(cfgs) })
}

/// Whether the matcher takes a predicate in front of its items; `None` if it is none that takes items.
fn takes_argument(matcher: &[Matcher]) -> Option<bool> {
    match matcher {
        [Matcher::Repeat { inner, .. }] => item_variable(inner).then_some(false),
        [
            Matcher::Token(pound),
            Matcher::Token(bang),
            Matcher::Group(L_BRACK, meta),
            Matcher::Repeat { inner, .. },
        ] if (pound.kind, bang.kind) == (POUND, BANG) => {
            let [Matcher::Variable(_, kind)] = &meta[..] else { return None };
            (*kind == "meta" && item_variable(inner)).then_some(true)
        }
        _ => None,
    }
}

fn item_variable(inner: &[Matcher]) -> bool {
    matches!(inner, [Matcher::Variable(_, kind)] if matches!(kind.as_str(), "item" | "tt"))
}
