//! The contract of `graph --format json`.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::visit::EdgeRef;
use serde::{Deserialize, Serialize};

use crate::base::number::count;
use crate::discover::Repository;
use crate::graph::{Coupling, Level, Quotient, QuotientNode};
use crate::ids::{CrateId, FileId, IdVec, ModuleId};
use crate::report::model::SCHEMA_VERSION;
use crate::resolve::{ItemKind, RefKind, Resolution, UnresolvedCause};

/// A dependency graph at one level. Edges run from the dependent to the dependency. What only macros' bodies name or
/// define where they are called makes no edge: that is the macro's business. Nor does a path to what isn't there to be seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GraphReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What a node is.
    pub level: Level,
    /// What paths are relative to: always `.`, the analysed directory.
    pub root: String,
    /// The nodes, ids counting from 0.
    pub nodes: Vec<GraphNode>,
    /// The edges, sorted by `from`, then `to`; no self loops.
    pub edges: Vec<GraphEdge>,
    /// References that could not be followed; only when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unresolved: Option<Vec<UnresolvedReference>>,
}

/// A node: an item, a module, a file or a crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GraphNode {
    /// The position in `nodes`.
    pub id: u32,
    /// A file's path; an item's or module's path (`a::x::f`); a crate's root file.
    pub path: String,
    /// A crate's name; absent for other levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The package it belongs to (for a file: the first that includes it).
    pub package: String,
    /// An item's kind (`fn`, `struct`…) or a crate's (`lib`, `bin`, `test`…).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The file of an item or module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// First line of an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Lines: of the item, of the module's own items, of the file, of the crate's files.
    pub lines: u32,
    /// Nodes that refer to it.
    #[serde(default)]
    pub fan_in: u32,
    /// Nodes that it refers to.
    #[serde(default)]
    pub fan_out: u32,
    /// Of a module with everything below it, which may be all that it has: modules outside that refer to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_in_below: Option<u32>,
    /// Modules outside that it refers to, everything below it included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_out_below: Option<u32>,
}

/// All references from one node to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GraphEdge {
    /// The dependent.
    pub from: u32,
    /// The dependency: the node that holds the definition.
    pub to: u32,
    /// All references.
    pub weight: u32,
    /// Those under `cfg(test)` or in a test target.
    pub test_weight: u32,
    /// Those found by a guess.
    pub guessed: u32,
    /// References per kind; kinds that don't occur are left out.
    pub kinds: BTreeMap<String, u32>,
}

/// A reference that could not be followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnresolvedReference {
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// What was written.
    pub text: String,
    /// Why it was not followed.
    pub cause: UnresolvedCause,
}

/// Names the nodes and edges of a quotient graph.
pub fn graph_report(
    repository: &Repository,
    resolution: &Resolution,
    level: Level,
    quotient: &Quotient,
    unresolved: bool,
) -> GraphReport {
    let names = Names::new(repository, resolution);
    let mut nodes: Vec<_> = quotient.node_indices().map(|i| names.node(i.index(), quotient[i])).collect();
    let mut edges: Vec<_> = quotient
        .edge_references()
        .filter(|e| e.weight().hidden < e.weight().weight)
        .map(|e| edge(e.source().index(), e.target().index(), e.weight()))
        .collect();
    edges.sort_by_key(|e| (e.from, e.to));
    fan(resolution, quotient, &edges, &mut nodes);
    let unresolved = unresolved.then(|| unresolved_references(resolution));
    GraphReport { schema_version: SCHEMA_VERSION, level, root: ".".to_owned(), nodes, edges, unresolved }
}

/// Counts who refers to each node, and to whom it refers.
fn fan(resolution: &Resolution, quotient: &Quotient, edges: &[GraphEdge], nodes: &mut [GraphNode]) {
    for edge in edges {
        nodes[edge.from as usize].fan_out += 1;
        nodes[edge.to as usize].fan_in += 1;
    }
    let modules: Vec<Option<ModuleId>> = quotient
        .node_weights()
        .map(|node| if let QuotientNode::Module(module) = node { Some(*module) } else { None })
        .collect();
    // Pairs of a module, with everything below it, and one outside.
    let (mut into, mut out) = (BTreeSet::new(), BTreeSet::new());
    for edge in edges {
        let ends = (modules[edge.from as usize], modules[edge.to as usize]);
        let (Some(from), Some(to)) = ends else { return };
        let (above_from, above_to) = (way_up(resolution, from), way_up(resolution, to));
        into.extend(above_to.iter().filter(|module| !above_from.contains(module)).map(|&m| (m, from)));
        out.extend(above_from.iter().filter(|module| !above_to.contains(module)).map(|&m| (m, to)));
    }
    for (node, module) in nodes.iter_mut().zip(modules) {
        let Some(module) = module else { continue };
        let of = |pairs: &BTreeSet<(ModuleId, ModuleId)>| {
            let range = (module, ModuleId(0))..=(module, ModuleId(u32::MAX));
            count(pairs.range(range).count())
        };
        (node.fan_in_below, node.fan_out_below) = (Some(of(&into)), Some(of(&out)));
    }
}

/// A module and those above it.
fn way_up(resolution: &Resolution, module: ModuleId) -> Vec<ModuleId> {
    let mut way = vec![module];
    while let Some(parent) = resolution.modules[way[way.len() - 1]].parent {
        way.push(parent);
    }
    way
}

fn edge(from: usize, to: usize, coupling: &Coupling) -> GraphEdge {
    let kinds = RefKind::ALL
        .into_iter()
        .map(|kind| (kind.name().to_owned(), coupling.kinds[kind as usize]))
        .filter(|&(_, n)| n > 0);
    GraphEdge {
        from: count(from),
        to: count(to),
        weight: coupling.weight,
        test_weight: coupling.test_weight,
        guessed: coupling.guessed,
        kinds: kinds.collect(),
    }
}

fn unresolved_references(resolution: &Resolution) -> Vec<UnresolvedReference> {
    let mut list: Vec<_> = resolution.unresolved.iter().collect();
    list.sort();
    let named = list.into_iter().map(|u| UnresolvedReference {
        file: resolution.files[u.file].path.clone(),
        line: u.line,
        text: u.text.clone(),
        cause: u.cause,
    });
    named.collect()
}

/// What every node needs to be named.
struct Names<'a> {
    repository: &'a Repository,
    resolution: &'a Resolution,
    crate_of_file: IdVec<FileId, Option<CrateId>>,
    lines_of_crate: IdVec<CrateId, u32>,
}

impl<'a> Names<'a> {
    fn new(repository: &'a Repository, resolution: &'a Resolution) -> Self {
        let mut crate_of_file = IdVec::from_elem(None, resolution.files.len());
        let mut lines_of_crate = IdVec::from_elem(0, resolution.crates.len());
        let mut counted = std::collections::BTreeSet::new();
        for module in &resolution.modules {
            crate_of_file[module.file].get_or_insert(module.krate);
            if counted.insert((module.krate, module.file)) {
                lines_of_crate[module.krate] += resolution.files[module.file].lines;
            }
        }
        Self { repository, resolution, crate_of_file, lines_of_crate }
    }

    fn node(&self, index: usize, node: QuotientNode) -> GraphNode {
        let id = count(index);
        let resolution = self.resolution;
        match node {
            QuotientNode::Item(item) => {
                let item = &resolution.items[item];
                GraphNode {
                    kind: Some(item_kind(item.kind).to_owned()),
                    file: Some(resolution.files[item.file].path.clone()),
                    line: Some(item.line),
                    lines: lines(item.line, item.end_line),
                    ..self.plain(id, &item.path, resolution.modules[item.module].krate)
                }
            }
            QuotientNode::Module(module) => {
                let module = &resolution.modules[module];
                let own = module.items.iter().map(|&i| &resolution.items[i]);
                GraphNode {
                    file: Some(resolution.files[module.file].path.clone()),
                    lines: own.map(|i| lines(i.line, i.end_line)).sum(),
                    ..self.plain(id, &module.path, module.krate)
                }
            }
            QuotientNode::File(file) => {
                let path = &resolution.files[file].path;
                let package = self.crate_of_file[file].map(|c| self.package(c)).unwrap_or_default();
                GraphNode { lines: resolution.files[file].lines, package, ..GraphNode::new(id, path) }
            }
            QuotientNode::Crate(krate) => {
                let target = &self.repository.targets[resolution.crates[krate].target];
                GraphNode {
                    name: Some(resolution.crates[krate].name.clone()),
                    kind: Some(target_kind(target.kind).to_owned()),
                    lines: self.lines_of_crate[krate],
                    ..self.plain(id, &target.src, krate)
                }
            }
        }
    }

    fn plain(&self, id: u32, path: &str, krate: CrateId) -> GraphNode {
        GraphNode { package: self.package(krate), ..GraphNode::new(id, path) }
    }

    fn package(&self, krate: CrateId) -> String {
        let target = self.resolution.crates[krate].target;
        self.repository.packages[self.repository.targets[target].package].name.clone()
    }
}

impl GraphNode {
    fn new(id: u32, path: &str) -> Self {
        Self {
            id,
            path: path.to_owned(),
            name: None,
            package: String::new(),
            kind: None,
            file: None,
            line: None,
            lines: 0,
            fan_in: 0,
            fan_out: 0,
            fan_in_below: None,
            fan_out_below: None,
        }
    }

    /// What to call the node in a drawing: a crate's name, else the path.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.path)
    }
}

fn lines(first: u32, last: u32) -> u32 {
    last.saturating_sub(first) + 1
}

fn item_kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Module => "module",
        ItemKind::Fn => "fn",
        ItemKind::Struct => "struct",
        ItemKind::Enum => "enum",
        ItemKind::Union => "union",
        ItemKind::Trait => "trait",
        ItemKind::Impl => "impl",
        ItemKind::TypeAlias => "type-alias",
        ItemKind::Const => "const",
        ItemKind::Static => "static",
        ItemKind::Macro => "macro",
    }
}

fn target_kind(kind: crate::discover::TargetKind) -> &'static str {
    use crate::discover::TargetKind;
    match kind {
        TargetKind::Lib => "lib",
        TargetKind::ProcMacro => "proc-macro",
        TargetKind::Bin => "bin",
        TargetKind::Test => "test",
        TargetKind::Example => "example",
        TargetKind::Bench => "bench",
        TargetKind::BuildScript => "build-script",
    }
}
