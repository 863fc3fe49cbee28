//! What to do first: what can be done while both still are one program, then the package, then the binary.

use super::blockers::name_of;
use super::entries::Entry;
use super::model::{Blocker, BlockerKind, Crossing, Step, StepKind};
use super::sides::Ground;
use crate::ids::FileId;

/// Steps that are named.
const STEPS: usize = 3;

/// The first steps, in their order. `moved` are the files of its own that lie in no package of their own.
pub(super) fn steps(
    ground: Ground<'_>,
    entry: &Entry,
    blockers: &[Blocker],
    crossing: &[Crossing],
    (own_files, moved): (&[FileId], Vec<FileId>),
) -> Vec<Step> {
    let step = |kind, what, file, line| Step { kind, what, file, line, files: Vec::new() };
    let mut steps: Vec<Step> = untangled(blockers, entry.apart).into_iter().take(1).collect();
    if let Some(first) = crossing.first() {
        let (what, file, line) = (name_of(ground, first.to), first.file, first.line);
        steps.push(step(StepKind::Interface, what, file, line));
    }
    let (of, file, line) = entry.begins;
    if let Some(&first) = moved.first().filter(|_| own_files.len() > 1) {
        let package = step(StepKind::Package, entry.name.clone(), first, 1);
        steps.push(Step { files: moved, ..package });
    }
    steps.push(step(StepKind::Binary, name_of(ground, of), file, line));
    steps.truncate(STEPS);
    steps
}

/// What can be mended in place. State that is in processes of its own already needs nothing.
fn untangled(blockers: &[Blocker], apart: bool) -> Vec<Step> {
    let kind = |kind: BlockerKind| match kind {
        BlockerKind::Transaction => Some(StepKind::PartTransaction),
        BlockerKind::Static | BlockerKind::Lock | BlockerKind::Channel if !apart => Some(StepKind::MoveState),
        BlockerKind::Closure
        | BlockerKind::Handle
        | BlockerKind::Dyn
        | BlockerKind::Borrow
        | BlockerKind::Generic => Some(StepKind::PlainSignature),
        BlockerKind::Table => Some(StepKind::OneWriter),
        _ => None,
    };
    let step = |of: &Blocker| {
        let (what, files) = (of.what.clone(), Vec::new());
        Some(Step { kind: kind(of.kind)?, what, file: of.file, line: of.line, files })
    };
    blockers.iter().filter_map(step).collect()
}
