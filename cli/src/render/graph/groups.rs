//! Nodes of a drawing by their package.

use std::collections::BTreeMap;

use split_analyzer::report::{GraphNode, GraphReport};

/// Nodes to be drawn within a frame of their package, and those without one.
pub(super) struct Groups<'a> {
    /// Packages with at least two nodes, by name.
    pub(super) framed: Vec<(&'a str, Vec<&'a GraphNode>)>,
    /// The rest.
    pub(super) bare: Vec<&'a GraphNode>,
}

/// A single package needs no frame, nor does one with a single node.
pub(super) fn by_package(graph: &GraphReport) -> Groups<'_> {
    let mut packages: BTreeMap<&str, Vec<&GraphNode>> = BTreeMap::new();
    for node in &graph.nodes {
        packages.entry(&node.package).or_default().push(node);
    }
    if packages.len() < 2 {
        return Groups { framed: Vec::new(), bare: graph.nodes.iter().collect() };
    }
    let (framed, bare): (Vec<_>, Vec<_>) = packages.into_iter().partition(|(_, nodes)| nodes.len() > 1);
    Groups { framed, bare: bare.into_iter().flat_map(|(_, nodes)| nodes).collect() }
}
