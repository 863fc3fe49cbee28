//! What the refinement maximises.

/// Weights of the terms of the objective, per unit of edge weight:
///
/// Σ inside − `inside_null`·E(inside) − `back`·(weight running back) + `back_null`·E(back) + attraction to the
/// prior − `size_cost`·Σ_c n_c·ln(n/n_c)
///
/// where E is the expectation of the configuration model with the clusters' in- and out-weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Objective {
    /// Cost of a unit of expected weight inside clusters: the resolution γ.
    pub(super) inside_null: f64,
    /// Price λ of a unit of weight that runs against the order.
    pub(super) back: f64,
    /// Credit for a unit of weight that was expected to run back.
    pub(super) back_null: f64,
    /// Cost of a unit of the partition's description length.
    pub(super) size_cost: f64,
    /// Whether no weight at all may run back.
    pub(super) ban: bool,
    /// Attraction of a node to its prior cluster, as a share of its own weight.
    pub(super) prior: f64,
}
