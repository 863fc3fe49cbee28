//! Helpers of tests that no test is left for.

use std::ops::Range;

use cargo_metadata::diagnostic::Diagnostic;
use quote::ToTokens;
use syn::Item;
use syn::visit::{self, Visit};

use super::{Edits, Repairs};
use crate::apply::rewrite::text::with_comments;
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
