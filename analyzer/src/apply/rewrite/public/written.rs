//! What macros write: declared in their arguments or in their bodies, and made public there.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use proc_macro2::Delimiter;

use crate::apply::rewrite::layout::{Moved, Widened};
use crate::apply::rewrite::text::line_start;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tokens::{Token, TokenKind, called_macros, restricted};
use crate::apply::source::tree::{SourceFile, SourceModule, Tree};
use crate::ids::{SourceFileId, SourceModuleId};
use crate::report::PlanReport;

/// Macros that calls of other macros declare, by their module: those that are exported.
pub(in crate::apply) type WrittenMacros = BTreeSet<(SourceModuleId, String)>;

/// The visibility before a name among a macro's arguments, at a line; or what the body of the macro writes.
pub(in crate::apply) fn widen_written(
    tree: &Tree,
    file: &Path,
    (line, name): (u32, &str),
    widened: &mut Widened,
) -> bool {
    let Some((id, source)) = tree.files.iter_enumerated().find(|(_, f)| f.path == file) else { return false };
    let tokens = &source.tokens;
    let start = line_start(&source.text, line);
    // The line is that of its documentation, where it has some.
    let call = call_around(tree, source, start).unwrap_or(start..source.text.len());
    let named = |token: &Token| {
        let here = start <= token.bytes.start && call.contains(&token.bytes.start);
        here && token.kind == TokenKind::Ident(name.to_owned())
    };
    let at = tokens.iter().position(named);
    if let Some(at) = at {
        if let Some(visibility) = restricted_before(tokens, at) {
            widened.insert((id, visibility));
            return true;
        }
        if is_public(tokens, at) {
            return true;
        }
    }
    let bodies = bodies_behind(tree, source, line);
    if let Some(at) = at.filter(|_| bodies.is_empty()) {
        // A macro of another package takes an item as it is written elsewhere.
        let first = before_keywords(tokens, at).map_or(at, |before| before + 1);
        if first < at && tokens[first..at].iter().any(|token| declares_type(&token.kind)) {
            widened.insert((id, tokens[first].bytes.start));
            return true;
        }
    }
    let mut found = false;
    for (file, body) in bodies {
        let tokens = &tree.files[file].tokens;
        let body: Range<usize> = indices(tokens, body);
        let mut starts = hidden_in_body(tokens, &body, name);
        if starts.is_empty() {
            starts.extend(body.clone().filter(|&at| restricted(tokens, at).is_some()));
        }
        if starts.is_empty() {
            starts = hidden_by_name(tokens, &body);
        }
        found |= !starts.is_empty();
        widened.extend(starts.into_iter().map(|at| (file, tokens[at].bytes.start)));
    }
    found
}

/// The call of a macro that stands around a place of a file, at module level.
fn call_around(tree: &Tree, source: &SourceFile, at: usize) -> Option<Range<usize>> {
    let decls = source.modules.iter().flat_map(|&id| &tree.modules[id].body.decls);
    let mut calls = decls.filter(|d| d.kind == DeclKind::Nameless && d.item.end > at);
    let line = at..at + source.text[at..].find('\n').unwrap_or(source.text.len() - at);
    calls.find(|d| d.item.start <= line.end).map(|d| d.item.clone())
}

/// Those of a file's tokens that lie in a range of its bytes, by their indices.
fn indices(tokens: &[Token], bytes: &Range<usize>) -> Range<usize> {
    let at = |byte: usize| tokens.partition_point(|token| token.bytes.start < byte);
    at(bytes.start)..at(bytes.end)
}

/// Where a `pub` is missing before an item or a field that a macro's body declares by this name.
fn hidden_in_body(tokens: &[Token], body: &Range<usize>, name: &str) -> Vec<usize> {
    let named = body.clone().filter(|&at| tokens[at].kind == TokenKind::Ident(name.to_owned()));
    let hidden = |at: usize| {
        let first = before_keywords(tokens, at).map_or(at, |before| before + 1);
        let is_item = first < at && !after_visibility(tokens, first);
        let is_field = first == at && is_single_colon(tokens, at + 1) && in_struct(tokens, body, at);
        (is_item || (is_field && !after_visibility(tokens, at))).then_some(first)
    };
    named.filter_map(hidden).collect()
}

/// Likewise before items that a macro's body declares by a name that it is given.
fn hidden_by_name(tokens: &[Token], body: &Range<usize>) -> Vec<usize> {
    let mut braces = 0_u32;
    let mut open: Vec<bool> = Vec::new();
    let mut found = Vec::new();
    for at in body.clone() {
        match &tokens[at].kind {
            TokenKind::Open(delimiter) => {
                // The outermost is that of the whole body of a rule.
                let nests = *delimiter == Delimiter::Brace && !open.is_empty();
                open.push(nests);
                braces += u32::from(nests);
            }
            TokenKind::Close => braces -= u32::from(open.pop().unwrap_or_default()),
            TokenKind::Punct('$') if braces == 0 => {
                let first = before_keywords(tokens, at).map_or(at, |before| before + 1);
                if first < at && !after_visibility(tokens, first) {
                    found.push(first);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a visibility, or a variable that may hold one, stands before a token.
fn after_visibility(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    match &tokens[before].kind {
        TokenKind::Ident(_) => true,
        TokenKind::Close => {
            let open = (0..before).rev().find(|&at| matches!(tokens[at].kind, TokenKind::Open(_)));
            open.and_then(|open| restricted(tokens, open.checked_sub(1)?)).is_some()
        }
        _ => false,
    }
}

fn is_single_colon(tokens: &[Token], at: usize) -> bool {
    let colon = |at: usize| tokens.get(at).is_some_and(|t| t.kind == TokenKind::Punct(':'));
    colon(at) && !colon(at + 1)
}

/// Whether a token of a macro's body lies in the braces of a struct's declaration.
fn in_struct(tokens: &[Token], body: &Range<usize>, at: usize) -> bool {
    let mut closed = 0_u32;
    let open = (body.start..at).rev().find(|&at| match tokens[at].kind {
        TokenKind::Close => {
            closed += 1;
            false
        }
        TokenKind::Open(_) if closed > 0 => {
            closed -= 1;
            false
        }
        TokenKind::Open(_) => true,
        _ => false,
    });
    let Some(open) = open else { return false };
    let head = (body.start..open).rev().map(|at| &tokens[at].kind);
    let ends = |kind: &&TokenKind| {
        !matches!(kind, TokenKind::Open(_) | TokenKind::Close | TokenKind::Punct(';' | '='))
    };
    let is_struct = |kind: &TokenKind| matches!(kind, TokenKind::Ident(word) if ["struct", "union"].contains(&word.as_str()));
    head.take_while(ends).any(is_struct)
}

/// The visibility that an item has for others which a macro's body names by itself.
fn shown_by_body(
    tree: &Tree,
    (file, body): (SourceFileId, &Range<usize>),
    name: &str,
    widened: &Widened,
) -> Option<String> {
    let source = &tree.files[file];
    let tokens = &source.tokens;
    let named = |at: &usize| tokens[*at].kind == TokenKind::Ident(name.to_owned());
    indices(tokens, body).filter(named).find_map(|at| {
        let first = before_keywords(tokens, at).map_or(at, |before| before + 1);
        if first == at {
            return None;
        }
        if widened.contains(&(file, tokens[first].bytes.start)) {
            return Some(String::new());
        }
        is_public(tokens, at).then(|| "pub".to_owned())
    })
}

/// The visibility with which code of its module imports what a macro's call there writes and an edit takes below: the one that
/// it has been given, if others may name it.
pub(in crate::apply) fn shown_as(tree: &Tree, item: &Moved, name: &str, widened: &Widened) -> Option<String> {
    let file = tree.modules[item.module].file;
    let source = &tree.files[file];
    let tokens = &source.tokens;
    let here = indices(tokens, &item.bytes);
    let names = |at: usize| tokens[at].kind == TokenKind::Ident(name.to_owned());
    let Some(at) = here.clone().find(|&at| names(at)) else {
        let (called, _) = called_macros(&tokens[here]).next()?;
        return bodies_of(tree, called).find_map(|place| shown_by_body(tree, place, name, widened));
    };
    if let Some(visibility) = restricted_before(tokens, at) {
        let range = restricted(tokens, tokens.partition_point(|token| token.bytes.start < visibility))?;
        return widened.contains(&(file, visibility)).then(|| source.text[range].to_owned());
    }
    if is_public(tokens, at) {
        return Some("pub".to_owned());
    }
    let (called, _) = called_macros(&tokens[here]).next()?;
    // A macro of another package writes what it is given.
    if bodies_of(tree, called).next().is_none() {
        let first = before_keywords(tokens, at).map_or(at, |before| before + 1);
        return widened.contains(&(file, tokens[first].bytes.start)).then(String::new);
    }
    let of_body = |(file, body): (SourceFileId, &Range<usize>)| {
        let tokens = &tree.files[file].tokens;
        let mut changed =
            indices(tokens, body).filter(|&at| widened.contains(&(file, tokens[at].bytes.start)));
        let as_was = |at: usize| restricted(tokens, at).map(|range| tree.files[file].text[range].to_owned());
        changed.next().map(|at| as_was(at).unwrap_or_default())
    };
    let of_bodies = bodies_of(tree, called).find_map(of_body);
    // What the body says is `pub` is public.
    Some(of_bodies.unwrap_or_else(|| "pub".to_owned()))
}

/// The macro that is called at a line, or around it.
fn called_at(source: &SourceFile, line: u32) -> Option<&str> {
    let start = line_start(&source.text, line);
    let end = start + source.text[start..].find('\n').unwrap_or(source.text.len() - start);
    let called = called_macros(&source.tokens).filter(|(_, token)| token.bytes.start < end).last();
    called.map(|(name, _)| name)
}

/// The bodies of the macro that is called at a line, of those that it is given (`apply!(define)`), and of those that they call.
fn bodies_behind<'t>(
    tree: &'t Tree,
    source: &'t SourceFile,
    line: u32,
) -> Vec<(SourceFileId, &'t Range<usize>)> {
    let Some(called) = called_at(source, line) else { return Vec::new() };
    let start = line_start(&source.text, line);
    let given =
        call_around(tree, source, start).map(|call| indices(&source.tokens, &call)).unwrap_or_default();
    let given = source.tokens[given].iter().filter_map(|token| match &token.kind {
        TokenKind::Ident(word) => Some(word.as_str()),
        _ => None,
    });
    let mut names: Vec<&str> = std::iter::once(called).chain(given).collect();
    let mut seen: BTreeSet<&str> = names.iter().copied().collect();
    let mut bodies = Vec::new();
    while let Some(name) = names.pop() {
        for (file, body) in bodies_of(tree, name) {
            bodies.push((file, body));
            let tokens = &tree.files[file].tokens;
            let called = called_macros(&tokens[indices(tokens, body)]).map(|(name, _)| name);
            names.extend(called.filter(|name| seen.insert(name)));
        }
    }
    bodies.sort_by_key(|(file, body)| (*file, body.start));
    bodies
}

/// What the definitions of a macro have between their braces.
fn bodies_of<'t>(
    tree: &'t Tree,
    called: &'t str,
) -> impl Iterator<Item = (SourceFileId, &'t Range<usize>)> + 't {
    let of = move |module: &'t SourceModule| {
        let bodies = module.body.macros.iter().filter(move |(name, _)| name == called);
        bodies.map(move |(_, body)| (module.file, body))
    };
    tree.modules.iter().flat_map(of)
}

/// Macros that the call of another macro declares, and that the plan has exported: the other one's body says so.
pub(in crate::apply) fn export_written(
    tree: &Tree,
    plan: &PlanReport,
    widened: &mut Widened,
) -> WrittenMacros {
    let mut written = WrittenMacros::new();
    for item in plan.edits.iter().filter(|e| e.kind == "export-macro").filter_map(|e| e.items.first()) {
        let Some((around, name)) = item.item.rsplit_once("::") else { continue };
        let Some((around_id, module)) = tree.modules.iter_enumerated().find(|(_, m)| m.path == around) else {
            continue;
        };
        let declared = |d: &Decl| d.kind == DeclKind::Macro && d.name == name;
        if module.body.decls.iter().any(declared) {
            continue;
        }
        let Some(called) = called_at(tree.file_of(around_id), item.line) else { continue };
        for (file, body) in bodies_of(tree, called) {
            let tokens = &tree.files[file].tokens;
            let inside = tokens.iter().enumerate().filter(|(_, t)| body.contains(&t.bytes.start));
            for (_, token) in inside.filter(|&(at, _)| declares_macro(tokens, at)) {
                widened.insert((file, token.bytes.start));
                written.insert((around_id, name.to_owned()));
            }
        }
    }
    written
}

/// Whether a macro's body declares another macro, by a name that it is given.
pub(in crate::apply) fn declares_macro(tokens: &[Token], at: usize) -> bool {
    let punct = |at: usize, c: char| tokens.get(at).is_some_and(|t| t.kind == TokenKind::Punct(c));
    tokens[at].kind == TokenKind::Ident("macro_rules".to_owned()) && punct(at + 1, '!') && punct(at + 2, '$')
}

/// Words between a visibility and a name.
const KEYWORDS: [&str; 11] =
    ["struct", "enum", "union", "trait", "fn", "const", "static", "type", "async", "unsafe", "mod"];

/// Whether a keyword begins a type or a trait.
fn declares_type(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::Ident(word) if ["struct", "enum", "union", "trait"].contains(&word.as_str()))
}

/// The token before a name, with nothing but keywords between.
fn before_keywords(tokens: &[Token], name: usize) -> Option<usize> {
    let keyword =
        |at: &usize| matches!(&tokens[*at].kind, TokenKind::Ident(word) if KEYWORDS.contains(&word.as_str()));
    (0..name).rev().find(|at| !keyword(at))
}

/// Whether `pub` stands before a name.
fn is_public(tokens: &[Token], name: usize) -> bool {
    let before = before_keywords(tokens, name);
    before.is_some_and(|at| tokens[at].kind == TokenKind::Ident("pub".to_owned()))
}

/// The first byte of a `pub(…)` that stands before a name.
fn restricted_before(tokens: &[Token], name: usize) -> Option<usize> {
    let close = before_keywords(tokens, name)?;
    let open = (0..close).rev().find(|&at| matches!(tokens[at].kind, TokenKind::Open(_)))?;
    let start = open.checked_sub(1)?;
    restricted(tokens, start).filter(|range| range.end == tokens[close].bytes.end).map(|range| range.start)
}
