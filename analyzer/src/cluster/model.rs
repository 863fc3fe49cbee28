//! Input and output of clustering: any weighted directed graph, a partition with an order.

use serde::{Deserialize, Serialize};

/// A directed graph with weighted nodes and edges, edges from dependent to dependency.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeightedGraph {
    /// One weight per node (its size: 1, lines, or seconds).
    pub node_weights: Vec<f64>,
    /// `(from, to, weight)`; parallel edges are added up, self loops ignored.
    pub edges: Vec<(u32, u32, f64)>,
}

/// What kind of clusters are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterOptions {
    /// Clusters must form a DAG.
    pub acyclic: bool,
    /// Whether γ and λ are estimated from the graph, the two options below being multiples of the estimates; else
    /// the options are γ and λ.
    pub adaptive: bool,
    /// Resolution γ of modularity: larger gives smaller clusters.
    pub resolution: f64,
    /// Price λ of a unit of weight running against the order, in units of forward weight.
    pub back_edge_price: f64,
    /// Exactly this many clusters, where the graph allows it.
    pub count: Option<usize>,
    /// A cluster of its own for each value here, as the partition to start from and to be drawn to
    /// (the module tree); one value per node.
    pub prior: Option<Vec<u32>>,
    /// How strongly a node is drawn to its prior cluster, as a share of its own edge weight.
    pub prior_strength: f64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            acyclic: false,
            adaptive: true,
            resolution: 1.0,
            back_edge_price: 1.0,
            count: None,
            prior: None,
            prior_strength: 0.0,
            seed: 0,
        }
    }
}

/// A partition of a graph's nodes with an order of its clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Clustering {
    /// The cluster of each node.
    pub cluster_of: Vec<u32>,
    /// Nodes of each cluster, sorted; clusters ordered by their first node.
    pub clusters: Vec<Vec<u32>>,
    /// Cluster indices, dependents before dependencies.
    pub order: Vec<u32>,
    /// How good it is.
    pub metrics: ClusterMetrics,
}

/// Measures of a partition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ClusterMetrics {
    /// Directed modularity (Leicht & Newman 2008), −0.5 to 1.
    pub modularity: f64,
    /// Share of edge weight between clusters, 0 to 1.
    pub cut_share: f64,
    /// Share of edge weight that runs against the order, 0 to 1.
    pub back_edge_share: f64,
    /// Whether the clusters form a DAG.
    pub acyclic: bool,
}
