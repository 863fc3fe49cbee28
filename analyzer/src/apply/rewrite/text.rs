//! Pieces of a file's text.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::apply::source::tokens::{Token, TokenKind};

/// The module in which a crate shows those below it to its own macros.
pub(super) const SHOWN: &str = "__below";

/// Identifiers of a range, without those of imports.
pub(super) fn words<'t>(
    tokens: &'t [Token],
    range: &Range<usize>,
    without: &[Range<usize>],
) -> BTreeSet<&'t str> {
    let here = |token: &&Token| {
        range.contains(&token.bytes.start) && !without.iter().any(|bytes| bytes.contains(&token.bytes.start))
    };
    let name = |token: &'t Token| match &token.kind {
        TokenKind::Ident(name) => Some(name.as_str()),
        _ => None,
    };
    tokens.iter().filter(here).filter_map(name).collect()
}

pub(super) fn after_dollar(text: &str, token: &Token) -> bool {
    let before = text[..token.bytes.start].trim_end();
    before.ends_with('$') || before.ends_with("::")
}

/// An item's bytes with the comments right above it, which belong to it.
pub(super) fn with_comments(text: &str, bytes: Range<usize>) -> Range<usize> {
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

/// Lines of a module's braces, as a file has them.
pub(super) fn unindented(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches('\n').lines().collect();
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let least =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(&line)).min().unwrap_or(0);
    let strip = |line: &&str| line.get(least..).unwrap_or_default().to_owned() + "\n";
    lines.iter().map(strip).collect()
}

/// The blanks that the line of a place begins with.
pub(in crate::apply) fn indent_at(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The bytes of documentation and attributes that a file begins with.
pub(super) fn head_of(text: &str) -> usize {
    let of_head = |line: &&str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("//!") || line.starts_with("#![")
    };
    text.split_inclusive('\n').take_while(of_head).map(str::len).sum()
}

/// The first byte of a line, from 1.
pub(super) fn line_start(text: &str, line: u32) -> usize {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).nth(line.saturating_sub(1) as usize).unwrap_or(text.len())
}
