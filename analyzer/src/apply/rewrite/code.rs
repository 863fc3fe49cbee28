//! What changes within the code that a crate takes: imports, paths, visibility, and how macros are found.

use std::ops::Range;

use super::lead::Lead;
use super::text::{SHOWN, after_dollar, indent_at, words};
use super::write::Writer;
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Decl, DeclKind};
use crate::apply::source::tokens::{TokenKind, called_macros, paths, restricted};
use crate::apply::source::tree::SourceFile;
use crate::ids::{PlanCrateId, SourceFileId};

impl Writer<'_> {
    /// Changes within a range of a file: paths, imports, visibility, macros.
    pub(super) fn code(
        &mut self,
        file: SourceFileId,
        range: Range<usize>,
        krate: PlanCrateId,
        edits: &mut Vec<Splice>,
    ) {
        let tree = self.leads.tree;
        let source = &tree.files[file];
        let inside = |bytes: &Range<usize>| range.start <= bytes.start && bytes.end <= range.end;
        edits.extend(self.visibility(file, source).into_iter().filter(|edit| inside(&edit.bytes)));
        edits.extend(self.for_tests_of_others(file, source).filter(|edit| inside(&edit.bytes)));
        edits.extend(self.import_extensions(source, &range, krate));
        let todos = self.todos.get(&file).into_iter().flatten();
        edits.extend(todos.filter(|todo| inside(&todo.bytes)).cloned());
        self.note_macros(source, &range, krate);
        let mut of_uses: Vec<Range<usize>> = Vec::new();
        let own =
            source.modules.iter().flat_map(|&id| tree.modules[id].body.uses.iter().map(move |u| (id, u)));
        let inner = source.inner_uses.iter().filter_map(|u| Some((tree.module_at(file, u.bytes.start)?, u)));
        for (module, statement) in own.chain(inner).filter(|(_, u)| inside(&u.bytes)) {
            of_uses.push(statement.bytes.clone());
            let around = tree.modules[module].inside.clone().unwrap_or(0..source.text.len());
            let words = words(&source.tokens, &around, &of_uses);
            edits.extend(self.leads.import(module, statement, krate, (&source.text, &words)));
        }
        for path in paths(&source.tokens, &source.text) {
            let first = path.segments[0].bytes.clone();
            if !inside(&first) || of_uses.iter().any(|bytes| bytes.contains(&first.start)) {
                continue;
            }
            let Some(module) = tree.module_at(file, first.start) else { continue };
            match self.leads.of(module, &path.segments, krate) {
                Lead::Same | Lead::Above(_) => {}
                Lead::Write { segments, path: new } => {
                    let end = path.segments[segments.min(path.segments.len()) - 1].bytes.end;
                    let new = if path.dollar && !new.starts_with("crate::") {
                        let other = new.split("::").next().unwrap_or_default().to_owned();
                        self.out.shown.entry(krate).or_default().insert(other);
                        format!("crate::{SHOWN}::{new}")
                    } else {
                        new
                    };
                    edits.push(Splice::new(first.start..end, new));
                }
            }
        }
    }

    /// What tests of crates above use is there under a feature, too.
    fn for_tests_of_others<'s>(
        &'s self,
        file: SourceFileId,
        source: &'s SourceFile,
    ) -> impl Iterator<Item = Splice> + 's {
        let conditions = source.test_only.iter().flat_map(|what| &what.conditions);
        conditions.filter_map(move |test| {
            let becomes = self.test_support.conditions.get(&(file, test.start))?;
            Some(Splice::new(test.clone(), *becomes))
        })
    }

    /// Visibility, the same in every crate that gets lines of the file.
    fn visibility(&self, file: SourceFileId, source: &SourceFile) -> Vec<Splice> {
        let decls = source.modules.iter().flat_map(|&id| &self.leads.tree.modules[id].body.decls);
        let widened = decls.filter(|d| self.widened.contains(&(file, d.vis.start)));
        let splice = |d: &Decl| match d.kind {
            DeclKind::Macro => {
                let indent = indent_at(&source.text, d.vis.start);
                Splice::new(d.vis.clone(), format!("#[macro_export]\n{indent}"))
            }
            _ if d.vis.is_empty() => Splice::new(d.vis.clone(), "pub "),
            _ => Splice::new(d.vis.clone(), "pub"),
        };
        let mut edits: Vec<Splice> = widened.map(splice).collect();
        edits.extend(self.macro_bodies(source));
        edits.extend(self.written_by_macros(file, source));
        edits
    }

    /// `pub(…)` in the arguments of a macro, or in its body: what comes of that is declared nowhere.
    fn written_by_macros(&self, file: SourceFileId, source: &SourceFile) -> Vec<Splice> {
        let all = (file, 0)..(file, usize::MAX);
        let starts = self.widened.range(all).map(|(_, start)| *start);
        let token = |start: usize| source.tokens.binary_search_by_key(&start, |t| t.bytes.start).ok();
        let ranges = starts.filter_map(|start| restricted(&source.tokens, token(start)?));
        ranges.map(|range| Splice::new(range, "pub")).collect()
    }

    /// A macro that other crates call finds others, and what it names, by `$crate`.
    fn macro_bodies(&self, source: &SourceFile) -> Vec<Splice> {
        let mut edits = Vec::new();
        for &id in &source.modules {
            for (name, body) in &self.leads.tree.modules[id].body.macros {
                if !(self.leads.exported)(id, name) {
                    continue;
                }
                let called =
                    called_macros(&source.tokens).filter(|(_, token)| body.contains(&token.bytes.start));
                for (called, token) in called {
                    if self.leads.macro_owner(called).is_some() && !after_dollar(&source.text, token) {
                        edits.push(Splice::new(token.bytes.start..token.bytes.start, "$crate::"));
                    }
                }
                let crates = source.tokens.iter().filter(|token| {
                    token.kind == TokenKind::Ident("crate".to_owned()) && body.contains(&token.bytes.start)
                });
                for token in crates {
                    let path = source.text[token.bytes.end..].trim_start().starts_with("::");
                    if path && !after_dollar(&source.text, token) {
                        edits.push(Splice::new(token.bytes.start..token.bytes.start, "$"));
                    }
                }
            }
        }
        edits
    }

    /// Which crates' macros the code calls by name.
    fn note_macros(&mut self, source: &SourceFile, range: &Range<usize>, krate: PlanCrateId) {
        for (name, token) in called_macros(&source.tokens) {
            if !range.contains(&token.bytes.start) {
                continue;
            }
            let below = |owner: &PlanCrateId| self.leads.layout.crates[krate].below.contains(owner);
            if let Some(owner) = self.leads.macro_owner(name).filter(below) {
                self.out.macros_of.entry(krate).or_default().insert(owner);
            }
            self.leads.double_macro(name, krate);
        }
    }

    pub(super) fn macro_uses(&self, krate: PlanCrateId) -> Vec<String> {
        let owners = self.out.macros_of.get(&krate).into_iter().flatten();
        owners
            .map(|&owner| {
                format!("#[macro_use]\nextern crate {};", self.leads.layout.crates[owner].lib_name())
            })
            .collect()
    }
}
