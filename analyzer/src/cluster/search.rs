//! From a graph to an ordered partition.

use super::detect::{Detect, LeidenDetect};
use super::metrics::measure;
use super::model::{ClusterOptions, Clustering, WeightedGraph};
use super::network::Network;
use super::objective::Objective;
use super::order::{close_gaps, compact, renumber};
use super::random::Random;
use super::refine::Refinement;

/// Finds clusters of a graph, and an order of them in which little weight runs backwards.
///
/// Deterministic for a graph and options; the order in which edges come makes no difference.
pub fn cluster(graph: &WeightedGraph, options: &ClusterOptions) -> Clustering {
    let (network, node_of) = if options.acyclic {
        Network::acyclic(graph)
    } else {
        (Network::new(graph), (0..graph.node_weights.len() as u32).collect())
    };
    let prior: Option<Vec<u32>> = options.prior.as_ref().map(|prior| on_network(prior, &node_of, &network));
    let partition = partition(&network, prior.as_deref(), options);
    let cluster_of: Vec<u32> = node_of.iter().map(|&node| partition[node as usize]).collect();
    finish(graph, cluster_of)
}

/// The prior of each contracted node: that of its first node.
fn on_network(prior: &[u32], node_of: &[u32], network: &Network) -> Vec<u32> {
    let mut of_node = vec![u32::MAX; network.nodes()];
    for (&node, &group) in node_of.iter().zip(prior) {
        let slot = &mut of_node[node as usize];
        if *slot == u32::MAX {
            *slot = group;
        }
    }
    compact(&mut of_node);
    of_node
}

fn partition(network: &Network, prior: Option<&[u32]>, options: &ClusterOptions) -> Vec<u32> {
    let mut cluster_of = LeidenDetect.communities(network, options.resolution, options.seed);
    let mut random = Random::new(options.seed);
    let mut clusters = renumber(network, &mut cluster_of);
    let soft = Objective {
        inside_null: options.resolution,
        back: options.back_edge_price,
        back_null: 0.0,
        size_cost: 0.0,
        ban: false,
        prior: options.prior_strength,
    };
    for _ in 0..10 {
        let mut refinement = Refinement::new(network, soft, prior, cluster_of, clusters);
        let moved = refinement.run(&mut random, 20, 0.0);
        cluster_of = refinement.cluster_of;
        clusters = renumber(network, &mut cluster_of);
        if !moved {
            break;
        }
    }
    if options.acyclic {
        push_forward(network, &mut cluster_of);
        clusters = close_gaps(&mut cluster_of);
        let mut refinement =
            Refinement::new(network, Objective { ban: true, ..soft }, prior, cluster_of, clusters);
        refinement.run(&mut random, 50, 0.0);
        cluster_of = refinement.cluster_of;
        close_gaps(&mut cluster_of);
    }
    cluster_of
}

/// Moves nodes of an acyclic network to later clusters until no arc runs back. Nodes of such a network are
/// numbered in topological order.
fn push_forward(network: &Network, cluster_of: &mut [u32]) {
    for &(from, to, _) in &network.arcs {
        cluster_of[to as usize] = cluster_of[to as usize].max(cluster_of[from as usize]);
    }
}

fn finish(graph: &WeightedGraph, mut cluster_of: Vec<u32>) -> Clustering {
    let placed = cluster_of.clone();
    let count = compact(&mut cluster_of);
    let mut clusters = vec![Vec::new(); count];
    let mut place = vec![0u32; count];
    for (node, &cluster) in (0..).zip(&cluster_of) {
        clusters[cluster as usize].push(node);
        place[cluster as usize] = placed[node as usize];
    }
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_key(|&cluster| place[cluster as usize]);
    let metrics = measure(graph, &cluster_of, &place);
    Clustering { cluster_of, clusters, order, metrics }
}
