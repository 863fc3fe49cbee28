//! What changes within the code that a crate takes: imports, paths, visibility, and how macros are found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Writer;
use super::imports::Code;
use crate::apply::rewrite::layout::Moved;
use crate::apply::rewrite::lead::{Lead, View};
use crate::apply::rewrite::public::written::declares_macro;
use crate::apply::rewrite::text::{SHOWN, after_dollar, indent_at, words};
use crate::apply::source::spans::Splice;
use crate::apply::source::syntax::{Decl, DeclKind, Leaf};
use crate::apply::source::tokens::{TokenKind, called_macros, paths, paths_into, restricted};
use crate::apply::source::tree::SourceFile;
use crate::ids::{PlanCrateId, SourceFileId};

impl Writer<'_> {
    /// Changes within a range of a file: paths, imports, visibility, macros.
    pub(in crate::apply) fn code(
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
        edits.extend(self.named_in(file, &range));
        edits.extend(self.import_extensions(source, &range, krate));
        let todos = self.todos.get(&file).into_iter().flatten();
        edits.extend(todos.filter(|todo| inside(&todo.bytes)).cloned());
        self.note_macros(file, &range, krate);
        let leaving = self.leads.layout.tests.iter().filter(|test| source.modules.contains(&test.module));
        let leaving: Vec<Range<usize>> = leaving.map(|test| test.bytes.clone()).collect();
        let mut of_uses: Vec<Range<usize>> = Vec::new();
        let own =
            source.modules.iter().flat_map(|&id| tree.modules[id].body.uses.iter().map(move |u| (id, u)));
        let inner = source.inner_uses.iter().filter_map(|u| Some((tree.module_at(file, u.bytes.start)?, u)));
        for (module, statement) in own.chain(inner).filter(|(_, u)| inside(&u.bytes)) {
            of_uses.push(statement.bytes.clone());
            let around = tree.modules[module].inside.clone().unwrap_or(0..source.text.len());
            let words_without = |without: &[Range<usize>]| words(&source.tokens, &around, without);
            // An import that only tests want which move away brings in nothing from above.
            let staying = tree
                .is_for_tests(file, statement.bytes.start)
                .then(|| words_without(&of_uses.iter().chain(&leaving).cloned().collect::<Vec<_>>()));
            let (words, for_tests) = (words_without(&of_uses), staying.as_ref());
            let code = Code { text: &source.text, words: &words, for_tests };
            edits.extend(self.leads.import(module, statement, krate, &code));
        }
        let parted = self.parted(file, &range, krate).into_iter();
        edits.extend(parted.filter(|edit| !of_uses.iter().any(|bytes| bytes.contains(&edit.bytes.start))));
        for path in paths(&source.tokens, &source.text) {
            let first = path.segments[0].bytes.clone();
            if !inside(&first) || of_uses.iter().any(|bytes| bytes.contains(&first.start)) {
                continue;
            }
            // What leaves is written where it goes.
            if leaving.iter().any(|bytes| bytes.contains(&first.start)) {
                continue;
            }
            let Some(module) = tree.module_at(file, first.start) else { continue };
            let lead = self.leads.of_path(module, &path, krate);
            // A dev-dependency has no place among what other crates' code is shown.
            let by_tests = matches!(lead, Lead::Above(_)) && tree.is_for_tests(file, first.start);
            let lead = match by_tests {
                true => self.leads.by_tests(|| self.leads.of_path(module, &path, krate)),
                false => lead,
            };
            match lead {
                Lead::Same | Lead::Above(_) => {}
                Lead::Write { segments, path: new } => {
                    let end = path.segments[segments.min(path.segments.len()) - 1].bytes.end;
                    let dollar = Splice::new(first.start..first.start, "$");
                    let becomes = edits.iter().position(|edit| *edit == dollar);
                    let of_macro = path.dollar || becomes.is_some();
                    let new = if of_macro && !by_tests && !new.starts_with("crate::") {
                        let other = new.split("::").next().unwrap_or_default().to_owned();
                        self.out.shown.entry(krate).or_default().insert(other);
                        format!("crate::{SHOWN}::{new}")
                    } else {
                        new
                    };
                    // Of two edits at one place the first one counts.
                    let sign = becomes.map_or("", |at| {
                        edits.remove(at);
                        if by_tests { "" } else { "$" }
                    });
                    let start = first.start - usize::from(path.dollar && by_tests);
                    edits.push(Splice::new(start..end, format!("{sign}{new}")));
                }
            }
        }
    }

    /// Paths that begin at an import of a module which lies in several crates.
    fn parted(&self, file: SourceFileId, range: &Range<usize>, krate: PlanCrateId) -> Vec<Splice> {
        let tree = self.leads.tree;
        let source = &tree.files[file];
        let mut edits = Vec::new();
        for &module in &source.modules {
            let leaves = tree.modules[module].body.uses.iter().flat_map(|u| &u.leaves);
            let is_parted = |leaf: &&Leaf| self.leads.parted_behind(module, leaf, krate).is_some();
            for leaf in leaves.filter(|leaf| !leaf.is_glob()).filter(is_parted) {
                for segments in paths_into(&source.tokens, leaf.name()) {
                    let first = segments[0].bytes.clone();
                    let here =
                        range.contains(&first.start) && tree.module_at(file, first.start) == Some(module);
                    let lead = here.then(|| self.leads.of_parted(module, leaf, &segments, krate)).flatten();
                    edits.extend(lead.map(|(count, path)| {
                        let end = segments[count.min(segments.len()) - 1].bytes.end;
                        Splice::new(first.start..end, path)
                    }));
                }
            }
        }
        edits
    }

    /// Names of files, as another crate has to write them.
    pub(super) fn named_in(&self, file: SourceFileId, range: &Range<usize>) -> impl Iterator<Item = Splice> {
        let here = self.named_files.range((file, range.start)..(file, range.end));
        here.map(|(_, (bytes, new))| Splice::new(bytes.clone(), new.clone()))
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
                let text = &source.text[d.vis.start..];
                let word = text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                // In the place of the first word: it goes where the macro goes.
                let bytes = d.vis.start..d.vis.start + word.len();
                Splice::new(bytes, format!("#[macro_export]\n{indent}{word}"))
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
        // What is declared where it stands is changed there.
        let decls = || source.modules.iter().flat_map(|&id| &self.leads.tree.modules[id].body.decls);
        let declared = |start: usize| decls().any(|d| d.vis.start == start);
        let token = |start: usize| source.tokens.binary_search_by_key(&start, |t| t.bytes.start).ok();
        let splice = |start: usize| {
            let at = token(start)?;
            if declares_macro(&source.tokens, at) {
                return Some(Splice::new(start..start, "#[macro_export] "));
            }
            let bodies = source.modules.iter().flat_map(|&id| &self.leads.tree.modules[id].body.macros);
            let in_body = || bodies.into_iter().any(|(_, body)| body.contains(&start));
            let in_call = || decls().any(|d| d.kind == DeclKind::Nameless && d.item.contains(&start));
            match restricted(&source.tokens, at) {
                Some(range) => Some(Splice::new(range, "pub")),
                None => {
                    (in_body() || (!declared(start) && in_call())).then(|| Splice::new(start..start, "pub "))
                }
            }
        };
        starts.filter_map(splice).collect()
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
    fn note_macros(&mut self, file: SourceFileId, range: &Range<usize>, krate: PlanCrateId) {
        let tree = self.leads.tree;
        for (name, token) in called_macros(&tree.files[file].tokens) {
            let at = token.bytes.start;
            let moves = |test: &Moved| tree.modules[test.module].file == file && test.bytes.contains(&at);
            if !range.contains(&at) || self.leads.layout.tests.iter().any(moves) {
                continue;
            }
            let plain = !after_dollar(&tree.files[file].text, token);
            match self.leads.macro_owner(name).map(|owner| (owner, self.leads.view(owner, krate))) {
                Some((owner, View::Below)) => {
                    self.out.macros_of.entry(krate).or_default().insert(owner);
                }
                Some((owner, View::Above)) if plain && tree.is_for_tests(file, at) => {
                    self.out.test_macros_of.entry(krate).or_default().insert(owner);
                    self.out.above_tests.insert((krate, owner));
                }
                _ => {}
            }
            self.leads.double_macro(name, krate);
        }
    }

    pub(in crate::apply) fn macro_uses(&self, krate: PlanCrateId) -> Vec<String> {
        let of = |owners: &BTreeMap<PlanCrateId, BTreeSet<PlanCrateId>>, cfg: &str| -> Vec<String> {
            let owners = owners.get(&krate).into_iter().flatten();
            let name = |&owner: &PlanCrateId| self.leads.layout.crates[owner].lib_name();
            owners.map(name).map(|name| format!("{cfg}#[macro_use]\nextern crate {name};")).collect()
        };
        let mut uses = of(&self.out.macros_of, "");
        uses.extend(of(&self.out.test_macros_of, "#[cfg(test)]\n"));
        uses
    }
}
