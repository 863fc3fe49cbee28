//! Reading a graph: `{"nodes":[{"id","name"}],"edges":[{"from","to","weight"}]}`.
//!
//! The text is read twice, nodes first and edges then, so that an unknown id is reported at its line wherever
//! the two lists stand.

use std::fmt;
use std::path::PathBuf;

use indexmap::IndexMap;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::model::WeightedGraph;
use crate::base::number::WEIGHT;
use crate::error::{Error, Result};

/// A node's id: a string or an integer. `1` is not `"1"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum NodeKey {
    /// An integer.
    Number(i64),
    /// A string.
    Text(String),
}

/// A graph with the ids and names of its nodes, in input order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamedGraph {
    /// Ids as written.
    pub ids: Vec<NodeKey>,
    /// Names, else paths; the id where there is neither.
    pub names: Vec<String>,
    /// The graph; node indices are positions in `ids`.
    pub graph: WeightedGraph,
}

/// Reads a graph. A node's `name` (or `path`) and `weight` (its size, 1 if absent) are optional, as is an edge's `weight`
/// (1); further fields are ignored.
///
/// # Errors
/// [`Error::InvalidInput`] with the line, and an empty path for the caller to fill in: not JSON, a field
/// missing or of the wrong type, an id used twice or not defined, a weight out of its range.
pub fn parse(text: &str) -> Result<NamedGraph> {
    let NodesOnly { nodes, edges: IgnoredAny } = serde_json::from_str(text).map_err(invalid)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let edges = EdgesOnly(&nodes.0).deserialize(&mut reader).map_err(invalid)?;
    let mut named = NamedGraph { graph: WeightedGraph { edges, ..Default::default() }, ..Default::default() };
    for (key, node) in nodes.0 {
        named.names.push(node.name.or(node.path).unwrap_or_else(|| key.to_string()));
        named.ids.push(key);
        named.graph.node_weights.push(node.weight.0);
    }
    Ok(named)
}

fn invalid(error: serde_json::Error) -> Error {
    // serde_json ends its message with the place, which has a field of its own here.
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    Error::InvalidInput { path: PathBuf::new(), line: error.line(), message: message.to_owned() }
}

#[derive(Deserialize)]
struct NodesOnly {
    nodes: Nodes,
    #[serde(rename = "edges")]
    edges: IgnoredAny,
}

#[derive(Deserialize)]
struct RawNode {
    id: NodeKey,
    name: Option<String>,
    /// What `graph` writes of items, modules and files.
    path: Option<String>,
    #[serde(default)]
    weight: Weight,
}

#[derive(Deserialize)]
struct RawEdge {
    from: NodeKey,
    to: NodeKey,
    #[serde(default)]
    weight: Weight,
}

/// Nodes by id.
struct Nodes(IndexMap<NodeKey, RawNode>);

impl<'de> Deserialize<'de> for Nodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(NodesVisitor)
    }
}

struct NodesVisitor;

impl<'de> Visitor<'de> for NodesVisitor {
    type Value = Nodes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of nodes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Nodes, A::Error> {
        let mut nodes = IndexMap::new();
        while let Some(node) = seq.next_element::<RawNode>()? {
            if nodes.contains_key(&node.id) {
                return Err(de::Error::custom(format_args!("node id `{}` is used twice", node.id)));
            }
            nodes.insert(node.id.clone(), node);
        }
        Ok(Nodes(nodes))
    }
}

/// Reads the edges of a graph whose nodes are known.
struct EdgesOnly<'a>(&'a IndexMap<NodeKey, RawNode>);

type Edges = Vec<(u32, u32, f64)>;

impl<'de> DeserializeSeed<'de> for EdgesOnly<'_> {
    type Value = Edges;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Edges, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EdgesOnly<'_> {
    type Value = Edges;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a graph")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Edges, A::Error> {
        let mut edges = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "edges" {
                edges = map.next_value_seed(EdgeList(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(edges)
    }
}

struct EdgeList<'a>(&'a IndexMap<NodeKey, RawNode>);

impl<'de> DeserializeSeed<'de> for EdgeList<'_> {
    type Value = Edges;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<Edges, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for EdgeList<'_> {
    type Value = Edges;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of edges")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Edges, A::Error> {
        let node = |key: &NodeKey| {
            let index = self.0.get_index_of(key).and_then(|index| u32::try_from(index).ok());
            index.ok_or_else(|| de::Error::custom(format_args!("no node has the id `{key}`")))
        };
        let mut edges = Vec::new();
        while let Some(edge) = seq.next_element::<RawEdge>()? {
            edges.push((node(&edge.from)?, node(&edge.to)?, edge.weight.0));
        }
        Ok(edges)
    }
}

/// A number in the range of weights; 1 if absent.
struct Weight(f64);

impl Default for Weight {
    fn default() -> Self {
        Self(1.0)
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let weight = f64::deserialize(deserializer)?;
        match WEIGHT.wrong(weight) {
            None => Ok(Self(weight)),
            Some(wrong) => Err(de::Error::custom(format_args!("a weight {wrong}"))),
        }
    }
}

impl<'de> Deserialize<'de> for NodeKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = NodeKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an integer as an id")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<NodeKey, E> {
        Ok(NodeKey::Text(text.to_owned()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> std::result::Result<NodeKey, E> {
        Ok(NodeKey::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> std::result::Result<NodeKey, E> {
        let number = i64::try_from(number).map_err(|_| E::custom("an integer id must be below 2^63"))?;
        Ok(NodeKey::Number(number))
    }
}

impl fmt::Display for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NodeKey::Number(number) => write!(f, "{number}"),
            NodeKey::Text(text) => f.write_str(text),
        }
    }
}
