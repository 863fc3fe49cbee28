//! Graphviz.

use std::io::{self, Write};

use split_analyzer::report::GraphReport;

use crate::render::escape;

/// Writes a directed graph; an edge's label is its weight, and it is dashed when only tests need it.
pub(crate) fn write(graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph dependencies {{")?;
    writeln!(out, "  node [shape=box, fontname=\"sans-serif\"];")?;
    for node in &graph.nodes {
        let (label, package) = (escape::dot(node.label()), escape::dot(&node.package));
        writeln!(out, "  n{} [label=\"{label}\", tooltip=\"{package}, {} lines\"];", node.id, node.lines)?;
    }
    for edge in &graph.edges {
        let style = if edge.test_weight == edge.weight { ", style=dashed" } else { "" };
        writeln!(out, "  n{} -> n{} [label=\"{}\"{style}];", edge.from, edge.to, edge.weight)?;
    }
    writeln!(out, "}}")
}
