//! What matters of attributes: `cfg`, `path`, macros, derives. Read off their tokens.

mod helpers;

use std::ops::Range;

use crate::parse::syntax::parser::SyntaxKind::*;
use ustr::ustr;

use super::Lower;
use crate::parse::syntax::flat::Node;
use crate::parse::tree::{HelperPath, Name, NodeFlags, Path, PathId, Segments};

/// The attributes of one thing.
#[derive(Default)]
pub(in crate::parse::lower) struct Attrs {
    pub(in crate::parse::lower) cfgs: Box<[Name]>,
    pub(in crate::parse::lower) paths: Box<[PathId]>,
    pub(in crate::parse::lower) helpers: Box<[HelperPath]>,
    pub(in crate::parse::lower) flags: NodeFlags,
    pub(in crate::parse::lower) file_paths: Vec<(Option<Name>, Box<str>)>,
    pub(in crate::parse::lower) derives: Derives,
    /// Attributes that may be procedural macros, or helpers of derives.
    pub(in crate::parse::lower) macros: u32,
    pub(in crate::parse::lower) is_proc_macro: bool,
    /// The name that a command line knows it by: `#[command(name = "x")]`.
    pub(in crate::parse::lower) command: Option<Name>,
    /// Whether a command line has what it holds in its place: `#[command(flatten)]`.
    pub(in crate::parse::lower) flattened: bool,
}

/// Derived traits by who writes the code.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::parse::lower) struct Derives {
    /// The compiler.
    pub(in crate::parse::lower) std: u32,
    /// serde's macros.
    pub(in crate::parse::lower) serde: u32,
    /// Other procedural macros.
    pub(in crate::parse::lower) other: u32,
}

impl Derives {
    fn add(&mut self, name: &str) {
        match name {
            "Clone" | "Copy" | "Debug" | "Default" | "Eq" | "Hash" | "Ord" | "PartialEq" | "PartialOrd" => {
                self.std += 1
            }
            "Serialize" | "Deserialize" => self.serde += 1,
            _ => self.other += 1,
        }
    }

    pub(in crate::parse::lower) fn all(self) -> u32 {
        self.std + self.serde + self.other
    }
}

#[derive(Default)]
struct Attributes {
    cfgs: Vec<Name>,
    paths: Vec<PathId>,
    helpers: Vec<HelperPath>,
    attrs: Attrs,
}

/// An attribute's path, and what stands behind it.
pub(in crate::parse::lower) struct Meta {
    pub(in crate::parse::lower) path: Range<u32>,
    /// Whether it begins with `::`.
    global: bool,
    pub(in crate::parse::lower) names: u32,
    pub(in crate::parse::lower) rest: Range<u32>,
}

impl Lower<'_> {
    /// The attributes among some nodes.
    pub(in crate::parse::lower) fn attrs<'s>(&mut self, nodes: impl Iterator<Item = Node<'s>>) -> Attrs {
        let mut found = Attributes::default();
        for attr in nodes.filter(|n| n.kind() == ATTR) {
            if let Some(open) = attr.child(L_BRACK) {
                let last = attr.last_token();
                let end = if self.tokens.kind(last) == R_BRACK { last } else { last + 1 };
                self.attr(open.token() + 1..end, None, &mut found);
            }
        }
        let (cfgs, paths, helpers) = (found.cfgs.into(), found.paths.into(), found.helpers.into());
        Attrs { cfgs, paths, helpers, ..found.attrs }
    }

    /// Whether one of a node's attributes is `#[cfg(…)]`.
    pub(in crate::parse::lower) fn has_cfg(&self, attr: Node<'_>) -> bool {
        attr.child(L_BRACK).is_some_and(|open| self.is_word(open.token() + 1, "cfg"))
    }

    fn is_word(&self, token: u32, word: &str) -> bool {
        token < self.tokens.len() && self.tokens.kind(token) == IDENT && self.tokens.name(token) == word
    }

    fn attr(&mut self, range: Range<u32>, condition: Option<Name>, found: &mut Attributes) {
        let meta = self.meta(range);
        self.note_attribute(&meta);
        self.note_data(&meta);
        if meta.names != 1 || self.tokens.kind(meta.path.start) != IDENT {
            self.tool_attr(&meta, found);
            return;
        }
        let name = self.tokens.name(meta.path.start);
        match name.as_str() {
            "cfg" => {
                if let Some(inside) = self.parenthesized(&meta.rest) {
                    found.cfgs.push(ustr(&self.tokens.print(inside)));
                }
            }
            "cfg_attr" => self.cfg_attr(&meta, condition, found),
            "path" => {
                if let Some(value) = self.string_value(&meta.rest) {
                    found.attrs.file_paths.push((condition, value.into()));
                }
            }
            "derive" => self.derive(&meta, found),
            "test" | "bench" => found.attrs.flags.test = true,
            "proc_macro" | "proc_macro_attribute" => found.attrs.is_proc_macro = true,
            "proc_macro_derive" => {
                found.attrs.is_proc_macro = true;
                if let Some(inside) = self.parenthesized(&meta.rest)
                    && !inside.is_empty()
                    && self.tokens.kind(inside.start) == IDENT
                {
                    found.attrs.flags.proc_macro = Some(self.tokens.name(inside.start));
                }
            }
            "macro_use" => found.attrs.flags.macro_use = true,
            "macro_export" => {
                found.attrs.flags.macro_export = true;
                let inside = self.parenthesized(&meta.rest);
                let local = inside.is_some_and(|inside| self.is_word(inside.start, "local_inner_macros"));
                found.attrs.flags.local_inner_macros = local;
            }
            "serde" => self.helper_attr("serde", &meta, found),
            other if is_builtin(other) => {}
            other => {
                if matches!(other, "command" | "clap" | "structopt" | "argh") {
                    found.attrs.command = self.command_name(&meta).or(found.attrs.command);
                    found.attrs.flattened |= self
                        .parenthesized(&meta.rest)
                        .is_some_and(|mut inside| inside.any(|t| self.is_word(t, "flatten")));
                }
                self.helper_attr(other, &meta, found);
                found.attrs.macros += 1;
                found.paths.extend(self.plain_path(&meta));
            }
        }
    }

    /// `rustfmt::skip`, `clippy::…`, `diagnostic::…` are the tools' own; other paths are macros.
    fn tool_attr(&mut self, meta: &Meta, found: &mut Attributes) {
        if meta.names < 2 {
            return;
        }
        let first = self.tokens.text(meta.path.start);
        if !matches!(first, "rustfmt" | "clippy" | "diagnostic" | "miri" | "rust_analyzer") {
            found.attrs.flags.test |= self.is_word(meta.path.end - 1, "test");
            found.attrs.macros += 1;
            found.paths.extend(self.plain_path(meta));
            if let Some(inside) = self.parenthesized(&meta.rest) {
                self.arrow_paths(inside, &mut found.helpers);
            }
        }
    }

    fn helper_attr(&mut self, name: &str, meta: &Meta, found: &mut Attributes) {
        if let Some(inside) = self.parenthesized(&meta.rest) {
            self.helper_paths(name, inside.clone(), &mut found.helpers);
            self.arrow_paths(inside, &mut found.helpers);
        }
    }

    fn derive(&mut self, meta: &Meta, found: &mut Attributes) {
        let Some(inside) = self.parenthesized(&meta.rest) else { return };
        for part in self.split_commas(inside) {
            let derived = self.meta(part);
            if let Some(path) = self.plain_path(&derived) {
                found.attrs.derives.add(self.tokens.text(derived.path.end - 1));
                found.paths.push(path);
            }
        }
    }

    /// `#[cfg_attr(predicate, attr, attr)]`.
    fn cfg_attr(&mut self, meta: &Meta, outer: Option<Name>, found: &mut Attributes) {
        let Some(inside) = self.parenthesized(&meta.rest) else { return };
        let mut parts = self.split_commas(inside).into_iter();
        let Some(predicate) = parts.next() else { return };
        let text = self.tokens.print(predicate);
        let predicate = outer.map_or_else(|| ustr(&text), |outer| ustr(&format!("all({outer}, {text})")));
        for part in parts {
            let inner = self.meta(part.clone());
            if inner.names == 1 && self.is_word(inner.path.start, "cfg") {
                if let Some(inside) = self.parenthesized(&inner.rest) {
                    // Holds unless the predicate does and the inner one does not.
                    let text = self.tokens.print(inside);
                    found.cfgs.push(ustr(&format!("any(not({predicate}), {text})")));
                }
            } else {
                self.attr(part, Some(predicate), found);
            }
        }
    }

    /// Splits an attribute's tokens into its path and the rest.
    pub(in crate::parse::lower) fn meta(&self, range: Range<u32>) -> Meta {
        let (mut at, mut names, mut start) = (range.start, 0, range.start);
        let is_name = |i: u32| i < range.end && self.tokens.kind(i).is_any_identifier();
        let is_separator =
            |i: u32| i + 1 < range.end && self.tokens.kind(i) == COLON && self.tokens.kind(i + 1) == COLON;
        let global = is_separator(at);
        if global {
            (at, start) = (at + 2, at + 2);
        }
        while is_name(at) {
            (names, at) = (names + 1, at + 1);
            if !(is_separator(at) && is_name(at + 2)) {
                break;
            }
            at += 2;
        }
        Meta { path: start..at, global, names, rest: at..range.end }
    }

    /// What stands between the brackets that `range` consists of.
    pub(in crate::parse::lower) fn parenthesized(&self, range: &Range<u32>) -> Option<Range<u32>> {
        let open = !range.is_empty() && matches!(self.tokens.kind(range.start), L_PAREN | L_BRACK | L_CURLY);
        open.then(|| range.start + 1..self.tokens.close(range.start).min(range.end))
    }

    /// `serve` of `#[command(name = "serve")]`.
    fn command_name(&self, meta: &Meta) -> Option<Name> {
        let parts = self.split_commas(self.parenthesized(&meta.rest)?);
        let mut parts = parts.into_iter().map(|part| self.meta(part));
        let named = parts.find(|part| part.names == 1 && self.is_word(part.path.start, "name"))?;
        self.string_value(&named.rest).map(|name| ustr(&name))
    }

    /// The string in `= "…"`.
    pub(in crate::parse::lower) fn string_value(&self, range: &Range<u32>) -> Option<String> {
        let value = range.start + 1;
        (value < range.end && self.tokens.kind(range.start) == EQ && self.tokens.kind(value) == STRING)
            .then(|| unquote(self.tokens.text(value)))
    }

    /// The runs of tokens between commas, empty ones left out.
    pub(in crate::parse::lower) fn split_commas(&self, range: Range<u32>) -> Vec<Range<u32>> {
        let (mut out, mut start, mut at) = (Vec::new(), range.start, range.start);
        while at < range.end {
            if self.tokens.kind(at) == COMMA {
                out.push(start..at);
                start = at + 1;
            }
            at = self.tokens.close(at).max(at) + 1;
        }
        out.push(start..range.end);
        out.retain(|r| !r.is_empty());
        out
    }

    /// `a::b` of bare names; `None` where no name stands.
    pub(in crate::parse::lower) fn plain_path(&mut self, meta: &Meta) -> Option<PathId> {
        let (line, from_body) = (self.line(meta.path.start), self.is_from_body(meta.path.start));
        let names = meta.path.clone().filter(|&i| self.tokens.kind(i) != COLON);
        let segments = Segments::of_names(names.map(|i| Name::from(self.tokens.text(i))))?;
        Some(self.path_id(Path { line, from_body, global: meta.global, qself: None, segments }))
    }
}

/// The contents of a string literal whose escapes don't matter.
pub(in crate::parse::lower) fn unquote(text: &str) -> String {
    let start = text.find('"').map_or(0, |i| i + 1);
    let end = text.rfind('"').filter(|&end| end >= start).unwrap_or(text.len());
    text[start..end].to_owned()
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
