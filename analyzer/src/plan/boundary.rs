//! What has to become visible across the boundaries of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Assembled;
use super::groups::Groups;
use super::input::PlanInput;
use super::model::{MovedPath, SharedStatic, Widening};
use crate::ids::{Id, ItemId};
use crate::resolve::{ItemKind, Reference};

/// Items with restricted visibility that another crate of the plan refers to, and `macro_rules!` that it would no
/// longer find by textual order. References that are cut anyway don't count.
pub(super) fn widenings(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> Vec<Widening> {
    let hidden = |r: &Reference| {
        let target = &input.resolution.items[r.to];
        r.restricted || (target.kind == ItemKind::Macro && !target.macro_export)
    };
    let needed = crossing(input, groups, assembled, &hidden);
    needed.into_iter().map(|(item, references)| Widening { item, references }).collect()
}

/// Statics that another crate of the plan refers to: state shared across a boundary.
pub(super) fn shared_statics(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
) -> Vec<SharedStatic> {
    let is_static = |r: &Reference| input.resolution.items[r.to].kind == ItemKind::Static;
    let shared = crossing(input, groups, assembled, &is_static);
    shared.into_iter().map(|(item, references)| SharedStatic { item, references }).collect()
}

/// Paths to files in what leaves the package: the files have to move too, or the paths have to change.
pub(super) fn moved_paths(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<MovedPath> {
    let mut found: BTreeSet<MovedPath> = BTreeSet::new();
    for &(id, krate) in &assembled.of_item {
        let item = &input.resolution.items[id];
        if assembled.crates[krate].residual || item.kind == ItemKind::Module {
            continue;
        }
        let paths = input.resolution.files[item.file].paths.iter();
        found.extend(
            paths.filter(|path| (item.line..=item.end_line).contains(&path.line)).map(|path| MovedPath {
                file: item.file,
                line: path.line,
                call: path.call.clone(),
                krate,
            }),
        );
    }
    found.into_iter().collect()
}

/// Items that code of a higher crate refers to as `counts` asks, with how often.
fn crossing(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
    counts: &dyn Fn(&Reference) -> bool,
) -> BTreeMap<ItemId, u32> {
    let mut found: BTreeMap<ItemId, u32> = BTreeMap::new();
    let references = &input.resolution.references;
    for (item, group) in groups.of_items() {
        let crosses = groups
            .out
            .row(group)
            .iter()
            .any(|&(to, _)| assembled.of_group[to as usize] < assembled.of_group[group as usize]);
        if !crosses {
            continue;
        }
        let start = references.partition_point(|r| r.from.index() < item.index());
        for r in references[start..].iter().take_while(|r| r.from == item) {
            if r.test || !r.structural {
                continue;
            }
            let Some(to) = groups.of(r.to).filter(|_| counts(r)) else { continue };
            if assembled.of_group[to as usize] < assembled.of_group[group as usize] {
                *found.entry(r.to).or_default() += 1;
            }
        }
    }
    found
}
