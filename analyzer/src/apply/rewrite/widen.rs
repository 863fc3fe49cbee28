//! What becomes public: what the plan lists, by its lines.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::layout::{Layout, Widened};
use super::text::{line_start, words};
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tokens::{Token, TokenKind, called_macros, restricted};
use crate::apply::source::tree::{SourceFile, SourceModule, Tree};
use crate::ids::{PlanCrateId, SourceFileId, SourceModuleId};
use crate::report::{PlanReport, WideningReport};

/// Macros that calls of other macros declare, by their module: those that are exported.
pub(super) type WrittenMacros = BTreeSet<(SourceModuleId, String)>;

/// Makes public what an edit of the plan parts from the code of its own module that names it.
pub(super) fn widen_parted(tree: &Tree, layout: &Layout, widened: &mut Widened) {
    for item in &layout.moved {
        let data = &tree.modules[item.module];
        let file = &tree.files[data.file];
        let around = data.inside.clone().unwrap_or(0..file.text.len());
        let parted: Vec<Range<usize>> =
            layout.moved.iter().filter(|m| m.module == item.module).map(|m| m.bytes.clone()).collect();
        let here = words(&file.tokens, &item.bytes, &[]);
        let rest = words(&file.tokens, &around, &parted);
        let home = layout.home[item.module];
        let hidden = data.body.decls.iter().filter(|d| d.kind == DeclKind::Item && !d.public);
        for decl in hidden {
            let owner = layout.of_item(item.module, &decl.name);
            let below = |other: PlanCrateId| layout.crates[other].below.contains(&owner);
            let by_rest = decl.item == item.bytes && below(home) && rest.contains(decl.name.as_str());
            let by_item = decl.item != item.bytes && below(item.krate) && here.contains(decl.name.as_str());
            if by_rest || by_item {
                widened.insert((data.file, decl.vis.start));
            }
        }
    }
}

/// Makes public what methods name that leave their type's crate: fields and methods of the type, items beside it.
pub(super) fn widen_extended(tree: &Tree, layout: &Layout, widened: &mut Widened) {
    for extension in &layout.extensions {
        let module = &tree.modules[extension.module];
        let tokens = &tree.files[module.file].tokens;
        let named: BTreeSet<&str> =
            extension.methods.iter().flat_map(|method| words(tokens, &method.whole, &[])).collect();
        let leaves = |decl: &Decl| extension.methods.iter().any(|m| m.whole.contains(&decl.vis.start));
        let home = layout.home[extension.module];
        for other in tree.modules.ids().filter(|&id| layout.home[id] == home) {
            let data = &tree.modules[other];
            let wanted = |decl: &&Decl| {
                let of_type = match decl.kind {
                    DeclKind::Field => decl.owner.as_deref() == Some(extension.of_name.as_str()),
                    DeclKind::Member => true,
                    DeclKind::Item => other == extension.module,
                    _ => false,
                };
                of_type && !decl.public && named.contains(decl.name.as_str()) && !leaves(decl)
            };
            widened.extend(data.body.decls.iter().filter(wanted).map(|decl| (data.file, decl.vis.start)));
        }
    }
}

/// Makes public what the plan lists at a line.
pub(super) fn widen(tree: &Tree, root: &Path, listed: &WideningReport, widened: &mut Widened) -> bool {
    let name = listed.item.rsplit("::").next().unwrap_or(&listed.item);
    // A module is listed with its own file, and declared in the one above.
    if let Some(module) = tree.modules.iter().find(|m| m.path == listed.item)
        && let Some(parent) = module.parent.map(|parent| &tree.modules[parent])
    {
        let of_module = parent.body.decls.iter().filter(|d| d.kind == DeclKind::Module && d.name == name);
        widened.extend(of_module.filter(|d| !d.public).map(|d| (parent.file, d.vis.start)));
        return true;
    }
    let file = root.join(&listed.file);
    widen_named(tree, &file, listed.line, name, widened)
        || widen_written(tree, &file, (listed.line, name), widened)
}

/// The declaration of this name that begins at or after a line, and next to it.
fn widen_named(tree: &Tree, file: &Path, line: u32, name: &str, widened: &mut Widened) -> bool {
    let modules = tree.modules.iter().filter(|m| tree.files[m.file].path == file);
    let decls = modules.flat_map(|m| m.body.decls.iter().map(move |d| (m.file, d)));
    let glob = |d: &Decl| d.kind == DeclKind::Import && d.name == "*" && d.line == line;
    let named: Vec<_> = decls
        .filter(|(_, d)| {
            (d.name == name || (name == "*" && glob(d))) && d.kind != DeclKind::Nameless && d.line >= line
        })
        .collect();
    let Some(&(file, first)) = named.iter().min_by_key(|(_, d)| (d.line, d.kind == DeclKind::Import)) else {
        return false;
    };
    if !first.public {
        widened.insert((file, first.vis.start));
    }
    true
}

/// The visibility before a name among a macro's arguments, at a line; or those that the body of the macro writes.
fn widen_written(tree: &Tree, file: &Path, (line, name): (u32, &str), widened: &mut Widened) -> bool {
    let Some((id, source)) = tree.files.iter_enumerated().find(|(_, f)| f.path == file) else { return false };
    let start = line_start(&source.text, line);
    // The line is that of its documentation, where it has some.
    let named = |token: &Token| token.bytes.start >= start && token.kind == TokenKind::Ident(name.to_owned());
    if let Some(at) = source.tokens.iter().position(named) {
        if let Some(visibility) = restricted_before(&source.tokens, at) {
            widened.insert((id, visibility));
            return true;
        }
        if is_public(&source.tokens, at) {
            return true;
        }
    }
    let Some(called) = called_at(source, line) else { return false };
    let mut found = false;
    for (file, body) in bodies_of(tree, called) {
        let tokens = &tree.files[file].tokens;
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| body.contains(&t.bytes.start)) {
            if restricted(tokens, at).is_some() {
                widened.insert((file, token.bytes.start));
                found = true;
            }
        }
    }
    found
}

/// The macro that is called at a line, or around it.
fn called_at(source: &SourceFile, line: u32) -> Option<&str> {
    let start = line_start(&source.text, line);
    let end = start + source.text[start..].find('\n').unwrap_or(source.text.len() - start);
    let called = called_macros(&source.tokens).filter(|(_, token)| token.bytes.start < end).last();
    called.map(|(name, _)| name)
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
pub(super) fn export_written(tree: &Tree, plan: &PlanReport, widened: &mut Widened) -> WrittenMacros {
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
pub(super) fn declares_macro(tokens: &[Token], at: usize) -> bool {
    let punct = |at: usize, c: char| tokens.get(at).is_some_and(|t| t.kind == TokenKind::Punct(c));
    tokens[at].kind == TokenKind::Ident("macro_rules".to_owned()) && punct(at + 1, '!') && punct(at + 2, '$')
}

/// Words between a visibility and a name.
const KEYWORDS: [&str; 11] =
    ["struct", "enum", "union", "trait", "fn", "const", "static", "type", "async", "unsafe", "mod"];

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
