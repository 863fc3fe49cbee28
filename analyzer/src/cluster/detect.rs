//! Community detection on the undirected view of a graph: Leiden (Traag, Waltman & van Eck 2019).

use leiden_rs::{GraphDataBuilder, Leiden, LeidenConfig};

use super::network::Network;

/// A way to find communities; each node gets a community number.
pub(super) trait Detect {
    fn communities(&self, network: &Network, resolution: f64, seed: u64) -> Vec<u32>;
}

/// The Leiden algorithm as implemented by `leiden-rs`.
pub(super) struct LeidenDetect;

impl Detect for LeidenDetect {
    fn communities(&self, network: &Network, resolution: f64, seed: u64) -> Vec<u32> {
        // The library can only refuse negative weights and indices out of range, which a network never has; a
        // graph without weight has no communities.
        let found = run(network, resolution, seed).unwrap_or_else(|_| (0..network.nodes() as u32).collect());
        connected_parts(network, &found)
    }
}

fn run(network: &Network, resolution: f64, seed: u64) -> leiden_rs::LeidenResult<Vec<u32>> {
    let nodes = network.nodes();
    let mut builder = GraphDataBuilder::new(nodes);
    for &(from, to, weight) in &network.arcs {
        builder.add_edge(from as usize, to as usize, weight)?;
    }
    for (node, &weight) in network.inner.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
        builder.add_edge(node, node, weight)?;
    }
    let config = LeidenConfig::builder().resolution(resolution).seed(seed).build();
    let output = Leiden::new(config).run(&builder.build()?)?;
    Ok((0..nodes).map(|node| output.partition.community_of(node) as u32).collect())
}

/// Splits communities that are not connected, which Leiden's last moves can leave behind.
pub(super) fn connected_parts(network: &Network, community: &[u32]) -> Vec<u32> {
    let mut part = vec![u32::MAX; community.len()];
    let mut next = 0;
    let mut stack = Vec::new();
    for start in 0..community.len() as u32 {
        if part[start as usize] != u32::MAX {
            continue;
        }
        part[start as usize] = next;
        stack.push(start);
        while let Some(node) = stack.pop() {
            for neighbour in network.neighbours(node) {
                let other = neighbour.node as usize;
                if part[other] == u32::MAX && community[other] == community[node as usize] {
                    part[other] = next;
                    stack.push(neighbour.node);
                }
            }
        }
        next += 1;
    }
    part
}
