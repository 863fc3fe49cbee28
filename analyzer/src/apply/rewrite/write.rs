//! The sources of a plan's crates, with only what has to change changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::extension::methods_left;
use super::layout::{Moved, Widened};
use super::lead::{Lead, Leads, View};
use super::statements::{named, statements};
use super::test_support::TestSupport;
use super::text::{SHOWN, head_of, indent_at, unindented, with_comments, words};
use super::todo::Todos;
use super::written::shown_as;
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Child, DeclKind};
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::{ROOT, SourceFile};
use crate::ids::{IdVec, PlanCrateId, SourceFileId, SourceModuleId};

/// A source file of a crate.
#[derive(Debug, Default)]
pub(in crate::apply) struct NewFile {
    pub(in crate::apply) text: String,
    /// The file that it is, moved and changed.
    pub(in crate::apply) from: Option<PathBuf>,
}

/// All that is written.
#[derive(Debug, Default)]
pub(in crate::apply) struct Sources {
    /// By the new path.
    pub(in crate::apply) files: BTreeMap<PathBuf, NewFile>,
    /// Original files that are no more.
    pub(in crate::apply) gone: BTreeSet<PathBuf>,
    /// Names of macros that others call, by the crate that has them: what calls them wants them in scope.
    pub(in crate::apply) macros_of: BTreeMap<PlanCrateId, BTreeSet<PlanCrateId>>,
    /// The same for what tests call above their crate.
    pub(super) test_macros_of: BTreeMap<PlanCrateId, BTreeSet<PlanCrateId>>,
    /// Crates that tests have above their own: a crate, and one that its tests name.
    pub(in crate::apply) above_tests: BTreeSet<(PlanCrateId, PlanCrateId)>,
    /// Modules, and items of them, that are for tests and that every crate has whose tests use them.
    pub(in crate::apply) supported: BTreeSet<String>,
    /// Crates that the macros of a crate name by `$crate`.
    pub(super) shown: BTreeMap<PlanCrateId, BTreeSet<String>>,
}

/// Crates that come with the compiler: a crate without the standard library declares them at its root.
const BUILT_IN: [&str; 5] = ["alloc", "std", "core", "proc_macro", "test"];

/// Where a module is for a crate.
enum Place {
    Own,
    /// The crate holds something of it or below it only, or finds it in several crates.
    Mixed,
    From(PlanCrateId),
    Nowhere,
}

/// Writes the crates' sources.
pub(in crate::apply) struct Writer<'a> {
    pub(in crate::apply) leads: &'a Leads<'a>,
    pub(in crate::apply) widened: &'a Widened,
    pub(in crate::apply) test_support: &'a TestSupport,
    pub(in crate::apply) todos: &'a Todos,
    /// Each crate's directory of sources.
    pub(in crate::apply) directories: &'a IdVec<PlanCrateId, PathBuf>,
    /// What each crate is, in a sentence.
    pub(in crate::apply) about: &'a IdVec<PlanCrateId, String>,
    pub(in crate::apply) out: Sources,
}

impl<'a> Writer<'a> {
    /// All crates.
    pub(in crate::apply) fn write(mut self) -> Sources {
        let tree = self.leads.tree;
        for krate in self.leads.layout.crates.ids() {
            if krate == self.leads.layout.residual() {
                self.real(ROOT, krate);
            } else {
                let path = self.directories[krate].join("lib.rs");
                self.skeleton(ROOT, krate, &path);
            }
        }
        self.aliases();
        self.moved_tests();
        self.doubled();
        let written: BTreeSet<&PathBuf> = self.out.files.keys().collect();
        let unwritten = tree.files.iter().map(|file| &file.path).filter(|path| !written.contains(path));
        self.out.gone = unwritten.cloned().collect();
        self.out
    }

    fn place(&self, module: SourceModuleId, krate: PlanCrateId) -> Place {
        let layout = self.leads.layout;
        if layout.home[module] == krate {
            return Place::Own;
        }
        if layout.holders[module].contains(&krate) {
            return Place::Mixed;
        }
        let for_tests = self.leads.tree.modules[module].decl.as_ref().is_some_and(|decl| decl.for_tests);
        match layout.providers(module, krate)[..] {
            [] => Place::Nowhere,
            // What is compiled for the tests of one crate is not there for another.
            _ if for_tests => Place::Nowhere,
            [only] => Place::From(only),
            // One that has the module itself shows the rest, if it lies above the rest.
            [..] if layout.crates[krate].residual => Place::Mixed,
            [first, ..] => Place::From(first),
        }
    }

    /// A module with a file of its own, in the crate that takes it.
    fn real(&mut self, module: SourceModuleId, krate: PlanCrateId) {
        let data = &self.leads.tree.modules[module];
        let file = self.leads.tree.file_of(module);
        let mut edits = Vec::new();
        self.body(module, krate, &mut edits);
        let all = 0..file.text.len();
        self.code(data.file, all, krate, &mut edits);
        let mut uses = self.macro_uses(krate);
        uses.extend(self.exported_macros(krate));
        if module == ROOT && !uses.is_empty() {
            let head = file.attributes.iter().map(|(_, bytes)| bytes.end).max();
            let lines = uses.join("\n");
            edits.push(match head {
                Some(end) => Splice::new(end..end, format!("\n\n{lines}")),
                None => Splice::new(0..0, format!("{lines}\n\n")),
            });
        }
        let text = edited(&file.text, &edits);
        let path = self.target(krate, &file.path);
        let from = (path != file.path).then(|| file.path.clone());
        self.out.files.insert(path, NewFile { text, from });
    }

    /// Macros that users of the package find at its root and that lie in another crate now.
    fn exported_macros(&self, krate: PlanCrateId) -> Vec<String> {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        let taken = |name: &str| {
            let mut leaves = tree.modules[ROOT].body.uses.iter().flat_map(|u| &u.leaves);
            leaves.any(|leaf| leaf.name() == name)
        };
        let mut of_cfg: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
        for (id, module) in tree.modules.iter_enumerated() {
            let macros = module.body.decls.iter().filter(|d| d.kind == DeclKind::Macro && d.public);
            for decl in macros.filter(|d| !taken(&d.name)) {
                let owner = layout.of_item(id, &decl.name);
                if owner != krate {
                    let parent = |module: &SourceModuleId| tree.modules[*module].parent;
                    let around = std::iter::successors(Some(id), parent);
                    let mut cfgs: String = around.map(|module| tree.modules[module].cfgs()).collect();
                    cfgs += &cfgs_of(&tree.files[module.file].text[decl.item.clone()]);
                    of_cfg.entry((layout.crates[owner].lib_name(), cfgs)).or_default().insert(&decl.name);
                }
            }
        }
        let line = |((owner, cfgs), names): ((String, String), BTreeSet<&str>)| {
            let paths: Vec<(String, String)> =
                names.iter().map(|name| (format!("{owner}::{name}"), String::new())).collect();
            statements("pub", &paths)
                .iter()
                .map(|line| format!("{cfgs}{line}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        of_cfg.into_iter().map(line).collect()
    }

    /// Where the children of a module are now, and the items that left it.
    fn body(&mut self, module: SourceModuleId, krate: PlanCrateId, edits: &mut Vec<Splice>) {
        let tree = self.leads.tree;
        let text = &tree.file_of(module).text;
        let left: Vec<&Moved> =
            self.leads.layout.moved.iter().filter(|m| m.module == module && m.krate != krate).collect();
        let imports = self.imports_of_moved(module, &left, krate);
        for (at, item) in left.iter().enumerate() {
            let bytes = with_comments(text, item.bytes.clone());
            let indent = indent_at(text, item.bytes.start);
            edits.push(match (at, imports.is_empty()) {
                (0, false) => Splice::new(bytes, imports.join(&format!("\n{indent}"))),
                _ => Splice::remove(text, bytes),
            });
        }
        let extended = methods_left(&self.leads.layout.extensions, module);
        edits.extend(extended.map(|method| Splice::remove(text, with_comments(text, method.whole.clone()))));
        let tests = self.leads.layout.tests.iter().filter(|test| test.module == module);
        edits.extend(tests.map(|test| Splice::remove(text, with_comments(text, test.bytes.clone()))));
        let children = &tree.modules[module].children;
        let declared =
            children.iter().flat_map(|&child| tree.modules[child].declarations().map(move |d| (child, d)));
        for (child, decl) in declared {
            if self.tests_alone_left(child) {
                edits.push(Splice::remove(text, decl.whole.clone()));
                continue;
            }
            match self.place(child, krate) {
                Place::Own if tree.modules[child].inside.is_some() => self.body(child, krate, edits),
                Place::Own => self.real(child, krate),
                Place::Mixed => {
                    self.skeleton_module(child, krate);
                    if tree.modules[child].inside.is_some() {
                        edits.push(Splice::new(
                            decl.bare.clone(),
                            format!("{} mod {};", decl.vis, decl.name).trim().to_owned(),
                        ));
                    }
                }
                Place::From(_) if !self.shown_elsewhere(child, krate) => {
                    edits.push(Splice::remove(text, decl.whole.clone()));
                }
                Place::From(other) => {
                    let line = format!("{} use {};", decl.vis, self.leads.path_in(other, child));
                    let attributes = decl.attributes.trim_end().to_owned();
                    let indent = indent_at(text, decl.whole.start);
                    let line = if attributes.is_empty() {
                        line.trim().to_owned()
                    } else {
                        format!("{attributes}\n{indent}{}", line.trim())
                    };
                    edits.push(Splice::new(decl.whole.clone(), line));
                }
                Place::Nowhere => edits.push(Splice::remove(text, decl.whole.clone())),
            }
        }
    }

    /// What stands in place of items that left: their imports, if others may name them and they lie below.
    fn imports_of_moved(&self, module: SourceModuleId, left: &[&Moved], krate: PlanCrateId) -> Vec<String> {
        let decls = &self.leads.tree.modules[module].body.decls;
        let file = self.leads.tree.modules[module].file;
        let text = &self.leads.tree.file_of(module).text;
        let mut of_vis: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for item in left.iter().filter(|item| self.leads.view(item.krate, krate) == View::Below) {
            let path = |name: &str| format!("{}::{name}", self.leads.path_in(item.krate, module));
            for name in &item.written {
                if let Some(vis) = shown_as(self.leads.tree, item, name, self.widened) {
                    of_vis.entry(vis).or_default().push((path(name), String::new()));
                }
            }
            let decl = decls.iter().find(|d| d.item == item.bytes && d.kind == DeclKind::Item);
            let decl = decl.filter(|_| item.kind == DeclKind::Item);
            // What does not become public is named by nobody above.
            let Some(decl) = decl.filter(|d| d.public || self.widened.contains(&(file, d.vis.start))) else {
                continue;
            };
            let vis = &text[decl.vis.clone()];
            of_vis.entry(vis.to_owned()).or_default().push((path(&item.name), String::new()));
        }
        of_vis.iter().flat_map(|(vis, paths)| statements(vis, paths)).collect()
    }

    /// A module of which the crate holds only what is below, or single items.
    fn skeleton_module(&mut self, module: SourceModuleId, krate: PlanCrateId) {
        let data = &self.leads.tree.modules[module];
        let own = if data.inside.is_some() {
            data.directory.with_extension("rs")
        } else {
            self.leads.tree.file_of(module).path.clone()
        };
        let path = self.target(krate, &own);
        self.skeleton(module, krate, &path);
    }

    fn skeleton(&mut self, module: SourceModuleId, krate: PlanCrateId, path: &Path) {
        let (tree, layout) = (self.leads.tree, self.leads.layout);
        let data = &tree.modules[module];
        let source = tree.file_of(module);
        let mut declared = Vec::new();
        for &child in &data.children {
            let Some(decl) = &tree.modules[child].decl else { continue };
            match self.place(child, krate) {
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
                        declared.push(format!("{}{}", self.head(child), line.trim()));
                    }
                }
                Place::From(_) | Place::Nowhere => {}
            }
        }
        let kept: Vec<Moved> = layout.moved_to(module, krate).cloned().collect();
        let mut items = String::new();
        let mut of_items: Vec<Range<usize>> = Vec::new();
        for item in &kept {
            let bytes = with_comments(&source.text, item.bytes.clone());
            let mut edits = Vec::new();
            self.code(data.file, bytes.clone(), krate, &mut edits);
            edits.push(Splice::new(0..bytes.start, ""));
            edits.push(Splice::new(bytes.end..source.text.len(), ""));
            items += "\n";
            items += edited(&source.text, &edits).trim_end();
            items += "\n";
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
        if !of_items.is_empty() {
            let words: BTreeSet<&str> =
                of_items.iter().flat_map(|range| words(&source.tokens, range, &[])).collect();
            let own = kept.iter().flat_map(|item| item.written.iter().chain([&item.name]));
            let own: BTreeSet<&str> = own.map(String::as_str).collect();
            let mut names = self.leads.names_of(module, (krate, true), &words, 0);
            let shown: Vec<String> = imports
                .iter()
                .filter_map(|line| line.strip_prefix("pub use ")?.strip_suffix("::*;"))
                .map(str::to_owned)
                .collect();
            names.retain(|(path, rename)| {
                let (around, last) = path.rsplit_once("::").unwrap_or(("", path));
                let name = if rename.is_empty() { last } else { rename };
                // A glob has it already, for everybody.
                let by_glob = rename.is_empty() && shown.iter().any(|path| path == around);
                !own.contains(name) && !by_glob
            });
            imports.extend(statements("", &names));
            imports.extend(self.imports_of_extensions(module, krate, source, &of_items));
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
        for part in [imports, declared] {
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

    /// What a module re-exported of code that lies above its crate now: the package goes on doing so.
    fn dropped_re_exports(&self, module: SourceModuleId) -> Vec<String> {
        let home = self.leads.layout.home[module];
        let mut lines = Vec::new();
        for statement in self.leads.tree.modules[module].body.uses.iter().filter(|u| !u.vis.is_empty()) {
            let above = statement
                .leaves
                .iter()
                .filter(|leaf| matches!(self.leads.of_leaf(module, leaf, home), Lead::Above(_)))
                .map(|leaf| named(statement, leaf, None));
            let above: Vec<(String, String)> = above.collect();
            lines.extend(
                statements(&statement.vis, &above).into_iter().map(|line| statement.cfgs.clone() + &line),
            );
        }
        lines
    }

    /// Whether a crate above shows a module in the place that it had: it can be named there, and it is. Where only the module
    /// around and what is in it may name it, these have to.
    fn shown_elsewhere(&self, child: SourceModuleId, krate: PlanCrateId) -> bool {
        let tree = self.leads.tree;
        let data = &tree.modules[child];
        let (Some(decl), Some(parent)) = (&data.decl, data.parent) else { return false };
        if !self.leads.is_public(child) {
            return false;
        }
        if !decl.vis.is_empty() {
            return true;
        }
        let around = &tree.modules[parent].path;
        let below = |path: &str| {
            path.strip_prefix(around.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        let kept = tree
            .modules
            .iter_enumerated()
            .filter(|(id, m)| self.leads.layout.home[*id] == krate && below(&m.path));
        let files: BTreeSet<SourceFileId> = kept.map(|(_, module)| module.file).collect();
        let names = |pair: &[Token]| {
            matches!(&pair[0].kind, TokenKind::Ident(word) if *word == decl.name)
                && pair[1].kind == TokenKind::Punct(':')
        };
        files.into_iter().any(|file| tree.files[file].tokens.windows(2).any(names))
    }

    /// The declaration of a module that the crate takes out of one that it doesn't.
    fn own_child(&mut self, child: SourceModuleId, decl: &Child, krate: PlanCrateId) -> String {
        let tree = self.leads.tree;
        let data = &tree.modules[child];
        let mut path_attribute = String::new();
        if let Some(inside) = &data.inside {
            let source = tree.file_of(child);
            let mut edits = Vec::new();
            self.body(child, krate, &mut edits);
            self.code(data.file, inside.clone(), krate, &mut edits);
            edits.push(Splice::new(0..inside.start, ""));
            edits.push(Splice::new(inside.end..source.text.len(), ""));
            let text = unindented(&edited(&source.text, &edits));
            let path = self.target(krate, &data.directory.with_extension("rs"));
            self.out.files.insert(path, NewFile { text, from: None });
        } else {
            self.real(child, krate);
            if decl.path.is_some() {
                let path = self.target(krate, &tree.file_of(child).path);
                let around = data.parent.map(|parent| &tree.modules[parent].directory);
                let around = around.map(|directory| self.target(krate, directory));
                let relative =
                    around.and_then(|dir| path.strip_prefix(dir).map(Path::to_owned).ok()).unwrap_or(path);
                path_attribute = format!("#[path = {:?}]\n", relative.display().to_string());
            }
        }
        let macro_use = if decl.macro_use { "#[macro_use]\n" } else { "" };
        format!("{}{macro_use}{path_attribute}pub mod {};", self.head(child), decl.name)
    }

    /// Modules that a crate holds in part and names as a whole show what lies below, too.
    fn aliases(&mut self) {
        let layout = self.leads.layout;
        for (krate, module) in self.leads.aliased.take() {
            let home = layout.home[module];
            if self.leads.view(home, krate) != View::Below {
                continue;
            }
            let own = &self.leads.tree.file_of(module).path;
            let path = self.target(krate, own);
            if let Some(file) = self.out.files.get_mut(&path) {
                let around = self.leads.path_in(home, module);
                // An import of its own would hide from others what the glob has.
                let single = format!("use {around}::");
                let lines = file.text.split_inclusive('\n').filter(|line| !line.starts_with(&single));
                file.text = lines.collect();
                file.text.insert_str(head_of(&file.text), &format!("pub use {around}::*;\n"));
            }
        }
    }

    /// `extern crate` declarations of the package that a new crate needs too: of what comes with the compiler, and of those
    /// whose macros are in scope by them.
    fn extern_crates(&self, krate: PlanCrateId) -> String {
        let packages = &self.leads.layout.crates[krate].packages;
        let line = |text: &String| {
            let declared = text.split("extern crate ").nth(1)?;
            let name = declared.split([' ', ';']).next()?;
            let dev = match packages.get(name).filter(|_| text.contains("macro_use")) {
                Some(dev) => *dev,
                None => BUILT_IN.contains(&name).then_some(false)?,
            };
            Some(format!(
                "{}{text}\n",
                if dev && !text.contains("cfg(test)") { "#[cfg(test)]\n" } else { "" }
            ))
        };
        self.leads.tree.modules[ROOT].body.extern_crates.iter().filter_map(line).collect()
    }

    /// The crate's attributes that change what its code means, or is warned of.
    fn crate_attributes(&self, source: &SourceFile) -> String {
        let words = ["feature", "recursion_limit", "no_std", "type_length_limit", "allow"];
        let meant = source.attributes.iter().filter(|(text, bytes)| {
            let is_code = source.text[bytes.clone()].starts_with('#');
            is_code && words.iter().any(|word| text.replace(' ', "").starts_with(&format!("#![{word}")))
        });
        let lines: Vec<&str> = meant.map(|(_, bytes)| &source.text[bytes.clone()]).collect();
        if lines.is_empty() { String::new() } else { lines.join("\n") + "\n\n" }
    }

    /// What stands before a module's declaration wherever it is declared.
    fn head(&self, module: SourceModuleId) -> String {
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

    /// A file's place in another crate: the same below the directory of sources.
    pub(super) fn target(&self, krate: PlanCrateId, path: &Path) -> PathBuf {
        let inner = path.strip_prefix(&self.leads.tree.source).unwrap_or(path);
        self.directories[krate].join(inner)
    }
}

/// The `cfg`s in front of a macro, a line each.
fn cfgs_of(item: &str) -> String {
    let head = item.split("macro_rules").next().unwrap_or_default();
    let cfgs = head.lines().map(str::trim).filter(|line| line.starts_with("#[cfg("));
    cfgs.map(|line| format!("{line}\n")).collect()
}
