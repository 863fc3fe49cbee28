//! Text to tokens: names interned, lines counted, nesting measured.

use ra_ap_parser::SyntaxKind::{self, *};
use ra_ap_parser::{Edition, LexedStr};
use ustr::ustr;

use super::token::{Token, closing, has_text, is_closing};

/// A file's tokens, without white space and comments.
#[derive(Debug, Default)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    pub(super) texts: Texts,
    pub(super) nesting: Nesting,
    /// The number of lines.
    pub(super) lines: u32,
    /// The first token that is none: message and line.
    pub(super) error: Option<(String, u32)>,
}

/// What a file knows beyond its tokens.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Tokens whose kind doesn't tell their text (identifiers aside), with their bytes; sorted.
    spans: Vec<(u32, u32, u32)>,
    /// Doc comments; sorted.
    docs: Vec<Doc>,
}

/// A doc comment, which stands for an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doc {
    /// The token that follows.
    pub(super) before: u32,
    pub(super) line: u32,
    pub(super) inner: bool,
}

/// How deeply a recursive parser has to descend.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Nesting {
    /// The deepest nesting of brackets, or longest run of prefix operators, each a level of recursion.
    pub(super) depth: u32,
    /// Where that is, from 1.
    pub(super) line: u32,
    brackets: u32,
    prefixes: u32,
}

impl Texts {
    /// The bytes of a literal or lifetime.
    pub(super) fn span(&self, token: u32) -> Option<(usize, usize)> {
        let at = self.spans.binary_search_by_key(&token, |s| s.0).ok()?;
        Some((self.spans[at].1 as usize, self.spans[at].2 as usize))
    }

    /// The doc comments in front of tokens in a range.
    pub(super) fn docs(&self, tokens: std::ops::Range<u32>) -> &[Doc] {
        let start = self.docs.partition_point(|d| d.before < tokens.start);
        let end = self.docs.partition_point(|d| d.before < tokens.end);
        &self.docs[start..end.max(start)]
    }
}

impl Nesting {
    /// Takes in the next token.
    pub(super) fn pass(&mut self, kind: SyntaxKind, line: u32) {
        if closing(kind).is_some() {
            self.brackets += 1;
        } else if is_closing(kind) {
            self.brackets = self.brackets.saturating_sub(1);
        }
        match kind {
            BANG | MINUS | AMP | STAR | PIPE | L_ANGLE => self.prefixes += 1,
            MUT_KW | RETURN_KW | BREAK_KW | YIELD_KW | MOVE_KW | DOT => {}
            _ => self.prefixes = 0,
        }
        let depth = self.brackets.max(self.prefixes);
        if depth > self.depth {
            (self.depth, self.line) = (depth, line);
        }
    }
}

/// Reads a file's tokens.
pub(super) fn lex(source: &str, edition: Edition) -> Lexed {
    let raw = LexedStr::new(edition, source);
    let mut out = Lexed { tokens: Vec::with_capacity(raw.len() / 2 + 1), ..Lexed::default() };
    let empty = ustr("");
    let mut line = 1;
    // The first error's token, to find its line on the way.
    let error = raw.errors().next();
    for i in 0..raw.len() {
        let kind = raw.kind(i);
        if let Some((at, message)) = error
            && at == i
        {
            out.error = Some((message.to_owned(), line));
        }
        if kind == WHITESPACE {
            line += newlines(raw.text(i));
            continue;
        }
        let text = raw.text(i);
        let next = u32::try_from(out.tokens.len()).unwrap_or(u32::MAX);
        if kind == COMMENT {
            if let Some(inner) = doc_comment(text) {
                out.texts.docs.push(Doc { before: next, line, inner });
            }
            line += newlines(text);
            continue;
        }
        let name = match kind {
            IDENT => ustr(text.strip_prefix("r#").unwrap_or(text)),
            SELF_KW | SUPER_KW | CRATE_KW | SELF_TYPE_KW => ustr(text),
            _ => empty,
        };
        if has_text(kind) && kind != IDENT {
            let span = raw.text_range(i);
            let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            out.texts.spans.push((next, at(span.start), at(span.end)));
        }
        let joint = match kind {
            FLOAT_NUMBER => !text.ends_with('.'),
            _ => i + 1 < raw.len() && is_glue(kind) && is_glued(raw.kind(i + 1)),
        };
        out.nesting.pass(kind, line);
        out.tokens.push(Token { kind, joint, body_member: false, line, text: name });
        line += newlines_of(kind, text);
    }
    out.lines = if source.is_empty() || source.ends_with('\n') { line - 1 } else { line };
    out
}

/// Whether a token can be the beginning of an operator of several.
fn is_glue(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        MINUS
            | COLON
            | BANG
            | DOT
            | STAR
            | SLASH
            | AMP
            | PERCENT
            | CARET
            | PLUS
            | L_ANGLE
            | EQ
            | R_ANGLE
            | PIPE
    )
}

/// Whether a token can go on with an operator.
fn is_glued(kind: SyntaxKind) -> bool {
    matches!(kind, EQ | R_ANGLE | L_ANGLE | COLON | DOT | AMP | PIPE)
}

fn newlines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&b| b == b'\n').count()).unwrap_or(u32::MAX)
}

/// Line ends inside a token: only literals have any.
fn newlines_of(kind: SyntaxKind, text: &str) -> u32 {
    if has_text(kind) && kind != IDENT { newlines(text) } else { 0 }
}

/// Whether a comment is a doc comment, and whether it documents what is around it.
fn doc_comment(text: &str) -> Option<bool> {
    let b = text.as_bytes();
    match (b.get(1), b.get(2), b.get(3)) {
        (Some(b'/'), Some(b'/'), fourth) => (fourth != Some(&b'/')).then_some(false),
        (Some(b'*'), Some(b'*'), Some(fourth)) => (*fourth != b'*' && *fourth != b'/').then_some(false),
        (_, Some(b'!'), _) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ra_ap_parser::Edition;

    use super::lex;

    #[test]
    fn counts_tokens_lines_and_depth() {
        for (src, tokens, lines, depth) in [
            ("", 0, 0, 0),
            ("fn f() {}\n", 6, 1, 1),
            ("// fn f()\nlet x = 1;", 5, 2, 0),
            ("/* a /* b\n */ \n*/ x", 1, 3, 0),
            ("\"a\n\\\"b\" 'c' 'a r#\"x\"#", 4, 2, 0),
            ("((([])))", 8, 1, 4),
            ("'\\'' '\\u{1f600}' '\u{e9}'", 3, 1, 0),
            ("!!--x", 5, 1, 4),
            ("a::b >>= c", 8, 1, 0),
        ] {
            let s = lex(src, Edition::Edition2021);
            assert_eq!((s.tokens.len(), s.lines, s.nesting.depth), (tokens, lines, depth), "{src:?}");
        }
    }

    #[test]
    fn knows_lines_and_doc_comments() {
        let s = lex("//! in\n/// out\n//// no\n/** out\n */\nfn f() {\n\"a\nb\" c }", Edition::Edition2021);
        let lines: Vec<u32> = s.tokens.iter().map(|t| t.line).collect();
        assert_eq!(lines, [6, 6, 6, 6, 6, 7, 8, 8]);
        let docs: Vec<_> = s.texts.docs(0..1).iter().map(|d| (d.line, d.inner)).collect();
        assert_eq!(docs, [(1, true), (2, false), (4, false)]);
    }

    #[test]
    fn knows_which_tokens_make_one_operator() {
        let s = lex("a == b = = c &&& d <$t", Edition::Edition2021);
        let joint: Vec<bool> = s.tokens.iter().map(|t| t.joint).collect();
        assert_eq!(
            joint,
            [false, true, false, false, false, false, false, true, true, false, false, false, false, false]
        );
    }
}
