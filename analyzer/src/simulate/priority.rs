//! Cargo's priorities: a unit comes first when more units wait for it.
//!
//! Cargo gives every unit the same placeholder cost (100, see `JobQueue::enqueue` in
//! `cargo/core/compiler/job_queue/mod.rs`) and sums it over the unit and everything that depends on it,
//! directly or not, each counted once (`DependencyQueue::queue_finished` in `util/dependency_queue.rs`).
//! The order is therefore that of the number of transitive dependents; real seconds play no part in it.

use crate::ids::{IdVec, UnitId};

use super::UnitGraph;
use super::edges::Edges;

/// What cargo charges for each unit, whatever it is.
const CARGO_UNIT_COST: u64 = 100;

/// The priority of each unit: the higher, the sooner. Units in a dependency cycle get only their own cost.
pub(super) fn priorities(graph: &UnitGraph, edges: &Edges) -> IdVec<UnitId, u64> {
    let count = graph.units.len();
    let words = count.div_ceil(64);
    // Row `u` holds the units that depend on `u`, directly or not.
    let mut dependents = vec![0_u64; words * count];
    let order = edges.dependencies_first(graph);
    for &unit in order.iter().rev() {
        let from = unit.0 as usize * words;
        for &dependent in edges.metadata_users(unit).iter().chain(edges.all_users(unit)) {
            let row = dependent.0 as usize;
            if dependents[from + row / 64] & (1 << (row % 64)) != 0 {
                continue;
            }
            dependents[from + row / 64] |= 1 << (row % 64);
            merge(&mut dependents, from, row * words, words);
        }
    }
    dependents
        .chunks_exact(words.max(1))
        .map(|row| CARGO_UNIT_COST * (1 + row.iter().map(|w| u64::from(w.count_ones())).sum::<u64>()))
        .collect()
}

/// Ors the row that starts at `source` into the one at `target`.
fn merge(rows: &mut [u64], target: usize, source: usize, words: usize) {
    for i in 0..words {
        rows[target + i] |= rows[source + i];
    }
}
