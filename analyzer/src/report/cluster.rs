//! The contract of `cluster`: any graph as JSON in, its clusters as JSON out.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::build::round;
use crate::cluster::{ClusterMetrics, Clustering, WeightedGraph};
use crate::error::{Error, Result};

/// A graph in node-link form; fields that it has beyond these are ignored, so the output of `graph` will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NodeLinkGraph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges, from the dependent to the dependency.
    pub edges: Vec<Link>,
}

/// A node: its id, unique in the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// A string or a whole number.
    pub id: NodeId,
}

/// An edge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// The dependent's id.
    pub from: NodeId,
    /// The dependency's id.
    pub to: NodeId,
    /// Weight, 1 when left out; not negative.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

/// A node's id, given back as it came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NodeId {
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
}

impl std::fmt::Display for NodeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NodeId::Number(n) => n.fmt(f),
            NodeId::Text(text) => text.fmt(f),
        }
    }
}

impl NodeLinkGraph {
    /// Reads a graph; `path` is only named in errors.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] with the line for JSON of another form, and for an id that is given twice, an
    /// edge to a node that isn't there, or a weight that is negative or not finite.
    pub fn from_json(path: &Path, json: &str) -> Result<Self> {
        let invalid = |line, message: String| Error::InvalidInput { path: path.to_path_buf(), line, message };
        let graph: Self =
            serde_json::from_str(json).map_err(|e| invalid(e.line(), format!("not a graph: {e}")))?;
        graph.weighted().map_err(|message| invalid(0, message))?;
        Ok(graph)
    }

    /// The same graph by node position, as [`cluster`](crate::cluster) wants it; nodes weigh 1.
    ///
    /// # Errors
    /// A sentence on the first id or weight that is wrong.
    pub fn weighted(&self) -> std::result::Result<WeightedGraph, String> {
        let mut position: BTreeMap<&NodeId, u32> = BTreeMap::new();
        for (i, node) in (0..).zip(&self.nodes) {
            if position.insert(&node.id, i).is_some() {
                return Err(format!("the id `{}` is given to two nodes", node.id));
            }
        }
        let find = |id: &NodeId| {
            position.get(id).copied().ok_or_else(|| format!("an edge names `{id}`, which is not a node"))
        };
        let edge = |link: &Link| {
            if !link.weight.is_finite() || link.weight < 0.0 {
                return Err(format!("the edge from `{}` to `{}` has a negative weight", link.from, link.to));
            }
            Ok((find(&link.from)?, find(&link.to)?, link.weight))
        };
        let edges = self.edges.iter().map(edge).collect::<std::result::Result<_, _>>()?;
        Ok(WeightedGraph { node_weights: vec![1.0; self.nodes.len()], edges })
    }
}

/// Clusters of a graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterReport {
    /// The ids of each cluster's nodes, in the graph's order.
    pub clusters: Vec<Vec<NodeId>>,
    /// Cluster indices, dependents before dependencies.
    pub order: Vec<u32>,
    /// How good the partition is.
    pub metrics: ClusterMeasures,
}

/// Measures of a partition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClusterMeasures {
    /// Directed modularity, −0.5 to 1.
    pub modularity: f64,
    /// Share of edge weight between clusters, 0 to 1.
    pub cut_share: f64,
    /// Share of edge weight that runs against `order`, 0 to 1.
    pub back_edge_share: f64,
    /// Whether the clusters form a DAG.
    pub acyclic: bool,
}

impl From<ClusterMetrics> for ClusterMeasures {
    fn from(metrics: ClusterMetrics) -> Self {
        Self {
            modularity: round(metrics.modularity, 6),
            cut_share: round(metrics.cut_share, 6),
            back_edge_share: round(metrics.back_edge_share, 6),
            acyclic: metrics.acyclic,
        }
    }
}

/// Gives the clusters the graph's own ids.
pub fn cluster_report(graph: &NodeLinkGraph, clustering: &Clustering) -> ClusterReport {
    let ids = |cluster: &Vec<u32>| cluster.iter().map(|&n| graph.nodes[n as usize].id.clone()).collect();
    ClusterReport {
        clusters: clustering.clusters.iter().map(ids).collect(),
        order: clustering.order.clone(),
        metrics: clustering.metrics.into(),
    }
}
