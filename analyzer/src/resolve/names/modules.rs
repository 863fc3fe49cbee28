//! `mod x { … }` and `mod x;`: the module tree, and the files that it hangs on.

use rustc_hash::FxHashMap;

use super::collect::MAX_MODULE_DEPTH;
use super::collector::{Collector, Site};
use super::def::{Def, Entry, ModData, PerNs, TreeId};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::FileId;
use crate::parse::Location;
use crate::parse::tree::{ModNode, Node};

impl Collector<'_> {
    pub(in crate::resolve) fn module(&mut self, place: &mut Site, node: &Node, module: &ModNode, test: bool) {
        let left_out = !place.compiled && !self.world.crates[self.world.modules[place.module].krate].inactive;
        if left_out {
            return;
        }
        if place.depth > MAX_MODULE_DEPTH {
            return self.too_deep(place, &format!("module `{}`", node.name), node.line);
        }
        let vis = self.world.visibility(place.module, &node.vis);
        let (file, tree, items, location) = match &module.content {
            Some(content) => {
                let location = place.location.inline(node.name.as_str(), &module.paths);
                (self.world.file_of(place.tree), place.tree, content.to_vec(), location)
            }
            None => {
                let Some((file, owner)) = self.module_file(place, node, module) else { return };
                let path = &self.world.sources.files[file].path;
                let location = Location::of_file(path, owner);
                let tree = TreeId(file.0);
                (file, tree, self.world.tree(tree).top.clone(), location)
            }
        };
        let (mut test, mut macro_use) = (test, node.flags.macro_use);
        if module.content.is_none() {
            macro_use |= self.world.tree(tree).macro_use;
            let cfgs = self.world.tree(tree).cfgs.clone();
            let (active, test_only) = self.cfg(self.package(place.module), &cfgs);
            if !active {
                return;
            }
            test |= test_only;
        }
        let (line, end_line) = match module.content {
            Some(_) => (node.line, node.end_line),
            None => (1, self.world.sources.files[file].lines.max(1)),
        };
        let copied = match module.content {
            Some(_) => place.copied,
            None => {
                if self.is_circular(place.module, file) {
                    self.report_circular(place, node, file);
                    return;
                }
                place.copied | self.hang(self.world.modules[place.module].krate, file)
            }
        };
        let child = self.world.modules.push(ModData {
            krate: self.world.modules[place.module].krate,
            parent: Some(place.module),
            name: node.name,
            file,
            tree,
            inline: module.content.is_some(),
            test,
            vis,
            line,
            end_line,
            scope: FxHashMap::default(),
            version: 1,
            children: Vec::new(),
            defs: Vec::new(),
            imports: Vec::new(),
            globs: Vec::new(),
            calls: Vec::new(),
            ext_glob: None,
            unnamed: Vec::new(),
            made_in_part: false,
        });
        self.world.modules[place.module].children.push(child);
        if place.compiled {
            let entry = Entry { def: Def::Module(child), vis, glob: false, test };
            self.define(place.module, node.name, PerNs { types: Some(entry), ..PerNs::default() });
        }
        let mut inner = Site {
            module: child,
            tree,
            location,
            test,
            legacy: place.legacy,
            depth: place.depth + 1,
            expansions: place.expansions,
            origin: place.origin,
            copied,
            compiled: place.compiled,
        };
        self.items(&mut inner, &items);
        if macro_use {
            place.legacy = inner.legacy;
        }
    }

    /// Says that what is nested too deep is left out.
    pub(in crate::resolve) fn too_deep(&mut self, place: &Site, what: &str, line: u32) {
        let message = format!(
            "{what} is nested more than {MAX_MODULE_DEPTH} deep: it and what is below it are left out"
        );
        let at = &self.world.sources.files[self.world.file_of(place.tree)].path;
        let problem = Diagnostic::new(Severity::Error, Code::ModuleLimit, message).at(at.clone()).line(line);
        if self.diagnostics.last() != Some(&problem) {
            self.diagnostics.push(problem);
        }
    }

    /// The file of `mod x;`, and whether it owns its directory.
    fn module_file(&mut self, place: &Site, node: &Node, module: &ModNode) -> Option<(FileId, bool)> {
        let package = self.package(place.module);
        let mut candidates = Vec::new();
        for (condition, path) in &module.paths {
            let holds = condition.is_none_or(|c| self.cfg(package, &[c]) == (true, false));
            if holds {
                candidates = place.location.candidates("", Some(path));
                break;
            }
        }
        if candidates.is_empty() {
            candidates = place.location.candidates(node.name.as_str(), None);
        }
        let sources = self.world.sources;
        let found = candidates.iter().find_map(|(path, owner)| Some((sources.file(path)?, *owner)));
        // Of a file that is there and may not be read something else is said.
        let refused = || candidates.iter().any(|(path, _)| sources.is_refused(path));
        if found.is_none() && !refused() {
            let tried: Vec<&str> = candidates.iter().map(|(path, _)| path.as_str()).collect();
            let message = format!("no file for module `{}` (tried {})", node.name, tried.join(" and "));
            let at = &sources.files[self.world.file_of(place.tree)].path;
            let problem = Diagnostic::new(Severity::Error, Code::MissingModule, message);
            self.diagnostics.push(problem.at(at.clone()).line(node.line));
        }
        found
    }
}
