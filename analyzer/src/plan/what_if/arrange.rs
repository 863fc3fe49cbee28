//! Where every item of a package goes: as the plan says, `impl`s with what it takes by name, the rest stays.

use std::collections::BTreeMap;

use super::super::index::Index;
use super::super::input::PlanInput;
use super::names::Described;
use super::top::little_is_needed;
use crate::discover::TargetKind;
use crate::graph::{feedback_order, impl_hosts};
use crate::ids::{CrateId, GroupId, Id, IdVec, ItemId, LevelId, PackageId};
use crate::plan::partition::groups::Groups;
use crate::resolve::{ItemKind, Reference};

/// An `impl` that the plan puts where the orphan rule doesn't allow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Orphan {
    pub(super) imp: ItemId,
    /// The crate it is put into, by position.
    pub(super) at: usize,
    /// Its trait, its type, types among the trait's arguments: it must be with one of them.
    pub(super) hosts: Vec<ItemId>,
}

/// Everything placed, and the crates ordered.
pub(super) struct Arrangement {
    pub(super) groups: Groups,
    /// The crate of each item of the library, as the plan has it; by position, the residual crate last.
    pub(super) of_item: BTreeMap<ItemId, usize>,
    /// The crate of each group, orphans put where they may be.
    pub(super) of_group: IdVec<GroupId, usize>,
    pub(super) orphans: Vec<Orphan>,
    /// The place of each crate in the order, 0 at the bottom.
    pub(super) level: Vec<LevelId>,
    /// Who refers to whom: (from, to) by position, with the number of references (non-test, no imports).
    pub(super) arcs: BTreeMap<(usize, usize), u32>,
    /// References of the package's binaries to what leaves its library: they count as the residual crate's.
    pub(super) of_binaries: Vec<Reference>,
}

impl Arrangement {
    pub(super) fn new(
        input: &PlanInput<'_>,
        index: &Index,
        (package, krate): (PackageId, CrateId),
        described: &Described,
        (assume_cuts, on_top): (bool, bool),
    ) -> Self {
        let residual = described.crates.len();
        let mut of_item: BTreeMap<ItemId, usize> = index.items[krate]
            .iter()
            .map(|&item| (item, as_written(input, described, item).map_or(residual, |at| at.min(residual))))
            .collect();
        let impls: Vec<_> = impl_hosts(input.resolution, &[krate]);
        for (imp, hosts) in impls.iter().map(|choice| (choice.imp, &choice.hosts)) {
            if let Some(with) = follows(input, described, imp, hosts) {
                of_item.insert(imp, with);
            }
        }
        let orphans: Vec<Orphan> = impls
            .into_iter()
            .filter(|choice| !input.resolution.items[choice.imp].test)
            .filter(|choice| !choice.hosts.iter().any(|host| of_item[host] == of_item[&choice.imp]))
            .map(|choice| Orphan { at: of_item[&choice.imp], imp: choice.imp, hosts: choice.hosts })
            .collect();
        let groups = Groups::apart(input, index, krate);
        let of_group = place(input, &groups, &of_item);
        let mut arrangement = Self {
            groups,
            of_item,
            of_group,
            orphans,
            level: Vec::new(),
            arcs: BTreeMap::new(),
            of_binaries: Vec::new(),
        };
        arrangement.of_binaries =
            arrangement.references_of_binaries(input, index, (package, krate), residual);
        let on_top =
            on_top || (assume_cuts && little_is_needed(&arrangement.groups, &arrangement.of_group, residual));
        arrangement.order(residual, on_top);
        arrangement.host_orphans(residual);
        arrangement
    }

    /// The position of the residual crate.
    pub(super) fn residual(&self) -> usize {
        self.level.len() - 1
    }

    /// References that run against the order: from a lower crate to a higher one.
    pub(super) fn back_arcs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.arcs.keys().copied().filter(|&(from, to)| self.level[from] < self.level[to])
    }

    /// Sums up references and orders the crates: as few references against the order as possible, and the residual
    /// crate as high as it can be, so that it can re-export the others; `on_top` whatever needs it.
    fn order(&mut self, residual: usize, on_top: bool) {
        self.arcs = self.quotient(residual);
        let counts = |&(&(_, to), _): &(&(usize, usize), &u32)| !on_top || to != residual;
        let arcs: Vec<(u32, u32, f64)> =
            self.arcs.iter().filter(counts).map(|(&(a, b), &n)| (a as u32, b as u32, f64::from(n))).collect();
        // Dependents come first in that order.
        let order: Vec<usize> =
            feedback_order(residual + 1, &arcs).order.iter().rev().map(|&n| n as usize).collect();
        let place = |of: usize| order.iter().position(|&n| n == of);
        let mut above = vec![false; residual + 1];
        above[residual] = true;
        for &node in order.iter().filter(|_| !on_top) {
            let down = self.arcs.keys().filter(|(from, to)| *from == node && place(*to) < place(node));
            above[node] |= down.clone().any(|&(_, to)| above[to]);
        }
        let (low, high): (Vec<usize>, Vec<usize>) =
            order.into_iter().filter(|&n| n != residual).partition(|&n| !above[n]);
        self.level = vec![LevelId(0); residual + 1];
        for (level, node) in low.into_iter().chain([residual]).chain(high).enumerate() {
            self.level[node] = LevelId::from_index(level);
        }
    }

    fn quotient(&self, residual: usize) -> BTreeMap<(usize, usize), u32> {
        let mut arcs = BTreeMap::new();
        for (from, to, references) in self.groups.out.arcs() {
            let pair = (self.of_group[from], self.of_group[to]);
            if pair.0 != pair.1 {
                *arcs.entry(pair).or_default() += references;
            }
        }
        for reference in &self.of_binaries {
            *arcs.entry((residual, self.of_item[&reference.to])).or_default() += 1;
        }
        arcs
    }

    /// An orphan with a choice goes with its highest host: from there it sees the others.
    fn host_orphans(&mut self, residual: usize) {
        for orphan in &self.orphans {
            let Some(group) = self.groups.of(orphan.imp) else { continue };
            let alone = !self.groups.hosts[group].is_empty();
            let highest = orphan.hosts.iter().map(|host| self.of_item[host]).max_by_key(|&c| self.level[c]);
            if let Some(krate) = highest.filter(|_| alone) {
                self.of_group[group] = krate;
            }
        }
        self.arcs = self.quotient(residual);
    }

    fn references_of_binaries(
        &self,
        input: &PlanInput<'_>,
        index: &Index,
        (package, krate): (PackageId, CrateId),
        residual: usize,
    ) -> Vec<Reference> {
        let repository = input.repository;
        let of_bin = |item: ItemId| {
            let other = index.crate_of[item];
            let target = &repository.targets[crate::ids::TargetId::from_index(other.index())];
            other != krate && target.package == package && target.kind == TargetKind::Bin
        };
        let leaves = |r: &Reference| self.of_item.get(&r.to).is_some_and(|&c| c != residual);
        let counts = |r: &&Reference| !r.test && r.structural && leaves(r) && of_bin(r.from);
        input.resolution.references.iter().filter(counts).copied().collect()
    }
}

/// Where the plan puts an item: by its own name, or with the closest module around it that is named.
fn as_written(input: &PlanInput<'_>, described: &Described, item: ItemId) -> Option<usize> {
    if let Some(&position) = described.items.get(&item) {
        return Some(position);
    }
    let mut at = Some(input.resolution.items[item].module);
    while let Some(module) = at {
        if let Some(&position) = described.modules.get(&module) {
            return Some(position);
        }
        at = input.resolution.modules[module].parent;
    }
    None
}

/// An item taken by name takes the `impl`s along that its module holds for it, unless they are named themselves.
fn follows(input: &PlanInput<'_>, described: &Described, imp: ItemId, hosts: &[ItemId]) -> Option<usize> {
    if described.items.contains_key(&imp) {
        return None;
    }
    let items = &input.resolution.items;
    let of_type = |host: ItemId| items[imp].imp.as_ref().is_some_and(|header| header.self_item == Some(host));
    let host = hosts
        .iter()
        .copied()
        .find(|&host| items[host].module == items[imp].module && (hosts.len() == 1 || of_type(host)))?;
    described.items.get(&host).map(|&at| at.min(described.crates.len()))
}

/// Each group goes where its definition goes.
fn place(input: &PlanInput<'_>, groups: &Groups, of_item: &BTreeMap<ItemId, usize>) -> IdVec<GroupId, usize> {
    let is_impl = |item: &ItemId| input.resolution.items[*item].kind == ItemKind::Impl;
    groups
        .items
        .iter()
        .map(|items| of_item[items.iter().find(|item| !is_impl(item)).unwrap_or(&items[0])])
        .collect()
}
