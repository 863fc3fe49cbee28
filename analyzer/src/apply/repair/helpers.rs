//! Helpers of tests that no test is left for.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use cargo_metadata::diagnostic::Diagnostic;
use quote::ToTokens;
use syn::Item;
use syn::visit::{self, Visit};

use super::Repairs;
use crate::apply::rewrite::text::with_comments;
use crate::apply::source::spans::{Splice, bytes};
use crate::report::{Repair, RepairKind};

impl Repairs<'_> {
    /// Takes away an item for tests that nothing uses any more, in a package that denies that.
    pub(super) fn unneeded_helper(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let Some((span, path, text)) = self.place(diagnostic).filter(|_| self.is_for_tests(diagnostic))
        else {
            return false;
        };
        let Ok(file) = syn::parse_file(&text) else { return false };
        let mut named = Named { at: span.byte_start as usize, found: None };
        named.visit_file(&file);
        let Some(item) = named.found else { return false };
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, with_comments(&text, item)));
        done.push(Repair {
            kind: RepairKind::Adjusted,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: format!("{}: its tests lie elsewhere", diagnostic.message),
        });
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
