//! What has to become visible across the boundaries of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::passages::Passages;
use crate::ids::ItemId;
use crate::plan::index::Index;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::{MovedPath, ReExportPlace, SharedStatic, Widening};
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::{ItemKind, RefKind, Reference, Resolution, Visibility};

/// Items with restricted visibility that another crate of the plan refers to or gets a value of, `macro_rules!` that it
/// would no longer find by textual order, and what lies on the way. References that are cut anyway don't count.
pub(in crate::plan) fn widenings(
    (input, index): (&PlanInput<'_>, &Index),
    groups: &Groups,
    assembled: &Assembled,
) -> Vec<Widening> {
    let mut needed: BTreeMap<ItemId, u32> = BTreeMap::new();
    let mut need = |item: ItemId| *needed.entry(item).or_default() += 1;
    let mut known: BTreeMap<(ItemId, RefKind, bool), Vec<ItemId>> = BTreeMap::new();
    for_each_crossing(input, groups, assembled, |r| {
        let target = &input.resolution.items[r.to];
        if r.restricted || (target.kind == ItemKind::Macro && !target.macro_export) {
            need(r.to);
        }
        let crate_of = |item| groups.of(item).map(|group| assembled.of_group[group as usize]);
        let below = |item: &ItemId| crate_of(*item).is_some_and(|id| Some(id) < crate_of(r.from));
        let values = known
            .entry((r.to, r.kind, r.restricted))
            .or_insert_with(|| values(input.resolution, r).into_iter().collect());
        values.iter().copied().filter(below).for_each(&mut need);
    });
    let items = needed.into_iter().map(|(item, references)| Widening { item, re_export: None, references });
    let mut all: Vec<Widening> = items.chain(passages((input, index), groups, assembled)).collect();
    all.sort_unstable();
    all
}

/// Types that are not public, of values that a reference gets hold of: what a method or a field is looked for in, and what
/// the definition referred to shows. rustc wants them public though nobody names them.
fn values(resolution: &Resolution, reference: &Reference) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    let by_value = matches!(reference.kind, RefKind::Method | RefKind::Field);
    if by_value {
        let target = &resolution.items[reference.to];
        // A restricted member's item is listed already.
        // A trait's method is found where the trait is in scope.
        let receivers = match &target.imp {
            Some(header) => [header.self_item, header.trait_item],
            None => [Some(reference.to), None],
        };
        let listed = |item: ItemId| item == reference.to && reference.restricted;
        found.extend(receivers.into_iter().flatten().filter(|&item| !listed(item)));
    }
    // Who names an enum matches on its variants.
    let matched = resolution.items[reference.to].kind == ItemKind::Enum;
    if by_value || matched || matches!(reference.kind, RefKind::Call | RefKind::Value) {
        shown(resolution, reference.to, &mut found);
    }
    let hidden = |item: &ItemId| resolution.items[*item].visibility != Visibility::Public;
    found.into_iter().filter(hidden).collect()
}

/// Types that users of an item get values of.
fn shown(resolution: &Resolution, item: ItemId, found: &mut BTreeSet<ItemId>) {
    for r in references_of(resolution, item).iter().filter(|r| r.shown && !r.test && r.to != item) {
        match resolution.items[r.to].kind {
            ItemKind::Struct | ItemKind::Enum | ItemKind::Union => {
                found.insert(r.to);
            }
            // An alias stands for another type. Aliases of aliases of each other are no Rust.
            ItemKind::TypeAlias if found.insert(r.to) => {
                shown(resolution, r.to, found);
                found.remove(&r.to);
            }
            _ => {}
        }
    }
}

/// Modules and re-exports that references across a boundary go through.
fn passages(
    (input, index): (&PlanInput<'_>, &Index),
    groups: &Groups,
    assembled: &Assembled,
) -> Vec<Widening> {
    let mut found: BTreeMap<(ItemId, Option<ReExportPlace>), u32> = BTreeMap::new();
    let mut ways = Passages::new(input, index, assembled);
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
pub(in crate::plan) fn shared_statics(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
) -> Vec<SharedStatic> {
    let is_static = |r: &Reference| input.resolution.items[r.to].kind == ItemKind::Static;
    let shared = crossing(input, groups, assembled, &is_static);
    shared.into_iter().map(|(item, references)| SharedStatic { item, references }).collect()
}

/// Paths to files in what leaves the package: the files have to move too, or the paths have to change.
pub(in crate::plan) fn moved_paths(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<MovedPath> {
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
    for (from, to, reference) in groups.references(input.resolution) {
        if assembled.of_group[to as usize] < assembled.of_group[from as usize] {
            each(reference);
        }
    }
}
