//! Mermaid, for Markdown pages.

use std::io::{self, Write};

use split_analyzer::report::{GraphNode, GraphReport};

use super::groups::by_package;
use crate::render::escape;

/// Writes a flowchart, packages as frames; an edge's label is its weight, and it is dotted when only tests need it.
pub(crate) fn write(graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart TD")?;
    let groups = by_package(graph);
    for (i, (package, nodes)) in groups.framed.iter().enumerate() {
        writeln!(out, "  subgraph p{i}[\"{}\"]", escape::mermaid(package))?;
        nodes.iter().try_for_each(|node| write_node(node, "    ", out))?;
        writeln!(out, "  end")?;
    }
    groups.bare.iter().try_for_each(|node| write_node(node, "  ", out))?;
    for edge in &graph.edges {
        let arrow = if edge.test_weight == edge.weight { "-.->" } else { "-->" };
        writeln!(out, "  n{} {arrow}|{}| n{}", edge.from, edge.weight, edge.to)?;
    }
    Ok(())
}

fn write_node(node: &GraphNode, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{indent}n{}[\"{}\"]", node.id, escape::mermaid(node.label()))
}
