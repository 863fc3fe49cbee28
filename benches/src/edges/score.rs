//! Names against rust-analyzer: the file-to-file references of its SCIP index, and those of `graph --level file`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use crate::edges::scip;

/// Arguments of `edges`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What `rust-analyzer scip REPOSITORY --output INDEX` wrote
    index: PathBuf,
    /// What `split-advisor graph REPOSITORY --level file --format json` printed
    graph: PathBuf,
    /// Compare only files of one package (for an index that was made without cargo's dependency graph)
    #[arg(long)]
    within_packages: bool,
    /// List so many surplus and missing edges
    #[arg(long, default_value_t = 0)]
    show: usize,
}

/// What is read of a graph.
#[derive(Deserialize)]
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Deserialize)]
struct Node {
    path: String,
    package: String,
}

#[derive(Deserialize)]
struct Edge {
    from: usize,
    to: usize,
}

/// Pairs of paths, each with a place and a symbol that make it an edge.
type Truth<'a> = BTreeMap<(&'a str, &'a str), (u64, &'a str)>;

/// Compares and prints.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let index = fs::read(&args.index).with_context(|| args.index.display().to_string())?;
    let text = fs::read(&args.graph).with_context(|| args.graph.display().to_string())?;
    let graph: Graph = serde_json::from_slice(&text).with_context(|| args.graph.display().to_string())?;
    let files = scip::read(&index).with_context(|| args.index.display().to_string())?;
    let (mut truth, neutral) = references(&files);
    let packages: BTreeMap<&str, &str> =
        graph.nodes.iter().map(|node| (node.path.as_str(), node.package.as_str())).collect();
    let counts = |(from, to): &(&str, &str)| match (packages.get(from), packages.get(to)) {
        (Some(a), Some(b)) => {
            (!args.within_packages || a == b) && files.contains_key(from) && files.contains_key(to)
        }
        _ => false,
    };
    truth.retain(|pair, _| counts(pair));
    let path = |node: usize| graph.nodes.get(node).map_or("", |node| node.path.as_str());
    let found = graph.edges.iter().map(|edge| (path(edge.from), path(edge.to)));
    let found: BTreeSet<(&str, &str)> = found.filter(|pair| pair.0 != pair.1 && counts(pair)).collect();

    let surplus: Vec<_> = found.iter().filter(|p| !truth.contains_key(*p) && !neutral.contains(*p)).collect();
    let missing: Vec<_> = truth.iter().filter(|(pair, _)| !found.contains(*pair)).collect();
    for (from, to) in surplus.iter().take(args.show) {
        println!("surplus {from} -> {to}");
    }
    for ((from, to), (line, symbol)) in missing.iter().take(args.show) {
        println!("missing {from}:{line} -> {to} {symbol}");
    }
    let hits = truth.len() - missing.len();
    println!(
        "{} edges, {} surplus, {} missing: precision {:.4}, recall {:.4}",
        truth.len(),
        surplus.len(),
        missing.len(),
        share(hits, hits + surplus.len()),
        share(hits, truth.len()),
    );
    Ok(())
}

/// The pairs of files of which the first names something that the second defines; and the pairs where that is only a
/// module or a parameter, which count neither way. A symbol defined twice says nothing (`main` of two binaries).
fn references<'a>(
    files: &BTreeMap<&'a str, Vec<scip::Occurrence<'a>>>,
) -> (Truth<'a>, BTreeSet<(&'a str, &'a str)>) {
    let definitions = scip::definitions(files);
    let (mut truth, mut neutral) = (Truth::new(), BTreeSet::new());
    for (from, occurrences) in files {
        for occurrence in occurrences.iter().filter(|o| !o.defines) {
            let Some(homes) = definitions.get(occurrence.symbol) else { continue };
            let Some(to) = homes.first().filter(|to| homes.len() == 1 && *to != from) else { continue };
            if scip::is_neutral(occurrence.symbol) {
                neutral.insert((*from, *to));
            } else {
                truth.entry((from, to)).or_insert((occurrence.line, occurrence.symbol));
            }
        }
    }
    (truth, neutral)
}

fn share(part: usize, whole: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^52 edges")]
    let share = part as f64 / whole.max(1) as f64;
    share
}
