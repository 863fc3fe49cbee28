//! The order of clusters: least weight backwards.

use super::network::{Network, summed};
use crate::graph::feedback_order;

/// Renumbers clusters so that their numbers are their places in an order with little weight from a later to an
/// earlier one; empty numbers vanish. Returns the number of clusters.
pub(super) fn renumber(network: &Network, cluster_of: &mut [u32]) -> usize {
    let clusters = compact(cluster_of);
    let arcs = between(network, cluster_of);
    let order = feedback_order(clusters, &arcs).order;
    let mut place = vec![0; clusters];
    for (&cluster, i) in order.iter().zip(0..) {
        place[cluster as usize] = i;
    }
    for cluster in cluster_of.iter_mut() {
        *cluster = place[*cluster as usize];
    }
    clusters
}

/// Numbers clusters 0, 1, … in the order of their first node.
pub(super) fn compact(cluster_of: &mut [u32]) -> usize {
    let len = cluster_of.iter().max().map_or(0, |&max| max as usize + 1);
    let mut number = vec![u32::MAX; len];
    let mut next = 0;
    for cluster in cluster_of.iter_mut() {
        let slot = &mut number[*cluster as usize];
        if *slot == u32::MAX {
            *slot = next;
            next += 1;
        }
        *cluster = *slot;
    }
    next as usize
}

/// Drops empty numbers, keeping the others in order.
pub(super) fn close_gaps(cluster_of: &mut [u32]) -> usize {
    let len = cluster_of.iter().max().map_or(0, |&max| max as usize + 1);
    let mut used = vec![0u32; len];
    for &cluster in cluster_of.iter() {
        used[cluster as usize] = 1;
    }
    let mut next = 0;
    for slot in &mut used {
        let here = next;
        next += *slot;
        *slot = here;
    }
    for cluster in cluster_of.iter_mut() {
        *cluster = used[*cluster as usize];
    }
    next as usize
}

/// Weight between clusters, sorted.
fn between(network: &Network, cluster_of: &[u32]) -> Vec<(u32, u32, f64)> {
    let arcs = network.arcs.iter();
    let arcs = arcs.map(|&(from, to, weight)| (cluster_of[from as usize], cluster_of[to as usize], weight));
    summed(arcs.filter(|arc| arc.0 != arc.1).collect())
}
