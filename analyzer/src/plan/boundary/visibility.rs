//! What has to become visible across the boundaries of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::passages::Passages;
use super::re_exports::home_of;
use super::test_work::TestWork;
use crate::ids::{GroupId, ItemId, MemberId, PlanCrateId};
use crate::parse::tree::FilePathKind;
use crate::plan::edit::ReExportPlace;
use crate::plan::index::Index;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::{MovedPath, SharedStatic, Widening};
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::{ItemKind, ReExport, RefKind, Reference, Resolution, Visibility};

/// Items and members with restricted visibility that another crate of the plan refers to or gets a value of, `macro_rules!`
/// that it would no longer find by textual order, and what lies on the way. References that are cut anyway don't count;
/// those of tests do, from where the tests come to lie.
pub(in crate::plan) fn widenings(
    (input, index): (&PlanInput<'_>, &Index),
    groups: &Groups,
    assembled: &Assembled,
    tests: &TestWork,
) -> Vec<Widening> {
    let mut needed: BTreeMap<(ItemId, Option<MemberId>), Needed> = BTreeMap::new();
    let mut known: BTreeMap<(ItemId, RefKind, bool), Vec<ItemId>> = BTreeMap::new();
    let mut passages = Passages::new(input, index, assembled);
    let mut on_the_way: BTreeMap<(ItemId, Option<ReExportPlace>), Needed> = BTreeMap::new();
    let crate_of = |item| groups.of(item).map(|group| assembled.of_group[group]);
    for_each_crossing(input, groups, assembled, Some(tests), |r, home| {
        let mut need = |item: ItemId, member| needed.entry((item, member)).or_default().add(r);
        let target = &input.resolution.items[r.to];
        if r.restricted || (target.kind == ItemKind::Macro && !target.macro_export) {
            need(r.to, r.member);
        }
        let below = |item: &ItemId| crate_of(*item).is_some_and(|id| id < home);
        let values = known
            .entry((r.to, r.kind, r.restricted && r.member.is_none()))
            .or_insert_with(|| values(input.resolution, r).into_iter().collect());
        values.iter().copied().filter(below).for_each(|item| need(item, None));
        for way_in in passages.of(input.resolution.items[r.from].module, r) {
            on_the_way.entry(way_in).or_default().add(r);
        }
    });
    for r in crossing_re_exports(input, assembled) {
        if input.resolution.items[r.to].visibility != Visibility::Public && !r.glob {
            needed.entry((r.to, None)).or_default().references += 1;
        }
        for way_in in passages.of_re_export(r) {
            on_the_way.entry(way_in).or_default().references += 1;
        }
    }
    let items = needed.into_iter().map(|((item, member), needed)| needed.widening(item, None, member));
    let on_the_way =
        on_the_way.into_iter().map(|((item, re_export), needed)| needed.widening(item, re_export, None));
    let mut all: Vec<Widening> = items.chain(on_the_way).collect();
    all.sort_unstable();
    all
}

/// References that need something to be visible.
#[derive(Default)]
struct Needed {
    references: u32,
    in_tests: u32,
}

impl Needed {
    fn add(&mut self, reference: &Reference) {
        self.references += 1;
        self.in_tests += u32::from(reference.test);
    }

    fn widening(self, item: ItemId, re_export: Option<ReExportPlace>, member: Option<MemberId>) -> Widening {
        let tests_only = self.in_tests == self.references;
        Widening { item, re_export, member, references: self.references, tests_only }
    }
}

/// Types that are not public, of values that a reference gets hold of: what a method or a field is looked for in, and what
/// the definition referred to shows. rustc wants them public though nobody names them.
fn values(resolution: &Resolution, reference: &Reference) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    let by_value = matches!(reference.kind, RefKind::Method | RefKind::Field);
    if by_value {
        let target = &resolution.items[reference.to];
        // A trait's method is found where the trait is in scope.
        let receivers = match &target.imp {
            Some(header) => [header.self_item, header.trait_item],
            None => [Some(reference.to), None],
        };
        let listed =
            |item: ItemId| item == reference.to && reference.restricted && reference.member.is_none();
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
            paths
                .filter(|path| {
                    path.kind == FilePathKind::File && (item.line..=item.end_line).contains(&path.line)
                })
                .map(|path| MovedPath { file: item.file, line: path.line, call: path.call.clone(), krate }),
        );
    }
    // What a module says of itself may be in a file, too.
    let homes: BTreeMap<ItemId, PlanCrateId> = assembled.of_item.iter().copied().collect();
    for module in input.resolution.modules.iter().filter(|module| !module.inline) {
        let home = homes.get(&module.item).filter(|&&krate| !assembled.crates[krate].residual);
        let Some(&krate) = home else { continue };
        let within = |line: u32| {
            let mut items = module.items.iter().map(|&id| &input.resolution.items[id]);
            items.any(|item| item.file == module.file && (item.line..=item.end_line).contains(&line))
        };
        let paths = input.resolution.files[module.file].paths.iter();
        let own =
            paths.filter(|path| path.kind == FilePathKind::File && path.call.starts_with("include_str!"));
        found.extend(
            own.filter(|path| path.line <= HEAD_LINES && !within(path.line)).map(|path| MovedPath {
                file: module.file,
                line: path.line,
                call: path.call.clone(),
                krate,
            }),
        );
    }
    found.into_iter().collect()
}

/// Lines of a file that what it says of itself begins in. A choice.
const HEAD_LINES: u32 = 40;

/// Items that code of a higher crate refers to as `counts` asks, with how often.
fn crossing(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
    counts: &dyn Fn(&Reference) -> bool,
) -> BTreeMap<ItemId, u32> {
    let mut found: BTreeMap<ItemId, u32> = BTreeMap::new();
    for_each_crossing(input, groups, assembled, None, |r, _| {
        if counts(r) {
            *found.entry(r.to).or_default() += 1;
        }
    });
    found
}

/// Re-exports outside of tests that bring in what lies in a lower crate.
fn crossing_re_exports<'a>(
    input: &'a PlanInput<'_>,
    assembled: &'a Assembled,
) -> impl Iterator<Item = &'a ReExport> {
    input.resolution.re_exports.iter().filter(|r| {
        let home = assembled.of_module.get(&r.module);
        !r.test && home.zip(home_of(input, assembled, r.to)).is_some_and(|(&home, target)| target < home)
    })
}

/// References of code to a lower crate, imports aside, with the crate that they come from; where `tests` are given those of
/// tests to any other crate, as far as tests lie where they do or move. What exists for tests only can't be used from
/// elsewhere, unless a feature gives it.
fn for_each_crossing(
    input: &PlanInput<'_>,
    groups: &Groups,
    assembled: &Assembled,
    tests: Option<&TestWork>,
    mut each: impl FnMut(&Reference, PlanCrateId),
) {
    let home = |group: GroupId| assembled.of_group[group];
    for (from, to, reference) in groups.references(input.resolution) {
        if home(to) < home(from) {
            each(reference, home(from));
        }
    }
    let Some(work) = tests else { return };
    for (from, to, reference) in groups.test_references(input.resolution) {
        let from = work.moved(reference.from).unwrap_or_else(|| home(from));
        let exists = !input.resolution.items[reference.to].test || work.is_bound(reference.to);
        // A dev-dependency gives tests what is above, as far as that is public.
        if exists && (home(to) < from || (home(to) > from && work.stays(reference))) {
            each(reference, from);
        }
    }
}
