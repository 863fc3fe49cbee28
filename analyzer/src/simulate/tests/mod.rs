//! Tests: hand-computed schedules, bounds that every schedule keeps, splits, unit graphs.

mod bounds;
mod replace;
mod schedules;
mod units;

use super::*;
use crate::ids::UnitId;

/// `(front end, code generation, threads, link)` and `M`etadata or `A`ll edges to earlier units.
type Row<'a> = (f64, f64, u32, f64, &'a str);

fn graph(rows: &[Row<'_>]) -> UnitGraph {
    let units =
        rows.iter().enumerate().map(|(i, &(frontend_s, codegen_s, codegen_threads, link_s, edges))| {
            let dependencies = edges.split_whitespace().map(|edge| {
                let artifact = if edge.starts_with('A') { Artifact::All } else { Artifact::Metadata };
                (UnitId(edge[1..].parse().unwrap()), artifact)
            });
            Unit {
                name: format!("u{i}"),
                frontend_s,
                codegen_s,
                codegen_threads,
                link_s,
                dependencies: dependencies.collect(),
                ..Unit::default()
            }
        });
    UnitGraph { units: units.collect() }
}
