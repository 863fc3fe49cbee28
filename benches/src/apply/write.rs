//! The sources of each crate of a plan: module files with as little changed as a split needs, and beside them modules that
//! only hold together what several crates have of one module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::edits::{Edit, bytes_of_lines, edited, only_lines};
use super::facts::{Child, Decl, DeclKind, Leaf};
use super::layout::{Layout, Moved};
use super::tree::Tree;

/// What is changed beside the moves: what the plan lists, and what errors have asked for since.
#[derive(Debug, Default, Clone)]
pub(crate) struct Changes {
    /// Declarations to make `pub`: file and first byte of the visibility.
    pub(crate) widened: BTreeSet<(PathBuf, usize)>,
    /// Imports to drop: file and bytes.
    pub(crate) dropped: BTreeSet<(PathBuf, usize, usize)>,
    /// Generated lines to drop, by crate.
    pub(crate) dropped_lines: BTreeSet<(usize, String)>,
    /// Names of dependencies to add to a crate's manifest.
    pub(crate) dependencies: BTreeSet<(usize, String)>,
}

/// A source file of a crate.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) krate: usize,
    pub(crate) text: String,
    /// The file whose lines it has, up to `generated_from`.
    pub(crate) original: Option<PathBuf>,
    /// The first line that was made up.
    pub(crate) generated_from: u32,
}

/// Where a module is for a crate.
enum ModuleSource {
    Own,
    /// The crate holds something below it only, or finds it in several crates.
    Mixed,
    From(usize),
    Nowhere,
}

/// Writes the crates' sources.
pub(crate) struct Writer<'a> {
    tree: &'a Tree,
    layout: &'a Layout,
    changes: &'a Changes,
    /// Each crate's directory of sources.
    sources: &'a [PathBuf],
    out: BTreeMap<PathBuf, Output>,
}

/// All source files, by their new path.
pub(crate) fn write(
    tree: &Tree,
    layout: &Layout,
    changes: &Changes,
    sources: &[PathBuf],
) -> BTreeMap<PathBuf, Output> {
    let mut writer = Writer { tree, layout, changes, sources, out: BTreeMap::new() };
    for (at, krate) in layout.crates.iter().enumerate() {
        if krate.residual {
            writer.real(0, at);
        } else {
            let path = sources[at].join("lib.rs");
            writer.skeleton(0, at, &path);
        }
    }
    writer.out
}

impl Writer<'_> {
    fn place(&self, module: usize, krate: usize) -> ModuleSource {
        if self.layout.home[module] == krate {
            return ModuleSource::Own;
        }
        if self.layout.holders[module].contains(&krate) {
            return ModuleSource::Mixed;
        }
        match self.layout.providers(module, krate)[..] {
            [] if self.only_re_exports(module) => ModuleSource::Mixed,
            [] => ModuleSource::Nowhere,
            [only] => ModuleSource::From(only),
            _ => ModuleSource::Mixed,
        }
    }

    /// Whether a module defines nothing: a lower crate may have its imports too, as far as they lead somewhere there.
    fn only_re_exports(&self, module: usize) -> bool {
        let data = &self.tree.modules[module];
        let decls = data.body.decls.iter().filter(|d| d.kind != DeclKind::Module);
        data.children.is_empty()
            && !data.body.leaves.is_empty()
            && decls.clone().all(|d| d.kind == DeclKind::Import)
    }

    /// A module with a file of its own, in the crate that takes it.
    fn real(&mut self, module: usize, krate: usize) {
        let data = &self.tree.modules[module];
        let file = &self.tree.files[data.file];
        let mut edits = Vec::new();
        self.edit_body(module, krate, &mut edits);
        let mut tail = Vec::new();
        if data.parent.is_none() {
            let lint = |text: &str| {
                ["deny", "forbid", "warn"].iter().any(|word| text.starts_with(&format!("# ! [{word}")))
            };
            edits.extend(
                file.attributes
                    .iter()
                    .filter(|(text, _)| lint(text))
                    .map(|(_, r)| (r.clone(), String::new())),
            );
            tail = self.macros_of_others(krate);
        }
        edits.extend(self.base_edits(&file.path));
        self.emit(krate, &file.path.clone(), edited(&file.text, &edits), None, tail);
    }

    /// Changes within a module's braces or file: where its children are now, and the items that left.
    fn edit_body(&mut self, module: usize, krate: usize, edits: &mut Vec<Edit>) {
        for moved in self.layout.moved.iter().filter(|m| m.module == module && m.krate != krate) {
            let text = &self.tree.files[self.tree.modules[module].file].text;
            edits.push((bytes_of_lines(text, moved.lines), self.import_of(moved, krate)));
        }
        for &child in &self.tree.modules[module].children {
            let Some(decl) = &self.tree.modules[child].decl else { continue };
            match self.place(child, krate) {
                ModuleSource::Own if self.tree.modules[child].inside.is_some() => {
                    self.edit_body(child, krate, edits)
                }
                ModuleSource::Own => self.real(child, krate),
                ModuleSource::Mixed => {
                    self.skeleton_module(child, krate);
                    edits.push((decl.range.clone(), format!("{}{} mod {};", decl.cfgs, decl.vis, decl.name)));
                }
                ModuleSource::From(other) => {
                    let path = self.path_in(other, child);
                    edits.push((
                        decl.range.clone(),
                        format!("{}{} use {path}::{{self}};", decl.cfgs, decl.vis),
                    ));
                }
                ModuleSource::Nowhere => edits.push((decl.range.clone(), String::new())),
            }
        }
    }

    /// What stands in place of an item that left: its import, if others may name it and it lies below.
    fn import_of(&self, moved: &Moved, krate: usize) -> String {
        let module = &self.tree.modules[moved.module];
        let decl =
            module.body.decls.iter().find(|d| d.item_line == moved.lines.0 && d.kind == DeclKind::Item);
        let below = self.layout.crates[krate].deps.contains(&moved.krate);
        match (decl, &moved.name) {
            (Some(decl), Some(name)) if below && (decl.public || self.widened(module.file, decl)) => {
                let text = &self.tree.files[module.file].text;
                let vis = &text[decl.vis.clone()];
                format!("{vis} use {}::{name};", self.path_in(moved.krate, moved.module))
            }
            _ => String::new(),
        }
    }

    fn widened(&self, file: usize, decl: &Decl) -> bool {
        self.changes.widened.contains(&(self.tree.files[file].path.clone(), decl.vis.start))
    }

    /// `other_crate::a::b`.
    fn path_in(&self, krate: usize, module: usize) -> String {
        let (name, inner) = (self.layout.crates[krate].lib_name(), self.tree.inner_path(module));
        if inner.is_empty() { name } else { format!("{name}::{inner}") }
    }

    /// Visibility and dropped imports, the same in every crate that gets lines of the file.
    fn base_edits(&self, path: &Path) -> Vec<Edit> {
        let dropped = self.changes.dropped.iter().filter(|(file, ..)| file == path);
        let mut edits: Vec<Edit> = dropped.map(|&(_, start, end)| (start..end, String::new())).collect();
        for module in self.tree.modules.iter().filter(|m| self.tree.files[m.file].path == path) {
            for decl in module.body.decls.iter().filter(|d| self.widened(module.file, d)) {
                let public = match decl.kind {
                    DeclKind::Macro => "#[macro_export] ",
                    _ if decl.vis.is_empty() => "pub ",
                    _ => "pub",
                };
                edits.push((decl.vis.clone(), public.to_owned()));
            }
        }
        edits
    }

    /// A module of which the crate holds only what is below, or single items.
    fn skeleton_module(&mut self, module: usize, krate: usize) {
        let path = self.tree.modules[module].directory.with_extension("rs");
        let path = self.target(krate, &path);
        self.skeleton(module, krate, &path);
    }

    fn skeleton(&mut self, module: usize, krate: usize, path: &Path) {
        let data = &self.tree.modules[module];
        let mut lines = self.copied_imports(module, krate);
        let moved_here =
            |to: usize| self.layout.moved.iter().filter(move |m| m.module == module && m.krate == to);
        for &other in &self.layout.crates[krate].deps {
            if self.layout.home[module] == other || moved_here(other).next().is_some() {
                lines.push(format!("pub use {}::*;", self.path_in(other, module)));
            }
        }
        for child in data.children.clone() {
            let Some(decl) = &self.tree.modules[child].decl else { continue };
            lines.push(match self.place(child, krate) {
                ModuleSource::Own => self.own_child(child, decl, krate),
                ModuleSource::Mixed => {
                    self.skeleton_module(child, krate);
                    format!("pub mod {};", decl.name)
                }
                ModuleSource::From(other) => {
                    format!("{}pub use {}::{{self}};", decl.cfgs, self.path_in(other, child))
                }
                ModuleSource::Nowhere => continue,
            });
        }
        if data.parent.is_none() {
            lines.extend(self.macros_of_others(krate));
        }
        let kept: Vec<(u32, u32)> = moved_here(krate).map(|m| m.lines).collect();
        let file = &self.tree.files[data.file];
        let text = if kept.is_empty() {
            String::new()
        } else {
            only_lines(&edited(&file.text, &self.base_edits(&file.path)), &kept)
        };
        let attributes = if data.parent.is_none() { self.crate_attributes() } else { String::new() };
        self.emit(krate, &file.path.clone(), attributes + &text, Some(path), lines);
    }

    /// The declaration of a module that the crate takes out of one that it doesn't.
    fn own_child(&mut self, child: usize, decl: &Child, krate: usize) -> String {
        let data = &self.tree.modules[child];
        let mut path_attribute = String::new();
        if let Some(inside) = &data.inside {
            let file = &self.tree.files[data.file];
            let mut edits =
                vec![(0..inside.start, String::new()), (inside.end..file.text.len(), String::new())];
            self.edit_body(child, krate, &mut edits);
            edits.extend(self.base_edits(&file.path));
            let path = self.target(krate, &data.directory.with_extension("rs"));
            self.emit(krate, &file.path.clone(), edited(&file.text, &edits), Some(&path), Vec::new());
        } else {
            self.real(child, krate);
            if decl.path.is_some() {
                let path = self.target(krate, &self.tree.files[data.file].path);
                path_attribute = format!("#[path = {:?}] ", path.display().to_string());
            }
        }
        let macro_use = if decl.macro_use { "#[macro_use] " } else { "" };
        format!("{}{macro_use}{path_attribute}pub mod {};", decl.cfgs, decl.name)
    }

    /// What the module's own code imports: code below it may use these names.
    fn copied_imports(&self, module: usize, krate: usize) -> Vec<String> {
        let body = &self.tree.modules[module].body;
        let externs = body.extern_crates.iter().filter(|_| module == 0).cloned();
        externs
            .chain(body.leaves.iter().filter(|leaf| self.leads_somewhere(leaf, krate)).map(Leaf::statement))
            .collect()
    }

    /// Whether an import begins at a module at the root that the crate can't see at all.
    fn leads_somewhere(&self, leaf: &Leaf, krate: usize) -> bool {
        let [(first, _), (second, _), ..] = &leaf.segments[..] else { return true };
        let missing = |name: &str| {
            let mut named = self.tree.modules[0].children.iter().filter(|&&child| {
                self.tree.modules[child].decl.as_ref().is_some_and(|decl| decl.name == name)
            });
            named.any(|&child| matches!(self.place(child, krate), ModuleSource::Nowhere))
        };
        first != "crate" || !missing(second)
    }

    /// Macros that other crates export, by textual scope and by path.
    fn macros_of_others(&self, krate: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for &other in &self.layout.crates[krate].deps {
            let name = self.layout.crates[other].lib_name();
            let of_module = |(at, module)| self.exported(at, module, other);
            let macros: BTreeSet<&str> = self.tree.modules.iter().enumerate().flat_map(of_module).collect();
            if !macros.is_empty() {
                lines.push(format!("#[macro_use] extern crate {name};"));
                lines.extend(macros.iter().map(|m| format!("pub use {name}::{m};")));
            }
        }
        lines
    }

    fn exported<'a>(&self, at: usize, module: &'a super::tree::Mod, krate: usize) -> Vec<&'a str> {
        let moved = |d: &Decl| self.layout.moved.iter().find(|m| m.module == at && m.lines.0 == d.item_line);
        let lives = |d: &Decl| moved(d).map_or(self.layout.home[at], |m| m.krate) == krate;
        let macros = module.body.decls.iter().filter(|d| d.kind == DeclKind::Macro);
        macros
            .filter(|d| (d.public || self.widened(module.file, d)) && lives(d))
            .map(|d| d.name.as_str())
            .collect()
    }

    /// The crate's attributes that change what its code means.
    fn crate_attributes(&self) -> String {
        let words = ["feature", "recursion_limit", "no_std", "type_length_limit"];
        let attributes = &self.tree.files[self.tree.modules[0].file].attributes;
        let meant = attributes
            .iter()
            .filter(|(text, _)| !text.contains("doc") && words.iter().any(|w| text.contains(w)));
        meant.map(|(text, _)| text.replace('\n', " ") + " ").collect()
    }

    /// A file's place in another crate: the same below the directory of sources.
    fn target(&self, krate: usize, path: &Path) -> PathBuf {
        let inner = path.strip_prefix(&self.tree.source).unwrap_or(path);
        self.sources[krate].join(inner)
    }

    fn emit(
        &mut self,
        krate: usize,
        original: &Path,
        mut text: String,
        path: Option<&Path>,
        tail: Vec<String>,
    ) {
        let path = path.map_or_else(|| self.target(krate, original), Path::to_owned);
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let generated_from = text.lines().count() as u32 + 1;
        let mut seen = BTreeSet::new();
        for line in tail {
            let gone = self.changes.dropped_lines.contains(&(krate, line.clone()));
            if !gone && seen.insert(line.clone()) {
                text += &line;
                text.push('\n');
            }
        }
        let original = (generated_from > 1).then(|| original.to_owned());
        self.out.insert(path, Output { krate, text, original, generated_from });
    }
}
