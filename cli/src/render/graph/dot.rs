//! Graphviz.

use std::io::{self, Write};

use split_analyzer::report::{GraphNode, GraphReport};

use super::groups::by_package;
use crate::render::escape;

/// Writes a directed graph, packages as frames; an edge's label is its weight, and it is dashed when only tests need it.
pub(crate) fn write(graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph dependencies {{")?;
    writeln!(out, "  node [shape=box, fontname=\"sans-serif\"];")?;
    let groups = by_package(graph);
    for (i, (package, nodes)) in groups.framed.iter().enumerate() {
        writeln!(out, "  subgraph cluster_{i} {{")?;
        writeln!(out, "    label=\"{}\";", escape::dot(package))?;
        nodes.iter().try_for_each(|node| write_node(node, "    ", out))?;
        writeln!(out, "  }}")?;
    }
    groups.bare.iter().try_for_each(|node| write_node(node, "  ", out))?;
    for edge in &graph.edges {
        let style = if edge.test_weight == edge.weight { ", style=dashed" } else { "" };
        writeln!(out, "  n{} -> n{} [label=\"{}\"{style}];", edge.from, edge.to, edge.weight)?;
    }
    writeln!(out, "}}")
}

fn write_node(node: &GraphNode, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let (label, package) = (escape::dot(node.label()), escape::dot(&node.package));
    writeln!(out, "{indent}n{} [label=\"{label}\", tooltip=\"{package}, {} lines\"];", node.id, node.lines)
}
