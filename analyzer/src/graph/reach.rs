//! Reachability of every node of a graph, as bit sets.

use fixedbitset::FixedBitSet;

use super::condense::condense;

/// Which nodes each node reaches. Memory: SCCs² bits, so for crates and modules rather than items.
#[derive(Debug, Clone)]
pub struct Reachability {
    scc_of: Vec<u32>,
    sccs: Vec<Vec<u32>>,
    reached: Vec<FixedBitSet>,
}

impl Reachability {
    /// Computes reachability in the graph with nodes `0..nodes`.
    pub fn new(nodes: usize, arcs: &[(u32, u32)]) -> Self {
        let condensation = condense(nodes, arcs.iter().copied());
        let (scc_of, sccs) = (condensation.scc_of, condensation.sccs);
        let mut between: Vec<(u32, u32)> = arcs
            .iter()
            .map(|&(from, to)| (scc_of[from as usize], scc_of[to as usize]))
            .filter(|(from, to)| from != to)
            .collect();
        between.sort_unstable();
        between.dedup();
        let mut reached: Vec<FixedBitSet> =
            (0..sccs.len()).map(|_| FixedBitSet::with_capacity(sccs.len())).collect();
        // Arcs go from lower to higher indices: by the time an SCC is read, it is complete.
        for &(from, to) in between.iter().rev() {
            let (lower, higher) = reached.split_at_mut(to as usize);
            lower[from as usize].insert(to as usize);
            lower[from as usize].union_with(&higher[0]);
        }
        Self { scc_of, sccs, reached }
    }

    /// Whether a path of at least one arc, or none when the two are the same node, leads from one to the other.
    pub fn reaches(&self, from: u32, to: u32) -> bool {
        let (from, to) = (self.scc_of[from as usize], self.scc_of[to as usize]);
        from == to || self.reached[from as usize].contains(to as usize)
    }

    /// Every node that is reached from `from`, itself included, sorted.
    pub fn reached_from(&self, from: u32) -> Vec<u32> {
        let scc = self.scc_of[from as usize] as usize;
        let mut nodes: Vec<u32> = std::iter::once(scc)
            .chain(self.reached[scc].ones())
            .flat_map(|scc| self.sccs[scc].iter().copied())
            .collect();
        nodes.sort_unstable();
        nodes
    }
}
