//! A canonical form of the input: parallel edges added up, rows sorted, cycles contracted when asked.

use super::model::WeightedGraph;
use crate::graph::condense;

/// A neighbour with the weight of the arcs to and from it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    pub(super) node: u32,
    pub(super) to: f64,
    pub(super) from: f64,
}

/// A weighted directed graph in rows. Equal for any order of the input's edges.
#[derive(Debug, Clone)]
pub(super) struct Network {
    starts: Vec<usize>,
    neighbours: Vec<Neighbour>,
    /// Arcs between different nodes, sorted, weights above zero.
    pub(super) arcs: Vec<(u32, u32, f64)>,
    /// Weight inside each node (contracted cycles).
    pub(super) inner: Vec<f64>,
    /// Weight of arcs that leave each node, the inner weight included.
    pub(super) out: Vec<f64>,
    /// Weight of arcs that enter each node, the inner weight included.
    pub(super) into: Vec<f64>,
    /// All weight.
    pub(super) total: f64,
    /// How many nodes of the input each node stands for.
    pub(super) size: Vec<f64>,
}

impl Network {
    /// The graph itself.
    pub(super) fn new(graph: &WeightedGraph) -> Self {
        let nodes = graph.node_weights.len();
        let identity: Vec<u32> = (0..nodes as u32).collect();
        Self::contracted(graph, &identity, nodes)
    }

    /// The graph with every SCC made one node, and the node of each original node.
    pub(super) fn acyclic(graph: &WeightedGraph) -> (Self, Vec<u32>) {
        let arcs = graph.edges.iter().filter(|e| e.2 > 0.0).map(|&(from, to, _)| (from, to));
        let condensation = condense(graph.node_weights.len(), arcs);
        let network = Self::contracted(graph, &condensation.scc_of, condensation.sccs.len());
        (network, condensation.scc_of)
    }

    fn contracted(graph: &WeightedGraph, node_of: &[u32], nodes: usize) -> Self {
        let mut inner_parts: Vec<(u32, f64)> = Vec::new();
        let mut parts: Vec<(u32, u32, f64)> = Vec::with_capacity(graph.edges.len());
        for &(from, to, weight) in graph.edges.iter().filter(|e| e.0 != e.1 && e.2 > 0.0) {
            let (from, to) = (node_of[from as usize], node_of[to as usize]);
            if from == to { inner_parts.push((from, weight)) } else { parts.push((from, to, weight)) }
        }
        // Sums of floats depend on their order, so weights take part in the sort.
        inner_parts.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        parts.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        let mut inner = vec![0.0; nodes];
        for (node, weight) in inner_parts {
            inner[node as usize] += weight;
        }
        let mut arcs: Vec<(u32, u32, f64)> = Vec::with_capacity(parts.len());
        for run in parts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            arcs.push((run[0].0, run[0].1, run.iter().map(|part| part.2).sum()));
        }
        let mut size = vec![0.0; nodes];
        for &node in node_of {
            size[node as usize] += 1.0;
        }
        Self::from_arcs(arcs, inner, size)
    }

    /// `arcs` sorted and without duplicates.
    fn from_arcs(arcs: Vec<(u32, u32, f64)>, inner: Vec<f64>, size: Vec<f64>) -> Self {
        let nodes = inner.len();
        let (mut out, mut into) = (inner.clone(), inner.clone());
        let mut rows: Vec<(u32, Neighbour)> = Vec::with_capacity(2 * arcs.len());
        for &(from, to, weight) in &arcs {
            out[from as usize] += weight;
            into[to as usize] += weight;
            rows.push((from, Neighbour { node: to, to: weight, from: 0.0 }));
            rows.push((to, Neighbour { node: from, to: 0.0, from: weight }));
        }
        rows.sort_by_key(|(node, neighbour)| (*node, neighbour.node));
        let mut starts = vec![0; nodes + 1];
        let mut neighbours: Vec<Neighbour> = Vec::with_capacity(rows.len());
        for run in rows.chunk_by(|a, b| (a.0, a.1.node) == (b.0, b.1.node)) {
            starts[run[0].0 as usize + 1] += 1;
            neighbours.push(Neighbour {
                node: run[0].1.node,
                to: run.iter().map(|row| row.1.to).sum(),
                from: run.iter().map(|row| row.1.from).sum(),
            });
        }
        for i in 0..nodes {
            starts[i + 1] += starts[i];
        }
        let total = inner.iter().sum::<f64>() + arcs.iter().map(|arc| arc.2).sum::<f64>();
        Self { starts, neighbours, arcs, inner, out, into, total, size }
    }

    pub(super) fn nodes(&self) -> usize {
        self.inner.len()
    }

    pub(super) fn neighbours(&self, node: u32) -> &[Neighbour] {
        &self.neighbours[self.starts[node as usize]..self.starts[node as usize + 1]]
    }
}
