//! What `cluster GRAPH.json` prints.

use serde::{Deserialize, Serialize};

use super::input::{NamedGraph, NodeKey};
use super::model::{ClusterMetrics, Clustering};

/// A clustering in terms of the input's node ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClusterReport {
    /// Ids of the nodes of each cluster, as the input writes them.
    pub clusters: Vec<Vec<NodeKey>>,
    /// Their names in the same order, where the input has other names than ids.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Vec<String>>,
    /// Indices into `clusters`, dependents before dependencies.
    pub order: Vec<u32>,
    /// How good it is.
    pub metrics: ClusterMetrics,
}

impl ClusterReport {
    /// Names the nodes of a clustering of `graph`.
    pub fn new(graph: &NamedGraph, clustering: &Clustering) -> Self {
        let id = |&node: &u32| graph.ids[node as usize].clone();
        let name = |&node: &u32| graph.names[node as usize].clone();
        let named = graph.ids.iter().zip(&graph.names).any(|(id, name)| id.to_string() != *name);
        let clusters = clustering.clusters.iter().filter(|_| named);
        Self {
            names: clusters.map(|nodes| nodes.iter().map(name).collect()).collect(),
            clusters: clustering.clusters.iter().map(|nodes| nodes.iter().map(id).collect()).collect(),
            order: clustering.order.clone(),
            metrics: clustering.metrics,
        }
    }
}
