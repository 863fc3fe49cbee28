//! `macro_rules!`: matching and transcription over tokens, without types or hygiene.

mod fragment;
mod matching;
mod pass_through;
mod pattern;
mod transcribe;

#[cfg(test)]
mod tests;

use crate::parse::syntax::parser::SyntaxKind::*;

pub use pass_through::PassThrough;

use super::lower::is_std_macro;
use super::tree::Name;
use super::tree::token::{Token, closers};
use matching::Bindings;
use pattern::Matcher;

/// One `macro_rules!` definition.
#[derive(Debug)]
pub struct MacroRules {
    rules: Vec<Rule>,
    pass_through: Option<PassThrough>,
}

/// A body with `$crate::` in front of the macros that it calls by their name alone.
fn local_calls(body: &[Token]) -> Box<[Token]> {
    let mut out = Vec::with_capacity(body.len());
    for (at, token) in body.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| body[before].kind);
        let opens = body.get(at + 2).is_some_and(|next| matches!(next.kind, L_PAREN | L_BRACK | L_CURLY));
        let calls = token.kind == IDENT && opens && body[at + 1].kind == BANG;
        if calls && !matches!(before, Some(COLON | DOLLAR)) && !is_std_macro(token.as_str()) {
            let plain = Token { joint: false, text: Name::from(""), ..*token };
            let colon = |joint| Token { kind: COLON, joint, ..plain };
            out.extend([
                Token { kind: DOLLAR, ..plain },
                Token { kind: CRATE_KW, ..plain },
                colon(true),
                colon(false),
            ]);
        }
        out.push(*token);
    }
    out.into()
}

#[derive(Debug)]
struct Rule {
    matcher: Vec<Matcher>,
    body: Box<[Token]>,
    /// Where each bracket of the body closes.
    close: Box<[u32]>,
}

/// Tokens with the places where their brackets close.
#[derive(Debug, Clone, Copy)]
struct Trees<'t> {
    tokens: &'t [Token],
    close: &'t [u32],
}

impl Trees<'_> {
    /// Where the tree after the one at `at` begins.
    fn next(&self, at: usize) -> usize {
        self.close[at] as usize + 1
    }
}

impl MacroRules {
    /// Reads the rules of a definition: the tokens between its braces. `None` when they can't be understood.
    pub fn parse(definition: &[Token]) -> Option<Self> {
        let close = closers(definition)?;
        let trees = Trees { tokens: definition, close: &close };
        let (mut rules, mut at) = (Vec::new(), 0);
        while at < definition.len() {
            if matches!(definition[at].kind, SEMICOLON | COMMA) {
                at += 1;
                continue;
            }
            let arrow = trees.next(at);
            let kind = |i: usize| definition.get(i).map(|t| t.kind);
            let has_arrow = kind(arrow) == Some(EQ) && kind(arrow + 1) == Some(R_ANGLE);
            // `macro name(…) {…}` has one rule, and no arrow.
            let body = if has_arrow { arrow + 2 } else { arrow };
            if close[at] as usize == at || !(has_arrow || at == 0) {
                return None;
            }
            let end = close.get(body).copied()? as usize;
            if end == body {
                return None;
            }
            let matcher = pattern::matchers(trees, at + 1..close[at] as usize)?;
            let tokens: Box<[Token]> = definition[body + 1..end].into();
            let close = closers(&tokens)?;
            rules.push(Rule { matcher, body: tokens, close });
            at = end + 1;
        }
        let pass_through = pass_through::recognise(&rules);
        Some(Self { rules, pass_through })
    }

    /// The same, if macros that the bodies call by their name alone are of the macro's crate
    /// (<https://doc.rust-lang.org/reference/macros-by-example.html#r-macro.decl.hygiene.local_inner_macros>). Those of
    /// the standard library are found everywhere.
    pub fn with_local_inner_macros(mut self) -> Self {
        for rule in &mut self.rules {
            let body = local_calls(&rule.body);
            if let Some(close) = closers(&body) {
                (rule.body, rule.close) = (body, close);
            }
        }
        self
    }

    /// Whether the macro only puts attributes around the items it is given.
    pub fn pass_through(&self) -> Option<&PassThrough> {
        self.pass_through.as_ref()
    }

    /// Expands a call with these arguments (the tokens between its delimiters); `$crate` becomes `marker`, and
    /// everything stands on `line`. `None` when no rule matches.
    pub fn expand(&self, arguments: &[Token], marker: Name, line: u32) -> Option<Vec<Token>> {
        let close = closers(arguments)?;
        let input = Trees { tokens: arguments, close: &close };
        for rule in &self.rules {
            let mut bindings = Bindings::default();
            let all = 0..arguments.len();
            if matching::match_all(&rule.matcher, input, all, &mut bindings) == Some(arguments.len()) {
                return transcribe::transcribe(rule, input, &bindings, marker, line);
            }
        }
        None
    }
}
