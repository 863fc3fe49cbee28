//! What a plan that was carried out is reported as.

use super::rewrite::draft::Draft;
use super::rewrite::layout::LeftEdit;
use super::work::{Compiled, Work};
use crate::report::{
    AppliedCommit, AppliedCrate, AppliedEdit, AppliedUser, ApplyReport, SCHEMA_VERSION, Tool,
};

/// What the steps came to.
pub(super) struct Outcome {
    pub(super) compiled: Compiled,
    pub(super) users: Vec<AppliedUser>,
    pub(super) commits: Vec<AppliedCommit>,
    /// Lines in files that moved.
    pub(super) lines_moved: u32,
    /// Lines that were added or taken away, moves aside.
    pub(super) lines_changed: u32,
}

impl Work<'_> {
    pub(super) fn report(&self, drawn: &Draft, outcome: Outcome) -> ApplyReport {
        let Outcome { compiled, users, commits, lines_moved, lines_changed } = outcome;
        // What is not found to be made public a macro writes: whether it has to be, the compiler says.
        let judged = compiled.compiles == Some(true);
        let left: Vec<&LeftEdit> =
            drawn.left.iter().filter(|left| !(judged && left.kind == "widen")).collect();
        // Paths of the working tree are no paths of the user's.
        let said = |why: &str| why.replace(&format!("{}/", self.dir.display()), "");
        let mut edits: Vec<AppliedEdit> = Vec::new();
        for edit in &self.planned.plan.edits {
            let why = left.iter().find(|left| left.edits.contains(&edit.id)).map(|left| said(&left.why));
            let first = edit.items.first().filter(|_| why.is_some());
            edits.push(AppliedEdit {
                id: edit.id.clone(),
                kind: edit.kind.clone(),
                done: why.is_none(),
                detail: edit.detail.clone(),
                place: first.map(|item| format!("{}:{}", item.file, item.line)),
                why,
            });
        }
        for other in left.iter().filter(|left| left.edits.is_empty()) {
            let (id, kind, detail) = (String::new(), other.kind.to_owned(), said(&other.why));
            edits.push(AppliedEdit { id, kind, done: false, detail, place: None, why: None });
        }
        let (errors_before, errors_before_unknown) = match compiled.compiles {
            Some(false) => match self.errors_before() {
                Ok(errors) => (Some(errors.len() as u32), None),
                Err(why) => (None, Some(said(why))),
            },
            _ => (None, None),
        };
        let crates = drawn
            .crates
            .iter()
            .map(|(name, dir)| AppliedCrate { name: name.clone(), directory: self.shown(dir) });
        ApplyReport {
            schema_version: SCHEMA_VERSION,
            tool: Tool::current(),
            package: self.planned.package.clone(),
            crates: crates.collect(),
            base: self.repository.head.clone(),
            commits,
            branch: None,
            worktree: None,
            patch: None,
            together: drawn.together.clone(),
            edits,
            users,
            files_moved: drawn.renames.len() as u32,
            lines_moved,
            lines_changed,
            compiles: compiled.compiles,
            repairs: compiled.repairs,
            errors: compiled.errors,
            errors_before,
            errors_before_unknown,
        }
    }
}
