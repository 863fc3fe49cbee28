//! What an edit rebuilds.

use serde::{Deserialize, Serialize};

use crate::cost::IncrementalShares;
use crate::ids::{Id, UnitId};

use super::edges::Edges;
use super::{Machine, Unit, UnitGraph, simulate_on};

/// What a build finds ready of the workspace's own crates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Cache {
    /// Nothing in a clean build; cargo's own target directory after an edit.
    #[default]
    None,
    /// Every crate whose inputs are as in an earlier build, as with sccache or Nix: a clean build compiles what a
    /// change touches and all that depends on it, in full. Fetching takes no time here.
    Crate,
    /// As before, but what depends on a changed crate is only linked again: no build of cargo's does that today.
    Relink,
}

/// The units that cargo rebuilds when the sources of `changed` change: these and everything that depends on
/// them, directly or not. Cargo has no early cut-off: an unchanged interface saves nothing. Sorted.
pub fn rebuild_set(graph: &UnitGraph, changed: &[UnitId]) -> Vec<UnitId> {
    let edges = Edges::new(graph);
    let mut dirty = vec![false; graph.units.len()];
    let mut stack: Vec<UnitId> = changed.to_vec();
    while let Some(unit) = stack.pop() {
        if !std::mem::replace(&mut dirty[unit.index()], true) {
            stack.extend(edges.users(unit));
        }
    }
    graph.units.ids().filter(|u| dirty[u.index()]).collect()
}

/// The same with *relink, don't rebuild*: a dependent is compiled again only if an interface changed, and the change
/// of `changed` is taken to leave theirs as they are. What links them links again. Cargo doesn't do this; some build
/// systems do, and it has been proposed for cargo and rustc.
pub fn relink(graph: &UnitGraph, changed: &[UnitId], shares: IncrementalShares) -> UnitGraph {
    let mut after = edit(graph, changed, shares);
    for (id, unit) in graph.units.iter_enumerated().filter(|(id, _)| !changed.contains(id)) {
        let again = &mut after.units[id];
        if again.fresh {
            continue;
        }
        again.fresh = unit.link_s == 0.0;
        again.frontend_s = 0.0;
        again.codegen_s = 0.0;
    }
    after
}

/// The graph of the build that follows a change of `changed`: what is not in the [`rebuild_set`] is fresh,
/// the rest takes its incremental share, or all where [`Unit::from_scratch`] says so. Linking and link-time optimisation are
/// always done in full. Units that were fresh and must be rebuilt are no longer fresh.
pub fn edit(graph: &UnitGraph, changed: &[UnitId], shares: IncrementalShares) -> UnitGraph {
    let mut after = graph.clone();
    for unit in after.units.iter_mut() {
        unit.fresh = true;
    }
    for id in rebuild_set(graph, changed) {
        let own = changed.contains(&id);
        let unit = &mut after.units[id];
        unit.fresh = false;
        (unit.frontend_s, unit.codegen_s) = again(unit, shares, own);
    }
    after
}

/// What of a unit's front end and code generation is done again.
fn again(unit: &Unit, shares: IncrementalShares, changed: bool) -> (f64, f64) {
    let full = (unit.frontend_s, unit.codegen_s);
    // Where nothing is incremental, neither is a unit that once was rebuilt so.
    if unit.from_scratch || shares == IncrementalShares::NONE {
        full
    } else {
        unit.again.unwrap_or(shares).again(full, changed)
    }
}

/// Seconds that the build of [`edit`] takes. Simulates what is rebuilt and nothing else: fresh units take no time and wait
/// for none that doesn't.
pub fn edit_s(
    graph: &UnitGraph,
    changed: &[UnitId],
    shares: IncrementalShares,
    jobs: u32,
    machine: &Machine,
) -> f64 {
    rebuild_s(graph, changed, &rebuild_set(graph, changed), shares, (jobs, machine))
}

/// The same where the [`rebuild_set`] is known.
pub(crate) fn rebuild_s(
    graph: &UnitGraph,
    changed: &[UnitId],
    rebuilt: &[UnitId],
    shares: IncrementalShares,
    on: (u32, &Machine),
) -> f64 {
    let taken = |id: UnitId| again(&graph.units[id], shares, changed.contains(&id));
    taken_s(graph, rebuilt, &taken, on)
}

/// Seconds of a build with [`Cache::Relink`] after a change of `changed`, in full: what else is in the [`rebuild_set`] is linked.
pub(crate) fn relink_s(
    graph: &UnitGraph,
    changed: &[UnitId],
    rebuilt: &[UnitId],
    on: (u32, &Machine),
) -> f64 {
    let full = |id: UnitId| (graph.units[id].frontend_s, graph.units[id].codegen_s);
    let taken = |id: UnitId| if changed.contains(&id) { full(id) } else { (0.0, 0.0) };
    taken_s(graph, rebuilt, &taken, on)
}

/// Seconds of a build of some units alone, with what each takes of its front end and of code generation.
fn taken_s(
    graph: &UnitGraph,
    rebuilt: &[UnitId],
    taken: &dyn Fn(UnitId) -> (f64, f64),
    (jobs, machine): (u32, &Machine),
) -> f64 {
    let place = |unit: UnitId| rebuilt.binary_search(&unit).ok().map(UnitId::from_index);
    let rebuild = |&id: &UnitId| {
        let unit = &graph.units[id];
        let (frontend_s, codegen_s) = taken(id);
        let dependencies =
            unit.dependencies.iter().filter_map(|&(id, artifact)| Some((place(id)?, artifact)));
        Unit {
            name: String::new(),
            frontend_s,
            codegen_s,
            dependencies: dependencies.collect(),
            fresh: false,
            ..*unit
        }
    };
    simulate_on(&UnitGraph { units: rebuilt.iter().map(rebuild).collect() }, jobs, machine).makespan_s
}
