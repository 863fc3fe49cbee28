//! Clusters any graph given as JSON: `cargo run --release --example cluster -- GRAPH.json [--acyclic]`.

use std::io::Write;

use split_analyzer::cluster::{ClusterOptions, ClusterReport, cluster, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = ClusterOptions::default();
    let mut paths = Vec::new();
    for argument in std::env::args().skip(1) {
        if argument == "--acyclic" {
            options.acyclic = true;
        } else {
            paths.push(argument);
        }
    }
    for path in paths {
        let graph = parse(&std::fs::read_to_string(path)?)?;
        let clustering = cluster(&graph.graph, &options);
        let report = ClusterReport::new(&graph, &clustering);
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
    }
    Ok(())
}
