//! Mermaid, for Markdown pages.

use std::io::{self, Write};

use split_analyzer::report::GraphReport;

use crate::render::escape;

/// Writes a flowchart; an edge's label is its weight, and it is dotted when only tests need it.
pub(crate) fn write(graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart TD")?;
    for node in &graph.nodes {
        writeln!(out, "  n{}[\"{}\"]", node.id, escape::mermaid(node.label()))?;
    }
    for edge in &graph.edges {
        let arrow = if edge.test_weight == edge.weight { "-.->" } else { "-->" };
        writeln!(out, "  n{} {arrow}|{}| n{}", edge.from, edge.weight, edge.to)?;
    }
    Ok(())
}
