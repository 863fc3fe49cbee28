//! From a placement to a [`Plan`]: crates with their modules and items, what depends on what, names.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::names::{Content, names};
use super::place::Placement;
use crate::graph::{ImplChoice, impl_choices};
use crate::ids::{CrateId, EditId, GroupId, Id, IdVec, ItemId, LevelId, ModuleId, PackageId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind};
use crate::plan::index::{Index, item_lines};
use crate::plan::input::PlanInput;
use crate::plan::model::PlanCrate;
use crate::plan::partition::uncompiled::adopt_uncompiled;
use crate::resolve::ItemKind;

/// A package's plan in the making: who is where.
#[derive(Clone)]
pub(in crate::plan) struct Assembled {
    /// The crates, dependencies first; the residual one is last unless the placement says otherwise.
    pub(in crate::plan) crates: IdVec<PlanCrateId, PlanCrate>,
    /// The crate of each group.
    pub(in crate::plan) of_group: IdVec<GroupId, PlanCrateId>,
    /// The crate of each item of the crate that is split, sorted by item.
    pub(in crate::plan) of_item: Vec<(ItemId, PlanCrateId)>,
    /// The crate that each module goes to, with its imports.
    pub(in crate::plan) of_module: BTreeMap<ModuleId, PlanCrateId>,
    /// Groups that left the crate of their module on their own account (not impls that follow their type).
    pub(in crate::plan) moved: u32,
}

impl Assembled {
    /// The crate that keeps the package's name.
    pub(in crate::plan) fn residual(&self) -> PlanCrateId {
        let last = PlanCrateId::from_index(self.crates.len() - 1);
        self.crates.iter_enumerated().find(|(_, krate)| krate.residual).map_or(last, |(id, _)| id)
    }

    /// Everything where it lies once the edits of cuts are made. Modules, and what a crate is said to hold, stay.
    pub(in crate::plan) fn after(&self, groups: &Groups, edits: &IdVec<EditId, Edit>) -> Self {
        let mut after = self.clone();
        let moves = edits.iter().filter(|e| matches!(e.kind, EditKind::MoveItems(_)) && !e.cuts.is_empty());
        for edit in moves {
            for group in edit.items.iter().filter_map(|&item| groups.of(item)) {
                after.of_group[group] = edit.krate;
            }
        }
        let mut left: BTreeSet<ItemId> = BTreeSet::new();
        for (item, krate) in &mut after.of_item {
            let Some(to) = groups.of(*item).map(|group| after.of_group[group]).filter(|to| to != krate)
            else {
                continue;
            };
            left.insert(*item);
            *krate = to;
        }
        after.crates.iter_mut().for_each(|krate| krate.all_items.retain(|item| !left.contains(item)));
        let moved = after.of_item.iter().filter(|(item, _)| left.contains(item));
        for &(item, krate) in moved {
            after.crates[krate].all_items.push(item);
        }
        depend(groups, &after.of_group, self.residual(), &mut after.crates);
        // A part of the edits may be made and another not: what was needed before them stays allowed.
        for krate in after.crates.iter_mut() {
            krate.all_items.sort_unstable();
            krate.depends_on.sort_unstable();
            krate.depends_on.dedup();
        }
        after
    }
}

pub(in crate::plan) fn assemble(
    input: &PlanInput<'_>,
    index: &Index,
    (package, krate): (PackageId, CrateId),
    groups: &Groups,
    placement: &Placement,
) -> Assembled {
    let (of_group, residual, count) = compressed(placement, groups);
    let mut crates: IdVec<PlanCrateId, PlanCrate> = IdVec::from_elem(PlanCrate::default(), count);
    crates[residual].residual = true;
    for (item, group) in groups.of_items() {
        let id = of_group[group];
        crates[id].all_items.push(item);
        crates[id].lines += index.own_lines[item];
    }
    let modules = module_crates(input, index, krate, groups, &of_group, residual);
    list_modules(input, &modules, &mut crates);
    let moved = list_moved_items(input, groups, &of_group, &modules, &mut crates);
    list_staying_impls(input, krate, (groups, &of_group), &modules, &mut crates);
    depend(groups, &of_group, residual, &mut crates);
    let contents: Vec<Content> =
        crates.ids().map(|id| content((input, index), id, &crates, &modules)).collect();
    name(input, package, &contents, &mut crates);
    adopt_other_targets(input, index, package, krate, &mut crates[residual]);
    adopt_uncompiled(input, index, krate, &modules, residual, &mut crates);
    share_costs(input, &mut crates);
    let of_item = groups.of_items().map(|(item, group)| (item, of_group[group])).collect();
    Assembled { crates, of_group, of_item, of_module: modules, moved }
}

/// Levels in use, numbered from 0: that of each group, that of the residual crate (always there), and how many.
fn compressed(placement: &Placement, groups: &Groups) -> (IdVec<GroupId, PlanCrateId>, PlanCrateId, usize) {
    let mut used: Vec<LevelId> = placement.level.clone().into_vec();
    used.push(placement.residual);
    used.sort_unstable();
    used.dedup();
    let id = |level: LevelId| PlanCrateId::from_index(used.partition_point(|&other| other < level));
    let of_group = groups.ids().map(|g| id(placement.level[g])).collect();
    (of_group, id(placement.residual), used.len())
}

/// The crate that gets most lines of each module's own items, `None` for other crates' modules.
fn module_crates(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    groups: &Groups,
    of_group: &IdVec<GroupId, PlanCrateId>,
    residual: PlanCrateId,
) -> BTreeMap<ModuleId, PlanCrateId> {
    let mut votes: BTreeMap<(ModuleId, PlanCrateId), u64> = BTreeMap::new();
    for (item, group) in groups.of_items() {
        let data = &input.resolution.items[item];
        // A module without code of its own goes where its declaration was put.
        let weight = 1 + u64::from(item_lines(data)) * 1000;
        *votes.entry((data.module, of_group[group])).or_default() += weight;
    }
    let mut best: BTreeMap<ModuleId, (u64, PlanCrateId)> = BTreeMap::new();
    for ((module, id), weight) in votes {
        let entry = best.entry(module).or_insert((weight, id));
        if weight > entry.0 {
            *entry = (weight, id);
        }
    }
    let root = input.resolution.crates[krate].root;
    index.modules[krate]
        .iter()
        .map(|&module| {
            let id = best.get(&module).map_or(residual, |&(_, id)| id);
            (module, if module == root { residual } else { id })
        })
        .collect()
}

/// Lists each module whose crate is not that of the module around it: the most specific entry wins.
fn list_modules(
    input: &PlanInput<'_>,
    modules: &BTreeMap<ModuleId, PlanCrateId>,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    for (&module, &id) in modules {
        let around = input.resolution.modules[module].parent;
        if around.is_none_or(|parent| modules.get(&parent) != Some(&id)) {
            crates[id].modules.push(module);
        }
    }
}

fn list_moved_items(
    input: &PlanInput<'_>,
    groups: &Groups,
    of_group: &IdVec<GroupId, PlanCrateId>,
    modules: &BTreeMap<ModuleId, PlanCrateId>,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) -> u32 {
    let mut movers = BTreeSet::new();
    for (item, group) in groups.of_items() {
        let data = &input.resolution.items[item];
        let id = of_group[group];
        if modules.get(&data.module) != Some(&id) && data.kind != ItemKind::Module {
            crates[id].items.push(item);
            if data.kind != ItemKind::Impl && !data.test {
                movers.insert(group);
            }
        }
    }
    movers.len() as u32
}

/// Lists each `impl` of a trait that stays with its module when the type that it is for leaves that. One path may be several blocks:
/// where these part, none of them can be named.
fn list_staying_impls(
    input: &PlanInput<'_>,
    krate: CrateId,
    (groups, of_group): (&Groups, &IdVec<GroupId, PlanCrateId>),
    modules: &BTreeMap<ModuleId, PlanCrateId>,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let items = &input.resolution.items;
    let crate_of = |item: ItemId| groups.of(item).map(|group| of_group[group]);
    let mut of_path: BTreeMap<&str, BTreeSet<Option<PlanCrateId>>> = BTreeMap::new();
    for (item, _) in groups.of_items().filter(|(item, _)| items[*item].kind == ItemKind::Impl) {
        of_path.entry(&items[item].path).or_default().insert(crate_of(item));
    }
    for ImplChoice { imp, .. } in impl_choices(input.resolution, &[krate]) {
        let data = &items[imp];
        let of = data.imp.as_ref().and_then(|header| header.self_item);
        let leaves = |of: ItemId| items[of].module == data.module && crate_of(of) != crate_of(imp);
        let stays = modules.get(&data.module) == crate_of(imp).as_ref() && of.is_some_and(leaves);
        if let Some(id) = crate_of(imp).filter(|_| stays && of_path[data.path.as_str()].len() == 1) {
            crates[id].impls.push(imp);
        }
    }
}

/// Crates depend on what their items refer to downwards; the residual crate on all below it, as it re-exports them.
fn depend(
    groups: &Groups,
    of_group: &IdVec<GroupId, PlanCrateId>,
    residual: PlanCrateId,
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let mut pairs: Vec<(PlanCrateId, PlanCrateId)> = groups
        .out
        .arcs()
        .map(|(from, to, _)| (of_group[from], of_group[to]))
        .filter(|(from, to)| from > to)
        .chain(crates.ids().filter(|&id| id < residual).map(|id| (residual, id)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    for (from, to) in pairs {
        crates[from].depends_on.push(to);
    }
}

fn content(
    (input, index): (&PlanInput<'_>, &Index),
    id: PlanCrateId,
    crates: &IdVec<PlanCrateId, PlanCrate>,
    modules: &BTreeMap<ModuleId, PlanCrateId>,
) -> Content {
    let krate = &crates[id];
    let mut lines: BTreeMap<ModuleId, u32> = BTreeMap::new();
    let module = |item: &ItemId| input.resolution.items[*item].module;
    // A module's items stand beside each other.
    for items in krate.all_items.chunk_by(|a, b| module(a) == module(b)) {
        if let Some(listed) = listed_above(input, module(&items[0]), id, modules) {
            let own = items.iter().map(|&item| index.own_lines[item]);
            *lines.entry(listed).or_default() += own.sum::<u32>();
        }
    }
    let total = f64::from(krate.lines.max(1));
    let name = |module: ModuleId| input.resolution.modules[module].name.clone();
    let mut largest: Vec<(ModuleId, u32)> = lines.into_iter().collect();
    largest.sort_by_key(|&(module, lines)| (std::cmp::Reverse(lines), module));
    let mut around: BTreeMap<ModuleId, u32> = BTreeMap::new();
    for &(module, lines) in &largest {
        let parent = input.resolution.modules[module].parent;
        if let Some(parent) = parent.filter(|&p| input.resolution.modules[p].parent.is_some()) {
            *around.entry(parent).or_default() += lines;
        }
    }
    let users = crates.iter().filter(|c| !c.residual && c.depends_on.contains(&id)).count();
    let others = crates.len().saturating_sub(2);
    Content {
        around: around
            .into_iter()
            .max_by_key(|&(module, lines)| (lines, std::cmp::Reverse(module)))
            .map(|(module, lines)| (name(module), f64::from(lines) / total)),
        modules: largest.iter().map(|&(m, lines)| (name(m), f64::from(lines) / total)).collect(),
        items: krate.items.iter().map(|&item| input.resolution.items[item].name.clone()).collect(),
        foundation: krate.depends_on.is_empty() && others > 0 && users * 2 > others,
    }
}

/// The listed module of crate `id` that holds `module`.
fn listed_above(
    input: &PlanInput<'_>,
    module: ModuleId,
    id: PlanCrateId,
    modules: &BTreeMap<ModuleId, PlanCrateId>,
) -> Option<ModuleId> {
    let mut at = module;
    if modules.get(&at) != Some(&id) {
        return None;
    }
    while let Some(parent) = input.resolution.modules[at].parent.filter(|p| modules.get(p) == Some(&id)) {
        at = parent;
    }
    Some(at)
}

/// Names that a new crate can't have: of packages here, and of those from elsewhere, which its code may name.
fn taken(input: &PlanInput<'_>) -> BTreeSet<String> {
    let packages = &input.repository.packages;
    let own = packages.iter().map(|package| package.name.clone());
    let locked = input.repository.workspaces.iter().flat_map(|workspace| &workspace.locked);
    let locked = locked.map(|package| package.name.clone());
    // Without a lock file what the manifests name has to do.
    let named = packages.iter().flat_map(|package| &package.dependencies).map(|d| d.package.clone());
    own.chain(locked).chain(named).collect()
}

fn name(
    input: &PlanInput<'_>,
    package: PackageId,
    contents: &[Content],
    crates: &mut IdVec<PlanCrateId, PlanCrate>,
) {
    let own = &input.repository.packages[package].name;
    let taken = taken(input);
    let stays = |id: PlanCrateId, crates: &IdVec<PlanCrateId, PlanCrate>| crates[id].residual;
    let split_off: Vec<Content> =
        crates.ids().zip(contents).filter(|(id, _)| !stays(*id, crates)).map(|(_, c)| c.clone()).collect();
    let mut new = names(own, &split_off, &taken).into_iter();
    for krate in crates.iter_mut() {
        krate.name = if krate.residual { own.clone() } else { new.next().unwrap_or_default() };
    }
}

/// Binaries, tests, examples and build scripts stay with the package.
fn adopt_other_targets(
    input: &PlanInput<'_>,
    index: &Index,
    package: PackageId,
    planned: CrateId,
    residual: &mut PlanCrate,
) {
    for &target in &input.repository.packages[package].targets {
        let krate = CrateId::from_index(target.index());
        if krate != planned {
            residual.all_items.extend(index.items.get(krate).into_iter().flatten());
        }
    }
    residual.all_items.sort_unstable();
}

fn share_costs(input: &PlanInput<'_>, crates: &mut IdVec<PlanCrateId, PlanCrate>) {
    let Some(costs) = input.costs.first() else { return };
    let of = |items: &[ItemId]| items.iter().map(|&item| costs.items[item].total_s()).sum::<f64>();
    let total: f64 = crates.iter().map(|krate| of(&krate.all_items)).sum();
    for krate in crates.iter_mut() {
        krate.cost_share = if total > 0.0 { of(&krate.all_items) / total } else { 0.0 };
    }
}
