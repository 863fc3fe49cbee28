//! Strongly connected components of any graph given as arcs, in topological order.
//!
//! Tarjan's algorithm (<https://doi.org/10.1137/0201010>) with a stack of its own: a chain of calls is as long as the input,
//! and petgraph's `tarjan_scc` goes down it by recursion.

/// A graph's strongly connected components (SCCs).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condensation {
    /// The SCC of each node.
    pub scc_of: Vec<u32>,
    /// Nodes of each SCC, sorted. SCCs in topological order: arcs between them go from a lower to a higher index.
    pub sccs: Vec<Vec<u32>>,
}

/// The SCCs of the graph with nodes `0..nodes`, in topological order.
///
/// The result depends on the set of arcs only, not on the order they come in. Depth is no concern.
pub fn condense(nodes: usize, arcs: impl IntoIterator<Item = (u32, u32)>) -> Condensation {
    let arcs = Arcs::new(nodes, arcs);
    let mut search = Search::new(&arcs);
    for node in 0..nodes as u32 {
        search.from(node);
    }
    let mut sccs = search.sccs;
    // Tarjan finds an SCC after all that it reaches.
    sccs.reverse();
    let mut scc_of = vec![0; nodes];
    for (scc, i) in sccs.iter_mut().zip(0..) {
        scc.sort_unstable();
        for &node in scc.iter() {
            scc_of[node as usize] = i;
        }
    }
    Condensation { scc_of, sccs }
}

/// Arcs by the node that they leave, without loops.
struct Arcs {
    starts: Vec<usize>,
    heads: Vec<u32>,
}

impl Arcs {
    fn new(nodes: usize, arcs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut arcs: Vec<(u32, u32)> = arcs.into_iter().filter(|(from, to)| from != to).collect();
        arcs.sort_unstable();
        arcs.dedup();
        let mut starts = vec![0; nodes + 1];
        for &(from, _) in &arcs {
            starts[from as usize + 1] += 1;
        }
        for i in 0..nodes {
            starts[i + 1] += starts[i];
        }
        Self { starts, heads: arcs.into_iter().map(|(_, to)| to).collect() }
    }
}

/// A depth-first search under way.
struct Search<'a> {
    arcs: &'a Arcs,
    /// When each node was met, from 1; 0 for never, [`DONE`] once its SCC is known.
    met: Vec<u32>,
    clock: u32,
    /// Nodes whose SCC is not known yet, in the order they were met.
    pending: Vec<u32>,
    /// The way down to the node at hand.
    path: Vec<Step>,
    sccs: Vec<Vec<u32>>,
}

const DONE: u32 = u32::MAX;

/// A node on the way down.
struct Step {
    node: u32,
    /// Its arcs that are still to be looked at end here.
    end: usize,
    /// The earliest pending node known to be reachable.
    low: u32,
}

impl<'a> Search<'a> {
    fn new(arcs: &'a Arcs) -> Self {
        let met = vec![0; arcs.starts.len() - 1];
        Self { arcs, met, clock: 0, pending: Vec::new(), path: Vec::new(), sccs: Vec::new() }
    }

    fn from(&mut self, root: u32) {
        if self.met[root as usize] == 0 {
            self.enter(root);
        }
        while let Some(step) = self.path.last_mut() {
            if step.end > self.arcs.starts[step.node as usize] {
                step.end -= 1;
                let head = self.arcs.heads[step.end];
                match self.met[head as usize] {
                    0 => self.enter(head),
                    DONE => {}
                    met => step.low = step.low.min(met),
                }
            } else {
                self.leave();
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.clock += 1;
        self.met[node as usize] = self.clock;
        self.pending.push(node);
        self.path.push(Step { node, end: self.arcs.starts[node as usize + 1], low: self.clock });
    }

    /// Goes back up from a node of which all arcs are looked at.
    fn leave(&mut self) {
        let Some(Step { node, low, .. }) = self.path.pop() else { return };
        if let Some(above) = self.path.last_mut() {
            above.low = above.low.min(low);
        }
        if low < self.met[node as usize] {
            return;
        }
        let first = self.pending.iter().rposition(|&pending| pending == node).unwrap_or(0);
        let scc = self.pending.split_off(first);
        scc.iter().for_each(|&member| self.met[member as usize] = DONE);
        self.sccs.push(scc);
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::tarjan_scc;
    use petgraph::graph::DiGraph;
    use proptest::prelude::*;

    use super::condense;

    proptest! {
        #[test]
        fn the_same_components_as_petgraph_finds(
            nodes in 1usize..40,
            arcs in proptest::collection::vec((0u32..40, 0u32..40), 0..160),
        ) {
            let arcs: Vec<(u32, u32)> =
                arcs.into_iter().filter(|&(a, b)| (a as usize) < nodes && (b as usize) < nodes).collect();
            let mut graph = DiGraph::<(), (), u32>::new();
            (0..nodes).for_each(|_| { graph.add_node(()); });
            graph.extend_with_edges(&arcs);
            let mut theirs: Vec<Vec<u32>> = tarjan_scc(&graph)
                .into_iter()
                .map(|scc| {
                    let mut scc: Vec<u32> = scc.into_iter().map(|node| node.index() as u32).collect();
                    scc.sort_unstable();
                    scc
                })
                .collect();
            let ours = condense(nodes, arcs.iter().copied());
            for &(from, to) in &arcs {
                prop_assert!(ours.scc_of[from as usize] <= ours.scc_of[to as usize]);
            }
            let mut sorted = ours.sccs.clone();
            sorted.sort();
            theirs.sort();
            prop_assert_eq!(sorted, theirs);
        }
    }

    /// On a thread with a small stack, so that a search by recursion can't pass.
    #[test]
    fn depth_is_no_concern() {
        const NODES: u32 = 1_000_000;
        let small = std::thread::Builder::new().stack_size(128 << 10);
        let counted = small.spawn(|| {
            let chain = (1..NODES).map(|node| (node - 1, node));
            let ring = chain.clone().chain([(NODES - 1, 0)]);
            (condense(NODES as usize, chain).sccs.len(), condense(NODES as usize, ring).sccs.len())
        });
        assert_eq!(counted.unwrap().join().unwrap(), (NODES as usize, 1));
    }
}
