//! A file's tokens in one row, and the paths among them: in code, in the arguments of macros, in attributes and in
//! documentation.

use std::ops::Range;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::syntax::Segment;

/// A token.
#[derive(Debug, Clone)]
pub(in crate::apply) struct Token {
    pub(in crate::apply) kind: TokenKind,
    pub(in crate::apply) bytes: Range<usize>,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::apply) enum TokenKind {
    Ident(String),
    Punct(char),
    /// A literal; in an attribute, the path that is its text, if it is one: `#[serde(with = "a::b")]`.
    Literal(Option<String>),
    Open(Delimiter),
    Close,
}

/// All tokens, in the order of the text.
pub(in crate::apply) fn flat(stream: TokenStream) -> Vec<Token> {
    let mut row = Vec::new();
    push(stream, false, &mut row);
    row
}

fn push(stream: TokenStream, attribute: bool, row: &mut Vec<Token>) {
    let mut hash = false;
    for tree in stream {
        let bytes = tree.span().byte_range();
        let after_hash = std::mem::take(&mut hash);
        match tree {
            TokenTree::Ident(ident) => row.push(Token { kind: TokenKind::Ident(ident.to_string()), bytes }),
            TokenTree::Punct(punct) => {
                hash = punct.as_char() == '#' || (after_hash && punct.as_char() == '!');
                row.push(Token { kind: TokenKind::Punct(punct.as_char()), bytes });
            }
            TokenTree::Literal(literal) => {
                let path = attribute.then(|| path_of(&literal.to_string()));
                row.push(Token { kind: TokenKind::Literal(path), bytes });
            }
            TokenTree::Group(group) => {
                let (open, close) = (group.span_open().byte_range(), group.span_close().byte_range());
                let delimiter = group.delimiter();
                row.push(Token { kind: TokenKind::Open(delimiter), bytes: open });
                let inside = attribute || (after_hash && delimiter == Delimiter::Bracket);
                push(group.stream(), inside, row);
                row.push(Token { kind: TokenKind::Close, bytes: close });
            }
        }
    }
}

/// The path in quotes; empty of another literal.
fn path_of(literal: &str) -> String {
    let text = literal.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default();
    let is_path = text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
    if is_path { text.to_owned() } else { String::new() }
}

/// A path that begins with `crate`, `self` or `super`.
#[derive(Debug, Clone)]
pub(in crate::apply) struct WrittenPath {
    pub(in crate::apply) segments: Vec<Segment>,
    /// Whether it is `$crate`.
    pub(in crate::apply) dollar: bool,
    /// Whether it is the name of a macro that is called.
    pub(in crate::apply) called: bool,
}

/// The paths of a file. `$crate` counts as `crate`, with the dollar's byte.
pub(in crate::apply) fn paths(tokens: &[Token], text: &str) -> Vec<WrittenPath> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].kind {
            TokenKind::Ident(name) if ["crate", "self", "super"].contains(&name.as_str()) => {
                let before = at.checked_sub(1).map(|before| &tokens[before].kind);
                let free = begins(tokens, at);
                let within = is_restriction(tokens, at);
                let (segments, next) = run(tokens, at);
                if free && !within && segments.len() > 1 {
                    let dollar = matches!(before, Some(TokenKind::Punct('$')));
                    let after = |n: usize| tokens.get(next + n).map(|token| &token.kind);
                    let called = after(0) == Some(&TokenKind::Punct('!'))
                        && matches!(after(1), Some(TokenKind::Open(_)));
                    found.push(WrittenPath { segments, dollar, called });
                }
                at = next.max(at + 1);
            }
            // Documentation is an attribute whose tokens all have the comment's bytes.
            TokenKind::Literal(Some(_)) => {
                found.extend(in_text(text, tokens[at].bytes.clone()));
                at += 1;
            }
            _ => at += 1,
        }
    }
    found.sort_by_key(|path| path.segments[0].bytes.start);
    found.dedup_by_key(|path| path.segments[0].bytes.start);
    found
}

/// Paths of more than one segment that begin with a crate's name, `::` before it or not.
pub(in crate::apply) fn paths_into(tokens: &[Token], krate: &str) -> Vec<Vec<Segment>> {
    let is = |at: usize, name: &str| matches!(&tokens[at].kind, TokenKind::Ident(word) if word == name);
    let colon = |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Punct(':'));
    let global = |at: usize| {
        at >= 2
            && colon(at - 1)
            && colon(at - 2)
            && at.checked_sub(3).is_none_or(|before| {
                !matches!(tokens[before].kind, TokenKind::Ident(_) | TokenKind::Close | TokenKind::Punct('>'))
            })
    };
    let of = |at: usize| (is(at, krate) && (begins(tokens, at) || global(at))).then(|| run(tokens, at).0);
    (0..tokens.len()).filter_map(of).filter(|segments| segments.len() > 1).collect()
}

/// Whether it is the path of `pub(in crate::path)`; a loop has the word as well.
fn is_restriction(tokens: &[Token], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at].kind);
    let word = |back: usize, name: &str| matches!(before(back), Some(TokenKind::Ident(word)) if word == name);
    word(1, "in") && matches!(before(2), Some(TokenKind::Open(_))) && word(3, "pub")
}

/// Whether an identifier is the first of its path: a single colon before it is that of a type.
fn begins(tokens: &[Token], at: usize) -> bool {
    let punct = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
    let is = |token: Option<&Token>, c: char| token.is_some_and(|t| t.kind == TokenKind::Punct(c));
    let (one, two) = (punct(1), punct(2));
    let double = is(one, ':')
        && is(two, ':')
        && one.zip(two).is_some_and(|(one, two)| two.bytes.end == one.bytes.start);
    !double && !is(one, '.')
}

/// The segments from an identifier on, and the token after them.
fn run(tokens: &[Token], start: usize) -> (Vec<Segment>, usize) {
    let mut segments = Vec::new();
    let mut at = start;
    while let Some(Token { kind: TokenKind::Ident(name), bytes }) = tokens.get(at) {
        segments.push(Segment { name: name.clone(), bytes: bytes.clone() });
        let colon = |at: usize| matches!(tokens.get(at), Some(Token { kind: TokenKind::Punct(':'), .. }));
        let next = matches!(tokens.get(at + 3), Some(Token { kind: TokenKind::Ident(_), .. }));
        at += 1;
        if !colon(at) || !colon(at + 1) || !next {
            break;
        }
        at += 2;
    }
    (segments, at)
}

/// Paths in a text that is no code: a literal, a comment.
fn in_text(text: &str, bytes: Range<usize>) -> Vec<WrittenPath> {
    let mut found = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let part = &text[bytes.clone()];
    for word in ["crate::", "super::"] {
        for (start, _) in part.match_indices(word) {
            if part[..start].ends_with(|c: char| is_word(c) || c == ':' || c == '$') {
                continue;
            }
            let mut segments = Vec::new();
            let mut at = start;
            loop {
                let len = part[at..].find(|c: char| !is_word(c)).unwrap_or(part.len() - at);
                if len == 0 {
                    break;
                }
                let bytes = bytes.start + at..bytes.start + at + len;
                segments.push(Segment { name: part[at..at + len].to_owned(), bytes });
                at += len;
                if !part[at..].starts_with("::") {
                    break;
                }
                at += 2;
            }
            if segments.len() > 1 {
                let called = part[at..].starts_with('!');
                found.push(WrittenPath { segments, dollar: false, called });
            }
        }
    }
    found
}

/// Names of macros that are called without a path.
pub(in crate::apply) fn called_macros(tokens: &[Token]) -> impl Iterator<Item = (&str, &Token)> {
    tokens.windows(2).enumerate().filter_map(|(at, pair)| {
        let TokenKind::Ident(name) = &pair[0].kind else { return None };
        let free = begins(tokens, at);
        let definition = name == "macro_rules";
        (free && !definition && pair[1].kind == TokenKind::Punct('!')).then_some((name.as_str(), &pair[0]))
    })
}

/// The bytes of `pub(…)`, if that is what begins at a token.
pub(in crate::apply) fn restricted(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let kind = |at: usize| tokens.get(at).map(|token| &token.kind);
    let public = matches!(kind(at), Some(TokenKind::Ident(word)) if word == "pub");
    let open = matches!(kind(at + 1), Some(TokenKind::Open(Delimiter::Parenthesis)));
    let within = matches!(kind(at + 2), Some(TokenKind::Ident(word)) if ["crate", "super", "self", "in"].contains(&word.as_str()));
    let close = (at + 3..tokens.len()).find(|&at| kind(at) == Some(&TokenKind::Close))?;
    (public && open && within).then(|| tokens[at].bytes.start..tokens[close].bytes.end)
}
