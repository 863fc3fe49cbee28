//! What nothing is left for in a package that denies that: helpers of tests, dependencies.

use std::ops::Range;

use cargo_metadata::diagnostic::Diagnostic;
use quote::ToTokens;
use syn::visit::{self, Visit};
use toml_edit::{DocumentMut, Item};

use super::{Edits, Repairs, quoted};
use crate::apply::rewrite::text::{head_of, with_comments};
use crate::apply::source::spans::{Splice, bytes};

impl Repairs<'_> {
    /// Takes away an item for tests that nothing uses any more, in a package that denies that.
    pub(super) fn unneeded_helper(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let Some((span, path, text)) = self.place(diagnostic).filter(|_| self.is_for_tests(diagnostic))
        else {
            return false;
        };
        let Ok(file) = syn::parse_file(&text) else { return false };
        let mut named = Named { at: span.byte_start as usize, found: None };
        named.visit_file(&file);
        let Some(item) = named.found else { return false };
        edits
            .splices
            .entry(path.clone())
            .or_default()
            .push(Splice::remove(&text, with_comments(&text, item)));
        edits.adjusted(
            self.relative(&path),
            span.line_start as u32,
            format!("{}: its tests lie elsewhere", diagnostic.message),
        );
        true
    }
}

impl Repairs<'_> {
    /// Keeps a dependency that nothing in a library or program names any more: other targets of the package may.
    pub(super) fn unused_package(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let (Some((span, path, text)), Some(name)) =
            (self.place(diagnostic), quoted(&diagnostic.message).next())
        else {
            return false;
        };
        let Some(owner) = self.owner(&path) else { return false };
        let manifest = (self.read)(&self.crates[owner].join("Cargo.toml")).unwrap_or_default();
        let Ok(manifest) = manifest.parse::<DocumentMut>() else { return false };
        let package = self.externs.get(name).map_or(name, String::as_str);
        let known = |key: &str| key.replace('-', "_") == name || key == package;
        let of = |table: &str| {
            let table = manifest.get(table)?.as_table_like()?;
            table.iter().find(|(key, _)| known(key)).map(|(_, dependency)| dependency)
        };
        let optional = |dependency: &Item| dependency.get("optional").and_then(Item::as_bool) == Some(true);
        let for_tests = match (of("dependencies"), of("dev-dependencies")) {
            // Elsewhere, or with other features, it isn't there.
            (Some(dependency), _) if optional(dependency) => return false,
            (None, None) => return false,
            (dependency, _) => dependency.is_none(),
        };
        let line = format!("{}use {name} as _;\n", if for_tests { "#[cfg(test)]\n" } else { "" });
        let at = head_of(&text);
        let here = edits.splices.entry(path.clone()).or_default();
        if here.iter().any(|splice| splice.new == line) {
            return true;
        }
        here.push(Splice::new(at..at, line));
        let what = format!("{}: it is kept", diagnostic.message);
        edits.adjusted(self.relative(&path), span.line_start as u32, what);
        true
    }
}

/// The item whose name begins at a byte.
struct Named {
    at: usize,
    found: Option<Range<usize>>,
}

/// The name of an item that may be unused.
fn name(item: &syn::Item) -> Option<&syn::Ident> {
    Some(match item {
        syn::Item::Fn(i) => &i.sig.ident,
        syn::Item::Struct(i) => &i.ident,
        syn::Item::Enum(i) => &i.ident,
        syn::Item::Trait(i) => &i.ident,
        syn::Item::Type(i) => &i.ident,
        syn::Item::Const(i) => &i.ident,
        syn::Item::Static(i) => &i.ident,
        _ => return None,
    })
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if name(item).is_some_and(|name| name.span().byte_range().start == self.at) {
            self.found = Some(bytes(&item.to_token_stream()));
        }
        visit::visit_item(self, item);
    }
}
