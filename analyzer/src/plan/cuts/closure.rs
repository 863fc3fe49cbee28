//! What has to move along with an item, so that its move sets no other reference against the order and orphans no
//! `impl`.

use std::collections::BTreeMap;

use crate::ids::{GroupId, LevelId};
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::{ItemKind, RefKind};

/// A set of groups that can move together.
pub(in crate::plan) struct Closure {
    /// The group asked for, then those that it takes along, with where each comes to lie.
    pub(in crate::plan) moves: Vec<(GroupId, LevelId)>,
    /// Non-test lines of all of them.
    pub(in crate::plan) lines: u32,
}

/// Where groups lie before anything moves.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Layout<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) groups: &'a Groups,
    pub(in crate::plan) placement: &'a Placement,
}

impl Layout<'_> {
    /// What has to move for `group` to lie at `level`, below where it is: itself and everything above that it
    /// needs. `None` if that is more than `most` lines.
    pub(in crate::plan) fn down(&self, group: GroupId, level: LevelId, most: u32) -> Option<Closure> {
        let groups = self.groups;
        let mut moves = Moves::new(*self, most);
        let mut queue = vec![(group, level)];
        while let Some((group, at_most)) = queue.pop() {
            if moves.level(group) <= at_most {
                continue;
            }
            // An impl lives with one of its hosts.
            let hosts = &groups.hosts[group];
            let hosted = hosts.iter().map(|&host| moves.level(host)).filter(|&l| l <= at_most).max();
            let at = hosted.unwrap_or(at_most);
            if hosted.is_none() {
                let lightest = hosts.iter().copied().min_by_key(|&host| (groups.lines[host], host));
                queue.extend(lightest.map(|host| (host, at)));
            }
            moves.put(group, at)?;
            let needed = groups.out.row(group).iter().map(|&(to, _)| to).chain(self.makers(group));
            queue.extend(needed.filter(|&to| moves.level(to) > at).map(|to| (to, at)));
            let orphaned = groups.followers[group].iter().copied();
            queue.extend(orphaned.filter(|&imp| !moves.is_hosted(imp)).map(|imp| (imp, at)));
        }
        Some(moves.closure())
    }

    /// What has to move for `group` to lie at `level`, above where it is: itself and everything below that needs it.
    /// `None` if that is more than `most` lines.
    pub(in crate::plan) fn up(&self, group: GroupId, level: LevelId, most: u32) -> Option<Closure> {
        let (input, groups) = (self.input, self.groups);
        let is_type = |group: GroupId| {
            let kind = |&item| input.resolution.items[item].kind;
            groups.items[group]
                .iter()
                .any(|item| matches!(kind(item), ItemKind::Struct | ItemKind::Enum | ItemKind::Union))
        };
        let mut moves = Moves::new(*self, most);
        let mut queue = vec![group];
        while let Some(group) = queue.pop() {
            if moves.level(group) >= level {
                continue;
            }
            let hosts = &groups.hosts[group];
            if !hosts.iter().any(|&host| moves.level(host) == level) {
                // The type rather than the trait, which others implement too.
                let key = |&host: &GroupId| (!is_type(host), groups.lines[host], host);
                queue.extend(hosts.iter().copied().min_by_key(key));
            }
            moves.put(group, level)?;
            let users = groups.into.row(group).iter().map(|&(from, _)| from);
            queue.extend(users.filter(|&from| moves.level(from) < level));
        }
        Some(moves.closure())
    }

    /// The macros whose calls make items of a group: such an item begins where the call does, which is its module's.
    fn makers(&self, group: GroupId) -> Vec<GroupId> {
        let resolution = self.input.resolution;
        let mut found = Vec::new();
        for &id in &self.groups.items[group] {
            let item = &resolution.items[id];
            let calls = references_of(resolution, resolution.modules[item.module].item).iter();
            let here = calls.filter(|r| r.kind == RefKind::Macro && r.line == item.line);
            found.extend(here.filter_map(|r| self.groups.of(r.to)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Moves in the making.
struct Moves<'a> {
    layout: Layout<'a>,
    most: u32,
    to: BTreeMap<GroupId, LevelId>,
    order: Vec<GroupId>,
    lines: u32,
}

impl<'a> Moves<'a> {
    fn new(layout: Layout<'a>, most: u32) -> Self {
        Self { layout, most, to: BTreeMap::new(), order: Vec::new(), lines: 0 }
    }

    /// Where a group lies after the moves so far.
    fn level(&self, group: GroupId) -> LevelId {
        self.to.get(&group).copied().unwrap_or(self.layout.placement.level[group])
    }

    /// Whether an impl lies with one of its hosts.
    fn is_hosted(&self, imp: GroupId) -> bool {
        self.layout.groups.hosts[imp].iter().any(|&host| self.level(host) == self.level(imp))
    }

    /// Nothing if that is too much, or a whole module would have to move.
    fn put(&mut self, group: GroupId, level: LevelId) -> Option<()> {
        if self.layout.groups.is_module[group] {
            return None;
        }
        if self.to.insert(group, level).is_none() {
            self.order.push(group);
            self.lines += self.layout.groups.lines[group];
        }
        (self.lines <= self.most).then_some(())
    }

    fn closure(self) -> Closure {
        Closure {
            moves: self.order.iter().map(|group| (*group, self.to[group])).collect(),
            lines: self.lines,
        }
    }
}
