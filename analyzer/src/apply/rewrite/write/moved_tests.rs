//! Unit tests that have come to lie above what they test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;

use super::{NewFile, Writer};
use crate::apply::rewrite::layout::Moved;
use crate::apply::rewrite::lead::{Lead, MOVED_TESTS, tests_of};
use crate::apply::rewrite::statements::{Import, named, statements};
use crate::apply::rewrite::text::{head_of, indent_at, indented, unindented, with_comments, words};
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Decl, DeclKind, Leaf, Segment, Use};
use crate::apply::source::tokens::{WrittenPath, paths};
use crate::apply::source::tree::ROOT;
use crate::ids::{PlanCrateId, SourceModuleId};

/// Copies that name further ones are made so often. A choice: longer chains are for people to look at.
const MOST_COPIES: usize = 8;
/// The module of macros that tests of several crates call.
const TEST_MACROS: &str = "test_macros";

impl Writer<'_> {
    /// Whether all that an inline module has are tests that move.
    pub(in crate::apply) fn tests_alone_left(&self, module: SourceModuleId) -> bool {
        let data = &self.leads.tree.modules[module];
        let own = data
            .body
            .decls
            .iter()
            .filter(|d| matches!(d.kind, DeclKind::Item | DeclKind::Macro | DeclKind::Nameless));
        let moves = |bytes: &Range<usize>| {
            self.leads.layout.tests.iter().any(|t| t.module == module && t.bytes == *bytes)
        };
        let mut own = own.map(|decl| &decl.item).peekable();
        own.peek().is_some() && data.children.is_empty() && data.inside.is_some() && own.all(moves)
    }

    /// Unit tests that have come to lie above what they test, and copies of what other crates have for their tests alone: a module
    /// of their own, with one for each that they are from.
    pub(in crate::apply) fn moved_tests(&mut self) {
        for krate in self.leads.layout.crates.ids() {
            // A copy may name what has to be copied too.
            for _ in 0..MOST_COPIES {
                let copies = self.leads.copied_into(krate);
                self.moved_into(krate, &copies);
                if self.leads.copied_into(krate).len() == copies.len() {
                    break;
                }
            }
        }
    }

    fn moved_into(&mut self, krate: PlanCrateId, copies: &[Moved]) {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        let mut of_module: BTreeMap<SourceModuleId, Vec<&Moved>> = BTreeMap::new();
        for test in layout.tests.iter().filter(|test| test.krate == krate).chain(copies) {
            of_module.entry(test.module).or_default().push(test);
        }
        if of_module.is_empty() {
            return;
        }
        let mut text =
            "//! Unit tests that need more than the crate of the code that they test.\n".to_owned();
        let words_of = |(&module, tests): (&SourceModuleId, &Vec<&Moved>)| {
            let tokens = &tree.file_of(module).tokens;
            let all = tests.iter().flat_map(|test| words(tokens, &test.bytes, &[]));
            (module, all.collect::<BTreeSet<&str>>())
        };
        let elsewhere: Vec<_> = of_module.iter().map(words_of).collect();
        for (module, tests) in of_module {
            let source = tree.file_of(module);
            let name = tests_of(tree, module);
            let uses = &tree.modules[module].body.uses;
            let pieces = self.with_helpers(module, &tests);
            let of_copies = copies.iter().filter(|copy| copy.module == module);
            let paths = of_copies.map(|copy| format!("{}::{}", tree.modules[module].path, copy.name));
            self.out.supported.extend(paths);
            let words: BTreeSet<&str> =
                pieces.iter().flat_map(|piece| words(&source.tokens, piece, &[])).collect();
            let leaves = || uses.iter().flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
            let from = |(u, leaf)| self.leads.leaf_from(module, (u, leaf), krate, &words);
            // A trait is wanted without being named.
            let wanted = |leaf: &Leaf| words.contains(leaf.name()) || !self.leads.is_plain(module, leaf);
            let named = leaves().filter(|(_, leaf)| !leaf.is_glob() && wanted(leaf)).flat_map(from);
            let mut paths: Vec<Import> = named.collect();
            let by_glob = leaves().filter(|(_, leaf)| leaf.is_glob()).flat_map(from);
            // By several globs it is the same, whatever the path.
            let by_glob = by_glob.filter(|name| {
                !self.leads.imports_by_name(module, name.name()) && !self.leads.declares(module, name.name())
            });
            for name in by_glob.chain(self.tested(module, &words, krate)) {
                let known = |other: &Import| other.name() == name.name() && other.cfgs.is_empty();
                if name.name() == "*" || name.name() == "_" || !paths.iter().any(known) {
                    paths.push(name);
                }
            }
            let mut inner = statements("", &paths).join("\n");
            let own = tree.modules[module].body.decls.iter().filter(|d| pieces.contains(&d.item));
            let own: BTreeSet<&str> = own.map(|d| d.name.as_str()).collect();
            for piece in pieces {
                let bytes = with_comments(&source.text, piece.clone());
                let mut edits = self.test_paths(module, &bytes, krate, &own);
                let decl = tree.modules[module].body.decls.iter().find(|d| d.item == piece);
                let is_copy = copies.iter().any(|copy| copy.module == module && copy.bytes == piece);
                let seen = |d: &Decl| {
                    let named = |words: &BTreeSet<&str>| words.contains(d.name.as_str());
                    d.vis.is_empty() && elsewhere.iter().any(|(id, words)| *id != module && named(words))
                };
                edits.extend(decl.and_then(|d| match is_copy {
                    true if d.vis.is_empty() => Some(Splice::new(d.vis.clone(), "pub(crate) ")),
                    true => Some(Splice::new(d.vis.clone(), "pub(crate)")),
                    false => seen(d).then(|| Splice::new(d.vis.clone(), "pub(super) ")),
                }));
                edits.push(Splice::new(0..bytes.start, ""));
                edits.push(Splice::new(bytes.end..source.text.len(), ""));
                let item = edited(&source.text, &edits);
                let indent = indent_at(&source.text, piece.start).to_owned();
                inner += &format!("\n\n{}", unindented(&format!("{indent}{}", item.trim_end())).trim_end());
            }
            let vis = if copies.iter().any(|copy| copy.module == module) { "pub(crate) " } else { "" };
            text += &format!("\n{vis}mod {name} {{\n{}}}\n", indented(&inner));
        }
        let root = self.root_file(krate);
        self.out
            .files
            .insert(self.directories[krate].join(format!("{MOVED_TESTS}.rs")), NewFile { text, from: None });
        let line = format!("\n#[cfg(test)]\nmod {MOVED_TESTS};\n");
        if let Some(file) = self.out.files.get_mut(&root).filter(|file| !file.text.contains(&line)) {
            file.text += &line;
        }
    }

    /// What tests that stand beside the code that they test name of it: it stays where it is.
    fn tested(&self, module: SourceModuleId, words: &BTreeSet<&str>, krate: PlanCrateId) -> Vec<Import> {
        let tree = self.leads.tree;
        let data = &tree.modules[module];
        let stays = |d: &&Decl| {
            d.kind == DeclKind::Item
                && words.contains(d.name.as_str())
                && !tree.is_for_tests(data.file, d.item.start)
        };
        let exposed = |d: &Decl| Import::of(self.leads.exposed(module, &d.name, krate)).under(&d.cfgs);
        let names: BTreeSet<_> = data.body.decls.iter().filter(stays).map(exposed).collect();
        names.into_iter().collect()
    }

    /// The bytes of tests, with those of what is for them in their own module, in the order of the text.
    fn with_helpers(&mut self, module: SourceModuleId, tests: &[&Moved]) -> Vec<Range<usize>> {
        let tree = self.leads.tree;
        let source = tree.file_of(module);
        let data = &tree.modules[module];
        let body = &data.body;
        let mut pieces: Vec<Range<usize>> = tests.iter().map(|test| test.bytes.clone()).collect();
        let mut at = 0;
        while let Some(piece) = pieces.get(at).cloned() {
            at += 1;
            let named = words(&source.tokens, &piece, &[]);
            for decl in body.decls.iter().filter(|d| tree.is_for_tests(data.file, d.item.start)) {
                let helper = match decl.kind {
                    DeclKind::Item | DeclKind::Macro => named.contains(decl.name.as_str()),
                    // An `impl` of what is taken.
                    DeclKind::Nameless => {
                        let brace = source.text[decl.item.clone()].find('{').unwrap_or(0);
                        let head = words(&source.tokens, &(decl.item.start..decl.item.start + brace), &[]);
                        let taken = |d: &&Decl| d.kind == DeclKind::Item && pieces.contains(&d.item);
                        body.decls.iter().filter(taken).any(|d| head.contains(d.name.as_str()))
                    }
                    _ => false,
                };
                if helper && !pieces.contains(&decl.item) {
                    pieces.push(decl.item.clone());
                    self.out.supported.insert(format!("{}::{}", tree.modules[module].path, decl.name));
                }
            }
        }
        pieces.sort_by_key(|piece| piece.start);
        pieces
    }

    /// Copies of modules for tests, for every crate whose tests name what is in them.
    pub(in crate::apply) fn doubled(&mut self) {
        let mut done = BTreeSet::new();
        loop {
            let found = self.leads.doubled.take();
            let new: Vec<_> = found.into_iter().filter(|copy| done.insert(*copy)).collect();
            if new.is_empty() {
                break;
            }
            for (krate, module) in new {
                self.double(krate, module);
            }
        }
        self.doubled_macros();
    }

    /// Copies of macros for tests: a module at the head of each crate that calls some.
    fn doubled_macros(&mut self) {
        let tree = self.leads.tree;
        let mut of_crate: BTreeMap<PlanCrateId, String> = BTreeMap::new();
        for (krate, module, name) in self.leads.doubled_macros.take() {
            let Some(decl) = self.leads.macro_for_tests(module, &name) else { continue };
            let source = tree.file_of(module);
            let bytes = with_comments(&source.text, decl.item.clone());
            let indent = indent_at(&source.text, decl.item.start);
            let mut edits = self.paths_of_macro(module, &bytes, krate);
            edits.push(Splice::new(0..bytes.start, ""));
            edits.push(Splice::new(bytes.end..source.text.len(), ""));
            let item = unindented(&format!("{indent}{}", edited(&source.text, &edits)));
            let text = of_crate.entry(krate).or_insert_with(|| "//! Macros for tests.\n".to_owned());
            *text += &format!("\n{item}");
            self.out.supported.insert(format!("{}::{name}", tree.modules[module].path));
        }
        for (krate, text) in of_crate {
            let root = self.root_file(krate);
            let path = self.directories[krate].join(format!("{TEST_MACROS}.rs"));
            if let Some(file) = self.out.files.get_mut(&root) {
                let line = format!("#[cfg(test)]\n#[macro_use]\nmod {TEST_MACROS};\n");
                file.text.insert_str(head_of(&file.text), &line);
                self.out.files.insert(path, NewFile { text, from: None });
            }
        }
    }

    /// The paths of a macro that only its own crate calls.
    fn paths_of_macro(
        &self,
        module: SourceModuleId,
        range: &Range<usize>,
        krate: PlanCrateId,
    ) -> Vec<Splice> {
        let source = self.leads.tree.file_of(module);
        let here = paths(&source.tokens, &source.text);
        let splice = |path: WrittenPath| {
            let (first, dollar) = (&path.segments[0].bytes, usize::from(path.dollar));
            let lead = self.leads.by_tests(|| self.leads.of_path(module, &path, krate));
            let Lead::Write { segments, path: new } = lead else { return None };
            let end = path.segments[segments.min(path.segments.len()) - 1].bytes.end;
            let dollar = if new.starts_with("crate::") { 0 } else { dollar };
            Some(Splice::new(first.start - dollar..end, new))
        };
        here.into_iter()
            .filter(|path| range.contains(&path.segments[0].bytes.start))
            .filter_map(splice)
            .collect()
    }

    fn root_file(&self, krate: PlanCrateId) -> PathBuf {
        if self.leads.layout.crates[krate].residual {
            self.leads.tree.file_of(ROOT).path.clone()
        } else {
            self.directories[krate].join("lib.rs")
        }
    }

    fn double(&mut self, krate: PlanCrateId, module: SourceModuleId) {
        let tree = self.leads.tree;
        let data = &tree.modules[module];
        let source = tree.file_of(module);
        let (Some(decl), Some(parent)) = (&data.decl, data.parent) else { return };
        let range = data.inside.clone().unwrap_or(0..source.text.len());
        let mut edits = Vec::new();
        // Tests themselves run once.
        let is_test = |d: &&Decl| d.kind == DeclKind::Item && source.text[d.item.clone()].contains("#[test]");
        let tests = data.body.decls.iter().filter(is_test);
        edits
            .extend(tests.map(|d| Splice::remove(&source.text, with_comments(&source.text, d.item.clone()))));
        // A module of it in a file of its own comes along where the rest names it.
        let of_child = |&child: &SourceModuleId| tree.modules[child].declarations().map(move |d| (child, d));
        let apart = data.children.iter().filter(|child| tree.modules[**child].inside.is_none());
        for (child, decl) in apart.flat_map(of_child) {
            edits.push(Splice::remove(&source.text, decl.whole.clone()));
            if words(&source.tokens, &range, std::slice::from_ref(&decl.whole)).contains(decl.name.as_str()) {
                self.leads.doubled.borrow_mut().insert((krate, child));
            }
        }
        self.code(data.file, range.clone(), krate, &mut edits);
        edits.push(Splice::new(0..range.start, ""));
        edits.push(Splice::new(range.end..source.text.len(), ""));
        let text = edited(&source.text, &edits);
        let text = if data.inside.is_some() { unindented(&text) } else { text };
        let own = match &data.inside {
            Some(_) => data.directory.with_extension("rs"),
            None => source.path.clone(),
        };
        let path = self.target(krate, &own);
        if self.out.files.contains_key(&path) {
            return;
        }
        let around = self.file_for_tests(krate, parent);
        let Some(file) = around.and_then(|around| self.out.files.get_mut(&around)) else { return };
        if decl.macro_use {
            let line = format!("#[cfg(test)]\n#[macro_use]\nmod {};\n", decl.name);
            file.text.insert_str(head_of(&file.text), &line);
        } else {
            file.text += &format!("\n#[cfg(test)]\npub(crate) mod {};\n", decl.name);
        }
        self.out.files.insert(path, NewFile { text, from: None });
        self.out.supported.insert(data.path.clone());
    }

    /// The file of a module in a crate; where the crate has nothing of it, one that is there for tests alone. `None` for an
    /// inline module that the crate does not have.
    fn file_for_tests(&mut self, krate: PlanCrateId, module: SourceModuleId) -> Option<PathBuf> {
        let tree = self.leads.tree;
        let data = &tree.modules[module];
        if module == ROOT {
            return Some(self.root_file(krate));
        }
        let path = self.target(krate, &tree.file_of(module).path);
        if self.out.files.contains_key(&path) {
            return Some(path);
        }
        // What stays re-exports the module by its name.
        if self.leads.layout.crates[krate].residual {
            return None;
        }
        let decl = data.decl.as_ref().filter(|decl| data.inside.is_none() && decl.path.is_none())?;
        let around = self.file_for_tests(krate, data.parent?)?;
        let file = self.out.files.get_mut(&around)?;
        file.text += &format!("\n#[cfg(test)]\npub(crate) mod {};\n", decl.name);
        self.out.files.insert(path.clone(), NewFile::default());
        Some(path)
    }

    /// The paths of a test that are written otherwise in another crate, and its own imports. `own`: what goes along with it.
    fn test_paths(
        &self,
        module: SourceModuleId,
        range: &Range<usize>,
        krate: PlanCrateId,
        own: &BTreeSet<&str>,
    ) -> Vec<Splice> {
        let goes_along = |segments: &[Segment]| match segments {
            [first, second, ..] => first.name == "self" && own.contains(second.name.as_str()),
            _ => false,
        };
        let source = self.leads.tree.file_of(module);
        let inner: Vec<&Use> = source.inner_uses.iter().filter(|u| range.contains(&u.bytes.start)).collect();
        let wanted = words(&source.tokens, range, &[]);
        let imports = inner.iter().filter_map(|u| {
            let of_leaf = |leaf: &Leaf| match leaf.segments.split_last() {
                _ if goes_along(&leaf.segments) => vec![named(u, leaf, None)],
                Some((_, around)) if leaf.is_glob() && !around.is_empty() => {
                    let path = self.leads.by_tests(|| self.leads.path_from(module, around, krate));
                    vec![named(u, leaf, path.as_deref().map(|path| (around.len(), path)))]
                }
                _ => self.leads.leaf_from(module, (u, leaf), krate, &wanted),
            };
            let names: Vec<Import> = u.leaves.iter().flat_map(of_leaf).collect();
            let lines = statements(&u.vis, &names);
            let indent = indent_at(&source.text, u.bytes.start);
            let starts = ["crate", "self", "super"];
            let mut leaves = u.leaves.iter().map(|leaf| &leaf.segments[..]).filter(|s| !goes_along(s));
            let of_crate = leaves.any(|segments| starts.contains(&segments[0].name.as_str()));
            of_crate
                .then(|| Splice::new(u.whole.clone(), lines.join("\n").replace('\n', &format!("\n{indent}"))))
        });
        let mut splices: Vec<Splice> = imports.collect();
        let here = paths(&source.tokens, &source.text).into_iter().filter(|p| {
            let at = p.segments[0].bytes.start;
            range.contains(&at) && !inner.iter().any(|u| u.whole.contains(&at)) && !goes_along(&p.segments)
        });
        let splice = |path: WrittenPath| {
            let new = self.leads.by_tests(|| self.leads.path_from(module, &path.segments, krate))?;
            let (first, last) = (path.segments.first()?, path.segments.last()?);
            Some(Splice::new(first.bytes.start..last.bytes.end, new))
        };
        splices.extend(here.filter_map(splice));
        splices.extend(self.named_in(self.leads.tree.modules[module].file, range));
        splices
    }
}
