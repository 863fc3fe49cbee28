//! The sources of a plan's crates, with only what has to change changed.

mod code;
mod imports;
pub(in crate::apply) mod moved_tests;
mod root;
mod skeleton;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::apply::rewrite::companions::Named;
use crate::apply::rewrite::extension::left_behind;
use crate::apply::rewrite::layout::{Moved, Widened};
use crate::apply::rewrite::lead::{Leads, View};
use crate::apply::rewrite::public::test_support::TestSupport;
use crate::apply::rewrite::public::written::shown_as;
use crate::apply::rewrite::statements::{Import, statements};
use crate::apply::rewrite::text::{head_of, indent_at, seen_from_outside, unindented, with_comments};
use crate::apply::rewrite::todo::Todos;
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Child, DeclKind};
use crate::apply::source::tokens::{Token, TokenKind};
use crate::apply::source::tree::ROOT;
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
    pub(in crate::apply) test_macros_of: BTreeMap<PlanCrateId, BTreeSet<PlanCrateId>>,
    /// Crates that tests have above their own: a crate, and one that its tests name.
    pub(in crate::apply) above_tests: BTreeSet<(PlanCrateId, PlanCrateId)>,
    /// Modules, and items of them, that are for tests and that every crate has whose tests use them.
    pub(in crate::apply) supported: BTreeSet<String>,
    /// Crates that the macros of a crate name by `$crate`.
    pub(in crate::apply) shown: BTreeMap<PlanCrateId, BTreeSet<String>>,
}

/// Where a module is for a crate.
pub(in crate::apply) enum Place {
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
    /// Literals that name a file which stays elsewhere.
    pub(in crate::apply) named_files: &'a Named,
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
        self.moved_tests();
        self.doubled();
        // Copies of modules may name more.
        self.moved_tests();
        self.aliases();
        let written: BTreeSet<&PathBuf> = self.out.files.keys().collect();
        let unwritten = tree.files.iter().map(|file| &file.path).filter(|path| !written.contains(path));
        self.out.gone = unwritten.cloned().collect();
        self.out
    }

    pub(in crate::apply) fn place(&self, module: SourceModuleId, krate: PlanCrateId) -> Place {
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
            [_] if layout.crates[krate].residual && self.re_exports_above(module) => Place::Mixed,
            [only] => Place::From(only),
            // One that has the module itself shows the rest, if it lies above the rest.
            [..] if layout.crates[krate].residual => Place::Mixed,
            [first, ..] => Place::From(first),
        }
    }

    /// Whether a module that left the package, or one below it, showed what lies above it now: the package goes on showing it there.
    fn re_exports_above(&self, module: SourceModuleId) -> bool {
        let tree = self.leads.tree;
        let mut below = vec![module];
        // Each round takes one module of the tree off.
        while let Some(next) = below.pop() {
            if self
                .leads
                .quietly(|| self.dropped_re_exports(next))
                .iter()
                .any(|line| line.contains("pub use "))
            {
                return true;
            }
            below.extend(&tree.modules[next].children);
        }
        false
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
            leaves.any(|leaf| leaf.name() == name && !self.leads.is_no_macro(ROOT, leaf))
        };
        let mut of_cfg: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
        for (id, module) in tree.modules.iter_enumerated() {
            let macros = module.body.decls.iter().filter(|d| d.kind == DeclKind::Macro && d.public);
            // What is there for the tests of one crate others do not see.
            let macros = macros.filter(|d| !tree.is_for_tests(module.file, d.item.start));
            for decl in macros.filter(|d| !taken(&d.name)) {
                let owner = layout.of_item(id, &decl.name);
                if owner != krate && !self.comes_with_module(ROOT, &decl.name, (owner, krate)) {
                    let parent = |module: &SourceModuleId| tree.modules[*module].parent;
                    let around = std::iter::successors(Some(id), parent);
                    let mut cfgs: String = around.map(|module| tree.modules[module].cfgs()).collect();
                    cfgs += &cfgs_of(&tree.files[module.file].text[decl.item.clone()]);
                    of_cfg.entry((layout.crates[owner].lib_name(), cfgs)).or_default().insert(&decl.name);
                }
            }
        }
        let line = |((owner, cfgs), names): ((String, String), BTreeSet<&str>)| {
            let paths: Vec<Import> =
                names.iter().map(|name| Import::of(format!("{owner}::{name}"))).collect();
            statements("pub", &paths)
                .iter()
                .map(|line| format!("{cfgs}{line}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        of_cfg.into_iter().map(line).collect()
    }

    /// Whether a crate's import of a module brings in what else has its name: both lie in one other crate.
    fn comes_with_module(
        &self,
        around: SourceModuleId,
        name: &str,
        (owner, krate): (PlanCrateId, PlanCrateId),
    ) -> bool {
        let tree = self.leads.tree;
        tree.child(around, name).is_some_and(|child| {
            let shown = tree.modules[child].decl.as_ref().is_some_and(|decl| decl.vis == "pub");
            let there = matches!(self.place(child, krate), Place::From(other) if other == owner);
            shown && there && self.shown_elsewhere(child, krate)
        })
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
        let extended = left_behind(&self.leads.layout.extensions, module);
        edits.extend(extended.map(|bytes| Splice::remove(text, with_comments(text, bytes.clone()))));
        // Their block went below, and they stay.
        let (traits, _) = self.extensions(module, krate);
        if !traits.is_empty() {
            let end = tree.modules[module].inside.as_ref().map_or(text.len(), |inside| inside.end);
            edits.push(Splice::new(end..end, traits));
        }
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
                    let attributes = self.seen_of(child, other, krate, decl.attributes.trim_end());
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
        let mut of_vis: BTreeMap<String, Vec<Import>> = BTreeMap::new();
        for item in left.iter().filter(|item| self.leads.view(item.krate, krate) == View::Below) {
            let path = |name: &str| format!("{}::{name}", self.leads.path_in(item.krate, module));
            let with_module = |name: &str| self.comes_with_module(module, name, (item.krate, krate));
            for name in item.written.iter().filter(|name| !with_module(name)) {
                if let Some(vis) = shown_as(self.leads.tree, item, name, self.widened) {
                    of_vis.entry(vis).or_default().push(Import::of(path(name)));
                }
            }
            let decl = decls.iter().find(|d| d.item == item.bytes && d.kind == DeclKind::Item);
            let decl = decl.filter(|_| item.kind == DeclKind::Item && !with_module(&item.name));
            // What does not become public is named by nobody above.
            let Some(decl) = decl.filter(|d| d.public || self.widened.contains(&(file, d.vis.start))) else {
                continue;
            };
            let vis = &text[decl.vis.clone()];
            of_vis.entry(vis.to_owned()).or_default().push(Import::of(path(&item.name)).under(&decl.cfgs));
        }
        of_vis.iter().flat_map(|(vis, paths)| statements(vis, paths)).collect()
    }

    /// Whether a crate above shows a module in the place that it had: it can be named there, and it is. Where only the module
    /// around and what is in it may name it, these have to.
    pub(in crate::apply) fn shown_elsewhere(&self, child: SourceModuleId, krate: PlanCrateId) -> bool {
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
        let layout = self.leads.layout;
        let has = |id| layout.home[id] == krate || layout.moved_to(id, krate).next().is_some();
        let kept = tree.modules.iter_enumerated().filter(|(id, m)| has(*id) && below(&m.path));
        let files: BTreeSet<SourceFileId> = kept.map(|(_, module)| module.file).collect();
        let names = |pair: &[Token]| {
            matches!(&pair[0].kind, TokenKind::Ident(word) if *word == decl.name)
                && pair[1].kind == TokenKind::Punct(':')
        };
        files.into_iter().any(|file| tree.files[file].tokens.windows(2).any(names))
    }

    /// The declaration of a module that the crate takes out of one that it doesn't.
    pub(in crate::apply) fn own_child(
        &mut self,
        child: SourceModuleId,
        decl: &Child,
        krate: PlanCrateId,
    ) -> String {
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
            if self.has_name_of_root(child) {
                let macro_use = if decl.macro_use { "#[macro_use]\n" } else { "" };
                return format!("{}{macro_use}pub mod {} {{\n{text}\n}}", self.head(child), decl.name);
            }
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
                let mut shown = format!("pub use {around}::*;\n");
                // What it re-exports of modules that the crate has goes on being found there.
                for child in shown_modules(self.leads, module, krate) {
                    let line = format!("pub use crate::{}::*;\n", self.leads.tree.inner_path(child));
                    if !file.text.contains(&line) {
                        shown += &line;
                    }
                }
                file.text.insert_str(head_of(&file.text), &shown);
            }
        }
    }

    /// The attributes of a module of another crate, as this one shows it: its own tests may have what that has for a feature.
    pub(in crate::apply) fn seen_of(
        &self,
        child: SourceModuleId,
        other: PlanCrateId,
        krate: PlanCrateId,
        attributes: &str,
    ) -> String {
        let path = &self.leads.tree.modules[child].path;
        let has = self.test_support.features.contains_key(&(other, krate));
        if has && self.test_support.supported.contains(path) {
            return attributes.to_owned();
        }
        seen_from_outside(attributes)
    }

    /// A file's place in another crate: the same below the directory of sources.
    pub(in crate::apply) fn target(&self, krate: PlanCrateId, path: &Path) -> PathBuf {
        let inner = path.strip_prefix(&self.leads.tree.source).unwrap_or(path);
        self.directories[krate].join(inner)
    }
}

/// Modules that a module re-exports all of and that a crate has, in whole or in part.
fn shown_modules(leads: &Leads<'_>, module: SourceModuleId, krate: PlanCrateId) -> BTreeSet<SourceModuleId> {
    let uses = leads.tree.modules[module].body.uses.iter().filter(|u| u.vis == "pub" && u.cfgs.is_empty());
    let globs = uses.flat_map(|u| &u.leaves).filter(|leaf| leaf.is_glob());
    let behind = globs.filter_map(|leaf| leads.behind_glob(module, leaf));
    let here = |other: &SourceModuleId| leads.layout.holders[*other].contains(&krate);
    behind.filter(|&other| other != module && other != ROOT).filter(here).collect()
}

/// The `cfg`s in front of a macro, a line each.
fn cfgs_of(item: &str) -> String {
    let head = item.split("macro_rules").next().unwrap_or_default();
    let cfgs = head.lines().map(str::trim).filter(|line| line.starts_with("#[cfg("));
    cfgs.map(|line| format!("{line}\n")).collect()
}
