//! GraphML, for yEd, Gephi and networkx.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use split_analyzer::report::{GraphEdge, GraphNode, GraphReport};

use crate::render::prose::words::clean;

/// Attributes: id (of node and edge alike, as GraphML wants it), what has it, name, type.
const KEYS: [(&str, &str, &str, &str); 9] = [
    ("path", "node", "path", "string"),
    ("label", "node", "label", "string"),
    ("package", "node", "package", "string"),
    ("kind", "node", "kind", "string"),
    ("file", "node", "file", "string"),
    ("lines", "node", "lines", "int"),
    ("weight", "edge", "weight", "int"),
    ("test_weight", "edge", "test_weight", "int"),
    ("guessed", "edge", "guessed", "int"),
];

/// Writes a directed graph.
pub(crate) fn write(graph: &GraphReport, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = [("xmlns", "http://graphml.graphdrawing.org/xmlns")];
    xml.write_event(Event::Start(BytesStart::new("graphml").with_attributes(root)))?;
    for (id, of, name, kind) in KEYS {
        let key = [("id", id), ("for", of), ("attr.name", name), ("attr.type", kind)];
        xml.write_event(Event::Empty(BytesStart::new("key").with_attributes(key)))?;
    }
    let attributes = [("id", "dependencies"), ("edgedefault", "directed")];
    xml.write_event(Event::Start(BytesStart::new("graph").with_attributes(attributes)))?;
    for node in &graph.nodes {
        write_node(&mut xml, node)?;
    }
    for edge in &graph.edges {
        write_edge(&mut xml, edge)?;
    }
    xml.write_event(Event::End(BytesEnd::new("graph")))?;
    xml.write_event(Event::End(BytesEnd::new("graphml")))?;
    writeln!(out)
}

fn write_node<W: Write>(xml: &mut Writer<W>, node: &GraphNode) -> io::Result<()> {
    let id = format!("n{}", node.id);
    xml.write_event(Event::Start(BytesStart::new("node").with_attributes([("id", &*id)])))?;
    data(xml, "path", &node.path)?;
    data(xml, "label", node.label())?;
    data(xml, "package", &node.package)?;
    for (key, value) in [("kind", &node.kind), ("file", &node.file)] {
        if let Some(value) = value {
            data(xml, key, value)?;
        }
    }
    data(xml, "lines", &node.lines.to_string())?;
    xml.write_event(Event::End(BytesEnd::new("node")))
}

fn write_edge<W: Write>(xml: &mut Writer<W>, edge: &GraphEdge) -> io::Result<()> {
    let (source, target) = (format!("n{}", edge.from), format!("n{}", edge.to));
    let ends = [("source", &*source), ("target", &*target)];
    xml.write_event(Event::Start(BytesStart::new("edge").with_attributes(ends)))?;
    for (key, value) in
        [("weight", edge.weight), ("test_weight", edge.test_weight), ("guessed", edge.guessed)]
    {
        data(xml, key, &value.to_string())?;
    }
    xml.write_event(Event::End(BytesEnd::new("edge")))
}

fn data<W: Write>(xml: &mut Writer<W>, key: &str, value: &str) -> io::Result<()> {
    xml.write_event(Event::Start(BytesStart::new("data").with_attributes([("key", key)])))?;
    // Most control characters are not allowed in XML, escaped or not.
    xml.write_event(Event::Text(BytesText::new(&clean(value))))?;
    xml.write_event(Event::End(BytesEnd::new("data")))
}
