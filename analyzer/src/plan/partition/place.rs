//! From modules to items: every group gets a crate, impls obey the orphan rule, and single items move where that
//! dissolves a reference against the order more cheaply than cutting it.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use crate::graph::condense;
use crate::ids::{GroupId, Id, IdVec, LevelId, ModuleId};
use crate::plan::input::Prices;

/// Rounds at most; positions settle in two or three.
const MAX_ROUNDS: usize = 8;

/// Every group in a crate; a crate's number is its place in the order, 0 at the bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) struct Placement {
    /// The crate of each group.
    pub(in crate::plan) level: IdVec<GroupId, LevelId>,
    /// Number of crates. Some may be empty.
    pub(in crate::plan) crates: usize,
    /// The residual crate: the last one in every plan that is searched for, wherever it must be in one described.
    pub(in crate::plan) residual: LevelId,
}

impl Placement {
    /// Starts from the crate of each group's module, then moves single groups.
    pub(in crate::plan) fn new(
        groups: &Groups,
        mut home: IdVec<GroupId, LevelId>,
        crates: usize,
        prices: &Prices,
    ) -> Self {
        let mut placement = Self { level: home.clone(), crates, residual: LevelId::from_index(crates - 1) };
        placement.host_impls(groups, &home);
        for _ in 0..MAX_ROUNDS {
            let moved = placement.relocate(groups, &home, prices);
            placement.host_impls(groups, &home);
            let followed = placement.follow_code(groups, &home);
            if !moved && !followed {
                break;
            }
        }
        // What has another order may have less to move.
        if let Some(place) = placement.reorder(groups) {
            home.iter_mut().for_each(|level| *level = place[*level]);
            placement.relocate(groups, &home, prices);
            placement.host_impls(groups, &home);
            placement.follow_code(groups, &home);
        }
        placement.fold_empty(groups);
        placement.reorder(groups);
        placement.lower_bringers(groups);
        placement
    }

    /// As described: nothing is moved.
    pub(in crate::plan) fn described(
        level: IdVec<GroupId, LevelId>,
        crates: usize,
        residual: LevelId,
    ) -> Self {
        Self { level, crates, residual }
    }

    /// Puts modules that only bring in what is defined in other packages where all can reach them that take it from there.
    fn lower_bringers(&mut self, groups: &Groups) {
        for bringer in &groups.bringers {
            let level = |group: &GroupId| self.level[*group];
            let Some(lowest) = bringer.takers.iter().map(level).min() else { continue };
            let to = bringer.needs.iter().map(level).max().map_or(lowest, |floor| floor.max(lowest));
            for &group in &bringer.groups {
                self.level[group] = self.level[group].min(to);
            }
        }
    }

    /// A crate without a line of its own (declarations, tests) joins the next one above it, which turns no reference
    /// against the order.
    fn fold_empty(&mut self, groups: &Groups) {
        let mut lines: IdVec<LevelId, u32> = IdVec::from_elem(0, self.crates);
        for (group, &level) in self.level.iter_enumerated() {
            lines[level] += groups.lines[group];
        }
        let last = LevelId::from_index(self.crates - 1);
        let above = |level: LevelId| lines.ids().skip(level.index()).find(|&l| l < last && lines[l] > 0);
        for level in self.level.iter_mut() {
            *level = above(*level).unwrap_or(last);
        }
    }

    /// Gives the crates another order where a reference runs against it that is part of no cycle: single groups lie
    /// elsewhere than the modules that the order was made for. Crates of one cycle keep theirs, and the residual one stays
    /// on top. Returns the new place of each crate, if that changed anything.
    fn reorder(&mut self, groups: &Groups) -> Option<IdVec<LevelId, LevelId>> {
        let last = self.crates - 1;
        let arcs = groups.out.arcs().map(|(from, to, _)| (self.level[from].0, self.level[to].0));
        let below_top = |&(from, to): &(u32, u32)| (from as usize) < last && (to as usize) < last;
        let arcs: BTreeSet<(u32, u32)> = arcs.filter(below_top).collect();
        let found = condense(last, arcs.iter().copied());
        let scc = |level: u32| found.scc_of[level as usize];
        if !arcs.iter().any(|&(from, to)| from < to && scc(from) != scc(to)) {
            return None;
        }
        // Dependents come first there; the levels of a cycle are sorted.
        let order = found.sccs.iter().rev().flatten();
        let mut place: IdVec<LevelId, LevelId> = (0..self.crates).map(LevelId::from_index).collect();
        for (position, &level) in order.enumerate() {
            place[LevelId(level)] = LevelId::from_index(position);
        }
        self.level.iter_mut().for_each(|level| *level = place[*level]);
        Some(place)
    }

    /// References that run against the order: `(from, to, references)`, between groups.
    pub(in crate::plan) fn back_arcs<'a>(
        &'a self,
        groups: &'a Groups,
    ) -> impl Iterator<Item = (GroupId, GroupId, u32)> + 'a {
        groups.out.arcs().filter(|&(from, to, _)| self.level[from] < self.level[to])
    }

    /// Puts each impl with a choice where its module is, if the orphan rule lets it; else with the host where it
    /// breaks least, the highest of equals: from there it can see the others.
    fn host_impls(&mut self, groups: &Groups, home: &IdVec<GroupId, LevelId>) {
        for group in groups.ids() {
            let hosts = &groups.hosts[group];
            let best = hosts
                .iter()
                .map(|&host| self.level[host])
                .map(|level| (self.back_at(groups, group, level), level))
                .min_by_key(|&(back, level)| (back, level != home[group], std::cmp::Reverse(level)));
            if let Some((_, level)) = best {
                self.level[group] = level;
            }
        }
    }

    /// References against the order if `group` were at `level`.
    fn back_at(&self, groups: &Groups, group: GroupId, level: LevelId) -> u32 {
        let up = groups.out.row(group).iter().filter(|a| self.level[a.0] > level);
        let down = groups.into.row(group).iter().filter(|a| self.level[a.0] < level);
        up.chain(down).map(|a| a.1).sum()
    }

    /// Puts what stands for a module where most of the module's lines are, but for the crate's root. Returns whether
    /// anything moved.
    fn follow_code(&mut self, groups: &Groups, home: &IdVec<GroupId, LevelId>) -> bool {
        let away = groups.ids().filter(|&group| self.level[group] != home[group]);
        let torn: BTreeSet<ModuleId> = away.map(|group| groups.module[group]).collect();
        let of_torn: Vec<GroupId> = groups.ids().filter(|&g| torn.contains(&groups.module[g])).collect();
        let mut lines: BTreeMap<(ModuleId, LevelId), u32> = BTreeMap::new();
        for &group in &of_torn {
            *lines.entry((groups.module[group], self.level[group])).or_default() += groups.lines[group];
        }
        let mut moved = false;
        for group in of_torn.into_iter().filter(|&group| group > GroupId(0) && groups.is_module[group]) {
            let of_module = (groups.module[group], LevelId(0))..=(groups.module[group], LevelId(u32::MAX));
            let there = lines.range(of_module).map(|(&(_, level), &own)| (own, level == home[group], level));
            let level = there.max().filter(|&(own, ..)| own > 0).map_or(home[group], |(.., level)| level);
            moved |= std::mem::replace(&mut self.level[group], level) != level;
        }
        moved
    }

    /// One sweep over the groups with references against the order. Returns whether anything moved.
    fn relocate(&mut self, groups: &Groups, home: &IdVec<GroupId, LevelId>, prices: &Prices) -> bool {
        let mut troubled: Vec<GroupId> =
            self.back_arcs(groups).flat_map(|(from, to, _)| [from, to]).collect();
        troubled.sort_unstable();
        troubled.dedup();
        let mut moved = false;
        let movable = |&g: &GroupId| groups.hosts[g].is_empty() && !groups.is_module[g];
        for group in troubled.into_iter().filter(movable) {
            let target = self.cheapest_level(groups, home, group, prices);
            moved |= target != self.level[group];
            self.level[group] = target;
        }
        moved
    }

    fn cheapest_level(
        &self,
        groups: &Groups,
        homes: &IdVec<GroupId, LevelId>,
        group: GroupId,
        prices: &Prices,
    ) -> LevelId {
        let lines = f64::from(groups.lines[group]);
        let price = prices.item_move + prices.item_move_100_lines * lines / 100.0;
        let (here, home) = (self.level[group], homes[group]);
        let cost = |level: LevelId| {
            let moving = if level == home { 0.0 } else { price };
            let dragged = self.dragged(groups, homes, group, level, prices);
            f64::from(self.back_with_impls(groups, group, level)) + moving + dragged
        };
        // Only levels of neighbours matter: between them nothing changes.
        let neighbours = groups.out.row(group).iter().chain(groups.into.row(group));
        let mut levels: Vec<LevelId> = neighbours.map(|a| self.level[a.0]).chain([home, here]).collect();
        levels.sort_unstable();
        levels.dedup();
        let far = |level: LevelId| (level != here, level.0.abs_diff(home.0), level);
        levels
            .into_iter()
            .map(|level| (cost(level), level))
            .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| far(a.1).cmp(&far(b.1))))
            .map_or(here, |(_, level)| level)
    }

    /// The price of impls that could not stay where they are written if `group` were at `level`: they move too, and
    /// what they refer to may then lie above them.
    fn dragged(
        &self,
        groups: &Groups,
        homes: &IdVec<GroupId, LevelId>,
        group: GroupId,
        level: LevelId,
        prices: &Prices,
    ) -> f64 {
        let host_level = |host: GroupId| if host == group { level } else { self.level[host] };
        let price = |&imp: &GroupId| {
            let hosts = &groups.hosts[imp];
            if hosts.iter().any(|&host| host_level(host) == homes[imp]) {
                return 0.0;
            }
            let back = hosts.iter().map(|&host| self.back_at(groups, imp, host_level(host))).min();
            let own = prices.item_move_100_lines * f64::from(groups.lines[imp]) / 100.0;
            f64::from(back.unwrap_or(0)) + prices.item_move + own
        };
        groups.followers[group].iter().map(price).sum()
    }

    /// As [`back_at`](Self::back_at), but impls that can follow the group don't count: they find another host.
    fn back_with_impls(&self, groups: &Groups, group: GroupId, level: LevelId) -> u32 {
        let follows = |other: GroupId| groups.hosts[other].contains(&group);
        let up = groups.out.row(group).iter().filter(|a| self.level[a.0] > level);
        let down = groups.into.row(group).iter().filter(|a| self.level[a.0] < level && !follows(a.0));
        up.chain(down).map(|a| a.1).sum()
    }
}
