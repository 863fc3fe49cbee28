//! What the search maximises.

use super::network::Network;

/// Weights of the terms of the objective:
///
/// Σ_c worth(c) − `back`·(weight running back) + `back_null`·E(back) + `prior`·(attraction to the prior)
///
/// with worth(c) = `inside`·w_c − `inside_log`·w_c·½ln(out_c·in_c) − `inside_null`·out_c·in_c/m +
/// `size_cost`·n_c·ln n_c, where w_c is the weight inside, out_c and in_c the weight of arcs that leave and enter
/// nodes of the cluster, n_c its number of nodes, m all weight, and E the expectation from out_c and in_c.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Objective {
    /// Gain of a unit of weight inside a cluster.
    pub(super) inside: f64,
    /// What that gain loses per unit of the logarithm of the cluster's weight.
    pub(super) inside_log: f64,
    /// Cost of a unit of expected weight inside clusters: modularity's resolution γ.
    pub(super) inside_null: f64,
    /// Price λ of a unit of weight that runs against the order.
    pub(super) back: f64,
    /// Credit for a unit of weight that was expected to run back.
    pub(super) back_null: f64,
    /// Gain per unit of Σ_c n_c·ln n_c: the shorter description of a partition into larger clusters.
    pub(super) size_cost: f64,
    /// Weight of the attraction to the prior.
    pub(super) prior: f64,
    /// Whether no weight at all may run back.
    pub(super) ban: bool,
}

/// The sums over a cluster that its worth depends on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) out: f64,
    pub(super) into: f64,
    pub(super) inside: f64,
    pub(super) size: f64,
}

impl Sums {
    /// Of one node.
    pub(super) fn node(network: &Network, node: u32) -> Self {
        let i = node as usize;
        Self { out: network.out[i], into: network.into[i], inside: network.inner[i], size: network.size[i] }
    }

    /// Of each cluster.
    pub(super) fn clusters(network: &Network, cluster_of: &[u32], clusters: usize) -> Vec<Self> {
        let mut sums = vec![Self::default(); clusters];
        for (node, &cluster) in (0..).zip(cluster_of) {
            sums[cluster as usize] = sums[cluster as usize].plus(Self::node(network, node), 0.0);
        }
        for &(from, to, weight) in &network.arcs {
            if cluster_of[from as usize] == cluster_of[to as usize] {
                sums[cluster_of[from as usize] as usize].inside += weight;
            }
        }
        sums
    }

    /// Both together, with `between` of weight between them.
    pub(super) fn plus(self, other: Self, between: f64) -> Self {
        Self {
            out: self.out + other.out,
            into: self.into + other.into,
            inside: self.inside + other.inside + between,
            size: self.size + other.size,
        }
    }

    /// What is left without a part that has `between` of weight between it and the rest.
    pub(super) fn minus(self, other: Self, between: f64) -> Self {
        Self {
            out: self.out - other.out,
            into: self.into - other.into,
            inside: self.inside - other.inside - between,
            size: self.size - other.size,
        }
    }
}

impl Objective {
    /// What a cluster contributes; `total` is all weight.
    pub(super) fn worth(&self, c: Sums, total: f64) -> f64 {
        let mut worth = self.inside * c.inside;
        if self.inside_log > 0.0 && c.inside > 0.0 && c.out > 0.0 && c.into > 0.0 {
            worth -= self.inside_log * c.inside * 0.5 * (c.out * c.into).ln();
        }
        if total > 0.0 {
            worth -= self.inside_null * c.out * c.into / total;
        }
        if self.size_cost > 0.0 && c.size > 0.0 {
            worth += self.size_cost * c.size * c.size.ln();
        }
        worth
    }
}
