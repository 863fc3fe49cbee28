//! What nothing is left for in a package that denies that: helpers of tests, dependencies.

use std::ops::Range;

use cargo_metadata::diagnostic::Diagnostic;
use quote::ToTokens;
use syn::Item;
use syn::visit::{self, Visit};
use toml_edit::DocumentMut;

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
    /// Keeps a dependency that the code in question is no more in the package of: other targets and features may need it.
    pub(super) fn unused_package(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let (Some((span, path, text)), Some(name)) =
            (self.place(diagnostic), quoted(&diagnostic.message).next())
        else {
            return false;
        };
        let Some(owner) = self.owner(&path) else { return false };
        let manifest = (self.read)(&self.crates[owner].join("Cargo.toml")).unwrap_or_default();
        let Ok(manifest) = manifest.parse::<DocumentMut>() else { return false };
        let has = |table: &str| {
            let known = |key: &str| key.replace('-', "_") == name;
            let table = manifest.get(table).and_then(|table| table.as_table_like());
            table.is_some_and(|table| table.iter().any(|(key, _)| known(key)))
        };
        let for_tests = has("dev-dependencies") && !has("dependencies");
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
fn name(item: &Item) -> Option<&syn::Ident> {
    Some(match item {
        Item::Fn(i) => &i.sig.ident,
        Item::Struct(i) => &i.ident,
        Item::Enum(i) => &i.ident,
        Item::Trait(i) => &i.ident,
        Item::Type(i) => &i.ident,
        Item::Const(i) => &i.ident,
        Item::Static(i) => &i.ident,
        _ => return None,
    })
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item(&mut self, item: &'ast Item) {
        if name(item).is_some_and(|name| name.span().byte_range().start == self.at) {
            self.found = Some(bytes(&item.to_token_stream()));
        }
        visit::visit_item(self, item);
    }
}
