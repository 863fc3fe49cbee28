//! The reverse of [`Unit::dependencies`](super::Unit::dependencies): who waits for a unit, and for what.

use crate::ids::{Id, UnitId};

use super::{Awaited, UnitGraph};

/// For each unit, who waits for it, by what they wait for; in compressed rows, one allocation however many units there are.
pub(super) struct Edges {
    /// Where each row begins: [`KINDS`] rows for each unit.
    starts: Vec<u32>,
    users: Vec<UnitId>,
}

const KINDS: usize = 3;

/// The row of a unit's users that wait for this.
fn row(unit: UnitId, awaited: Awaited) -> usize {
    let kind = match awaited {
        Awaited::Metadata => 0,
        Awaited::All => 1,
        Awaited::Closure => 2,
    };
    KINDS * unit.index() + kind
}

impl Edges {
    pub(super) fn new(graph: &UnitGraph) -> Self {
        let mut starts = vec![0_u32; KINDS * graph.units.len() + 1];
        let edges = || {
            graph.units.iter_enumerated().flat_map(|(user, unit)| {
                unit.dependencies.iter().map(move |&(unit, awaited)| (row(unit, awaited), user))
            })
        };
        for (row, _) in edges() {
            starts[row + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut users = vec![UnitId(0); starts.last().map_or(0, |&n| n as usize)];
        for (row, user) in edges() {
            users[next[row] as usize] = user;
            next[row] += 1;
        }
        Self { starts, users }
    }

    /// Units that wait for this of `unit`.
    pub(super) fn waiting_for(&self, unit: UnitId, awaited: Awaited) -> &[UnitId] {
        let row = row(unit, awaited);
        &self.users[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Units that wait for anything of `unit`.
    pub(super) fn users(&self, unit: UnitId) -> &[UnitId] {
        let first = KINDS * unit.index();
        &self.users[self.starts[first] as usize..self.starts[first + KINDS] as usize]
    }

    /// The units in an order in which every unit follows its dependencies; units of a cycle, and what
    /// depends on them, are left out.
    pub(super) fn dependencies_first(&self, graph: &UnitGraph) -> Vec<UnitId> {
        let mut waiting: Vec<usize> = graph.units.iter().map(|u| u.dependencies.len()).collect();
        let mut order: Vec<UnitId> = graph.units.ids().filter(|u| waiting[u.index()] == 0).collect();
        let mut next = 0;
        while let Some(&unit) = order.get(next) {
            next += 1;
            for &user in self.users(unit) {
                waiting[user.index()] -= 1;
                if waiting[user.index()] == 0 {
                    order.push(user);
                }
            }
        }
        order
    }
}
