//! What the crates have so far, and when it is enough: a file may be a module many times over, and those that it declares with it.

use super::collector::{Collector, Site};
use crate::budget::Limits;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::ids::{CrateId, FileId, ModuleId};
use crate::parse::tree::Node;

impl Collector<'_> {
    /// Notes that a file is part of a crate; whether it was before.
    pub(in crate::resolve) fn hang(&mut self, krate: CrateId, file: FileId) -> bool {
        !self.had.files.insert((krate, file))
    }

    /// Counts an item; whether there may be one more.
    pub(in crate::resolve) fn may_have(&mut self, place: &Site, line: u32) -> bool {
        let Limits { items, copied_items, .. } = *self.watch.limits();
        let here = (self.world.file_of(place.tree), line);
        if self.had.items >= items {
            self.had.too_many.get_or_insert(here);
            return false;
        }
        if place.copied && self.had.copied >= copied_items {
            self.had.too_many_copied.get_or_insert(here);
            return false;
        }
        self.had.items += 1;
        self.had.copied += u64::from(place.copied);
        true
    }

    /// How many names globs may still bring.
    pub(in crate::resolve) fn room_for_names(&self) -> u64 {
        self.watch.limits().glob_names.saturating_sub(self.had.glob_names)
    }

    /// Notes a glob that brings nothing, since it would bring more: all of its names or none, since they come in no order.
    pub(in crate::resolve) fn too_many_names(&mut self, import: usize) {
        let import = &self.world.imports[import];
        let here = (self.world.modules[import.module].file, import.line);
        self.had.too_many_names.get_or_insert(here);
    }

    /// Whether the file is that of a module around.
    pub(in crate::resolve) fn is_circular(&self, module: ModuleId, file: FileId) -> bool {
        let around = |module: &ModuleId| self.world.modules[*module].parent;
        std::iter::successors(Some(module), around).any(|module| self.world.modules[module].file == file)
    }

    /// Reports a module whose file is that of a module around, which rustc refuses too.
    pub(in crate::resolve) fn report_circular(&mut self, place: &Site, node: &Node, file: FileId) {
        let files = &self.world.sources.files;
        let message = format!(
            "module `{}` is left out: its file, {}, is that of a module around it",
            node.name, files[file].path
        );
        let at = files[self.world.file_of(place.tree)].path.clone();
        self.diagnostics
            .push(Diagnostic::new(Severity::Error, Code::LimitReached, message).at(at).line(node.line));
    }

    /// Reports where there was too much.
    pub(in crate::resolve) fn report_limits(&mut self) {
        let Limits { items, copied_items, glob_names, .. } = *self.watch.limits();
        let too_many = format!("the repository has more than {items} items: those from here on are left out");
        let copied = format!(
            "files that are modules of one crate several times have more than {copied_items} items: from here on they count \
             once"
        );
        let names = format!(
            "modules have more than {glob_names} names by globs: what this one and others after it would bring is missing"
        );
        let had = &self.had;
        for (at, message) in
            [(had.too_many, too_many), (had.too_many_copied, copied), (had.too_many_names, names)]
        {
            let Some((file, line)) = at else { continue };
            let path = self.world.sources.files[file].path.clone();
            self.diagnostics
                .push(Diagnostic::new(Severity::Warning, Code::LimitReached, message).at(path).line(line));
        }
    }
}
