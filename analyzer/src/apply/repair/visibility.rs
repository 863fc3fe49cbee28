//! What has to be seen from other crates and isn't.

use std::path::{Path, PathBuf};

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticSpan};

use super::{Edits, Repairs, quoted};
use crate::apply::rewrite::text::indent_at;
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Body, Decl, DeclKind, body};

impl Repairs<'_> {
    /// Makes public what an error calls private.
    pub(super) fn widen(&self, diagnostic: &Diagnostic, code: &str, edits: &mut Edits) -> bool {
        let names: Vec<&str> = quoted(&diagnostic.message).collect();
        let children = diagnostic.children.iter().flat_map(|child| {
            let said = child.message.clone();
            child.spans.iter().map(move |span| (span, said.clone()))
        });
        // Where something is used is no place of it.
        let of_use = |span: &DiagnosticSpan| code == "E0603" && span.is_primary;
        let own = diagnostic
            .spans
            .iter()
            .filter(|span| !of_use(span))
            .map(|span| (span, span.label.clone().unwrap_or_default()));
        let words = ["private", "defined here", "not accessible", "re-exported", "marking"];
        let places = own.chain(children).filter(|(span, said)| {
            let label = span.label.clone().unwrap_or_default();
            words.iter().any(|word| said.contains(word) || label.contains(word))
        });
        let mut found: Vec<(PathBuf, Decl)> = Vec::new();
        for (span, _) in places {
            let Some(path) = self.path(span) else { continue };
            let here = self.decls(&path).into_iter().filter(|d| d.line == span.line_start as u32);
            let (shown, here): (Vec<Decl>, Vec<Decl>) = here.partition(|d| d.public);
            if shown.iter().any(|d| d.kind == DeclKind::Import && d.name == "*") {
                found.extend(self.behind(&path, span, &names));
            }
            let field =
                |d: &Decl| d.kind == DeclKind::Field && span.label.as_deref() == Some("private field");
            let glob = |d: &Decl| d.kind == DeclKind::Import && d.name == "*";
            let is = |d: &&Decl| field(d) || glob(d) || names.iter().any(|n| last(n) == d.name);
            let named: Vec<&Decl> = here.iter().filter(is).collect();
            found.extend(named.into_iter().map(|decl| (path.clone(), decl.clone())));
        }
        if let ("E0616" | "E0451", [field, .., owner]) = (code, &names[..]) {
            found.extend(self.fields(field, last(owner)));
        }
        self.make_public(&found, edits);
        !found.is_empty() || (code == "E0446" && self.given_to_macro(diagnostic, edits))
    }

    /// Makes a type public that is written in the call of a macro, where nothing of it is declared for who reads the file.
    fn given_to_macro(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let declared =
            |span: &&DiagnosticSpan| span.label.as_ref().is_some_and(|l| l.contains("declared as"));
        let Some(span) = diagnostic.spans.iter().find(declared) else { return false };
        let Some((path, text)) =
            self.path(span).and_then(|path| Some((path.clone(), (self.read)(&path).ok()?)))
        else {
            return false;
        };
        let (start, end) = (span.byte_start as usize, span.byte_end as usize);
        let Some(head) = text.get(start..end) else { return false };
        let vis = match head.strip_prefix("pub(") {
            Some(rest) => rest.find(')').map_or(0, |at| "pub(".len() + at + 1),
            None => 0,
        };
        let rest = head[vis..].trim_start();
        if !["struct ", "enum ", "union ", "trait ", "type "].iter().any(|kind| rest.starts_with(kind)) {
            return false;
        }
        let here = edits.splices.entry(path.clone()).or_default();
        if here.iter().all(|splice| splice.bytes.start != start) {
            here.push(Splice::new(start..start + vis, if vis == 0 { "pub " } else { "pub" }));
            let name = quoted(&diagnostic.message).next().map_or("", of_type);
            edits.widened(self.relative(&path), span.line_start as u32, name);
        }
        true
    }

    /// What a glob that all may use does not show, of the module that it opens: a glob of that again, or what has the name.
    fn behind(&self, path: &Path, span: &DiagnosticSpan, names: &[&str]) -> Vec<(PathBuf, Decl)> {
        let text = (self.read)(path).unwrap_or_default();
        let opened = text.get(span.byte_start as usize..span.byte_end as usize);
        let opened = opened.map(|text| last(text.trim_end_matches("::*")));
        let (Some(module), Some(dir)) = (opened, path.parent()) else { return Vec::new() };
        let files = [dir.join(format!("{module}.rs")), dir.join(module).join("mod.rs")];
        let hidden = |d: &Decl| {
            let glob = d.kind == DeclKind::Import && d.name == "*" && !d.vis.is_empty();
            let named = matches!(d.kind, DeclKind::Import | DeclKind::Item)
                && names.iter().any(|name| last(name) == d.name);
            !d.public && (glob || named)
        };
        let all = files.into_iter().flat_map(|file| {
            let decls = self.decls(&file);
            decls.into_iter().map(move |decl| (file.clone(), decl))
        });
        all.filter(|(_, decl)| hidden(decl)).collect()
    }

    /// Makes a method public that another one of the same name, of the standard library and unstable, stands in for.
    pub(super) fn hidden_method(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let name = self.place(diagnostic).and_then(|(span, _, text)| {
            Some(text.get(span.byte_start as usize..span.byte_end as usize)?.to_owned())
        });
        let Some(name) = name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')) else {
            return false;
        };
        let method = |d: &Decl| d.kind == DeclKind::Member && d.name == name && !d.public;
        let found = self.declared(&[&format!("fn {name}")], &method);
        self.make_public(&found, edits);
        !found.is_empty()
    }

    /// Makes a type or trait public that code of another crate gets without naming it, where only one has its name.
    pub(super) fn unnamed(&self, diagnostic: &Diagnostic, edits: &mut Edits) -> bool {
        let said = ["type `", "trait `"].iter().any(|start| diagnostic.message.starts_with(start));
        if !said || !diagnostic.message.ends_with("` is private") {
            return false;
        }
        let Some(name) = quoted(&diagnostic.message).next().map(of_type) else { return false };
        let item = |d: &Decl| d.kind == DeclKind::Item && d.name == name && !d.public;
        let found = self.declared(&[name], &item);
        if found.len() == 1 {
            self.make_public(&found, edits);
        }
        found.len() == 1
    }

    /// Keeps out of a crate's docs what became public and has none, where the crate forbids that.
    pub(super) fn undocumented(&self, diagnostic: &Diagnostic, edits: &mut Edits) {
        let Some((span, path, text)) = self.place(diagnostic) else { return };
        let line =
            text.get(..span.byte_start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let decls = self.decls(&path);
        // A field or a variant may stand in the line of another one.
        let first = decls
            .iter()
            .filter(|d| d.line == span.line_start as u32 && d.vis.start >= line)
            .map(|d| d.vis.start);
        let Some(at) = first.min() else { return };
        let indent = indent_at(&text, at);
        let here = edits.splices.entry(path.clone()).or_default();
        if here.iter().any(|splice| splice.bytes == (at..at)) {
            return;
        }
        here.push(Splice::new(at..at, format!("#[doc(hidden)]\n{indent}")));
        edits.adjusted(
            self.relative(&path),
            span.line_start as u32,
            format!("{}: it is hidden in the docs", diagnostic.message),
        );
    }

    fn make_public(&self, found: &[(PathBuf, Decl)], edits: &mut Edits) {
        for (path, decl) in found {
            let here = edits.splices.entry(path.clone()).or_default();
            if here.iter().any(|splice| splice.bytes.start == decl.vis.start) {
                continue;
            }
            here.push(Splice::new(decl.vis.clone(), if decl.vis.is_empty() { "pub " } else { "pub" }));
            edits.widened(self.relative(path), decl.line, &decl.name);
        }
    }

    fn decls(&self, path: &Path) -> Vec<Decl> {
        let parsed = (self.read)(path).ok().and_then(|text| syn::parse_file(&text).ok());
        parsed.map(|file| all(body(&file.items))).unwrap_or_default()
    }

    /// A field by the name of its type.
    fn fields(&self, field: &str, owner: &str) -> Vec<(PathBuf, Decl)> {
        let of = |d: &Decl| {
            d.kind == DeclKind::Field && d.name == field && d.owner.as_deref() == Some(owner) && !d.public
        };
        self.declared(&[owner, field], &of)
    }

    /// The sources of the plan's crates.
    pub(super) fn sources(&self) -> impl Iterator<Item = PathBuf> {
        self.crates.values().flat_map(|dir| {
            let walk = walkdir::WalkDir::new(dir.join("src")).sort_by_file_name().into_iter().flatten();
            walk.map(walkdir::DirEntry::into_path).filter(|path| path.extension().is_some_and(|e| e == "rs"))
        })
    }

    /// What the plan's crates declare, in files that have these words.
    fn declared(&self, words: &[&str], of: &dyn Fn(&Decl) -> bool) -> Vec<(PathBuf, Decl)> {
        let mut found = Vec::new();
        for path in self.sources() {
            let mentions = (self.read)(&path).is_ok_and(|text| words.iter().all(|word| text.contains(word)));
            if !mentions {
                continue;
            }
            let decls = self.decls(&path).into_iter().filter(|decl| of(decl));
            found.extend(decls.map(|decl| (path.clone(), decl)));
        }
        found
    }
}

fn all(body: Body) -> Vec<Decl> {
    let mut decls = body.decls;
    for child in body.children {
        decls.extend(child.inline.map(|(inner, _)| all(inner)).unwrap_or_default());
    }
    decls
}

fn last(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The name in a type: `Guard` of `a::Guard<'_, b::T>`.
fn of_type(text: &str) -> &str {
    last(text.split('<').next().unwrap_or(text))
}
