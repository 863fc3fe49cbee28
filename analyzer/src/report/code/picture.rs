//! Parts of a graph that fit on a picture: one package, or modules down to some depth.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::graph::{GraphReport, graph_report};
use crate::base::number::count;
use crate::discover::Repository;
use crate::graph::{Coupling, ItemGraph, Level, Quotient, QuotientNode, quotient};
use crate::ids::{FileId, IdVec, ModuleId, PackageId};
use crate::resolve::Resolution;

/// More nodes help nobody on a picture. A choice.
pub const PICTURE_NODES: usize = 60;

/// What of a graph is wanted; by default all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GraphPart {
    /// Nodes of this package only, and what lies between them. Of crates also those that use one of them, or that one of them
    /// uses.
    pub package: Option<PackageId>,
    /// Modules further below their crate's root count as part of the one above; for [`Level::Module`] only.
    pub depth: Option<u32>,
}

/// Another picture of the same code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallerPicture {
    /// Its level.
    pub level: Level,
    /// Of the package of this name alone.
    pub package: Option<String>,
    /// Down to this depth.
    pub depth: Option<u32>,
    /// How many nodes it has.
    pub nodes: usize,
}

/// The report of a part of the graph at a level.
pub(crate) fn part_report(
    (repository, resolution): (&Repository, &Resolution),
    graph: &ItemGraph,
    (level, part): (Level, GraphPart),
    unresolved: bool,
) -> GraphReport {
    let whole = quotient(resolution, graph, level);
    let Part { quotient, folded } = narrowed(repository, resolution, whole, part);
    let mut report = graph_report(repository, resolution, level, &quotient, unresolved);
    if part.depth.is_some() {
        // What was folded into a module counts as its lines.
        let lines = |module: &ModuleId| {
            let items = resolution.modules[*module].items.iter().map(|&item| &resolution.items[item]);
            items.map(|item| item.end_line.saturating_sub(item.line) + 1).sum::<u32>()
        };
        for (node, modules) in report.nodes.iter_mut().zip(folded) {
            node.lines = modules.iter().map(lines).sum();
        }
    }
    report
}

struct Part {
    quotient: Quotient,
    /// Modules that each node stands for; empty at other levels.
    folded: Vec<Vec<ModuleId>>,
}

fn narrowed(repository: &Repository, resolution: &Resolution, whole: Quotient, part: GraphPart) -> Part {
    let owners = Owners::new(repository, resolution);
    let wanted = |node: QuotientNode| part.package.is_none_or(|package| owners.of(node) == Some(package));
    let mut keep: Vec<bool> = whole.node_weights().map(|&node| wanted(node)).collect();
    if part.package.is_some() && whole.node_weights().any(|node| matches!(node, QuotientNode::Crate(_))) {
        let own = keep.clone();
        for edge in whole.edge_references() {
            let (from, to) = (edge.source().index(), edge.target().index());
            keep[from] |= own[to];
            keep[to] |= own[from];
        }
        // Between neighbours there may be more than concerns the package: all of it is drawn.
    }
    let mut quotient: Quotient = DiGraph::new();
    let mut folded: Vec<Vec<ModuleId>> = Vec::new();
    let mut place: BTreeMap<u32, NodeIndex> = BTreeMap::new();
    let mut home: Vec<Option<NodeIndex>> = Vec::new();
    for (index, keep) in whole.node_indices().zip(keep) {
        let node = whole[index];
        let (key, node) = match (node, part.depth) {
            (QuotientNode::Module(module), Some(depth)) => {
                let above = at_depth(resolution, module, depth);
                (above.0, QuotientNode::Module(above))
            }
            _ => (count(index.index()), node),
        };
        home.push(keep.then(|| {
            *place.entry(key).or_insert_with(|| {
                folded.push(Vec::new());
                quotient.add_node(node)
            })
        }));
        if let (Some(at), QuotientNode::Module(module)) = (home[index.index()], whole[index]) {
            folded[at.index()].push(module);
        }
    }
    let mut couplings: BTreeMap<(NodeIndex, NodeIndex), Coupling> = BTreeMap::new();
    for edge in whole.edge_references() {
        let ends = (home[edge.source().index()], home[edge.target().index()]);
        if let (Some(from), Some(to)) = ends
            && from != to
        {
            couplings.entry((from, to)).or_default().merge(edge.weight());
        }
    }
    for ((from, to), coupling) in couplings {
        quotient.add_edge(from, to, coupling);
    }
    Part { quotient, folded }
}

/// The module itself, or the one above it that is so far below its crate's root.
fn at_depth(resolution: &Resolution, module: ModuleId, depth: u32) -> ModuleId {
    let mut way = vec![module];
    while let Some(parent) = resolution.modules[way[way.len() - 1]].parent {
        way.push(parent);
    }
    way[way.len().saturating_sub(depth as usize + 1)]
}

/// The package of each node.
struct Owners<'a> {
    repository: &'a Repository,
    resolution: &'a Resolution,
    of_file: IdVec<FileId, Option<PackageId>>,
}

impl<'a> Owners<'a> {
    fn new(repository: &'a Repository, resolution: &'a Resolution) -> Self {
        let mut of_file = IdVec::from_elem(None, resolution.files.len());
        for module in &resolution.modules {
            let target = resolution.crates[module.krate].target;
            of_file[module.file].get_or_insert(repository.targets[target].package);
        }
        Self { repository, resolution, of_file }
    }

    fn of(&self, node: QuotientNode) -> Option<PackageId> {
        let krate = match node {
            QuotientNode::Item(item) => self.resolution.modules[self.resolution.items[item].module].krate,
            QuotientNode::Module(module) => self.resolution.modules[module].krate,
            QuotientNode::File(file) => return self.of_file[file],
            QuotientNode::Crate(krate) => krate,
        };
        Some(self.repository.targets[self.resolution.crates[krate].target].package)
    }
}

/// Smaller pictures of what is on one that is too large, those that show most first; only such as are small enough.
pub(crate) fn smaller_pictures(
    repository: &Repository,
    resolution: &Resolution,
    (level, part): (Level, GraphPart),
) -> Vec<SmallerPicture> {
    let owners = Owners::new(repository, resolution);
    let of_package = |id: ModuleId, package: Option<PackageId>| {
        package.is_none_or(|package| owners.of(QuotientNode::Module(id)) == Some(package))
    };
    let modules = |package: Option<PackageId>, depth: Option<u32>| {
        let ids = resolution.modules.ids().filter(|&id| of_package(id, package));
        let mut shown: Vec<ModuleId> =
            ids.map(|id| depth.map_or(id, |depth| at_depth(resolution, id, depth))).collect();
        shown.sort_unstable();
        shown.dedup();
        shown.len()
    };
    let name = |package: PackageId| repository.packages[package].name.clone();
    let picture = |level, package: Option<PackageId>, depth, nodes| SmallerPicture {
        level,
        package: package.map(name),
        depth,
        nodes,
    };
    let mut found = Vec::new();
    // The same part with its modules folded: as deep as fits.
    let depths = || (0..DEEPEST).rev().filter(|&depth| part.depth.is_none_or(|asked| depth < asked));
    let folded = |package| {
        let fitting = depths().map(|depth| (depth, modules(package, Some(depth))));
        fitting.into_iter().find(|&(depth, nodes)| depth > 0 && nodes <= PICTURE_NODES)
    };
    if let Some((depth, nodes)) = folded(part.package) {
        found.push(picture(Level::Module, part.package, Some(depth), nodes));
    }
    if level != Level::Crate {
        found.push(picture(Level::Crate, None, None, resolution.crates.len()));
    }
    if part.package.is_none() {
        let all = repository.packages.ids().map(|package| (modules(Some(package), None), package));
        let largest =
            all.filter(|&(nodes, _)| nodes <= PICTURE_NODES).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        found.extend(largest.map(|(nodes, package)| picture(Level::Module, Some(package), None, nodes)));
    }
    found.retain(|picture| picture.nodes <= PICTURE_NODES && picture.nodes > 1);
    found
}

/// No module tree is deeper that a picture could show.
const DEEPEST: u32 = 6;
