//! The answer of `cluster`, for people.

use std::io::{self, Write};

use split_analyzer::cluster::{ClusterReport, NamedGraph, NodeKey};

use super::{BOLD, Rows, Screen, paragraph};
use crate::render::prose::words::{counted, listed, percent};

/// Clusters that are shown.
const CLUSTERS: usize = 30;

/// Writes the clusters, dependents first.
pub(crate) fn clusters(report: &ClusterReport, graph: &NamedGraph, out: &mut Screen<'_>) -> io::Result<()> {
    let m = &report.metrics;
    let shape = if m.acyclic { "which form a DAG" } else { "with cycles between them" };
    let text = format!(
        "{} of {}, {shape}; {} of the weight is between clusters, {} against their order.",
        counted(report.clusters.len() as u64, "cluster"),
        counted(graph.ids.len() as u64, "node"),
        percent(m.cut_share * 100.0),
        percent(m.back_edge_share * 100.0),
    );
    paragraph(out, 0, BOLD, &text)?;
    let shown = report.order.iter().take(CLUSTERS);
    let rows = shown.filter_map(|&i| report.clusters.get(i as usize).map(|cluster| (i, cluster))).map(
        |(i, cluster)| {
            let names: Vec<_> = cluster.iter().take(8).map(|key| name(key, graph)).collect();
            let more = cluster.len() - names.len();
            let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
            vec![i.to_string(), cluster.len().to_string(), listed(&names, names.len()) + &rest]
        },
    );
    let header = ["cluster", "nodes", "names"];
    Rows { header: &header, rows: rows.collect(), numbers: &[0, 1] }.write(out, 2)?;
    match report.clusters.len().saturating_sub(CLUSTERS) {
        0 => Ok(()),
        more => writeln!(out, "  … and {more} more, see --format json"),
    }
}

fn name(key: &NodeKey, graph: &NamedGraph) -> String {
    let at = graph.ids.iter().position(|id| id == key);
    at.map_or_else(String::new, |i| graph.names[i].clone())
}
