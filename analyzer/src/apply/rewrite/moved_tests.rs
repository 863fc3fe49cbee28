//! Unit tests that have come to lie above what they test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::layout::Moved;
use super::statements::statements;
use super::text::{indent_at, unindented, with_comments, words};
use super::write::{NewFile, Writer};
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::DeclKind;
use crate::apply::source::tokens::{WrittenPath, paths};
use crate::apply::source::tree::ROOT;
use crate::ids::{PlanCrateId, SourceModuleId};

/// The module of unit tests that have moved up.
const MOVED_TESTS: &str = "moved_tests";

impl Writer<'_> {
    /// Whether all that an inline module has are tests that move.
    pub(super) fn tests_alone_left(&self, module: SourceModuleId) -> bool {
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

    /// Unit tests that have come to lie above what they test: a module of their own, with one for each that they are from.
    pub(super) fn moved_tests(&mut self) {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        for krate in layout.crates.ids() {
            let mut of_module: BTreeMap<SourceModuleId, Vec<&Moved>> = BTreeMap::new();
            for test in layout.tests.iter().filter(|test| test.krate == krate) {
                of_module.entry(test.module).or_default().push(test);
            }
            if of_module.is_empty() {
                continue;
            }
            let mut text =
                "//! Unit tests that need more than the crate of the code that they test.\n".to_owned();
            for (module, tests) in of_module {
                let source = tree.file_of(module);
                let name = tree.inner_path(module).trim_end_matches("::tests").replace("::", "_");
                let uses = &tree.modules[module].body.uses;
                let words: BTreeSet<&str> =
                    tests.iter().flat_map(|test| words(&source.tokens, &test.bytes, &[])).collect();
                let paths: Vec<(String, String)> = uses
                    .iter()
                    .flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)))
                    .flat_map(|(u, leaf)| self.leads.leaf_from(module, (u, leaf), krate, &words))
                    .collect();
                let mut inner = statements("", &paths).join("\n");
                for test in tests {
                    let bytes = with_comments(&source.text, test.bytes.clone());
                    let mut edits = self.test_paths(module, &bytes, krate);
                    edits.push(Splice::new(0..bytes.start, ""));
                    edits.push(Splice::new(bytes.end..source.text.len(), ""));
                    let item = edited(&source.text, &edits);
                    let indent = indent_at(&source.text, test.bytes.start).to_owned();
                    inner +=
                        &format!("\n\n{}", unindented(&format!("{indent}{}", item.trim_end())).trim_end());
                }
                let indented = inner
                    .lines()
                    .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") });
                text += &format!("\nmod {name} {{\n{}}}\n", indented.collect::<String>());
            }
            let root = if layout.crates[krate].residual {
                tree.file_of(ROOT).path.clone()
            } else {
                self.directories[krate].join("lib.rs")
            };
            self.out.files.insert(
                self.directories[krate].join(format!("{MOVED_TESTS}.rs")),
                NewFile { text, from: None },
            );
            if let Some(file) = self.out.files.get_mut(&root) {
                file.text += &format!("\n#[cfg(test)]\nmod {MOVED_TESTS};\n");
            }
        }
    }

    /// The paths of a test that are written otherwise in another crate.
    fn test_paths(&self, module: SourceModuleId, range: &Range<usize>, krate: PlanCrateId) -> Vec<Splice> {
        let source = self.leads.tree.file_of(module);
        let here = paths(&source.tokens, &source.text)
            .into_iter()
            .filter(|p| range.contains(&p.segments[0].bytes.start));
        let splice = |path: WrittenPath| {
            let new = self.leads.path_from(module, &path.segments, krate)?;
            let (first, last) = (path.segments.first()?, path.segments.last()?);
            Some(Splice::new(first.bytes.start..last.bytes.end, new))
        };
        here.filter_map(splice).collect()
    }
}
