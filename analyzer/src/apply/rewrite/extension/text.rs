//! Extension traits as text, and the imports of those who call their methods.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Extension, calls};
use crate::apply::rewrite::lead::View;
use crate::apply::rewrite::text::indent_at;
use crate::apply::rewrite::write::Writer;
use crate::apply::source::spans::{Splice, edited};
use crate::apply::source::syntax::{Leaf, Use};
use crate::apply::source::tree::SourceFile;
use crate::ids::{PlanCrateId, SourceFileId, SourceModuleId};

/// Attributes that a method has where it is declared; all others go with its body.
const OF_DECLARATIONS: [&str; 2] = ["must_use", "deprecated"];

impl Writer<'_> {
    /// The traits that a crate has in a module, with what implements them, and their bytes in the module's file.
    pub(in crate::apply) fn extensions(
        &mut self,
        module: SourceModuleId,
        krate: PlanCrateId,
    ) -> (String, Vec<Range<usize>>) {
        let layout = self.leads.layout;
        let all = layout.extensions.iter().filter(|e| e.module == module && e.krate == krate);
        let (mut text, mut ranges) = (String::new(), Vec::new());
        for extension in all {
            text += &self.extension(extension, krate);
            ranges.push(extension.header.clone());
            ranges.extend(extension.methods.iter().map(|method| method.whole.clone()));
        }
        (text, ranges)
    }

    fn extension(&mut self, extension: &Extension, krate: PlanCrateId) -> String {
        let tree = self.leads.tree;
        let file = tree.modules[extension.module].file;
        let source = &tree.files[file];
        let Extension { name, generics, arguments, bounds, of_name, .. } = extension;
        let (mut declared, mut bodies) = (Vec::new(), Vec::new());
        for method in &extension.methods {
            let indent = indent_at(&source.text, method.whole.start);
            let lines = |ranges: &mut dyn Iterator<Item = &Range<usize>>| -> String {
                ranges.map(|range| format!("{indent}{}\n", source.text[range.clone()].trim_end())).collect()
            };
            let of_declaration = |range: &&Range<usize>| {
                let text = source.text[(*range).clone()].trim_start_matches(['#', '[', ' ']);
                OF_DECLARATIONS.iter().any(|name| text.starts_with(name))
            };
            let is_cfg = |range: &&Range<usize>| source.text[(*range).clone()].starts_with("#[cfg(");
            let mut of_declarations = method.attributes.iter().filter(|a| of_declaration(a) || is_cfg(a));
            let mut of_bodies = method.attributes.iter().filter(|a| !of_declaration(a));
            let patterns = method.patterns.iter().map(|(range, new)| Splice::new(range.clone(), new.clone()));
            let signature = self.piece(file, &method.signature, krate, patterns.collect());
            let documentation = lines(&mut method.docs.iter());
            declared.push(format!("{documentation}{}{indent}{signature};\n", lines(&mut of_declarations)));
            let body = self.piece(file, &(method.signature.start..method.end), krate, Vec::new());
            bodies.push(format!("{}{indent}{body}\n", lines(&mut of_bodies)));
        }
        let of = self.piece(file, &extension.of, krate, Vec::new());
        let asynchronous =
            extension.methods.iter().any(|method| source.text[method.signature.clone()].starts_with("async"));
        let lint = if asynchronous { "#[allow(async_fn_in_trait)]\n" } else { "" };
        format!(
            "\n/// Methods of `{of_name}` that need more than its crate has.\n{lint}pub trait {name}{generics}: Sized{bounds} {{\n{}}}\n\n\
             impl{generics} {name}{arguments} for {of}{bounds} {{\n{}}}\n",
            declared.join("\n"),
            bodies.join("\n")
        )
    }

    /// A part of a file as a crate has it.
    fn piece(
        &mut self,
        file: SourceFileId,
        range: &Range<usize>,
        krate: PlanCrateId,
        mut edits: Vec<Splice>,
    ) -> String {
        let tree = self.leads.tree;
        let text = &tree.files[file].text;
        self.code(file, range.clone(), krate, &mut edits);
        edits.push(Splice::new(0..range.start, ""));
        edits.push(Splice::new(range.end..text.len(), ""));
        edited(text, &edits)
    }

    /// `use` statements for the traits whose methods are called, or named, in these parts of a module's file.
    pub(in crate::apply) fn imports_of_extensions(
        &self,
        module: SourceModuleId,
        krate: PlanCrateId,
        source: &SourceFile,
        ranges: &[Range<usize>],
    ) -> Vec<String> {
        let tree = self.leads.tree;
        let file = tree.modules[module].file;
        let own = |at: usize| {
            let innermost = tree.module_at(file, at);
            innermost == Some(module)
                || innermost.is_some_and(|inner| {
                    let inner = &tree.modules[inner];
                    inner.parent == Some(module) && inner.body.uses.iter().any(takes_all_above)
                })
        };
        let mut lines = Vec::new();
        for extension in &self.leads.layout.extensions {
            let inner = tree.inner_path(extension.module);
            let path = match self.leads.view(extension.krate, krate) {
                View::Above => continue,
                View::Own if extension.module == module => continue,
                View::Own if inner.is_empty() => "crate".to_owned(),
                View::Own => format!("crate::{inner}"),
                View::Below => self.leads.path_in(extension.krate, extension.module),
            };
            let names: BTreeSet<&str> = extension.methods.iter().map(|method| method.name.as_str()).collect();
            let called = |range: &Range<usize>| {
                calls(&source.tokens, range, &names).any(|token| own(token.bytes.start))
            };
            if ranges.iter().any(called) {
                lines.push(format!("use {path}::{};", extension.name));
            }
        }
        lines
    }

    /// These at the head of every module that lies in a range of a file.
    pub(in crate::apply) fn import_extensions(
        &self,
        source: &SourceFile,
        range: &Range<usize>,
        krate: PlanCrateId,
    ) -> Vec<Splice> {
        let mut edits = Vec::new();
        if self.leads.layout.extensions.is_empty() {
            return edits;
        }
        for &module in &source.modules {
            let data = &self.leads.tree.modules[module];
            let inside = data.inside.clone().unwrap_or(0..source.text.len());
            if inside.start < range.start || range.end < inside.end {
                continue;
            }
            if data.inside.is_some() && data.body.uses.iter().any(takes_all_above) {
                continue;
            }
            let mut parts = vec![inside];
            // Modules within that take all that this one has.
            let within = data.children.iter().map(|&child| &self.leads.tree.modules[child]);
            let within = within.filter(|child| child.body.uses.iter().any(takes_all_above));
            parts.extend(within.filter_map(|child| child.inside.clone()));
            let lines = self.imports_of_extensions(module, krate, source, &parts);
            let first_use = data.body.uses.iter().map(|statement| statement.whole.start).min();
            let first = first_use.or_else(|| data.body.decls.iter().map(|decl| decl.item.start).min());
            let Some(first) = first.filter(|_| !lines.is_empty()) else { continue };
            let line = source.text[..first].rfind('\n').map_or(0, |at| at + 1);
            let at = line.max(data.inside.as_ref().map_or(0, |inside| inside.start));
            let indent = indent_at(&source.text, first);
            let text: String = lines.iter().map(|line| format!("{indent}{line}\n")).collect();
            edits.push(Splice::new(at..at, text));
        }
        edits
    }
}

/// Whether it is `use super::*;`, by which an import above does for this module, too.
fn takes_all_above(statement: &Use) -> bool {
    let segments = |leaf: &Leaf| leaf.segments.iter().map(|s| s.name.as_str()).eq(["super", "*"]);
    statement.leaves.iter().any(segments)
}
