//! Quotients of the item graph: items of one module, file or crate merged into a node.

use petgraph::graph::{DiGraph, NodeIndex};

use super::items::{pair_key, split_key};
use super::model::{Coupling, ItemGraph, Level, Quotient, QuotientNode};
use crate::ids::ItemId;
use crate::resolve::Resolution;

/// Merges the items of each module, file or crate into one node. Every module, file or crate is a node, with
/// edges or without; node indices are the indices of their ids. Edges are ordered by (from, to); references
/// inside a node are left out.
pub fn quotient(resolution: &Resolution, graph: &ItemGraph, level: Level) -> Quotient {
    let nodes = nodes(resolution, level);
    let group: Vec<u32> = resolution.items.ids().map(|item| group_of(resolution, item, level)).collect();
    let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(graph.edge_count());
    for (edge, i) in graph.raw_edges().iter().zip(0..) {
        let (from, to) = (group[edge.source().index()], group[edge.target().index()]);
        if from != to {
            pairs.push((pair_key(from as usize, to as usize), i));
        }
    }
    pairs.sort_unstable();
    let mut quotient = DiGraph::with_capacity(nodes.len(), pairs.len());
    for node in nodes {
        quotient.add_node(node);
    }
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let mut coupling = Coupling::default();
        for &(_, i) in run {
            coupling.merge(&graph.raw_edges()[i as usize].weight);
        }
        let (from, to) = split_key(run[0].0);
        quotient.add_edge(NodeIndex::new(from), NodeIndex::new(to), coupling);
    }
    quotient
}

fn nodes(resolution: &Resolution, level: Level) -> Vec<QuotientNode> {
    match level {
        Level::Item => resolution.items.ids().map(QuotientNode::Item).collect(),
        Level::Module => resolution.modules.ids().map(QuotientNode::Module).collect(),
        Level::File => resolution.files.ids().map(QuotientNode::File).collect(),
        Level::Crate => resolution.crates.ids().map(QuotientNode::Crate).collect(),
    }
}

fn group_of(resolution: &Resolution, item: ItemId, level: Level) -> u32 {
    let data = &resolution.items[item];
    match level {
        Level::Item => item.0,
        Level::Module => data.module.0,
        Level::File => data.file.0,
        Level::Crate => resolution.modules[data.module].krate.0,
    }
}
