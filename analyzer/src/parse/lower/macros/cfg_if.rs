//! Items under conditions: `cfg_select! { predicate => { items } _ => { items } }` of the standard library, and
//! `cfg_if! { if #[cfg(…)] { items } else { items } }`, another package's macro, but so common that its items are read.

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::{Ustr, ustr};

use crate::parse::lower::Lower;
use crate::parse::syntax::grammar::Entry;
use crate::parse::tree::NodeId;

/// A predicate, if there is one, and the items under it.
type Branch = (Option<String>, Range<u32>);

impl Lower<'_> {
    /// The items of all branches of `cfg_if!`, each under its branch's predicate. `None` when it isn't of that form.
    pub(in crate::parse::lower) fn cfg_if(&mut self, range: Range<u32>) -> Option<Vec<NodeId>> {
        let (mut branches, mut at) = (Vec::new(), range.start);
        while at < range.end {
            let condition = match self.tokens.kind(at) {
                IF_KW => {
                    let text = self.condition(at + 1, range.end)?;
                    at = self.tokens.close(at + 2) + 1;
                    Some(text)
                }
                _ => None,
            };
            let body = self.braced(at, range.end)?;
            at = body.end + 1;
            branches.push((condition, body));
            if at < range.end && self.tokens.kind(at) != ELSE_KW {
                return None;
            }
            at += 1;
        }
        self.branches(branches)
    }

    /// The items of all branches of `cfg_select!`, likewise.
    pub(in crate::parse::lower) fn cfg_select(&mut self, range: Range<u32>) -> Option<Vec<NodeId>> {
        let (mut branches, mut at) = (Vec::new(), range.start);
        while at < range.end {
            if self.tokens.kind(at) == COMMA {
                at += 1;
                continue;
            }
            let start = at;
            while self.tokens.kind(at) != EQ || self.tokens.kind((at + 1).min(range.end - 1)) != R_ANGLE {
                at = self.tokens.close(at) + 1;
                if at >= range.end {
                    return None;
                }
            }
            let text = self.tokens.print(start..at);
            let body = self.braced(at + 2, range.end)?;
            at = body.end + 1;
            branches.push(((text != "_").then_some(text), body));
        }
        self.branches(branches)
    }

    fn branches(&mut self, branches: Vec<Branch>) -> Option<Vec<NodeId>> {
        let mut out = Vec::new();
        let mut before: Vec<String> = Vec::new();
        for (own, body) in branches {
            let all = before.iter().map(|p| format!("not({p})")).chain(own.clone()).collect::<Vec<_>>();
            let cfg = ustr(&format!("all({})", all.join(", ")));
            let syntax = self.tokens.parse(body, Entry::Items)?;
            for item in self.items(syntax.root()?) {
                self.under(item, cfg);
                out.push(item);
            }
            before.extend(own);
        }
        Some(out)
    }

    fn under(&mut self, item: NodeId, cfg: Ustr) {
        let node = &mut self.tree.items[item.index()];
        node.cfgs = node.cfgs.iter().copied().chain([cfg]).collect();
    }

    /// The predicate of `#[cfg(predicate)]` at `at`.
    fn condition(&self, at: u32, end: u32) -> Option<String> {
        let wanted = [POUND, L_BRACK, IDENT, L_PAREN];
        let fits = (0..4).zip(wanted).all(|(i, kind)| at + i < end && self.tokens.kind(at + i) == kind);
        (fits && self.tokens.name(at + 2) == "cfg")
            .then(|| self.tokens.print(at + 4..self.tokens.close(at + 3)))
    }

    /// What stands between the braces at `at`.
    fn braced(&self, at: u32, end: u32) -> Option<Range<u32>> {
        (at < end && self.tokens.kind(at) == L_CURLY).then(|| at + 1..self.tokens.close(at))
    }
}
