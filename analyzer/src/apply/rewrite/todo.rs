//! Work that is left for people, marked where it is to be done.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::layout::LeftEdit;
use super::text::{indent_at, line_start};
use crate::apply::source::spans::Splice;
use crate::apply::source::tree::Tree;
use crate::ids::SourceFileId;
use crate::report::{PlanEditReport, PlanReport};

/// Comments by the file that gets them.
pub(in crate::apply) type Todos = BTreeMap<SourceFileId, Vec<Splice>>;

/// A comment above what each edit is about that would free references and is left.
pub(super) fn todos(plan: &PlanReport, left: &[LeftEdit], tree: &Tree, root: &Path) -> Todos {
    let ids: BTreeSet<&str> = left.iter().flat_map(|left| &left.edits).map(String::as_str).collect();
    let mut lines: BTreeMap<(SourceFileId, usize), String> = BTreeMap::new();
    let frees = |edit: &&PlanEditReport| ids.contains(edit.id.as_str()) && !edit.cuts.is_empty();
    for edit in plan.edits.iter().filter(frees) {
        let Some(item) = edit.items.first() else { continue };
        let file = root.join(&item.file);
        let Some((id, source)) = tree.files.iter_enumerated().find(|(_, f)| f.path == file) else { continue };
        let at = line_start(&source.text, item.line);
        let indent = indent_at(&source.text, at);
        let line = format!("{indent}// TODO({}, {}): {}\n", edit.id, edit.kind, edit.detail);
        lines.entry((id, at)).or_default().push_str(&line);
    }
    let mut todos = Todos::new();
    for ((file, at), text) in lines {
        todos.entry(file).or_default().push(Splice::new(at..at, text));
    }
    todos
}
