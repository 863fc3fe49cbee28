//! A hypothetical split: one unit becomes several.

use std::collections::BTreeMap;

use crate::ids::{Id, UnitId};

use super::{Awaited, Unit, UnitGraph};

/// One of the crates that a library is split into.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewUnit {
    /// For people.
    pub name: String,
    /// Seconds until its metadata is ready, overhead included.
    pub frontend_s: f64,
    /// Core seconds of code generation.
    pub codegen_s: f64,
    /// Most threads code generation can use.
    pub codegen_threads: u32,
    /// Which of the other new units it depends on, by position. Must not form a cycle.
    pub depends_on: Vec<usize>,
    /// Which of the old unit's dependencies it needs; `None` for all of them.
    pub dependencies: Option<Vec<UnitId>>,
}

/// Who uses which of the new units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Users {
    /// The position of the crate that keeps the old name: it stands where the old unit stood, and whoever is
    /// not in [`direct`](Self::direct) depends on it.
    pub facade: usize,
    /// Dependents of the old unit that depend on these new units (by position) in its place.
    pub direct: BTreeMap<UnitId, Vec<usize>>,
}

/// A graph in which one unit has been replaced.
#[derive(Debug, Clone, Default)]
pub struct Replaced {
    /// All other units keep their ids; the facade has the old unit's.
    pub graph: UnitGraph,
    /// The unit of each new crate, by position.
    pub units: Vec<UnitId>,
}

/// Replaces `unit` by `new` crates. A dependent that needs everything of the old unit (it links it) needs
/// everything of all new units that it reaches, as cargo has it for pipelined libraries; the others need
/// the metadata of the crates they use. If the old unit links (a binary, a procedural macro), the facade does so
/// after it and the others are libraries. Positions out of range are ignored; without new units the graph
/// stays as it is.
pub fn replace_unit(graph: &UnitGraph, unit: UnitId, new: &[NewUnit], users: &Users) -> Replaced {
    if new.is_empty() {
        return Replaced { graph: graph.clone(), units: Vec::new() };
    }
    let facade = users.facade.min(new.len() - 1);
    let units = place(graph, unit, new.len(), facade);
    let mut after = graph.clone();
    let mut appended: Vec<Unit> = Vec::with_capacity(new.len());
    for position in 0..new.len() {
        let built = build(graph, unit, new, position, &units);
        if position == facade {
            after.units[unit] = built;
        } else {
            appended.push(built);
        }
    }
    for part in appended {
        after.units.push(part);
    }
    for id in graph.units.ids().filter(|&id| id != unit) {
        let direct = users.direct.get(&id).map(Vec::as_slice);
        rewire(&mut after.units[id], unit, new, &units, direct.unwrap_or(&[facade]));
    }
    Replaced { graph: after, units }
}

/// The id of each new unit: the facade takes the old one's, the rest follow the last unit.
fn place(graph: &UnitGraph, unit: UnitId, count: usize, facade: usize) -> Vec<UnitId> {
    let mut next = graph.units.len();
    (0..count)
        .map(|position| {
            if position == facade {
                return unit;
            }
            next += 1;
            UnitId::from_index(next - 1)
        })
        .collect()
}

/// The new unit at `position`; the facade is the one whose id is the old unit's.
fn build(graph: &UnitGraph, unit: UnitId, new: &[NewUnit], position: usize, units: &[UnitId]) -> Unit {
    let (old, part) = (&graph.units[unit], &new[position]);
    let facade = units[position] == unit;
    let links = facade && old.links();
    let inherited = old.dependencies.iter().filter(|(id, _)| match &part.dependencies {
        None => true,
        Some(needed) => needed.contains(id),
    });
    // What is split off from a binary is a library: it waits for the code of nothing but procedural macros.
    let inherited = inherited.map(|&(id, awaited)| match awaited {
        _ if facade || !old.links() => (id, awaited),
        _ if graph.units[id].links() => (id, Awaited::All),
        _ => (id, Awaited::Metadata),
    });
    let awaited = if links { Awaited::Closure } else { Awaited::Metadata };
    let siblings = part.depends_on.iter().filter_map(|&p| units.get(p)).map(|&id| (id, awaited));
    let mut dependencies: Vec<_> = inherited.chain(siblings).collect();
    dependencies.sort_unstable();
    dependencies.dedup();
    Unit {
        name: part.name.clone(),
        frontend_s: part.frontend_s,
        codegen_s: part.codegen_s,
        codegen_threads: part.codegen_threads,
        codegen_serial: old.codegen_serial,
        lto_s: if links { old.lto_s } else { 0.0 },
        lto_threads: old.lto_threads,
        link_s: if links { old.link_s } else { 0.0 },
        from_scratch: old.from_scratch,
        // Of a program a new crate is a library, as any.
        again: old.again.filter(|_| links || !old.links()),
        dependencies,
        fresh: old.fresh,
    }
}

/// Points a dependent of the old unit at the new ones.
fn rewire(user: &mut Unit, old: UnitId, new: &[NewUnit], units: &[UnitId], used: &[usize]) {
    let Some(awaited) = user.dependencies.iter().find(|d| d.0 == old).map(|d| d.1) else { return };
    let positions = match awaited {
        Awaited::Metadata | Awaited::Closure => used.to_vec(),
        Awaited::All => reachable(new, used),
    };
    user.dependencies.retain(|d| d.0 != old);
    user.dependencies.extend(positions.iter().filter_map(|&p| units.get(p)).map(|&id| (id, awaited)));
    user.dependencies.sort_unstable();
    user.dependencies.dedup();
}

/// The new units that `used` need, themselves included.
fn reachable(new: &[NewUnit], used: &[usize]) -> Vec<usize> {
    let mut seen = vec![false; new.len()];
    let mut stack = used.to_vec();
    while let Some(position) = stack.pop() {
        if position < new.len() && !std::mem::replace(&mut seen[position], true) {
            stack.extend(&new[position].depends_on);
        }
    }
    (0..new.len()).filter(|&p| seen[p]).collect()
}
