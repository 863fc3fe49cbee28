//! Clusters any graph given as JSON: `cargo run --release --example cluster -- GRAPH.json [--acyclic]`.

use std::io::Write;

use split_analyzer::cluster::{ClusterOptions, ClusterReport, cluster, parse};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = ClusterOptions::default();
    let mut path = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--acyclic" => options.acyclic = true,
            // Plain modularity, no order: what Leiden alone is after.
            "--modularity" => (options.adaptive, options.back_edge_price) = (false, 0.0),
            "--resolution" => options.resolution = value()?.parse()?,
            "--back-edge-price" => options.back_edge_price = value()?.parse()?,
            "--count" => options.count = Some(value()?.parse()?),
            "--seed" => options.seed = value()?.parse()?,
            _ => path = Some(argument),
        }
    }
    let graph = parse(&std::fs::read_to_string(path.ok_or("which graph?")?)?)?;
    let clustering = cluster(&graph.graph, &options);
    let report = ClusterReport::new(&graph, &clustering);
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&report)?)?;
    Ok(())
}
