//! Tests: hand-computed schedules, bounds that every schedule keeps, splits, unit graphs.

mod bounds;
mod replace;
mod schedules;
mod units;

use super::*;
use crate::ids::UnitId;

/// `(front end, code generation, threads, link)` and `M`etadata, `A`ll or `C`losure edges to earlier units.
type Row<'a> = (f64, f64, u32, f64, &'a str);

fn graph(rows: &[Row<'_>]) -> UnitGraph {
    let units =
        rows.iter().enumerate().map(|(i, &(frontend_s, codegen_s, codegen_threads, link_s, edges))| {
            let dependencies = edges.split_whitespace().map(|edge| {
                let awaited = match &edge[..1] {
                    "A" => Awaited::All,
                    "C" => Awaited::Closure,
                    _ => Awaited::Metadata,
                };
                (UnitId(edge[1..].parse().unwrap()), awaited)
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

/// `!` where everything of a dependency is needed, `*` where everything below it is needed too.
fn mark(awaited: Awaited) -> &'static str {
    match awaited {
        Awaited::Metadata => "",
        Awaited::All => "!",
        Awaited::Closure => "*",
    }
}

/// The same graph with an edge to each unit of a closure.
fn expanded(graph: &UnitGraph) -> UnitGraph {
    let mut all = graph.clone();
    for (id, unit) in graph.units.iter_enumerated() {
        let closures = unit.dependencies.iter().filter(|d| d.1 == Awaited::Closure).map(|d| d.0);
        let mut open: Vec<UnitId> = closures.collect();
        let mut below = std::collections::BTreeSet::new();
        while let Some(unit) = open.pop() {
            if below.insert(unit) {
                open.extend(graph.units[unit].dependencies.iter().map(|d| d.0));
            }
        }
        let dependencies = &mut all.units[id].dependencies;
        dependencies.retain(|d| d.1 != Awaited::Closure);
        dependencies.extend(below.into_iter().map(|unit| (unit, Awaited::All)));
        dependencies.sort_unstable();
        dependencies.dedup();
    }
    all
}
