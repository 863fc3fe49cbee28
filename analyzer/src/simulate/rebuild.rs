//! What an edit rebuilds.

use crate::cost::IncrementalShares;
use crate::ids::{Id, UnitId};

use super::UnitGraph;
use super::edges::Edges;

/// The units that cargo rebuilds when the sources of `changed` change: these and everything that depends on
/// them, directly or not. Cargo has no early cut-off: an unchanged interface saves nothing. Sorted.
pub fn rebuild_set(graph: &UnitGraph, changed: &[UnitId]) -> Vec<UnitId> {
    let edges = Edges::new(graph);
    let mut dirty = vec![false; graph.units.len()];
    let mut stack: Vec<UnitId> = changed.to_vec();
    while let Some(unit) = stack.pop() {
        if !std::mem::replace(&mut dirty[unit.index()], true) {
            stack.extend(edges.metadata_users(unit));
            stack.extend(edges.all_users(unit));
        }
    }
    graph.units.ids().filter(|u| dirty[u.index()]).collect()
}

/// The graph of the build that follows a change of `changed`: what is not in the [`rebuild_set`] is fresh,
/// the rest takes its incremental share. Units that were fresh and must be rebuilt are no longer fresh.
pub fn edit(graph: &UnitGraph, changed: &[UnitId], shares: IncrementalShares) -> UnitGraph {
    let mut after = graph.clone();
    for unit in after.units.iter_mut() {
        unit.fresh = true;
    }
    for id in rebuild_set(graph, changed) {
        let own = changed.contains(&id);
        let unit = &mut after.units[id];
        unit.fresh = false;
        unit.frontend_s *= if own { shares.changed_frontend } else { shares.dependent_frontend };
        unit.codegen_s *= if own { shares.changed_codegen } else { shares.dependent_codegen };
    }
    after
}
