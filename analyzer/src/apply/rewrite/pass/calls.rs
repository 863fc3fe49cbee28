//! Where a function is named: its declaration, imports, calls, and all else.

use std::ops::Range;

use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::Tree;
use crate::ids::SourceFileId;

/// A call.
pub(super) struct Call {
    pub(super) file: SourceFileId,
    /// The first byte of the name.
    pub(super) at: usize,
    /// Where its arguments end, a comma after the last one aside.
    pub(super) end: usize,
    /// Whether it has none.
    pub(super) empty: bool,
}

/// A place that has a function's name.
pub(super) enum Named {
    Declared,
    Imported,
    Called(Call),
    /// A value, a pattern, a macro's body: the line.
    Other(usize),
}

/// The places of a file with a name; what stands after a dot is a member of something.
pub(super) fn named(tree: &Tree, file: SourceFileId, name: &str) -> Vec<Named> {
    let source = &tree.files[file];
    let modules = || source.modules.iter().map(|&id| &tree.modules[id].body);
    let imports: Vec<(&Range<usize>, bool)> = modules()
        .flat_map(|body| &body.uses)
        .chain(&source.inner_uses)
        .map(|u| (&u.whole, u.leaves.iter().any(|leaf| leaf.rename.is_some() && names(leaf, name))))
        .collect();
    let macros: Vec<&Range<usize>> =
        modules().flat_map(|body| &body.macros).map(|(_, range)| range).collect();
    let tokens = &source.tokens;
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !matches!(&token.kind, TokenKind::Ident(ident) if ident == name) {
            continue;
        }
        let start = token.bytes.start;
        let before = at.checked_sub(1).map(|before| &tokens[before].kind);
        let other = || Named::Other(source.text[..start].matches('\n').count() + 1);
        let import = imports.iter().find(|(range, _)| range.contains(&start));
        let next = match (before, import) {
            (Some(TokenKind::Punct('.')), _) => continue,
            (_, Some((_, renamed))) => {
                if *renamed {
                    other()
                } else {
                    Named::Imported
                }
            }
            _ if macros.iter().any(|range| range.contains(&start)) => other(),
            (Some(TokenKind::Ident(word)), _) if word == "fn" => Named::Declared,
            _ => arguments(tokens, at + 1)
                .map_or_else(other, |(end, empty)| Named::Called(Call { file, at: start, end, empty })),
        };
        found.push(next);
    }
    found
}

fn names(leaf: &crate::apply::source::syntax::Leaf, name: &str) -> bool {
    leaf.segments.iter().rev().find(|segment| segment.name != "self").is_some_and(|s| s.name == name)
}

/// Of a list in parentheses that begins at a token: where its last part ends, and whether it has none.
fn arguments(tokens: &[Token], open: usize) -> Option<(usize, bool)> {
    let close = close_of(tokens, open)?;
    let last = (open + 1..close).rev().find(|&at| tokens[at].kind != TokenKind::Punct(','));
    Some(last.map_or((tokens[open].bytes.end, true), |last| (tokens[last].bytes.end, false)))
}

/// The parenthesis that closes the one at a token.
pub(super) fn close_of(tokens: &[Token], open: usize) -> Option<usize> {
    let is_open = |at: usize| tokens.get(at).is_some_and(|t| matches!(t.kind, TokenKind::Open(_)));
    let parenthesis = TokenKind::Open(proc_macro2::Delimiter::Parenthesis);
    tokens.get(open).filter(|token| token.kind == parenthesis)?;
    let mut depth = 0_u32;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if is_open(at) {
            depth += 1;
        } else if token.kind == TokenKind::Close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}
