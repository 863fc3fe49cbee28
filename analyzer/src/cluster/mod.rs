//! Partitions: community detection, the ordered acyclic refinement, metrics. Knows graphs, not Rust.

mod count;
mod detect;
mod find;
mod flows;
pub mod input;
mod metrics;
mod model;
mod network;
mod objective;
mod order;
mod output;
mod prefix;
mod prior;
mod refine;
mod search;
#[cfg(test)]
mod tests;

pub use find::cluster;
pub use input::{NamedGraph, NodeKey, parse};
pub use model::{ClusterMetrics, ClusterOptions, Clustering, WeightedGraph};
pub use output::ClusterReport;
