//! Imports that are not needed, or show more than they may.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_metadata::diagnostic::{Diagnostic, DiagnosticSpan};

use super::Repairs;
use crate::apply::rewrite::statements::{Import, named, statements};
use crate::apply::rewrite::text::indent_at;
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Body, Leaf, Use, body};
use crate::apply::source::tokens::{TokenKind, flat};
use crate::report::{Repair, RepairKind};

impl Repairs<'_> {
    /// Takes away `#[macro_use] extern crate` for a crate of the plan whose macros are all found without it.
    pub(super) fn macro_use(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        if !span.text.iter().any(|line| line.text.trim() == "#[macro_use]") {
            return false;
        }
        let rest = &text[(span.byte_end as usize).min(text.len())..];
        let Some((declared, after)) = rest.trim_start().split_once(';') else { return false };
        let name = declared.strip_prefix("extern crate ");
        if !name.is_some_and(|name| self.crates.keys().any(|krate| krate.replace('-', "_") == name)) {
            return false;
        }
        let bytes = span.byte_start as usize..text.len() - after.len();
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, bytes));
        done.push(Repair {
            kind: RepairKind::Adjusted,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: format!("{}: remove `#[macro_use] {declared}`", diagnostic.message),
        });
        true
    }

    /// Takes away an import that nothing uses among the arguments of a macro: what the compiler suggests there is about the macro.
    pub(super) fn import_in_call(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
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
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, head..end + 1));
        done.push(Repair {
            kind: RepairKind::Adjusted,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: diagnostic.message.clone(),
        });
        true
    }

    /// Takes away an import of something that is not there any more, where nothing in its file has the name.
    pub(super) fn needless_import(
        &self,
        diagnostic: &Diagnostic,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) -> bool {
        let Some((span, path, text)) = self.place(diagnostic) else { return false };
        let Some(file) = syn::parse_file(&text).ok() else { return false };
        let at = span.byte_start as usize;
        let import = uses(&body(&file.items)).into_iter().find(|u| u.bytes.contains(&at));
        let Some(import) = import.filter(|u| u.vis.is_empty() && u.leaves.len() == 1) else { return false };
        let name = import.leaves[0].name().to_owned();
        let stream: proc_macro2::TokenStream = text.parse().unwrap_or_default();
        let named = flat(stream).into_iter().any(|token| {
            token.kind == TokenKind::Ident(name.clone()) && !import.whole.contains(&token.bytes.start)
        });
        if named || import.leaves[0].is_glob() {
            return false;
        }
        splices.entry(path.clone()).or_default().push(Splice::remove(&text, import.whole.clone()));
        done.push(Repair {
            kind: RepairKind::Adjusted,
            file: self.relative(&path),
            line: span.line_start as u32,
            what: format!("{}: nothing uses `{name}` there", diagnostic.message),
        });
        true
    }

    /// Where a name stands in a `pub use` that may not show it.
    pub(super) fn re_exported(&self, diagnostic: &Diagnostic) -> Option<(PathBuf, usize)> {
        self.place(diagnostic).map(|(span, path, _)| (path, span.byte_start as usize))
    }

    /// Gives names of `pub use` statements that may not be shown to other crates a statement of their own.
    pub(super) fn narrow(
        &self,
        places: BTreeSet<(PathBuf, usize)>,
        splices: &mut BTreeMap<PathBuf, Vec<Splice>>,
        done: &mut Vec<Repair>,
    ) {
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
                    let names: Vec<Import> = leaves.iter().map(|leaf| named(&import, leaf, None)).collect();
                    statements(vis, &names)
                };
                let indent = indent_at(&text, import.bytes.start);
                let cfgs = import.cfgs.replace('\n', &format!("\n{indent}"));
                let lines = [statements("pub", &shown), statements("pub(crate)", &hidden)].concat();
                let new = lines.join(&format!("\n{indent}{cfgs}"));
                splices.entry(path.clone()).or_default().push(Splice::new(import.bytes.clone(), new));
                let line = text[..import.bytes.start].matches('\n').count() as u32 + 1;
                let names: Vec<String> = hidden.iter().map(|leaf| format!("`{}`", leaf.name())).collect();
                done.push(Repair {
                    kind: RepairKind::Adjusted,
                    file: self.relative(&path),
                    line,
                    what: format!("re-exported within the crate alone: {}", names.join(", ")),
                });
            }
        }
    }
}

/// Imports of a list of items, those of inline modules as well.
fn uses(body: &Body) -> Vec<Use> {
    let inner = body.children.iter().filter_map(|child| child.inline.as_ref());
    body.uses.iter().cloned().chain(inner.flat_map(|(inner, _)| uses(inner))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::check::Checked;

    /// What a round makes of a file with errors at these words of it.
    fn repaired(text: &str, errors: &[(&str, &str, &str)]) -> Option<String> {
        let diagnostic = |&(code, message, word): &(&str, &str, &str)| -> Diagnostic {
            let at = text.find(word).unwrap();
            let span = serde_json::json!({
                "file_name": "a/src/lib.rs", "byte_start": at, "byte_end": at + word.len(), "line_start": 1, "line_end": 1,
                "column_start": 1, "column_end": 1, "is_primary": true, "text": [], "label": null,
                "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
            });
            serde_json::from_value(serde_json::json!({
                "message": message, "code": {"code": code, "explanation": null}, "level": "error", "spans": [span],
                "children": [], "rendered": null,
            }))
            .unwrap()
        };
        let checked = Checked {
            success: false,
            diagnostics: errors.iter().map(diagnostic).collect(),
            once: BTreeSet::new(),
            cargo: String::new(),
        };
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        std::fs::create_dir_all(root.join("a/src")).unwrap();
        std::fs::write(root.join("a/src/lib.rs"), text).unwrap();
        let repairs = Repairs {
            workspace: root,
            top: root,
            crates: &BTreeMap::from([("a".to_owned(), root.join("a"))]),
            externs: &BTreeMap::new(),
            read: &|path| std::fs::read_to_string(path).map_err(|error| error.to_string()),
        };
        repairs.round(&checked).files.remove(&root.join("a/src/lib.rs"))
    }

    #[test]
    fn names_that_may_not_be_shown_get_a_statement_of_their_own() {
        let text = "#[cfg(unix)]\npub use self::unix::{open, size, wide};\n";
        let hidden = |word| ("E0364", "`x` is only public within the crate", word);
        let expected = "#[cfg(unix)]\npub use self::unix::open;\n#[cfg(unix)]\npub(crate) use self::unix::{size, wide};\n";
        assert_eq!(repaired(text, &[hidden("size"), hidden("wide")]).as_deref(), Some(expected));
        assert_eq!(repaired("pub(crate) use self::unix::{open, size};\n", &[hidden("size")]), None);
    }

    #[test]
    fn an_import_of_what_has_gone_is_taken_away_where_nothing_names_it() {
        let error = |word| ("E0432", "unresolved import `crate::gone`", word);
        let kept = "use crate::here::B;\nfn f(_: B) {}\n";
        let text = format!("use crate::gone::A;\n{kept}");
        assert_eq!(repaired(&text, &[error("crate::gone::A")]).as_deref(), Some(kept));
        for used in
            ["use crate::gone::A;\nfn f(_: A) {}\n", "pub use crate::gone::A;\n", "use crate::gone::*;\n"]
        {
            assert_eq!(repaired(used, &[error("crate::gone")]), None, "{used}");
        }
    }

    #[test]
    fn a_method_that_an_unstable_one_stands_in_for_becomes_public() {
        let text = "fn f(a: A) { a.as_str(); }\nimpl A {\n    pub(crate) fn as_str(&self) {}\n    fn as_bytes(&self) {}\n}\n";
        let error = ("E0658", "use of unstable library feature `str_as_str`", "as_str");
        let expected = text.replace("pub(crate) fn", "pub fn");
        assert_eq!(repaired(text, &[error]), Some(expected));
        assert_eq!(repaired("fn f(a: A) { a.as_str(); }\n", &[error]), None);
    }
}
