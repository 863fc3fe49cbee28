//! The right side of a rule with its variables put in.

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;

use super::matching::{Bindings, Bound, Kind};
use super::pattern::repetition;
use super::{Rule, Trees};
use crate::parse::tree::Name;
use crate::parse::tree::token::Token;

/// Most tokens that one expansion may make; more is taken for endless. A choice: some 1 MB of source.
const MAX_TOKENS: usize = 250_000;

/// The body of a rule that matched.
pub(super) fn transcribe(
    rule: &Rule,
    input: Trees<'_>,
    bindings: &Bindings,
    marker: Name,
    line: u32,
) -> Option<Vec<Token>> {
    let body = Trees { tokens: &rule.body, close: &rule.close };
    let mut out =
        Transcriber { body, input, marker, line, out: Vec::with_capacity(rule.body.len()), used: Vec::new() };
    out.run(0..rule.body.len(), &mut vec![bindings])?;
    Some(out.out)
}

struct Transcriber<'t> {
    body: Trees<'t>,
    input: Trees<'t>,
    marker: Name,
    line: u32,
    out: Vec<Token>,
    /// Where the arguments begin that have been put in, sorted.
    used: Vec<usize>,
}

/// Bindings in force, innermost repetition last.
type Frames<'f> = Vec<&'f Bindings>;

fn bound<'f>(frames: &Frames<'f>, name: Name) -> Option<&'f Bound> {
    frames.iter().rev().find_map(|frame| frame.get(name))
}

impl Transcriber<'_> {
    fn run(&mut self, range: Range<usize>, frames: &mut Frames<'_>) -> Option<()> {
        let tokens = &self.body.tokens[..range.end];
        let mut at = range.start;
        while at < range.end {
            if self.out.len() > MAX_TOKENS {
                return None;
            }
            let token = tokens[at];
            match tokens.get(at + 1) {
                Some(name) if token.kind == DOLLAR && name.kind.is_any_identifier() => {
                    self.variable(token, *name, frames)?;
                    at += 2;
                }
                Some(open) if token.kind == DOLLAR && open.kind == L_PAREN => {
                    let end = self.body.close[at + 1] as usize;
                    let (separator, _, used) = repetition(&tokens[end + 1..])?;
                    self.repeat(at + 2..end, &separator, frames)?;
                    at = end + 1 + used;
                }
                _ => {
                    self.push(token);
                    at += 1;
                }
            }
        }
        Some(())
    }

    /// A token of the body.
    fn push(&mut self, token: Token) {
        self.out.push(Token { line: self.line, from_body: true, ..token });
    }

    fn variable(&mut self, dollar: Token, name: Token, frames: &Frames<'_>) -> Option<()> {
        if name.kind == CRATE_KW {
            self.push(Token { kind: IDENT, text: self.marker, ..name });
            return Some(());
        }
        match bound(frames, Name::from(name.as_str())) {
            Some(Bound::One { tokens, kind }) => {
                let plain = Token { joint: false, text: Name::from(""), ..dollar };
                if *kind == Kind::Expression {
                    self.push(Token { kind: L_PAREN, ..plain });
                }
                let line = self.line;
                let place = self.used.binary_search(&tokens.start);
                if let Err(place) = place {
                    self.used.insert(place, tokens.start);
                }
                let bound = self.input.tokens[tokens.clone()].iter();
                self.out.extend(bound.map(|token| Token {
                    line,
                    copy: token.copy || place.is_ok(),
                    ..*token
                }));
                if let (Kind::Other, Some(last)) = (kind, self.out.last_mut())
                    && last.kind != FLOAT_NUMBER
                {
                    last.joint = false;
                }
                if *kind == Kind::Expression {
                    self.push(Token { kind: R_PAREN, ..plain });
                }
            }
            Some(Bound::Many(_)) => return None,
            // A macro that defines a macro: its variables are not ours.
            None => {
                self.push(dollar);
                self.push(name);
            }
        }
        Some(())
    }

    fn repeat(&mut self, inner: Range<usize>, separator: &[Token], frames: &mut Frames<'_>) -> Option<()> {
        let mut used = Vec::new();
        self.used_variables(inner.clone(), &mut used);
        let repeated = used.iter().filter_map(|&name| match bound(frames, name) {
            Some(Bound::Many(rounds)) => Some(rounds),
            _ => None,
        });
        let repeated: Vec<&Vec<Bindings>> = repeated.collect();
        let rounds = repeated.iter().map(|rounds| rounds.len()).max()?;
        let depth = frames.len();
        for round in 0..rounds {
            frames.extend(repeated.iter().filter_map(|rounds| rounds.get(round)));
            if round > 0 {
                for &token in separator {
                    self.push(token);
                }
            }
            let done = self.run(inner.clone(), frames);
            frames.truncate(depth);
            done?;
        }
        Some(())
    }

    fn used_variables(&self, range: Range<usize>, out: &mut Vec<Name>) {
        for pair in self.body.tokens[range].windows(2) {
            if pair[0].kind == DOLLAR && pair[1].kind.is_any_identifier() {
                let name = Name::from(pair[1].as_str());
                if !out.contains(&name) {
                    out.push(name);
                }
            }
        }
    }
}
