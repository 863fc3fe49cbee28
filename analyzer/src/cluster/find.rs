//! From a graph to an ordered partition: the best of several searches, with a given number of clusters if there is one.

use super::count::with_count;
use super::metrics::measure;
use super::model::{ClusterOptions, Clustering, WeightedGraph};
use super::network::Network;
use super::order::compact;
use super::prior::Prior;
use super::search::{Ordered, Search};
use crate::base::random::Random;

/// Finds clusters of a graph, and an order of them in which little weight runs backwards.
///
/// With [`ClusterOptions::acyclic`] the clusters form a DAG: nodes that reach each other are never separated.
/// Deterministic for a graph and options; the order in which edges come makes no difference. A prior must have
/// a value for each node.
pub fn cluster(graph: &WeightedGraph, options: &ClusterOptions) -> Clustering {
    let (network, node_of) = if options.acyclic {
        Network::acyclic(graph)
    } else {
        (Network::new(graph), (0..graph.node_weights.len() as u32).collect())
    };
    let prior = options.prior.as_ref().map(|prior| Prior::new(prior, &node_of, &network));
    let search = Search { network: &network, prior: prior.as_ref(), options };
    let partition = best(&search);
    finish(graph, node_of.iter().map(|&node| partition[node as usize]).collect())
}

fn best(search: &Search<'_>) -> Vec<u32> {
    let mut random = Random::new(search.options.seed);
    let mut best: Option<Ordered> = None;
    for start in search.starts() {
        let found = search.climb(start, false, &mut random);
        let found = search.anneal(found, &mut random);
        let found = if search.options.acyclic { search.make_acyclic(found, &mut random) } else { found };
        if best.as_ref().is_none_or(|best| found.score > best.score) {
            best = Some(found);
        }
    }
    let best = best.unwrap_or_else(|| search.scored(Vec::new()));
    let best = match search.options.count {
        Some(count) => with_count(search, best, count, &mut random),
        None => best,
    };
    // The score also asks where in the order a cluster is likely; what is given out has least weight backwards.
    let reordered = search.ordered(best.cluster_of.clone());
    let reordered_wins = search.flows(&reordered).back() < search.flows(&best).back();
    if reordered_wins { reordered.cluster_of } else { best.cluster_of }
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
