//! Which groups of items go through all plans together.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Layout, Piece, Stray};
use crate::graph::impl_hosts;
use crate::ids::{CrateId, GroupId, Id, IdVec, ItemId, ModuleId, PackageId, PlanCrateId};
use crate::plan::boundary::manifest::fill_needs;
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::PlanCrate;
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::ItemKind;

/// The pieces of a crate.
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    pub(super) layouts: Vec<Layout>,
    pub(super) strays: Vec<Stray>,
    pub(super) of_group: IdVec<GroupId, u32>,
    items: Vec<Vec<ItemId>>,
    lines: Vec<u32>,
}

/// What must be the same for groups to be one piece.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    module: ModuleId,
    /// Its crate in each layout, where it is named item by item.
    apart: Vec<Option<u32>>,
    hosts: Vec<GroupId>,
    follows: Option<GroupId>,
}

impl Pieces {
    pub(super) fn new(
        input: &PlanInput<'_>,
        krate: CrateId,
        groups: &Groups,
        layouts: &[IdVec<PlanCrateId, PlanCrate>],
    ) -> Self {
        let named: Vec<Named> = layouts.iter().map(Named::new).collect();
        let follows = follows(input, krate, groups);
        let mut of_likeness: BTreeMap<Likeness, u32> = BTreeMap::new();
        let mut firsts: Vec<GroupId> = Vec::new();
        let mut items: Vec<Vec<ItemId>> = Vec::new();
        let mut lines: Vec<u32> = Vec::new();
        let mut of_group = IdVec::new();
        for group in groups.ids() {
            let lead = lead(input, &groups.items[group]);
            let likeness = Likeness {
                module: input.resolution.items[lead].module,
                apart: named.iter().map(|named| named.items.get(&lead).copied()).collect(),
                hosts: groups.hosts[group].clone(),
                follows: follows.get(&group).copied(),
            };
            let next = firsts.len() as u32;
            let piece = *of_likeness.entry(likeness).or_insert(next);
            if piece == next {
                firsts.push(group);
                items.push(Vec::new());
                lines.push(0);
            }
            lines[piece as usize] += groups.lines[group];
            items[piece as usize].extend(&groups.items[group]);
            of_group.push(piece);
        }
        items.iter_mut().for_each(|items| items.sort_unstable());
        let mut found =
            Self { pieces: Vec::new(), layouts: Vec::new(), strays: Vec::new(), of_group, items, lines };
        found.layouts = named.into_iter().map(|named| found.layout(input, groups, &firsts, named)).collect();
        found.pieces = (0..firsts.len())
            .map(|at| found.piece(input, groups, (at, firsts[at]), follows.get(&firsts[at]).copied()))
            .collect();
        found.strays = found.strays(input);
        found
    }

    fn layout(&self, input: &PlanInput<'_>, groups: &Groups, firsts: &[GroupId], named: Named) -> Layout {
        let crate_of = |group: GroupId| named.items.get(&lead(input, &groups.items[group])).copied();
        let apart = firsts.iter().zip(0..).filter_map(|(&group, piece)| Some((piece, crate_of(group)?)));
        Layout { apart: apart.collect(), names: named.names, modules: named.modules, effort: 0.0 }
    }

    fn piece(
        &self,
        input: &PlanInput<'_>,
        groups: &Groups,
        (at, first): (usize, GroupId),
        follows: Option<GroupId>,
    ) -> Piece {
        let module = input.resolution.items[lead(input, &groups.items[first])].module;
        let hosts: BTreeSet<u32> = groups.hosts[first].iter().map(|&host| self.of_group[host]).collect();
        let is_apart = self.layouts.iter().any(|layout| layout.apart.contains_key(&(at as u32)));
        let own = self.items[at].iter().filter(|_| is_apart).map(|&item| &input.resolution.items[item]);
        let own = own.filter(|item| item.module == module && item.kind != ItemKind::Module);
        let below = format!("{}::", input.resolution.modules[module].path);
        let name = |path: &str| path.strip_prefix(&below).unwrap_or(path).to_owned();
        let names: BTreeSet<String> = own.map(|item| name(&item.path)).collect();
        Piece {
            module: module.0,
            lines: self.lines[at],
            hosts: hosts.into_iter().collect(),
            follows: follows.map(|host| self.of_group[host]),
            items: names.into_iter().collect(),
        }
    }

    fn strays(&self, input: &PlanInput<'_>) -> Vec<Stray> {
        let items = &input.resolution.items;
        let of_piece = |(piece, data): (usize, &Piece)| {
            let module = data.module;
            let own = self.items[piece].iter().map(|&item| &items[item]);
            let away = own.filter(move |item| item.module.0 != module && item.kind != ItemKind::Module);
            away.map(|item| Stray { piece: piece as u32, module: item.module.0, item: item.path.clone() })
                .collect::<Vec<_>>()
        };
        self.pieces.iter().enumerate().flat_map(of_piece).collect()
    }

    /// The pieces as if each were a crate of a plan: what crates are asked then adds up.
    pub(super) fn assembled(&self, input: &PlanInput<'_>, index: &Index, package: PackageId) -> Assembled {
        let krate = |items: &Vec<ItemId>| PlanCrate { all_items: items.clone(), ..PlanCrate::default() };
        let mut crates: IdVec<PlanCrateId, PlanCrate> = self.items.iter().map(krate).collect();
        fill_needs(input, index, package, &mut crates);
        let of_piece = |(piece, items): (usize, &Vec<ItemId>)| {
            let id = PlanCrateId::from_index(piece);
            items.iter().map(|&item| (item, id)).collect::<Vec<_>>()
        };
        let mut of_item: Vec<_> = self.items.iter().enumerate().flat_map(of_piece).collect();
        of_item.sort_unstable();
        Assembled { crates, of_group: IdVec::new(), of_item, of_module: BTreeMap::new(), moved: 0 }
    }
}

/// A plan's crates by what they name.
struct Named {
    names: Vec<String>,
    modules: BTreeMap<u32, u32>,
    items: BTreeMap<ItemId, u32>,
}

impl Named {
    fn new(crates: &IdVec<PlanCrateId, PlanCrate>) -> Self {
        let mut named = Self { names: Vec::new(), modules: BTreeMap::new(), items: BTreeMap::new() };
        let residual = crates.iter().filter(|krate| !krate.residual).count() as u32;
        for krate in crates {
            let at = if krate.residual { residual } else { named.names.len() as u32 };
            if !krate.residual {
                named.names.push(krate.name.clone());
            }
            named.modules.extend(krate.modules.iter().map(|module| (module.0, at)));
            let single = krate.items.iter().chain(&krate.impls);
            named.items.extend(single.map(|&item| (item, at)));
        }
        named
    }
}

/// What says where a group is placed: its first definition.
fn lead(input: &PlanInput<'_>, items: &[ItemId]) -> ItemId {
    let is_impl = |item: &&ItemId| input.resolution.items[**item].kind == ItemKind::Impl;
    *items.iter().find(|item| !is_impl(item)).unwrap_or(&items[0])
}

/// Groups led by an `impl`, and the one that each goes along with if that is named: as in
/// [`what_if`](crate::plan::what_if()).
fn follows(input: &PlanInput<'_>, krate: CrateId, groups: &Groups) -> BTreeMap<GroupId, GroupId> {
    let items = &input.resolution.items;
    let mut found = BTreeMap::new();
    for choice in impl_hosts(input.resolution, &[krate]) {
        let imp = &items[choice.imp];
        let of_type = |host: ItemId| imp.imp.as_ref().is_some_and(|header| header.self_item == Some(host));
        let goes =
            |&host: &ItemId| items[host].module == imp.module && (choice.hosts.len() == 1 || of_type(host));
        let host = choice.hosts.iter().copied().find(goes).and_then(|host| groups.of(host));
        if let (Some(group), Some(host)) = (groups.of(choice.imp), host)
            && group != host
            && lead(input, &groups.items[group]) == choice.imp
        {
            found.insert(group, host);
        }
    }
    found
}
