//! Arguments of macros with a grammar of their own: split into pieces, each read as well as it can, and paths picked
//! out of what is left.

use std::ops::Range;

use crate::parse::syntax::parser::PrefixEntryPoint;
use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;

use super::standard::is_std;
use crate::parse::lower::Lower;
use crate::parse::lower::depth::MAX_LOOSE_DEPTH;
use crate::parse::syntax::flat::Syntax;
use crate::parse::syntax::grammar::Entry;
use crate::parse::tree::token::closing;
use crate::parse::tree::{Expr, MacroArgs, MacroPart, Name, Path, PathId, Segments};

impl Lower<'_> {
    pub(in crate::parse::lower) fn as_parts(&mut self, range: Range<u32>) -> MacroArgs {
        let mut parts = Vec::new();
        self.chunks(range, &mut parts);
        if parts.is_empty() { MacroArgs::Empty } else { MacroArgs::Parts(parts.into()) }
    }

    /// Splits tokens at `,`, `;` and `=>` and reads each piece as well as it can.
    fn chunks(&mut self, range: Range<u32>, out: &mut Vec<MacroPart>) {
        let (mut start, mut at, mut after_arrow) = (range.start, range.start, false);
        while at < range.end {
            match self.tokens.kind(at) {
                EQ if at + 1 < range.end && self.tokens.kind(at + 1) == R_ANGLE => {
                    self.chunk(start..at, true, out);
                    (after_arrow, at) = (true, at + 2);
                    start = at;
                }
                COMMA | SEMICOLON => {
                    self.end_chunk(start..at, &mut after_arrow, out);
                    at += 1;
                    start = at;
                }
                kind => {
                    let first = at == start;
                    at = self.tokens.close(at) + 1;
                    if kind == L_CURLY && after_arrow && first {
                        self.end_chunk(start..at, &mut after_arrow, out);
                        start = at;
                    }
                }
            }
        }
        self.end_chunk(start..range.end, &mut after_arrow, out);
    }

    fn end_chunk(&mut self, chunk: Range<u32>, after_arrow: &mut bool, out: &mut Vec<MacroPart>) {
        let start = out.len();
        self.chunk(chunk, false, out);
        if std::mem::take(after_arrow)
            && let [MacroPart::Expr(body)] = out[start..]
            && start > 0
            && let MacroPart::Match(_, _, slot @ None) = &mut out[start - 1]
        {
            *slot = Some(body);
            out.truncate(start);
        }
    }

    fn chunk(&mut self, chunk: Range<u32>, before_arrow: bool, out: &mut Vec<MacroPart>) {
        if chunk.is_empty() {
            return;
        }
        if before_arrow && (self.select_arm(&chunk, out) || self.pattern(&chunk, out)) {
            return;
        }
        if let Some(syntax) = self.tokens.parse(chunk.clone(), Entry::Expr) {
            out.extend(syntax.root().map(|e| MacroPart::Expr(self.macro_arg(e))));
        } else if let Some(syntax) = self.tokens.parse(chunk.clone(), Entry::Statements) {
            if let Some(root) = syntax.root() {
                let block = self.stmts(root);
                out.push(MacroPart::Expr(self.expr_id(Expr::Block(Box::new(block)))));
            }
        } else if let Some(syntax) = self.tokens.parse(chunk.clone(), Entry::Type) {
            out.extend(syntax.root().map(|ty| MacroPart::Type(self.ty(ty))));
        } else {
            self.loose(chunk, out);
        }
    }

    fn pattern(&mut self, chunk: &Range<u32>, out: &mut Vec<MacroPart>) -> bool {
        let Some(syntax) = self.tokens.parse(chunk.clone(), Entry::Pattern) else { return false };
        out.extend(syntax.root().map(|pat| MacroPart::Match(self.pat(pat), None, None)));
        true
    }

    /// `pattern = value, if guard` in front of an arrow, as in `select!`; whether it was that.
    fn select_arm(&mut self, range: &Range<u32>, out: &mut Vec<MacroPart>) -> bool {
        let Some((pat, value, guard, eq)) = self.parse_arm(range) else { return false };
        if let (Some(pat), Some(value)) = (pat.root(), value.root()) {
            let value = self.expr(value);
            let line = self.line_named(eq);
            let value = self.expr_id(Expr::Await(value, line));
            let pat = self.pat(pat);
            if let Some(guard) = guard.as_ref().and_then(Syntax::root) {
                out.push(MacroPart::Expr(self.expr(guard)));
            }
            out.push(MacroPart::Match(pat, Some(value), None));
        }
        true
    }

    fn parse_arm(&self, range: &Range<u32>) -> Option<(Syntax, Syntax, Option<Syntax>, u32)> {
        let pat = self.tokens.parse_prefix(range.clone(), &PrefixEntryPoint::PatTop)?;
        let eq = range.start + pat.used;
        let value = self.after(EQ, eq, range, &PrefixEntryPoint::Expr)?;
        let comma = eq + 1 + value.used;
        if comma >= range.end {
            return Some((pat, value, None, eq));
        }
        if self.tokens.kind(comma) != COMMA {
            return None;
        }
        let guard = self.after(IF_KW, comma + 1, range, &PrefixEntryPoint::Expr)?;
        (comma + 2 + guard.used == range.end).then_some((pat, value, Some(guard), eq))
    }

    /// What begins behind a token of this kind at `at`.
    pub(in crate::parse::lower) fn after(
        &self,
        kind: SyntaxKind,
        at: u32,
        range: &Range<u32>,
        prefix: &PrefixEntryPoint,
    ) -> Option<Syntax> {
        (at < range.end && self.tokens.kind(at) == kind)
            .then(|| self.tokens.parse_prefix(at + 1..range.end, prefix))?
    }

    /// Paths among tokens that could not be read, groups searched as chunks of their own.
    fn loose(&mut self, range: Range<u32>, out: &mut Vec<MacroPart>) {
        let mut paths = Vec::new();
        let deep = self.loose_depth == MAX_LOOSE_DEPTH;
        self.token_paths(range.clone(), deep, &|_| true, &mut paths);
        out.extend(paths.into_iter().map(MacroPart::Loose));
        if deep {
            return;
        }
        self.loose_depth += 1;
        let mut at = range.start;
        while at < range.end {
            let end = self.tokens.close(at);
            if closing(self.tokens.kind(at)).is_some() {
                self.chunks(at + 1..end, out);
            }
            at = end + 1;
        }
        self.loose_depth -= 1;
    }

    /// `a::b::c` runs among tokens; single names only when they look like an item's. Brackets are looked into if
    /// `deep`, else passed over.
    fn token_paths(
        &mut self,
        range: Range<u32>,
        deep: bool,
        keep: &dyn Fn(&[Name]) -> bool,
        out: &mut Vec<PathId>,
    ) {
        let mut at = range.start;
        let is = |i: u32, kind: SyntaxKind| i < range.end && self.tokens.kind(i) == kind;
        let name = |i: u32| i < range.end && self.tokens.kind(i).is_any_identifier();
        let mut found: Vec<(u32, Vec<Name>)> = Vec::new();
        while at < range.end {
            if !name(at) {
                at = if deep { at + 1 } else { self.tokens.close(at) + 1 };
                continue;
            }
            let first = at;
            let before = |n: u32, kind| first >= range.start + n && is(first - n, kind);
            let after_dot = before(1, DOT) && !before(2, DOT);
            let dollar = before(1, DOLLAR);
            let mut names = vec![Name::from(self.tokens.text(first))];
            at += 1;
            while is(at, COLON) && is(at + 1, COLON) && name(at + 2) {
                names.push(Name::from(self.tokens.text(at + 2)));
                at += 3;
            }
            if after_dot || (dollar && names[0] != "crate") {
                continue;
            }
            if dollar {
                names[0] = Name::from("$crate");
            }
            let item_like = names.len() > 1 || names[0].starts_with(|c: char| c.is_ascii_uppercase());
            if item_like && keep(&names) {
                found.push((first, names));
            }
        }
        for (first, names) in found {
            let (line, from_body) = (self.line(first), self.is_from_body(first));
            if let Some(segments) = Segments::of_names(names) {
                out.push(self.path_id(Path { line, from_body, global: false, qself: None, segments }));
            }
        }
    }

    /// `$crate::…` and `crate::…` paths in the transcribers of a `macro_rules!`.
    pub(in crate::parse::lower) fn transcriber_paths(&mut self, rules: Range<u32>) -> Vec<PathId> {
        let mut out = Vec::new();
        let keep = |names: &[Name]| names.len() > 1 && matches!(names[0].as_str(), "$crate" | "crate");
        self.token_paths(rules, true, &keep, &mut out);
        out
    }

    /// The macros that the transcribers call by their name alone, as macros of the crate itself.
    pub(in crate::parse::lower) fn local_macro_paths(&mut self, rules: Range<u32>) -> Vec<PathId> {
        let kind = |at: u32| if rules.contains(&at) { Some(self.tokens.kind(at)) } else { None };
        let calls = |&at: &u32| {
            let opens = matches!(kind(at + 2), Some(L_PAREN | L_BRACK | L_CURLY));
            let alone = !matches!(at.checked_sub(1).and_then(kind), Some(COLON | DOLLAR));
            let called = kind(at) == Some(IDENT) && kind(at + 1) == Some(BANG);
            called && opens && alone && !is_std(self.tokens.text(at))
        };
        let called: Vec<u32> = rules.clone().filter(calls).collect();
        let path = |at: u32| {
            let names = vec![Name::from("$crate"), Name::from(self.tokens.text(at))];
            let segments = Segments::of_names(names)?;
            Some(Path { line: self.line(at), from_body: false, global: false, qself: None, segments })
        };
        let paths: Vec<Path> = called.into_iter().filter_map(path).collect();
        paths.into_iter().map(|path| self.path_id(path)).collect()
    }
}
