//! Cargo's priorities: a unit comes first when more units wait for it.
//!
//! Cargo gives every unit the same placeholder cost (100, see `JobQueue::enqueue` in
//! `cargo/core/compiler/job_queue/mod.rs`) and sums it over the unit and everything that depends on it,
//! directly or not, each counted once (`DependencyQueue::queue_finished` in `util/dependency_queue.rs`).
//! The order is therefore that of the number of transitive dependents; real seconds play no part in it.

use std::ops::Range;

use crate::ids::{IdVec, UnitId};

use super::UnitGraph;
use super::edges::Edges;

/// What cargo charges for each unit, whatever it is.
const CARGO_UNIT_COST: u64 = 100;

/// Units of a block: a choice; 512 bytes for each unit of the graph.
const BLOCK: usize = 4096;

/// The priority of each unit: the higher, the sooner. Units in a dependency cycle get only their own cost.
pub(super) fn priorities(graph: &UnitGraph, edges: &Edges) -> IdVec<UnitId, u64> {
    let count = graph.units.len();
    let order = edges.dependencies_first(graph);
    let mut dependents = vec![0_u64; count];
    // Dependents are counted by the block, so that memory grows with the units and not with their square.
    for first in (0..count).step_by(BLOCK) {
        let block = first..count.min(first + BLOCK);
        count_dependents(edges, &order, block, &mut dependents);
    }
    dependents.into_iter().map(|dependents| CARGO_UNIT_COST * (1 + dependents)).collect()
}

/// Adds to each unit how many of the units of a block depend on it, directly or not.
fn count_dependents(edges: &Edges, order: &[UnitId], block: Range<usize>, dependents: &mut [u64]) {
    let words = block.len().div_ceil(64);
    // Row `u` holds the units of the block that depend on `u`.
    let mut rows = vec![0_u64; words * dependents.len()];
    for &unit in order.iter().rev() {
        let from = unit.0 as usize * words;
        for &dependent in edges.users(unit) {
            let row = dependent.0 as usize;
            if block.contains(&row) {
                let bit = row - block.start;
                if rows[from + bit / 64] & (1 << (bit % 64)) != 0 {
                    continue;
                }
                rows[from + bit / 64] |= 1 << (bit % 64);
            }
            merge(&mut rows, from, row * words, words);
        }
    }
    for (dependents, row) in dependents.iter_mut().zip(rows.chunks_exact(words)) {
        *dependents += row.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
    }
}

/// Ors the row that starts at `source` into the one at `target`.
fn merge(rows: &mut [u64], target: usize, source: usize, words: usize) {
    for i in 0..words {
        rows[target + i] |= rows[source + i];
    }
}
