//! The reverse of [`Unit::dependencies`](super::Unit::dependencies): who waits for a unit, and for what.

use crate::ids::{Id, UnitId};

use super::{Artifact, UnitGraph};

/// For each unit, the units that wait for its metadata and those that wait for its end, in compressed rows.
pub(super) struct Edges {
    metadata: Rows,
    all: Rows,
}

impl Edges {
    pub(super) fn new(graph: &UnitGraph) -> Self {
        Self { metadata: Rows::new(graph, Artifact::Metadata), all: Rows::new(graph, Artifact::All) }
    }

    /// Units that start once the metadata of `unit` is ready.
    pub(super) fn metadata_users(&self, unit: UnitId) -> &[UnitId] {
        self.metadata.row(unit)
    }

    /// Units that start once `unit` has ended.
    pub(super) fn all_users(&self, unit: UnitId) -> &[UnitId] {
        self.all.row(unit)
    }

    /// The units in an order in which every unit follows its dependencies; units of a cycle, and what
    /// depends on them, are left out.
    pub(super) fn dependencies_first(&self, graph: &UnitGraph) -> Vec<UnitId> {
        let mut waiting: Vec<usize> = graph.units.iter().map(|u| u.dependencies.len()).collect();
        let mut order: Vec<UnitId> = graph.units.ids().filter(|u| waiting[u.index()] == 0).collect();
        let mut next = 0;
        while let Some(&unit) = order.get(next) {
            next += 1;
            for &user in self.metadata_users(unit).iter().chain(self.all_users(unit)) {
                waiting[user.index()] -= 1;
                if waiting[user.index()] == 0 {
                    order.push(user);
                }
            }
        }
        order
    }
}

/// Adjacency in compressed sparse rows: one allocation however many units there are.
struct Rows {
    starts: Vec<u32>,
    targets: Vec<UnitId>,
}

impl Rows {
    fn new(graph: &UnitGraph, artifact: Artifact) -> Self {
        let mut starts = vec![0_u32; graph.units.len() + 1];
        let wanted = || {
            graph.units.iter_enumerated().flat_map(move |(user, unit)| {
                unit.dependencies.iter().filter(move |d| d.1 == artifact).map(move |d| (d.0, user))
            })
        };
        for (dependency, _) in wanted() {
            starts[dependency.index() + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut targets = vec![UnitId(0); starts.last().map_or(0, |&n| n as usize)];
        for (dependency, user) in wanted() {
            let slot = &mut next[dependency.index()];
            targets[*slot as usize] = user;
            *slot += 1;
        }
        Self { starts, targets }
    }

    fn row(&self, unit: UnitId) -> &[UnitId] {
        &self.targets[self.starts[unit.index()] as usize..self.starts[unit.index() + 1] as usize]
    }
}
