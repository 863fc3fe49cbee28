//! What to do first: what can be done while both still are one program, then the package, then the binary.

use super::blockers::name_of;
use super::entries::Entry;
use super::model::{Blocker, BlockerKind, Crossing, Step, StepKind};
use super::sides::Ground;
use crate::ids::FileId;

/// Steps that are named.
const STEPS: usize = 3;

/// The first steps, in their order.
pub(super) fn steps(
    ground: Ground<'_>,
    entry: &Entry,
    blockers: &[Blocker],
    crossing: &[Crossing],
    own_files: &[FileId],
) -> Vec<Step> {
    let mut steps: Vec<Step> = untangled(blockers, entry.apart).into_iter().take(1).collect();
    if let Some(first) = crossing.first() {
        let (what, file, line) = (name_of(ground, first.to), first.file, first.line);
        steps.push(Step { kind: StepKind::Interface, what, file, line });
    }
    let (of, file, line) = entry.begins;
    if own_files.len() > 1 {
        let first = own_files[0];
        steps.push(Step { kind: StepKind::Package, what: entry.name.clone(), file: first, line: 1 });
    }
    steps.push(Step { kind: StepKind::Binary, what: name_of(ground, of), file, line });
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
        Some(Step { kind: kind(of.kind)?, what: of.what.clone(), file: of.file, line: of.line })
    };
    blockers.iter().filter_map(step).collect()
}
