//! Arguments against the left side of a rule.

use std::ops::Range;

use super::Trees;
use super::fragment::fragment_end;
use super::pattern::{Matcher, Most, same, variables};
use crate::parse::tree::Name;
use crate::parse::tree::token::Token;

/// What a variable was bound to.
#[derive(Debug)]
pub(super) enum Bound {
    /// Tokens of the arguments.
    One { tokens: Range<usize>, kind: Kind },
    /// One set of bindings a round.
    Many(Vec<Bindings>),
}

/// How tokens that a variable was bound to are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// As they are: `tt` after `tt` may make up an operator again.
    Tree,
    /// In brackets, so that an expression stays one.
    Expression,
    /// As something whole: its last token goes together with nothing.
    Other,
}

/// What the variables are bound to; few, so that looking through is fastest.
#[derive(Debug, Default)]
pub(super) struct Bindings(Vec<(Name, Bound)>);

impl Bindings {
    pub(super) fn get(&self, name: Name) -> Option<&Bound> {
        self.0.iter().rev().find(|(own, _)| *own == name).map(|(_, bound)| bound)
    }

    fn insert(&mut self, name: Name, bound: Bound) {
        self.0.push((name, bound));
    }

    fn remove(&mut self, name: Name) -> Option<(Name, Bound)> {
        let at = self.0.iter().rposition(|(own, _)| *own == name)?;
        Some(self.0.swap_remove(at))
    }
}

/// Matches all of `matcher` against the front of `range`; where what it takes ends.
pub(super) fn match_all(
    matcher: &[Matcher],
    input: Trees<'_>,
    range: Range<usize>,
    bindings: &mut Bindings,
) -> Option<usize> {
    let mut at = range.start;
    for (i, m) in matcher.iter().enumerate() {
        match m {
            Matcher::Token(token) => {
                if at >= range.end || !same(token, &input.tokens[at]) {
                    return None;
                }
                at += 1;
            }
            Matcher::Group(kind, inner) => {
                if at >= range.end || input.tokens[at].kind != *kind {
                    return None;
                }
                let end = input.close[at] as usize;
                if match_all(inner, input, at + 1..end, bindings)? != end {
                    return None;
                }
                at = end + 1;
            }
            Matcher::Variable(name, kind) => {
                let end = fragment_end(kind.as_str(), input, at..range.end)?;
                let several = end > at && input.next(at) < end;
                let kind = match kind.as_str() {
                    "tt" => Kind::Tree,
                    "expr" | "expr_2021" if several => Kind::Expression,
                    _ => Kind::Other,
                };
                bindings.insert(*name, Bound::One { tokens: at..end, kind });
                at = end;
            }
            Matcher::Repeat { inner, separator, most } => {
                let repeat = Repeat { inner, separator, most: *most, after: &matcher[i + 1..] };
                at = repeat.run(input, at..range.end, bindings)?;
            }
        }
    }
    Some(at)
}

/// A repetition, and what follows it.
struct Repeat<'m> {
    inner: &'m [Matcher],
    separator: &'m [Token],
    most: Most,
    after: &'m [Matcher],
}

impl Repeat<'_> {
    fn run(&self, input: Trees<'_>, range: Range<usize>, bindings: &mut Bindings) -> Option<usize> {
        let (mut at, mut rounds) = (range.start, Vec::new());
        while self.most != Most::One || rounds.is_empty() {
            let Some(start) = self.start(input, at, range.end, rounds.is_empty()) else { break };
            let mut round = Bindings::default();
            match match_all(self.inner, input, start..range.end, &mut round) {
                Some(end) if end > start => {
                    at = end;
                    rounds.push(round);
                }
                _ => break,
            }
        }
        if self.most == Most::Some && rounds.is_empty() {
            return None;
        }
        let mut names = Vec::new();
        variables(self.inner, &mut names);
        for name in names {
            let own = rounds.iter_mut().map(|round| Bindings(round.remove(name).into_iter().collect()));
            let own = own.collect();
            bindings.insert(name, Bound::Many(own));
        }
        Some(at)
    }

    /// Where the next round begins, if there is one.
    fn start(&self, input: Trees<'_>, at: usize, end: usize, first: bool) -> Option<usize> {
        let mut start = at;
        if !self.separator.is_empty() && !first {
            let rest = &input.tokens[at..end];
            let fits = rest.len() >= self.separator.len()
                && self.separator.iter().zip(rest).all(|(a, b)| same(a, b));
            if !fits {
                return None;
            }
            start += self.separator.len();
        }
        if start >= end {
            return None;
        }
        // What follows the repetition literally ends it, where the repetition doesn't start with the same.
        if let (Some(Matcher::Token(next)), true) = (self.after.first(), self.separator.is_empty())
            && same(next, &input.tokens[start])
            && !matches!(self.inner.first(), Some(Matcher::Token(own)) if same(own, next))
        {
            return None;
        }
        Some(start)
    }
}
