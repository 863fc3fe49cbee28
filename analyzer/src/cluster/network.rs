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
    /// Mean weight of an edge of the input between different nodes, parallel ones added up; 1 if there is none.
    pub(super) unit: f64,
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
        let arcs = summed(graph.edges.iter().filter(|e| e.0 != e.1 && e.2 > 0.0).copied().collect());
        let weight: f64 = arcs.iter().map(|arc| arc.2).sum();
        let unit = if arcs.is_empty() { 1.0 } else { weight / arcs.len() as f64 };
        let mut size = vec![0.0; nodes];
        for &node in node_of {
            size[node as usize] += 1.0;
        }
        let inner = vec![0.0; graph.node_weights.len()];
        Self::merged(&arcs, &inner, node_of, size, unit)
    }

    /// Makes each group of nodes one node.
    fn merged(
        arcs: &[(u32, u32, f64)],
        weights_inside: &[f64],
        node_of: &[u32],
        size: Vec<f64>,
        unit: f64,
    ) -> Self {
        let mut inner = vec![0.0; size.len()];
        for (&node, weight) in node_of.iter().zip(weights_inside) {
            inner[node as usize] += weight;
        }
        let mut between = Vec::with_capacity(arcs.len());
        for &(from, to, weight) in arcs {
            let (from, to) = (node_of[from as usize], node_of[to as usize]);
            if from == to { inner[from as usize] += weight } else { between.push((from, to, weight)) }
        }
        Self::from_arcs(summed(between), inner, size, unit)
    }

    /// The network with each cluster made one node.
    pub(super) fn quotient(&self, cluster_of: &[u32], clusters: usize) -> Self {
        let mut size = vec![0.0; clusters];
        for (node, &cluster) in cluster_of.iter().enumerate() {
            size[cluster as usize] += self.size[node];
        }
        Self::merged(&self.arcs, &self.inner, cluster_of, size, self.unit)
    }

    /// `arcs` sorted and without duplicates.
    fn from_arcs(arcs: Vec<(u32, u32, f64)>, inner: Vec<f64>, size: Vec<f64>, unit: f64) -> Self {
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
        Self { starts, neighbours, arcs, inner, out, into, total, size, unit }
    }

    pub(super) fn nodes(&self) -> usize {
        self.inner.len()
    }

    pub(super) fn neighbours(&self, node: u32) -> &[Neighbour] {
        &self.neighbours[self.starts[node as usize]..self.starts[node as usize + 1]]
    }
}

/// Adds up parallel arcs, and sorts.
pub(super) fn summed(mut arcs: Vec<(u32, u32, f64)>) -> Vec<(u32, u32, f64)> {
    // Sums of floats depend on their order, so weights take part in the sort.
    arcs.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let runs = arcs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    runs.map(|run| (run[0].0, run[0].1, run.iter().map(|arc| arc.2).sum())).collect()
}
