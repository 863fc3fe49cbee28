//! Strongly connected components of any graph given as arcs, in topological order.

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

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
/// The result depends on the set of arcs only, not on the order they come in. petgraph's Tarjan keeps its own
/// stack, so depth is no concern.
pub fn condense(nodes: usize, arcs: impl IntoIterator<Item = (u32, u32)>) -> Condensation {
    let mut arcs: Vec<(u32, u32)> = arcs.into_iter().filter(|(from, to)| from != to).collect();
    arcs.sort_unstable();
    arcs.dedup();
    let mut graph = DiGraph::<(), (), u32>::with_capacity(nodes, arcs.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    graph.extend_with_edges(arcs);
    let mut scc_of = vec![0; nodes];
    let mut sccs: Vec<Vec<u32>> = tarjan_scc(&graph)
        .into_iter()
        .map(|scc| scc.into_iter().map(|node| node.index() as u32).collect())
        .collect();
    // Tarjan finds an SCC after all that it reaches.
    sccs.reverse();
    for (scc, i) in sccs.iter_mut().zip(0..) {
        scc.sort_unstable();
        for &node in scc.iter() {
            scc_of[node as usize] = i;
        }
    }
    Condensation { scc_of, sccs }
}
