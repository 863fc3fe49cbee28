//! Runs of tokens to syntax trees, straight from the tokens: nothing is printed or lexed again.

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;
use crate::parse::syntax::parser::{Edition, Input, PrefixEntryPoint, TopEntryPoint};

use super::flat::{Node, Syntax, is_expr};
use super::lex::{Doc, Texts};
use crate::parse::tree::Name;
use crate::parse::tree::token::{Token, closing, has_text, is_closing, print};

/// The tokens of a file, or of a macro.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct Tokens<'a> {
    pub(in crate::parse) list: &'a [Token],
    /// Of a file: its text and what else is known of it. A macro's tokens carry their text themselves.
    pub(in crate::parse) source: Option<(&'a str, &'a Texts)>,
    pub(in crate::parse) edition: Edition,
}

/// What a run of tokens is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum Entry {
    /// Items, inner attributes in front.
    Items,
    /// Statements, an expression at the end.
    Statements,
    /// Expressions between commas, or `value; count`: an array.
    Exprs,
    Expr,
    Type,
    Pattern,
}

impl<'a> Tokens<'a> {
    pub(in crate::parse) fn len(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    pub(in crate::parse) fn kind(&self, token: u32) -> SyntaxKind {
        self.list[token as usize].kind
    }

    pub(in crate::parse) fn line(&self, token: u32) -> u32 {
        self.list.get(token as usize).or(self.list.last()).map_or(1, |t| t.line)
    }

    pub(in crate::parse) fn name(&self, token: u32) -> Name {
        self.list[token as usize].text
    }

    /// A token as it is written.
    pub(in crate::parse) fn text(&self, token: u32) -> &'a str {
        let own = &self.list[token as usize];
        match self.source {
            Some((source, texts)) if has_text(own.kind) && own.kind != IDENT => {
                texts.span(token).and_then(|(start, end)| source.get(start..end)).unwrap_or_default()
            }
            _ => own.as_str(),
        }
    }

    /// The text of a run of tokens.
    pub(in crate::parse) fn print(&self, range: Range<u32>) -> String {
        print(range.map(|i| (self.kind(i), self.text(i))))
    }

    /// Copies tokens, each with its text, and doc comments as the attributes that they are.
    pub(in crate::parse) fn copy(&self, range: Range<u32>, out: &mut Vec<Token>) {
        // Those in front of the closing bracket too.
        let docs = self.source.map_or(&[][..], |(_, texts)| texts.docs(range.start..range.end + 1));
        let mut docs = docs.iter().peekable();
        for token in range {
            let mut own = self.list[token as usize];
            while let Some(doc) = docs.next_if(|d| d.before == token) {
                push_doc(doc, out);
            }
            if has_text(own.kind) && own.kind != IDENT {
                own.text = Name::from(self.text(token));
            }
            out.push(own);
        }
        docs.for_each(|doc| push_doc(doc, out));
    }

    /// Where the bracket at `open` closes: the token of its counterpart.
    pub(in crate::parse) fn close(&self, open: u32) -> u32 {
        let mut depth = 0u32;
        for i in open..self.len() {
            let kind = self.kind(i);
            if closing(kind).is_some() {
                depth += 1;
            } else if is_closing(kind) {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                return i;
            }
        }
        self.len().saturating_sub(1)
    }

    /// Reads a whole file; errors are part of the result.
    pub(in crate::parse) fn parse_file(input: &Input) -> Syntax {
        Syntax::build(&TopEntryPoint::SourceFile.parse(input), input.len(), |n| n)
    }

    /// Reads all of `range`; `None` if it is no such thing.
    pub(in crate::parse) fn parse(&self, range: Range<u32>, entry: Entry) -> Option<Syntax> {
        let wrap = (entry == Entry::Exprs).then_some((L_BRACK, R_BRACK));
        let input = self.input(range.clone(), wrap);
        let output = match entry {
            Entry::Items => TopEntryPoint::MacroItems.parse(&input),
            Entry::Statements => TopEntryPoint::MacroStmts.parse(&input),
            // For these the parser's `TopEntryPoint`s want input without errors, in a debug build.
            Entry::Exprs | Entry::Expr => PrefixEntryPoint::Expr.parse(&input),
            Entry::Type => PrefixEntryPoint::Ty.parse(&input),
            Entry::Pattern => PrefixEntryPoint::PatTop.parse(&input),
        };
        let shift = u32::from(wrap.is_some());
        let token = |n: u32| (range.start + n.saturating_sub(shift)).min(range.end.saturating_sub(1));
        let syntax = Syntax::build(&output, input.len(), token);
        (syntax.used as usize == input.len()).then(|| accept(syntax, entry))?
    }

    /// Reads items from picked tokens, one of a kind put behind them if asked for.
    pub(in crate::parse) fn parse_picked(
        &self,
        picked: &[u32],
        behind: Option<SyntaxKind>,
    ) -> Option<Syntax> {
        let mut input = Input::with_capacity(picked.len() + 1);
        for &token in picked {
            self.push(&mut input, token);
        }
        if let Some(kind) = behind {
            input.push(kind, self.edition);
        }
        let last = picked.last().copied()?;
        let token = |n: u32| picked.get(n as usize).copied().unwrap_or(last);
        let output = TopEntryPoint::MacroItems.parse(&input);
        accept(Syntax::build(&output, input.len(), token), Entry::Items)
    }

    /// Reads the front of `range`; `None` if it doesn't begin with such a thing.
    pub(in crate::parse) fn parse_prefix(
        &self,
        range: Range<u32>,
        prefix: &PrefixEntryPoint,
    ) -> Option<Syntax> {
        let input = self.input(range.clone(), None);
        let syntax = Syntax::build(&prefix.parse(&input), input.len(), |n| range.start + n);
        (syntax.error.is_none() && syntax.root().is_some()).then_some(syntax)
    }

    fn input(&self, range: Range<u32>, wrap: Option<(SyntaxKind, SyntaxKind)>) -> Input {
        let mut input = Input::with_capacity(range.len() + 2);
        if let Some((open, _)) = wrap {
            input.push(open, self.edition);
        }
        for token in range {
            self.push(&mut input, token);
        }
        if let Some((_, close)) = wrap {
            input.push(close, self.edition);
        }
        input
    }

    fn push(&self, input: &mut Input, token: u32) {
        let own = &self.list[token as usize];
        if own.kind == IDENT {
            let contextual = SyntaxKind::from_contextual_keyword(own.text.as_str(), self.edition);
            input.push_ident(contextual.unwrap_or(IDENT), self.edition);
        } else {
            input.push(own.kind, self.edition);
        }
        if own.joint {
            input.was_joint();
        }
    }
}

/// A doc comment as `#[doc = "…"]`; what it says matters to nobody here.
fn push_doc(doc: &Doc, out: &mut Vec<Token>) {
    let mut push = |kind, text: &str| {
        let text = Name::from(text);
        out.push(Token { kind, joint: false, from_body: false, copy: false, line: doc.line, text });
    };
    push(POUND, "");
    if doc.inner {
        push(BANG, "");
    }
    for (kind, text) in [(L_BRACK, ""), (IDENT, "doc"), (EQ, ""), (STRING, "\"\""), (R_BRACK, "")] {
        push(kind, text);
    }
}

/// The tree if the parser found nothing wrong with it, nor anything left over.
fn accept(syntax: Syntax, entry: Entry) -> Option<Syntax> {
    let root = syntax.root().filter(|_| syntax.error.is_none())?;
    let complete = match entry {
        Entry::Statements => root.children().all(is_complete),
        Entry::Exprs => root.kind() == ARRAY_EXPR,
        _ => root.kind() != ERROR,
    };
    (complete && !syntax.compares_comparison()).then_some(syntax)
}

/// Whether a statement has the semicolon that it needs. The parser takes macros' statements without.
fn is_complete(stmt: Node<'_>) -> bool {
    match stmt.kind() {
        LET_STMT => stmt.has(SEMICOLON),
        EXPR_STMT => stmt.has(SEMICOLON) || stmt.expr().is_none_or(is_block_like),
        kind if is_expr(kind) => true,
        kind => kind != ERROR,
    }
}

/// Whether an expression ends a statement without a semicolon.
fn is_block_like(expr: Node<'_>) -> bool {
    match expr.kind() {
        BLOCK_EXPR | IF_EXPR | WHILE_EXPR | FOR_EXPR | LOOP_EXPR | MATCH_EXPR => true,
        MACRO_EXPR => {
            let call = expr.child(MACRO_CALL);
            call.and_then(|c| c.child(TOKEN_TREE)).is_some_and(|t| t.has(L_CURLY))
        }
        _ => false,
    }
}
