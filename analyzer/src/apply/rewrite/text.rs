//! Pieces of a file's text.

use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::tokens::{Token, TokenKind, flat};

/// The module in which a crate shows those below it to its own macros.
pub(super) const SHOWN: &str = "__below";

/// Names that `use` statements bring in, in the arguments of a macro where nobody reads them as such.
pub(super) fn imported<'t>(tokens: &'t [Token], range: &Range<usize>) -> BTreeSet<&'t str> {
    let here: Vec<&Token> = tokens.iter().filter(|token| range.contains(&token.bytes.start)).collect();
    let mut found = BTreeSet::new();
    let mut inside = false;
    for (at, token) in here.iter().enumerate() {
        match &token.kind {
            TokenKind::Ident(word) if word == "use" => inside = true,
            TokenKind::Punct(';') => inside = false,
            TokenKind::Ident(name) if inside => {
                let last = here
                    .get(at + 1)
                    .is_none_or(|next| matches!(next.kind, TokenKind::Punct(',' | ';') | TokenKind::Close));
                found.extend(last.then_some(name.as_str()));
            }
            _ => {}
        }
    }
    found
}

/// Identifiers of a range, without those of imports.
pub(super) fn words<'t>(
    tokens: &'t [Token],
    range: &Range<usize>,
    without: &[Range<usize>],
) -> BTreeSet<&'t str> {
    let here = |token: &&Token| {
        range.contains(&token.bytes.start) && !without.iter().any(|bytes| bytes.contains(&token.bytes.start))
    };
    let names = |token: &'t Token| match &token.kind {
        TokenKind::Ident(name) => name.split("::"),
        TokenKind::Literal(Some(path)) => path.split("::"),
        _ => "".split("::"),
    };
    tokens.iter().filter(here).flat_map(names).filter(|name| !name.is_empty()).collect()
}

pub(super) fn after_dollar(text: &str, token: &Token) -> bool {
    let before = text[..token.bytes.start].trim_end();
    before.ends_with('$') || before.ends_with("::")
}

/// An item's bytes with the comments right above it, which belong to it.
pub(in crate::apply) fn with_comments(text: &str, bytes: Range<usize>) -> Range<usize> {
    let mut start = bytes.start;
    loop {
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        if line_start == 0 || !text[line_start..start].trim().is_empty() {
            break;
        }
        let above = text[..line_start - 1].rfind('\n').map_or(0, |at| at + 1);
        let line = text[above..line_start - 1].trim_start();
        if !line.starts_with("//") || line.starts_with("//!") {
            break;
        }
        start = above + (text[above..line_start - 1].len() - line.len());
    }
    start..bytes.end
}

/// Lines of a module's braces, as a file has them. What lies in a literal over several lines stays: its blanks mean something.
pub(super) fn unindented(text: &str) -> String {
    let text = text.trim_matches('\n');
    let lines = lines(text);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let counts = lines.iter().filter(|(line, inside)| !inside && !line.trim().is_empty());
    let least = counts.map(|(line, _)| indent(line)).min().unwrap_or(0);
    let strip = |&(line, inside): &(&str, bool)| {
        let rest = if inside { line } else { line.get(least..).unwrap_or_default() };
        rest.to_owned() + "\n"
    };
    lines.iter().map(strip).collect()
}

/// Lines as a module's braces have them.
pub(super) fn indented(text: &str) -> String {
    let shift = |&(line, inside): &(&str, bool)| {
        let before = if inside || line.is_empty() { "" } else { "    " };
        format!("{before}{line}\n")
    };
    lines(text).iter().map(shift).collect()
}

/// The lines of code, each with whether it begins within a literal.
fn lines(text: &str) -> Vec<(&str, bool)> {
    let literals = literals(text);
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let within = |literals: &Vec<Range<usize>>| literals.iter().any(|b| b.start < at && at < b.end);
        let inside = literals.as_ref().is_none_or(within);
        let bare = line.strip_suffix('\n').unwrap_or(line);
        found.push((if inside { bare } else { bare.strip_suffix('\r').unwrap_or(bare) }, inside));
        at += line.len();
    }
    found
}

/// The literals of code that have several lines; nothing of what is no code.
fn literals(text: &str) -> Option<Vec<Range<usize>>> {
    let stream: TokenStream = text.parse().ok()?;
    let (mut streams, mut found) = (vec![stream], Vec::new());
    while let Some(stream) = streams.pop() {
        for tree in stream {
            match tree {
                TokenTree::Group(group) => streams.push(group.stream()),
                TokenTree::Literal(literal) => {
                    let bytes = literal.span().byte_range();
                    let several = text.get(bytes.clone()).is_some_and(|part| part.contains('\n'));
                    found.extend(several.then_some(bytes));
                }
                _ => {}
            }
        }
    }
    Some(found)
}

/// The blanks that the line of a place begins with.
pub(in crate::apply) fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The bytes of inner documentation and attributes that a file begins with, the blank lines after them too.
pub(in crate::apply) fn head_of(text: &str) -> usize {
    let mut trees = TokenStream::from_str(text).into_iter().flatten();
    let mut end = 0;
    let is = |tree: Option<TokenTree>, sign| matches!(tree, Some(TokenTree::Punct(p)) if p.as_char() == sign);
    while is(trees.next(), '#') && is(trees.next(), '!') {
        let Some(TokenTree::Group(group)) = trees.next() else { break };
        end = group.span_close().byte_range().end;
    }
    if end == 0 {
        return 0;
    }
    let line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let blank = text[line..].split_inclusive('\n').take_while(|line| line.trim().is_empty());
    line + blank.map(str::len).sum::<usize>()
}

/// Attributes of what another crate has, as this one sees it: that is compiled without its tests.
pub(super) fn seen_from_outside(attributes: &str) -> String {
    let Ok(stream) = TokenStream::from_str(attributes) else { return attributes.to_owned() };
    let tokens = flat(stream);
    let is_cfg = |at: usize| {
        let head = tokens[..at].iter().rposition(|token| token.kind == TokenKind::Open(Delimiter::Bracket));
        head.and_then(|at| tokens.get(at + 1)).is_some_and(|t| t.kind == TokenKind::Ident("cfg".to_owned()))
    };
    let tests =
        tokens.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Ident("test".to_owned()));
    let never = |token: &Token| Splice::new(token.bytes.clone(), "any()");
    edited(
        attributes,
        &tests.filter(|&(at, _)| is_cfg(at)).map(|(_, token)| never(token)).collect::<Vec<_>>(),
    )
}

/// The first byte of a line, from 1.
pub(super) fn line_start(text: &str, line: u32) -> usize {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).nth(line.saturating_sub(1) as usize).unwrap_or(text.len())
}

/// The line, from 1, that a byte stands in.
pub(in crate::apply) fn line_at(text: &str, byte: usize) -> u32 {
    1 + text.get(..byte).map_or(0, |before| before.matches('\n').count()) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_in_a_call() {
        let text = "feature! { #![all(a)] pub use a::{B, c::D as E, f}; fn g() { use_it(H) } }";
        let tokens = flat(text.parse().unwrap());
        assert_eq!(imported(&tokens, &(0..text.len())), BTreeSet::from(["B", "E", "f"]));
    }

    #[test]
    fn a_path_in_an_attribute_s_text_is_of_its_words() {
        let text = "#[serde(with = \"a::b\", rename = \"two words\")] struct S { t: &str = \"c\" }";
        let tokens = flat(text.parse().unwrap());
        let expected = BTreeSet::from(["S", "a", "b", "rename", "serde", "str", "struct", "t", "with"]);
        assert_eq!(words(&tokens, &(0..text.len()), &[]), expected);
    }

    #[test]
    fn others_see_nothing_of_tests() {
        let cases = [
            (
                "#[cfg(any(test, feature = \"test\"))]\n#[doc(test)]",
                "#[cfg(any(any(), feature = \"test\"))]\n#[doc(test)]",
            ),
            ("#[cfg(test)]", "#[cfg(any())]"),
            ("#[doc(hidden)]", "#[doc(hidden)]"),
        ];
        for (here, there) in cases {
            assert_eq!(seen_from_outside(here), there);
        }
    }

    #[test]
    fn a_head_ends_after_its_last_attribute() {
        let cases = [
            ("", ""),
            ("use a;\n", ""),
            ("// Licence.\n\nuse a;\n", ""),
            ("//! Docs.\n\nuse a;\n", "//! Docs.\n\n"),
            ("// Licence.\n#![no_std] // Why.\nuse a;\n", "// Licence.\n#![no_std] // Why.\n"),
            (
                "#![allow(\n    unused,\n    dead_code\n)]\nuse a;\n",
                "#![allow(\n    unused,\n    dead_code\n)]\n",
            ),
            ("/*! Docs.\n!*/\n#[cfg(test)]\nmod a;\n", "/*! Docs.\n!*/\n"),
            ("#![no_std]", "#![no_std]"),
        ];
        for (text, head) in cases {
            assert_eq!(&text[..head_of(text)], head);
        }
    }

    #[test]
    fn what_is_in_a_literal_keeps_its_blanks() {
        let inner = "    /// One.\n    fn f() {\n        let text = \"first\n            second\";\n\n        r#\"\n a\n\"#\n    }\n";
        let outer =
            "/// One.\nfn f() {\n    let text = \"first\n            second\";\n\n    r#\"\n a\n\"#\n}\n";
        assert_eq!(unindented(inner), outer);
        assert_eq!(indented(outer), inner);
        // Without the end of its lines, and no code at all.
        assert_eq!(unindented("  a\n    b"), "a\n  b\n");
        assert_eq!(unindented("  \"a\n    b"), "  \"a\n    b\n");
    }
}
