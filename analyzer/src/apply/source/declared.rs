//! What the arguments of a macro's call declare, where they are no items by themselves: a name after `struct`, `trait` and the
//! like, or after a visibility.

use std::ops::Range;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

/// A name that is declared.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) name: String,
    /// The line of the name, from 1.
    pub(super) line: u32,
    /// The bytes of its visibility; empty where none is written.
    pub(super) vis: Range<usize>,
    /// Whether that is `pub(…)`.
    pub(super) restricted: bool,
    pub(super) is_trait: bool,
}

/// Words that a name follows.
const DECLARE: [&str; 8] = ["struct", "enum", "union", "trait", "fn", "const", "static", "type"];
/// Words that may stand before or after those.
const BETWEEN: [&str; 5] = ["async", "unsafe", "extern", "ref", "mut"];
/// Words that are no names.
const RESERVED: [&str; 8] = ["impl", "for", "where", "use", "let", "in", "dyn", "crate"];

/// All names that a call's arguments declare, nested ones left out.
pub(super) fn declared(arguments: &TokenStream) -> Vec<Declared> {
    let mut found = Vec::new();
    let mut open: Option<Declared> = None;
    let mut trees = arguments.clone().into_iter().peekable();
    while let Some(tree) = trees.next() {
        let TokenTree::Ident(ident) = &tree else {
            open = None;
            continue;
        };
        let word = ident.to_string();
        match word.as_str() {
            "pub" => {
                let mut vis = Declared { vis: ident.span().byte_range(), ..blank(ident) };
                if let Some(end) = trees.peek().and_then(restriction) {
                    (vis.vis.end, vis.restricted) = (end, true);
                    trees.next();
                }
                open = Some(vis);
            }
            word if DECLARE.contains(&word) => {
                let before = open.take().unwrap_or_else(|| blank(ident));
                open = Some(Declared { is_trait: word == "trait", ..before });
            }
            word if BETWEEN.contains(&word) => {}
            word if RESERVED.contains(&word) => open = None,
            _ => found.extend(open.take().map(|open| Declared {
                name: word.trim_start_matches("r#").to_owned(),
                line: ident.span().start().line as u32,
                ..open
            })),
        }
    }
    found
}

fn blank(at: &Ident) -> Declared {
    let start = at.span().byte_range().start;
    Declared { name: String::new(), line: 0, vis: start..start, restricted: false, is_trait: false }
}

/// Where `(crate)`, `(super)` or `(in …)` ends.
fn restriction(tree: &TokenTree) -> Option<usize> {
    let TokenTree::Group(group) = tree else { return None };
    let first = group.stream().into_iter().next()?.to_token_stream().to_string();
    ["crate", "super", "self", "in"].contains(&first.as_str()).then(|| group.span_close().byte_range().end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_after_keywords_and_visibilities() {
        let text = "
            #[doc = \"x\"] pub trait Walk : Base { @section pub fn inner }
            @escape [type Id]
            impl (Iterator) for struct Edges<'a> where { E: Copy } item: &'a E,
            pub(crate) Broken: \"it is broken\"
            static ref COUNT: u8 = 1; unsafe impl Send for X {} f: fn(u8), pub use a::b;
        ";
        let found = declared(&text.parse().unwrap());
        let of = |d: &Declared| (text[d.vis.clone()].to_owned(), d.name.clone(), d.restricted, d.is_trait);
        let expected = [
            ("pub", "Walk", false, true),
            ("", "Edges", false, false),
            ("pub(crate)", "Broken", true, false),
            ("", "COUNT", false, false),
        ];
        let found: Vec<_> = found.iter().map(of).collect();
        let expected = expected.map(|(vis, name, r, t)| (vis.to_owned(), name.to_owned(), r, t));
        assert_eq!(found, expected);
    }
}
