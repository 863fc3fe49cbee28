//! Imports that are not needed, or show more than they may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticLevel, DiagnosticSpan};

use super::{Edits, Repairs};
use crate::apply::rewrite::statements::{Import, named as leaf_of, statements};
use crate::apply::rewrite::text::indent_at;
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Body, Leaf, Use, body};
use crate::apply::source::tokens::{TokenKind, flat};

impl Repairs<'_> {
    /// Takes away `#[macro_use] extern crate` for a crate of the plan whose macros are all found without it; of another crate the
    /// attribute, where the package denies what is unused.
    pub(super) fn macro_use(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        if !span.text.iter().any(|line| line.text.trim() == "#[macro_use]") {
            return false;
        }
        let rest = &text[(span.byte_end as usize).min(text.len())..];
        let Some((declared, after)) = rest.trim_start().split_once(';') else { return false };
        let name = declared.strip_prefix("extern crate ");
        let of_plan =
            name.is_some_and(|name| self.crates.keys().any(|krate| krate.replace('-', "_") == name));
        if !of_plan && !matches!(diagnostic.level, DiagnosticLevel::Error) {
            return false;
        }
        let end = if of_plan { text.len() - after.len() } else { span.byte_end as usize };
        let bytes = span.byte_start as usize..end;
        edits.splices.entry(path.clone()).or_default().push(Splice::remove(&text, bytes));
        edits.adjusted(
            self.relative(&path),
            span.line_start as u32,
            match of_plan {
                true => format!("{}: remove `#[macro_use] {declared}`", diagnostic.message),
                false => format!("{}: remove `#[macro_use]`", diagnostic.message),
            },
        );
        true
    }

    /// Takes away an import that nothing uses among the arguments of a macro: what the compiler suggests there is about the macro.
    pub(super) fn import_in_call(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let made = |span: &DiagnosticSpan| span.expansion.is_some();
        let in_macro = diagnostic.children.iter().flat_map(|child| &child.spans).any(made);
        let Some((span, path, text)) = self.place(diagnostic).filter(|(span, ..)| in_macro && !made(span))
        else {
            return false;
        };
        let (start, end) = (span.byte_start as usize, span.byte_end as usize);
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { return false };
        let head = before.rfind(['\n', ';', '{', '}']).map_or(0, |at| at + 1);
        let whole = text[head..start].trim_start().strip_suffix("use ").is_some() && after.starts_with(';');
        if !whole {
            return false;
        }
        let head = head + text[head..start].len() - text[head..start].trim_start().len();
        edits.splices.entry(path.clone()).or_default().push(Splice::remove(&text, head..end + 1));
        edits.adjusted(self.relative(&path), span.line_start as u32, diagnostic.message.clone());
        true
    }

    /// Takes away an import of something that is not there any more, or of a macro that another crate keeps to itself, where nothing in
    /// its file has the name.
    pub(super) fn needless_import(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        let Some(file) = syn::parse_file(&text).ok() else { return false };
        let at = span.byte_start as usize;
        let import = uses(&body(&file.items)).into_iter().find(|u| u.bytes.contains(&at));
        let Some(import) = import.filter(|u| u.vis.is_empty()) else { return false };
        let alone = import.leaves.len() == 1;
        let is_meant =
            |leaf: &&Leaf| alone || leaf.segments.last().is_some_and(|last| last.bytes.contains(&at));
        let (meant, rest): (Vec<&Leaf>, Vec<&Leaf>) = import.leaves.iter().partition(is_meant);
        let [meant] = meant[..] else { return false };
        let name = meant.name().to_owned();
        let stream: proc_macro2::TokenStream = text.parse().unwrap_or_default();
        let named = flat(stream).into_iter().any(|token| {
            token.kind == TokenKind::Ident(name.clone()) && !import.whole.contains(&token.bytes.start)
        });
        if named || meant.is_glob() {
            return false;
        }
        let splice = if rest.is_empty() {
            Splice::remove(&text, import.whole.clone())
        } else {
            let names: Vec<Import> = rest.iter().map(|leaf| leaf_of(&import, leaf, None)).collect();
            let indent = indent_at(&text, import.bytes.start);
            let cfgs = import.cfgs.replace('\n', &format!("\n{indent}"));
            Splice::new(import.bytes.clone(), statements("", &names).join(&format!("\n{indent}{cfgs}")))
        };
        edits.splices.entry(path.clone()).or_default().push(splice);
        edits.adjusted(
            self.relative(&path),
            span.line_start as u32,
            format!("{}: nothing uses `{name}` there", diagnostic.message),
        );
        true
    }

    /// Where a name stands in a `pub use` that may not show it.
    pub(super) fn re_exported(&self, diagnostic: &Diagnostic) -> Option<(PathBuf, usize)> {
        self.place(diagnostic).map(|(span, path, _)| (path, span.byte_start as usize))
    }

    /// Gives names of `pub use` statements that may not be shown to other crates a statement of their own.
    pub(super) fn narrow(&self, places: BTreeSet<(PathBuf, usize)>, edits: &mut Edits) {
        let mut of_file: BTreeMap<PathBuf, Vec<usize>> = BTreeMap::new();
        places.into_iter().for_each(|(path, at)| of_file.entry(path).or_default().push(at));
        for (path, places) in of_file {
            let Some(text) = (self.read)(&path).ok() else { continue };
            let Ok(file) = syn::parse_file(&text) else { continue };
            for import in uses(&body(&file.items)) {
                let is_named = |leaf: &&Leaf| {
                    leaf.segments.last().is_some_and(|last| places.contains(&last.bytes.start))
                        || leaf.segments.first().is_some_and(|first| places.contains(&first.bytes.start))
                };
                let (hidden, shown): (Vec<&Leaf>, Vec<&Leaf>) = import.leaves.iter().partition(is_named);
                if hidden.is_empty() || import.vis != "pub" {
                    continue;
                }
                let statements = |vis: &str, leaves: &[&Leaf]| {
                    let names: Vec<Import> = leaves.iter().map(|leaf| leaf_of(&import, leaf, None)).collect();
                    statements(vis, &names)
                };
                let indent = indent_at(&text, import.bytes.start);
                let cfgs = import.cfgs.replace('\n', &format!("\n{indent}"));
                let lines = [statements("pub", &shown), statements("pub(crate)", &hidden)].concat();
                let new = lines.join(&format!("\n{indent}{cfgs}"));
                edits.splices.entry(path.clone()).or_default().push(Splice::new(import.bytes.clone(), new));
                let line = text[..import.bytes.start].matches('\n').count() as u32 + 1;
                let names: Vec<String> = hidden.iter().map(|leaf| format!("`{}`", leaf.name())).collect();
                edits.adjusted(
                    self.relative(&path),
                    line,
                    format!("re-exported within the crate alone: {}", names.join(", ")),
                );
            }
        }
    }
}

/// Imports of a list of items, those of inline modules as well.
fn uses(body: &Body) -> Vec<Use> {
    let inner = body.children.iter().filter_map(|child| child.inline.as_ref());
    body.uses.iter().cloned().chain(inner.flat_map(|(inner, _)| uses(inner))).collect()
}
