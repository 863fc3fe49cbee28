//! Bytes and lines of syntax.

use std::ops::Range;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Visibility};

/// Where `pub` goes: over what is written, or before the first token after the outer attributes.
pub(in crate::apply) fn visibility(
    attrs: &[Attribute],
    whole: &TokenStream,
    vis: &Visibility,
) -> Range<usize> {
    let written = vis.to_token_stream();
    if !written.is_empty() {
        return bytes(&written);
    }
    let start = after_attributes(attrs, whole);
    start..start
}

/// The first byte after the outer attributes.
pub(in crate::apply) fn after_attributes(attrs: &[Attribute], whole: &TokenStream) -> usize {
    let outer = attrs.iter().filter(|a| matches!(a.style, syn::AttrStyle::Outer));
    let skipped: usize = outer.map(|a| a.to_token_stream().into_iter().count()).sum();
    whole.clone().into_iter().nth(skipped).map_or(0, |t| t.span().byte_range().start)
}

/// From the first token to the last.
pub(in crate::apply) fn bytes(tokens: &TokenStream) -> Range<usize> {
    let mut ranges = tokens.clone().into_iter().map(|t| t.span().byte_range());
    let Some(first) = ranges.next() else { return 0..0 };
    let end = ranges.last().map_or(first.end, |last| last.end);
    first.start..end
}

/// The line of the first token, from 1.
pub(in crate::apply) fn first_line(tokens: &TokenStream) -> u32 {
    tokens.clone().into_iter().next().map_or(0, |t| t.span().start().line as u32)
}

/// The text with `edits` made. Of edits that meet, the one that comes first in the list counts.
pub(in crate::apply) fn edited(text: &str, edits: &[Splice]) -> String {
    let mut kept: Vec<&Splice> = Vec::new();
    for edit in edits {
        let meets = |other: &&Splice| {
            let beside = edit.is_word_before(other) || other.is_word_before(edit);
            let same = edit.bytes.start == other.bytes.start && edit.is_line() == other.is_line() && !beside;
            same || (edit.bytes.start < other.bytes.end && other.bytes.start < edit.bytes.end)
        };
        if !kept.iter().any(meets) {
            kept.push(edit);
        }
    }
    kept.sort_by_key(|edit| (edit.bytes.start, !edit.is_line(), edit.bytes.end));
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in kept {
        out += &text[at..edit.bytes.start];
        out += &edit.new;
        at = edit.bytes.end;
    }
    out += &text[at..];
    out
}

/// What replaces a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::apply) struct Splice {
    pub(in crate::apply) bytes: Range<usize>,
    pub(in crate::apply) new: String,
}

impl Splice {
    pub(in crate::apply) fn new(bytes: Range<usize>, new: impl Into<String>) -> Self {
        Self { bytes, new: new.into() }
    }

    /// Whether it puts lines before what stands there, whatever becomes of that.
    fn is_line(&self) -> bool {
        self.bytes.is_empty() && self.new.ends_with('\n')
    }

    /// Whether it puts a word (`pub`) before a path that is written otherwise.
    fn is_word_before(&self, path: &Self) -> bool {
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':');
        self.bytes.is_empty()
            && self.new.ends_with(' ')
            && !path.bytes.is_empty()
            && !path.new.is_empty()
            && path.new.chars().all(is_path)
    }

    /// Takes whole lines away, with the end of the last one where nothing else stands on them.
    pub(in crate::apply) fn remove(text: &str, bytes: Range<usize>) -> Self {
        let start = text[..bytes.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[bytes.end..].find('\n').map_or(text.len(), |at| bytes.end + at + 1);
        let blank = |part: &str| part.trim().is_empty();
        if !blank(&text[start..bytes.start]) || !blank(&text[bytes.end..end]) {
            return Self::new(bytes, "");
        }
        // One of two blank lines that would meet goes as well.
        let above = text[..start].ends_with("\n\n") || start == 0;
        let end = if above && text[end..].starts_with('\n') { end + 1 } else { end };
        Self::new(start..end, "")
    }
}

/// Printed tokens without the blanks that nobody writes.
pub(in crate::apply) fn tidy(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    [(" (", "("), ("( ", "("), (" )", ")"), (" ,", ","), ("# [", "#["), (" :: ", "::"), (" !", "!")]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_meets_is_made_once_but_a_word_before_a_path() {
        let text = "struct E(crate::Error);";
        let (start, end) = (9, 21);
        let public = Splice::new(start..start, "pub ");
        let path = Splice::new(start..end, "base::Error");
        let cases = [
            (vec![public.clone(), path.clone()], "struct E(pub base::Error);"),
            (vec![path.clone(), public.clone()], "struct E(pub base::Error);"),
            (vec![public.clone(), public.clone()], "struct E(pub crate::Error);"),
            // What goes away needs no word.
            (vec![Splice::new(start..end, ""), public.clone()], "struct E();"),
            (vec![path, Splice::new(start..end, "other::Error")], "struct E(base::Error);"),
        ];
        for (edits, expected) in cases {
            assert_eq!(edited(text, &edits), expected, "{edits:?}");
        }
    }
}
