//! Modules of which a crate holds only a part: what is written in their place.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::{NewFile, Place, Writer};
use crate::apply::rewrite::extension::left_behind;
use crate::apply::rewrite::layout::Moved;
use crate::apply::rewrite::lead::Lead;
use crate::apply::rewrite::statements::{Import, named, statements};
use crate::apply::rewrite::text::{SHOWN, imported, indent_at, unindented, with_comments, words};
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{DeclKind, Leaf};
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::ROOT;
use crate::ids::{PlanCrateId, SourceModuleId};

/// Whether one of these lines declares a module.
fn declares(lines: &[String], module: &str) -> bool {
    lines.iter().any(|line| line.ends_with(&format!("mod {module};")))
}

impl Writer<'_> {
    /// A module of which the crate holds only what is below, or single items.
    pub(in crate::apply) fn skeleton_module(&mut self, module: SourceModuleId, krate: PlanCrateId) {
        let data = &self.leads.tree.modules[module];
        let own = if data.inside.is_some() {
            data.directory.with_extension("rs")
        } else {
            self.leads.tree.file_of(module).path.clone()
        };
        let path = self.target(krate, &own);
        self.skeleton(module, krate, &path);
    }

    pub(in crate::apply) fn skeleton(&mut self, module: SourceModuleId, krate: PlanCrateId, path: &Path) {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        let data = &tree.modules[module];
        let source = tree.file_of(module);
        let mut declared = Vec::new();
        for &child in &data.children {
            let Some(decl) = &tree.modules[child].decl else { continue };
            match self.place(child, krate) {
                // The file of its name is that of the other one.
                Place::Own | Place::Mixed if self.is_other_of_name(child) => {
                    declared.push(self.inline_child(child, krate));
                }
                Place::Own => declared.push(self.own_child(child, decl, krate)),
                Place::Mixed => {
                    self.skeleton_module(child, krate);
                    let macro_use = if decl.macro_use { "#[macro_use]\n" } else { "" };
                    declared.push(format!("{}{macro_use}pub mod {};", self.head(child), decl.name));
                }
                // Others are named by the path of their crate.
                Place::From(other) if layout.crates[krate].residual => {
                    if self.shown_elsewhere(child, krate) {
                        let line = format!("{} use {};", decl.vis, self.leads.path_in(other, child));
                        declared.push(self.seen_of(child, other, krate, &self.head(child)) + line.trim());
                    }
                }
                Place::From(_) | Place::Nowhere => {}
            }
        }
        let kept: Vec<Moved> = layout.moved_to(module, krate).cloned().collect();
        let (mut items, mut macros) = (String::new(), String::new());
        let mut of_items: Vec<Range<usize>> = Vec::new();
        for item in &kept {
            let bytes = with_comments(&source.text, item.bytes.clone());
            let left = left_behind(&layout.extensions, module);
            let left: Vec<&Range<usize>> =
                left.filter(|left| bytes.start <= left.start && left.end <= bytes.end).collect();
            if left.contains(&&item.bytes) {
                continue;
            }
            let left = left.into_iter();
            let remove = |method: &Range<usize>| {
                Splice::remove(&source.text, with_comments(&source.text, method.clone()))
            };
            let mut edits: Vec<Splice> = left.map(remove).collect();
            self.code(data.file, bytes.clone(), krate, &mut edits);
            edits.push(Splice::new(0..bytes.start, ""));
            edits.push(Splice::new(bytes.end..source.text.len(), ""));
            // A macro is in scope below it only.
            let part = if item.kind == DeclKind::Macro { &mut macros } else { &mut items };
            *part += "\n";
            let text = edited(&source.text, &edits);
            match &data.inside {
                Some(_) => {
                    *part += &unindented(&(indent_at(&source.text, bytes.start).to_owned() + text.trim_end()))
                }
                None => *part += &format!("{}\n", text.trim_end()),
            }
            of_items.push(bytes);
        }
        let (traits, of_traits) = self.extensions(module, krate);
        items += &traits;
        of_items.extend(of_traits);
        let mut imports = Vec::new();
        if layout.crates[krate].residual {
            let globs = layout.providers(module, krate).into_iter().filter(|&other| {
                layout.home[module] == other || layout.moved_to(module, other).next().is_some()
            });
            imports.extend(globs.map(|other| format!("pub use {}::*;", self.leads.path_in(other, module))));
            imports.extend(self.dropped_re_exports(module));
        }
        let through = match layout.crates[krate].residual {
            true => BTreeSet::new(),
            false => {
                let mut names = self.named_through(module, krate);
                names.extend(self.named_by_glob(module, krate));
                names
            }
        };
        if !of_items.is_empty() || !through.is_empty() {
            let mut words: BTreeSet<&str> =
                of_items.iter().flat_map(|range| words(&source.tokens, range, &[])).collect();
            words.extend(through);
            let own = kept.iter().flat_map(|item| item.written.iter().chain([&item.name]));
            let mut own: BTreeSet<&str> = own.map(String::as_str).collect();
            let children = data.children.iter().filter_map(|&child| tree.modules[child].decl.as_ref());
            own.extend(
                children.filter(|child| declares(&declared, &child.name)).map(|child| child.name.as_str()),
            );
            let calls = kept.iter().filter(|item| item.kind == DeclKind::Nameless);
            own.extend(calls.flat_map(|call| imported(&source.tokens, &call.bytes)));
            let mut names = self.leads.names_of(module, (krate, true), &words, 0);
            let shown: Vec<String> = imports
                .iter()
                .filter_map(|line| line.strip_prefix("pub use ")?.strip_suffix("::*;"))
                .map(str::to_owned)
                .collect();
            names.retain(|import| {
                let around = import.path.rsplit_once("::").map_or("", |(around, _)| around);
                // A glob has it already, for everybody.
                let by_glob = import.rename.is_empty() && shown.iter().any(|path| path == around);
                !own.contains(import.name()) && !by_glob
            });
            imports.extend(statements("", &names));
            imports.extend(self.imports_of_extensions(module, krate, source, &of_items));
        }
        if module == ROOT {
            imports.extend(self.test_main());
        }
        let mut text = String::new();
        if module == ROOT {
            text += &format!("//! {}\n\n", self.about[krate]);
            text += &self.crate_attributes(source);
            text += &self.extern_crates(krate);
        } else {
            text += &self.documentation(module);
        }
        if module == ROOT {
            let uses = self.macro_uses(krate);
            if !uses.is_empty() {
                text += &uses.join("\n");
                text += "\n\n";
            }
        }
        declared.sort_by_key(|line| !line.contains("#[macro_use]"));
        let macros: Vec<String> =
            Some(macros.trim().to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
        for part in [imports, macros, declared] {
            if !part.is_empty() {
                if !text.is_empty() && !text.ends_with("\n\n") {
                    text += "\n";
                }
                text += &part.join("\n");
                text += "\n";
            }
        }
        if module == ROOT
            && let Some(shown) = self.out.shown.get(&krate)
        {
            let uses: Vec<String> =
                shown.iter().map(|name| format!("    pub extern crate {name};\n")).collect();
            text += &format!(
                "\n/// What this crate's macros name.\n#[doc(hidden)]\npub mod {SHOWN} {{\n{}}}\n",
                uses.concat()
            );
        }
        text += if text.is_empty() { items.trim_start_matches('\n') } else { &items };
        self.out.files.insert(path.to_owned(), NewFile { text, from: None });
    }

    /// Names that a crate's code takes from a module, of which it has a part: `module::name`.
    fn named_through(&self, module: SourceModuleId, krate: PlanCrateId) -> BTreeSet<&'_ str> {
        let tree = self.leads.tree;
        let Some(decl) = &tree.modules[module].decl else { return BTreeSet::new() };
        let here = tree.modules.ids().filter(|&id| self.leads.layout.home[id] == krate);
        let files: BTreeSet<_> = here.map(|id| tree.modules[id].file).collect();
        let colon = |token: &Token| token.kind == TokenKind::Punct(':');
        let mut found = BTreeSet::new();
        let start = format!("{}::", decl.name);
        for source in files.into_iter().map(|file| &tree.files[file]).filter(|s| s.text.contains(&start)) {
            for four in source.tokens.windows(4) {
                let (TokenKind::Ident(around), TokenKind::Ident(name)) = (&four[0].kind, &four[3].kind)
                else {
                    continue;
                };
                if *around == decl.name && colon(&four[1]) && colon(&four[2]) {
                    found.insert(name.as_str());
                }
            }
        }
        found
    }

    /// Whether the file of an inline module would be that of the crate itself: `lib.rs`, `main.rs`.
    pub(in crate::apply) fn has_name_of_root(&self, child: SourceModuleId) -> bool {
        let data = &self.leads.tree.modules[child];
        let name = data.decl.as_ref().map_or("", |decl| decl.name.as_str());
        data.parent == Some(ROOT) && data.inside.is_some() && ["lib", "main"].contains(&name)
    }

    /// Names in the modules of a crate that bring in all that a module of which it has a part has: `use super::*`.
    fn named_by_glob(&self, module: SourceModuleId, krate: PlanCrateId) -> BTreeSet<&'_ str> {
        let tree = self.leads.tree;
        let brings = |id: &SourceModuleId| {
            let mut leaves = tree.modules[*id].body.uses.iter().flat_map(|u| &u.leaves);
            leaves.any(|leaf| leaf.is_glob() && self.leads.behind_glob(*id, leaf) == Some(module))
        };
        let here = tree.modules.ids().filter(|&id| id != module && self.leads.layout.home[id] == krate);
        let words_of = |id: SourceModuleId| {
            let source = tree.file_of(id);
            let all = tree.modules[id].inside.clone().unwrap_or(0..source.text.len());
            words(&source.tokens, &all, &[])
        };
        here.filter(brings).flat_map(words_of).collect()
    }

    /// Whether it is an inline module that is switched off where another one of its name is not.
    fn is_other_of_name(&self, child: SourceModuleId) -> bool {
        let tree = self.leads.tree;
        let data = &tree.modules[child];
        let name = |id: SourceModuleId| tree.modules[id].decl.as_ref().map(|decl| decl.name.as_str());
        let mut beside = data.parent.iter().flat_map(|&parent| &tree.modules[parent].children);
        !data.compiled
            && data.inside.is_some()
            && beside
                .any(|&other| other != child && tree.modules[other].compiled && name(other) == name(child))
    }

    /// A module with all that is in it, in braces as it was.
    fn inline_child(&mut self, child: SourceModuleId, krate: PlanCrateId) -> String {
        let tree = self.leads.tree;
        let data = &tree.modules[child];
        let (Some(inside), Some(decl)) = (&data.inside, &data.decl) else { return String::new() };
        let source = tree.file_of(child);
        let mut edits = Vec::new();
        self.code(data.file, inside.clone(), krate, &mut edits);
        edits.push(Splice::new(0..inside.start, ""));
        edits.push(Splice::new(inside.end..source.text.len(), ""));
        format!("{}pub mod {} {{{}}}", self.head(child), decl.name, edited(&source.text, &edits))
    }

    /// What a module re-exported of code that lies above its crate now: the package goes on doing so.
    pub(super) fn dropped_re_exports(&self, module: SourceModuleId) -> Vec<String> {
        let (home, residual) = (self.leads.layout.home[module], self.leads.layout.residual());
        let mut lines = Vec::new();
        for statement in self.leads.tree.modules[module].body.uses.iter().filter(|u| !u.vis.is_empty()) {
            let written = |leaf: &Leaf| {
                // A module of it may lie in a third crate.
                let path = Some(leaf).filter(|leaf| !leaf.is_glob());
                let path = path.and_then(|leaf| self.leads.path_from(module, &leaf.segments, residual));
                named(statement, leaf, path.as_deref().map(|path| (leaf.segments.len(), path)))
            };
            let above = statement
                .leaves
                .iter()
                .filter(|leaf| matches!(self.leads.of_leaf(module, leaf, home), Lead::Above(_)))
                .map(written);
            let above: Vec<Import> = above.map(|name| name.under(&statement.cfgs)).collect();
            lines.extend(statements(&statement.vis, &above));
        }
        lines
    }

    /// `#[cfg(test)] use other::main;`, which begins tests without the usual harness.
    fn test_main(&self) -> Vec<String> {
        let uses = self.leads.tree.modules[ROOT].body.uses.iter().filter(|u| u.cfgs.contains("test"));
        let leaves = uses.flat_map(|u| u.leaves.iter().map(move |leaf| (u, leaf)));
        let mains = leaves.filter(|(_, leaf)| leaf.name() == "main" && self.leads.is_foreign(ROOT, leaf));
        mains.flat_map(|(u, leaf)| statements(&u.vis, &[named(u, leaf, None).under(&u.cfgs)])).collect()
    }

    /// What stands before a module's declaration wherever it is declared.
    pub(in crate::apply) fn head(&self, module: SourceModuleId) -> String {
        let data = &self.leads.tree.modules[module];
        let Some((decl, parent)) = data.decl.as_ref().zip(data.parent) else { return String::new() };
        let text = &self.leads.tree.file_of(parent).text;
        let docs: String =
            decl.docs.iter().map(|bytes| format!("{}\n", text[bytes.clone()].trim_end())).collect();
        docs + &data.cfgs()
    }

    /// What a module says of itself.
    fn documentation(&self, module: SourceModuleId) -> String {
        let data = &self.leads.tree.modules[module];
        let source = self.leads.tree.file_of(module);
        let of_file: Vec<Range<usize>> = source.attributes.iter().map(|(_, bytes)| bytes.clone()).collect();
        let inner = match &data.decl {
            Some(decl) if data.inside.is_some() => &decl.inner,
            _ => &of_file,
        };
        let comments =
            inner.iter().map(|bytes| &source.text[bytes.clone()]).filter(|text| text.starts_with('/'));
        let text: String = comments.map(|comment| format!("{}\n", comment.trim_end())).collect();
        if text.is_empty() { text } else { text + "\n" }
    }
}
