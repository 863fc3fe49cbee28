//! Text to tokens: names interned, lines counted, nesting measured.

use std::cell::RefCell;

use crate::parse::syntax::parser::SyntaxKind;
use crate::parse::syntax::parser::SyntaxKind::*;
use crate::parse::syntax::parser::lexer::{DocStyle, FrontmatterAllowed, LiteralKind, TokenKind, tokenize};
use crate::parse::syntax::parser::{Edition, Input};
use rustc_hash::FxHashMap;

use super::examples::Examples;
use super::nesting::Nesting;
use crate::parse::tree::Name;
use crate::parse::tree::token::{Token, has_text};

/// A file's tokens, without white space and comments.
pub(in crate::parse) struct Lexed {
    pub(in crate::parse) tokens: Vec<Token>,
    /// The tokens as the parser wants them.
    pub(in crate::parse) input: Option<Input>,
    pub(in crate::parse) texts: Texts,
    pub(in crate::parse) nesting: Nesting,
    /// The number of lines.
    pub(in crate::parse) lines: u32,
    /// Examples in doc comments.
    pub(in crate::parse) examples: Examples,
    /// The first token that is none: message and line.
    pub(in crate::parse) error: Option<(&'static str, u32)>,
}

/// What a file knows beyond its tokens.
#[derive(Debug, Default)]
pub(in crate::parse) struct Texts {
    /// Tokens whose kind doesn't say their text (identifiers aside), with their bytes; sorted.
    spans: Vec<Span>,
    /// Doc comments; sorted.
    docs: Vec<Doc>,
}

/// A token, with the beginning and end of its bytes.
type Span = (u32, u32, u32);

/// A doc comment, which stands for an attribute.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct Doc {
    /// The token that follows.
    pub(in crate::parse) before: u32,
    pub(in crate::parse) line: u32,
    pub(in crate::parse) inner: bool,
}

impl Texts {
    /// The bytes of a literal or lifetime.
    pub(in crate::parse) fn span(&self, token: u32) -> Option<(usize, usize)> {
        let at = self.spans.binary_search_by_key(&token, |s| s.0).ok()?;
        Some((self.spans[at].1 as usize, self.spans[at].2 as usize))
    }

    /// The doc comments in front of tokens in a range.
    pub(in crate::parse) fn docs(&self, tokens: std::ops::Range<u32>) -> &[Doc] {
        let start = self.docs.partition_point(|d| d.before < tokens.start);
        let end = self.docs.partition_point(|d| d.before < tokens.end);
        &self.docs[start..end.max(start)]
    }
}

/// Reads a file's tokens.
pub(in crate::parse) fn lex(source: &str, edition: Edition) -> Lexed {
    let (mut tokens, spans) = SPARE.take();
    tokens.reserve(source.len() / 5);
    let mut lexer = Lexer {
        source,
        edition,
        at: crate::parse::syntax::parser::lexer::strip_shebang(source).unwrap_or(0),
        line: 1,
        empty: Name::from(""),
        input: Input::with_capacity(source.len() / 5),
        out: Lexed {
            tokens,
            texts: Texts { spans, docs: Vec::new() },
            input: None,
            nesting: Nesting::default(),
            lines: 0,
            examples: Examples::default(),
            error: None,
        },
    };
    WORDS.with_borrow_mut(|words| lexer.run(&mut words[edition as usize]));
    let Lexer { line, mut out, input, .. } = lexer;
    out.lines = if source.is_empty() || source.ends_with('\n') { line - 1 } else { line };
    out.input = Some(input);
    out
}

thread_local! {
    /// Arrays of files that are lexed and read: fresh memory for each would have to be cleared each time.
    static SPARE: RefCell<(Vec<Token>, Vec<Span>)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

impl Drop for Lexed {
    fn drop(&mut self) {
        let (mut tokens, mut spans) =
            (std::mem::take(&mut self.tokens), std::mem::take(&mut self.texts.spans));
        tokens.clear();
        spans.clear();
        // A thread that ends has no use for them.
        let _ = SPARE.try_with(|spare| spare.replace((tokens, spans)));
    }
}

/// What is known of a word: its name, its kind, and what it may be beside an identifier.
type Word = (Name, SyntaxKind, SyntaxKind);

thread_local! {
    /// The words seen so far, by edition: most come again and again, and asking the interner costs more.
    static WORDS: RefCell<[FxHashMap<&'static str, Word>; 4]> = RefCell::default();
}

struct Lexer<'a> {
    source: &'a str,
    edition: Edition,
    at: usize,
    line: u32,
    empty: Name,
    input: Input,
    out: Lexed,
}

impl Lexer<'_> {
    fn run(&mut self, words: &mut FxHashMap<&'static str, Word>) {
        while self.at < self.source.len() {
            let rest = &self.source[self.at..];
            for token in tokenize(rest, FrontmatterAllowed::No) {
                let text = &self.source[self.at..self.at + token.len as usize];
                if token.kind == TokenKind::GuardedStrPrefix {
                    // `#"`, or `##`: a token of one character, then all anew.
                    self.push(POUND, POUND, self.empty, &text[..1]);
                    break;
                }
                self.token(token.kind, text, words);
            }
        }
    }

    fn token(&mut self, kind: TokenKind, text: &str, words: &mut FxHashMap<&'static str, Word>) {
        match kind {
            TokenKind::Whitespace | TokenKind::Frontmatter { .. } => self.skip(text),
            TokenKind::LineComment { doc_style } => self.comment(doc_style, text),
            TokenKind::BlockComment { doc_style, terminated } => {
                self.check(terminated, "the comment isn't closed");
                self.comment(doc_style, text);
            }
            TokenKind::Ident | TokenKind::InvalidIdent | TokenKind::UnknownPrefix => {
                let known = words.get(text).copied();
                let (name, kind, contextual) = known.unwrap_or_else(|| {
                    let word = word(text, self.edition);
                    words.insert(Name::from(text).as_str(), word);
                    word
                });
                self.push(kind, contextual, name, text);
            }
            TokenKind::RawIdent => self.push(IDENT, IDENT, Name::from(&text[2..]), text),
            TokenKind::Literal { kind, .. } => {
                let (kind, closed) = literal(kind);
                self.check(closed, "the literal isn't closed");
                self.push(kind, kind, self.empty, text);
            }
            kind => {
                let kind = punctuation(kind);
                self.push(kind, kind, self.empty, text);
            }
        }
    }

    fn skip(&mut self, text: &str) {
        self.line += newlines(text);
        self.at += text.len();
    }

    fn comment(&mut self, doc: Option<DocStyle>, text: &str) {
        if let Some(style) = doc {
            let before = self.next();
            self.out.texts.docs.push(Doc { before, line: self.line, inner: style == DocStyle::Inner });
            self.out.examples.read(self.line, text);
        }
        self.skip(text);
    }

    fn check(&mut self, closed: bool, message: &'static str) {
        if !closed && self.out.error.is_none() {
            self.out.error = Some((message, self.line));
        }
    }

    /// The index of the next token.
    fn next(&self) -> u32 {
        u32::try_from(self.out.tokens.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, kind: SyntaxKind, contextual: SyntaxKind, text: Name, source: &str) {
        let end = self.at + source.len();
        if kind == IDENT {
            self.input.push_ident(contextual, self.edition);
        } else {
            self.input.push(kind, self.edition);
        }
        if has_text(kind) && kind != IDENT {
            let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            self.out.texts.spans.push((self.next(), at(self.at), at(end)));
        }
        let joint = match kind {
            FLOAT_NUMBER => !source.ends_with('.'),
            _ => is_glue(kind) && self.source.as_bytes().get(end).is_some_and(|b| b"=><:.&|".contains(b)),
        };
        if joint {
            self.input.was_joint();
        }
        self.out.nesting.pass(kind, joint, self.line);
        self.out.tokens.push(Token { kind, joint, from_body: false, copy: false, line: self.line, text });
        if kind == STRING || kind == BYTE_STRING || kind == C_STRING {
            self.line += newlines(source);
        }
        self.at = end;
    }
}

/// Looks a word up among the keywords.
fn word(text: &str, edition: Edition) -> Word {
    let kind =
        if text == "_" { UNDERSCORE } else { SyntaxKind::from_keyword(text, edition).unwrap_or(IDENT) };
    let named = matches!(kind, IDENT | SELF_KW | SUPER_KW | CRATE_KW | SELF_TYPE_KW);
    let contextual = SyntaxKind::from_contextual_keyword(text, edition).unwrap_or(IDENT);
    (Name::from(if named { text } else { "" }), kind, contextual)
}

/// The kind of a literal, and whether it ends.
fn literal(kind: LiteralKind) -> (SyntaxKind, bool) {
    match kind {
        LiteralKind::Int { .. } => (INT_NUMBER, true),
        LiteralKind::Float { .. } => (FLOAT_NUMBER, true),
        LiteralKind::Char { terminated } => (CHAR, terminated),
        LiteralKind::Byte { terminated } => (BYTE, terminated),
        LiteralKind::Str { terminated } => (STRING, terminated),
        LiteralKind::ByteStr { terminated } => (BYTE_STRING, terminated),
        LiteralKind::CStr { terminated } => (C_STRING, terminated),
        LiteralKind::RawStr { n_hashes } => (STRING, n_hashes.is_some()),
        LiteralKind::RawByteStr { n_hashes } => (BYTE_STRING, n_hashes.is_some()),
        LiteralKind::RawCStr { n_hashes } => (C_STRING, n_hashes.is_some()),
    }
}

fn punctuation(kind: TokenKind) -> SyntaxKind {
    match kind {
        TokenKind::Semi => SEMICOLON,
        TokenKind::Comma => COMMA,
        TokenKind::Dot => DOT,
        TokenKind::OpenParen => L_PAREN,
        TokenKind::CloseParen => R_PAREN,
        TokenKind::OpenBrace => L_CURLY,
        TokenKind::CloseBrace => R_CURLY,
        TokenKind::OpenBracket => L_BRACK,
        TokenKind::CloseBracket => R_BRACK,
        TokenKind::At => AT,
        TokenKind::Pound => POUND,
        TokenKind::Tilde => TILDE,
        TokenKind::Question => QUESTION,
        TokenKind::Colon => COLON,
        TokenKind::Dollar => DOLLAR,
        TokenKind::Eq => EQ,
        TokenKind::Bang => BANG,
        TokenKind::Lt => L_ANGLE,
        TokenKind::Gt => R_ANGLE,
        TokenKind::Minus => MINUS,
        TokenKind::And => AMP,
        TokenKind::Or => PIPE,
        TokenKind::Plus => PLUS,
        TokenKind::Star => STAR,
        TokenKind::Slash => SLASH,
        TokenKind::Caret => CARET,
        TokenKind::Percent => PERCENT,
        TokenKind::Lifetime { .. } | TokenKind::UnknownPrefixLifetime | TokenKind::RawLifetime => {
            LIFETIME_IDENT
        }
        _ => ERROR,
    }
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

fn newlines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&b| b == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::parse::syntax::parser::Edition;

    use super::lex;

    #[test]
    fn counts_tokens_and_lines() {
        for (src, tokens, lines) in [
            ("", 0, 0),
            ("fn f() {}\n", 6, 1),
            ("// fn f()\nlet x = 1;", 5, 2),
            ("/* a /* b\n */ \n*/ x", 1, 3),
            ("\"a\n\\\"b\" 'c' 'a r#\"x\"#", 4, 2),
            ("((([])))", 8, 1),
            ("'\\'' '\\u{1f600}' '\u{e9}'", 3, 1),
            ("!!--x", 5, 1),
            ("a::b >>= c", 8, 1),
        ] {
            let s = lex(src, Edition::Edition2021);
            assert_eq!((s.tokens.len(), s.lines), (tokens, lines), "{src:?}");
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
