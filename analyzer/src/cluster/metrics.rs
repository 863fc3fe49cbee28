//! Measures of a partition with an order.

use super::model::{ClusterMetrics, WeightedGraph};
use crate::graph::condense;

/// Measures a partition; `place` is the place of each cluster in the order.
///
/// Modularity is the directed one of Leicht & Newman, *Community structure in directed networks*, PRL 100,
/// 118703 (2008): Q = Σ_c (w_c/m − γ·out_c·in_c/m²), here with γ = 1.
pub(super) fn measure(graph: &WeightedGraph, cluster_of: &[u32], place: &[u32]) -> ClusterMetrics {
    let clusters = place.len();
    let (mut out, mut into) = (vec![0.0; clusters], vec![0.0; clusters]);
    let (mut total, mut cut, mut back) = (0.0, 0.0, 0.0);
    let mut edges: Vec<&(u32, u32, f64)> = graph.edges.iter().filter(|e| e.0 != e.1 && e.2 > 0.0).collect();
    // Sums of floats depend on their order.
    edges.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    let mut between = Vec::new();
    for &&(from, to, weight) in &edges {
        let (a, b) = (cluster_of[from as usize], cluster_of[to as usize]);
        total += weight;
        out[a as usize] += weight;
        into[b as usize] += weight;
        if a != b {
            cut += weight;
            between.push((a, b));
        }
        if place[a as usize] > place[b as usize] {
            back += weight;
        }
    }
    let acyclic = condense(clusters, between).sccs.iter().all(|scc| scc.len() == 1);
    if total == 0.0 {
        return ClusterMetrics { acyclic, ..ClusterMetrics::default() };
    }
    let expected: f64 = out.iter().zip(&into).map(|(o, i)| o * i).sum();
    ClusterMetrics {
        modularity: (total - cut) / total - expected / (total * total),
        cut_share: cut / total,
        back_edge_share: back / total,
        acyclic,
    }
}
