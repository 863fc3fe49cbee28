//! What has to become visible across the boundaries of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Assembled;
use super::cuts::references_of;
use super::groups::Groups;
use super::input::PlanInput;
use super::model::{MovedPath, ReExportPlace, SharedStatic, Widening};
use super::passages::Passages;
use crate::ids::ItemId;
use crate::resolve::{ItemKind, Reference};

/// Items with restricted visibility that another crate of the plan refers to, and `macro_rules!` that it would no
/// longer find by textual order. References that are cut anyway don't count.
pub(super) fn widenings(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> Vec<Widening> {
    let hidden = |r: &Reference| {
        let target = &input.resolution.items[r.to];
        r.restricted || (target.kind == ItemKind::Macro && !target.macro_export)
    };
    let needed = crossing(input, groups, assembled, &hidden);
    let items = needed.into_iter().map(|(item, references)| Widening { item, re_export: None, references });
    let mut all: Vec<Widening> = items.chain(passages(input, groups, assembled)).collect();
    all.sort_unstable();
    all
}

/// Modules and re-exports that references across a boundary go through.
fn passages(input: &PlanInput<'_>, groups: &Groups, assembled: &Assembled) -> Vec<Widening> {
    let mut found: BTreeMap<(ItemId, Option<ReExportPlace>), u32> = BTreeMap::new();
    let mut ways = Passages::new(input, assembled);
    for_each_crossing(input, groups, assembled, |r| {
        for gate in ways.of(input.resolution.items[r.from].module, r) {
            *found.entry(gate).or_default() += 1;
        }
    });
    found
        .into_iter()
        .map(|((item, re_export), references)| Widening { item, re_export, references })
        .collect()
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
    for_each_crossing(input, groups, assembled, |r| {
        if counts(r) {
            *found.entry(r.to).or_default() += 1;
        }
    });
    found
}

/// References of code to a lower crate, tests and imports aside.
fn for_each_crossing(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
    mut each: impl FnMut(&Reference),
) {
    for (item, group) in groups.of_items() {
        let below = |to: u32| assembled.of_group[to as usize] < assembled.of_group[group as usize];
        if !groups.out.row(group).iter().any(|&(to, _)| below(to)) {
            continue;
        }
        let own = references_of(input.resolution, item).iter();
        for r in own.filter(|r| !r.test && r.structural) {
            if groups.of(r.to).is_some_and(below) {
                each(r);
            }
        }
    }
}
