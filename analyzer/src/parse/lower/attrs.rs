//! What matters of attributes: `cfg`, `path`, macros, derives.

use syn::punctuated::Punctuated;
use syn::{Meta, Token};
use ustr::ustr;

use super::Lower;
use crate::parse::tree::{Name, NodeFlags, PathId};

/// The attributes of one thing.
#[derive(Default)]
pub(super) struct Attrs {
    pub(super) cfgs: Box<[Name]>,
    pub(super) paths: Box<[PathId]>,
    pub(super) flags: NodeFlags,
    pub(super) file_paths: Vec<(Option<Name>, Box<str>)>,
    pub(super) derives: u32,
    pub(super) is_proc_macro: bool,
}

#[derive(Default)]
struct Found {
    cfgs: Vec<Name>,
    paths: Vec<PathId>,
    attrs: Attrs,
}

impl Lower<'_> {
    pub(super) fn attrs(&mut self, attrs: &[syn::Attribute]) -> Attrs {
        let mut found = Found::default();
        for attr in attrs {
            self.attr(&attr.meta, None, &mut found);
        }
        Attrs { cfgs: found.cfgs.into(), paths: found.paths.into(), ..found.attrs }
    }

    fn attr(&mut self, meta: &Meta, condition: Option<Name>, found: &mut Found) {
        let Some(ident) = meta.path().get_ident() else {
            // `rustfmt::skip`, `clippy::…`, `diagnostic::…` are the tools' own.
            let first = meta.path().segments.first().map(|s| s.ident.to_string()).unwrap_or_default();
            if !matches!(first.as_str(), "rustfmt" | "clippy" | "diagnostic" | "miri" | "rust_analyzer") {
                found.attrs.flags.test |= meta.path().segments.last().is_some_and(|s| s.ident == "test");
                found.paths.push(self.path(meta.path()));
            }
            return;
        };
        match ident.to_string().as_str() {
            "cfg" => {
                if let Meta::List(list) = meta {
                    found.cfgs.push(ustr(&list.tokens.to_string()));
                }
            }
            "cfg_attr" => self.cfg_attr(meta, condition, found),
            "path" => {
                if let Meta::NameValue(nv) = meta
                    && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(s), .. }) = &nv.value
                {
                    found.attrs.file_paths.push((condition, s.value().into()));
                }
            }
            "derive" => {
                if let Meta::List(list) = meta
                    && let Ok(paths) =
                        list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated)
                {
                    found.attrs.derives += u32::try_from(paths.len()).unwrap_or(0);
                    for path in &paths {
                        found.paths.push(self.path(path));
                    }
                }
            }
            "test" | "bench" => found.attrs.flags.test = true,
            "proc_macro" | "proc_macro_attribute" => found.attrs.is_proc_macro = true,
            "proc_macro_derive" => {
                found.attrs.is_proc_macro = true;
                if let Meta::List(list) = meta
                    && let Some(proc_macro2::TokenTree::Ident(ident)) = list.tokens.clone().into_iter().next()
                {
                    found.attrs.flags.proc_macro = Some(super::name(&ident));
                }
            }
            "macro_use" => found.attrs.flags.macro_use = true,
            "macro_export" => found.attrs.flags.macro_export = true,
            other if is_builtin(other) => {}
            _ => found.paths.push(self.path(meta.path())),
        }
    }

    /// `#[cfg_attr(predicate, attr, attr)]`.
    fn cfg_attr(&mut self, meta: &Meta, outer: Option<Name>, found: &mut Found) {
        let Meta::List(list) = meta else { return };
        let Ok(metas) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return };
        let mut metas = metas.into_iter();
        let Some(predicate) = metas.next() else { return };
        let text = to_text(&predicate);
        let predicate = outer.map_or_else(|| ustr(&text), |outer| ustr(&format!("all({outer}, {text})")));
        for inner in metas {
            if inner.path().is_ident("cfg") {
                if let Meta::List(list) = &inner {
                    // Holds unless the predicate does and the inner one does not.
                    found.cfgs.push(ustr(&format!("any(not({predicate}), {})", list.tokens)));
                }
            } else {
                self.attr(&inner, Some(predicate), found);
            }
        }
    }
}

/// A predicate as text.
fn to_text(meta: &Meta) -> String {
    let path: Vec<_> = meta.path().segments.iter().map(|s| s.ident.to_string()).collect();
    let tail = match meta {
        Meta::Path(_) => String::new(),
        Meta::List(list) => format!("({})", list.tokens),
        Meta::NameValue(nv) => match &nv.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(s), .. }) => format!(" = {:?}", s.value()),
            _ => String::new(),
        },
    };
    path.join("::") + &tail
}

/// Attributes of the language itself, and helper attributes too common to be macros of a repository.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "allow"
            | "automatically_derived"
            | "cold"
            | "coverage"
            | "default"
            | "deny"
            | "deprecated"
            | "doc"
            | "expect"
            | "export_name"
            | "feature"
            | "forbid"
            | "global_allocator"
            | "ignore"
            | "inline"
            | "link"
            | "link_name"
            | "link_section"
            | "must_use"
            | "naked"
            | "no_link"
            | "no_main"
            | "no_mangle"
            | "no_std"
            | "non_exhaustive"
            | "optimize"
            | "panic_handler"
            | "recursion_limit"
            | "repr"
            | "rustfmt_skip"
            | "serde"
            | "should_panic"
            | "target_feature"
            | "track_caller"
            | "type_length_limit"
            | "unsafe"
            | "used"
            | "warn"
            | "windows_subsystem"
            | "crate_name"
            | "crate_type"
            | "no_implicit_prelude"
            | "unstable"
            | "stable"
            | "rustc_const_unstable"
            | "prelude_import"
            | "debugger_visualizer"
    )
}
