//! The item graph: references summed up per pair of items.

use petgraph::graph::{DiGraph, NodeIndex};

use super::model::{Coupling, ItemGraph};
use crate::ids::Id;
use crate::resolve::{Confidence, Reference, Resolution};

impl Coupling {
    /// Adds one reference.
    pub(crate) fn count(&mut self, reference: &Reference) {
        self.weight += 1;
        self.kinds[reference.kind as usize] += 1;
        self.guessed += u32::from(reference.confidence == Confidence::Guess);
        self.hidden += u32::from(matches!(reference.confidence, Confidence::Expanded | Confidence::Unseen));
        if reference.test {
            self.test_weight += 1;
            return;
        }
        self.restricted += u32::from(reference.restricted);
        self.structural += u32::from(reference.structural);
    }

    /// Adds the references of another pair.
    pub(crate) fn merge(&mut self, other: &Coupling) {
        self.weight += other.weight;
        self.test_weight += other.test_weight;
        for (sum, count) in self.kinds.iter_mut().zip(other.kinds) {
            *sum += count;
        }
        self.guessed += other.guessed;
        self.hidden += other.hidden;
        self.restricted += other.restricted;
        self.structural += other.structural;
    }
}

/// The reference graph over items: one node per item, in the order of their ids, and one edge per pair of items
/// with references, ordered by (from, to).
///
/// Sorting pairs beats hashing them: references arrive almost sorted.
pub fn item_graph(resolution: &Resolution) -> ItemGraph {
    let references = &resolution.references;
    let mut pairs: Vec<(u64, u32)> =
        references.iter().zip(0..).map(|(r, i)| (pair_key(r.from.index(), r.to.index()), i)).collect();
    pairs.sort_unstable();
    let mut graph = DiGraph::with_capacity(resolution.items.len(), pairs.len());
    for id in resolution.items.ids() {
        graph.add_node(id);
    }
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let mut coupling = Coupling::default();
        for &(_, i) in run {
            coupling.count(&references[i as usize]);
        }
        let (from, to) = split_key(run[0].0);
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), coupling);
    }
    graph
}

/// A pair of indices as one number that sorts like the pair.
pub(crate) fn pair_key(from: usize, to: usize) -> u64 {
    ((from as u64) << 32) | to as u64
}

/// The pair of indices in a key.
pub(crate) fn split_key(key: u64) -> (usize, usize) {
    ((key >> 32) as usize, (key & u64::from(u32::MAX)) as usize)
}
