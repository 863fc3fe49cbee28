//! Partitions: community detection, the ordered acyclic refinement, metrics. Knows graphs, not Rust.

mod model;

pub use model::{ClusterMetrics, ClusterOptions, Clustering, WeightedGraph};
