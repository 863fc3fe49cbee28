//! Which modules and items belong to which crate, looked up once for all packages.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::visit::EdgeRef;

use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, FileId, Id, IdVec, ItemId, ModuleId, PackageId};
use crate::plan::input::PlanInput;
use crate::plan::targets::Targets;
use crate::resolve::{Item, ItemKind, Reference, Resolution, unlinked_files};

/// Modules and items of each crate.
pub(super) struct Index {
    /// Modules of each crate, parents before children.
    pub(super) modules: IdVec<CrateId, Vec<ModuleId>>,
    /// Items of each crate, sorted.
    pub(super) items: IdVec<CrateId, Vec<ItemId>>,
    /// Lines that each item adds to what people see of a file: several that one macro call makes share its lines.
    pub(super) own_lines: IdVec<ItemId, u32>,
    /// The crate of each item.
    pub(super) crate_of: IdVec<ItemId, CrateId>,
    /// Files that nothing of the analysis lies in.
    pub(super) unlinked: Vec<String>,
    /// Re-exports outside of tests by what they name.
    pub(super) re_exports: ReExports,
    /// What the targets of each package hold, and which of them is planned.
    pub(super) targets: Targets,
}

/// Positions in [`Resolution::re_exports`] of those that name an item.
pub(super) type ReExports = BTreeMap<ItemId, Vec<usize>>;

impl Index {
    pub(super) fn new(repository: &Repository, resolution: &Resolution) -> Self {
        let crates = resolution.crates.len();
        let mut index = Self {
            modules: IdVec::from_elem(Vec::new(), crates),
            items: IdVec::from_elem(Vec::new(), crates),
            own_lines: own_lines(resolution),
            crate_of: IdVec::from_elem(CrateId(0), resolution.items.len()),
            unlinked: unlinked_files(repository, resolution),
            re_exports: BTreeMap::new(),
            targets: Targets::new(repository, resolution),
        };
        for (at, re_export) in resolution.re_exports.iter().enumerate().filter(|(_, r)| !r.test) {
            index.re_exports.entry(re_export.to).or_default().push(at);
        }
        for (id, module) in resolution.modules.iter_enumerated() {
            index.modules[module.krate].push(id);
        }
        for (id, item) in resolution.items.iter_enumerated() {
            let krate = resolution.modules[item.module].krate;
            index.items[krate].push(id);
            index.crate_of[id] = krate;
        }
        index
    }
}

/// [`item_lines`] less what an item before it in the same crate and file has covered.
fn own_lines(resolution: &Resolution) -> IdVec<ItemId, u32> {
    let mut starts: Vec<(CrateId, FileId, u32, ItemId)> = resolution
        .items
        .iter_enumerated()
        .filter(|(_, item)| item_lines(item) > 0)
        .map(|(id, item)| (resolution.modules[item.module].krate, item.file, item.line, id))
        .collect();
    // Nearly sorted already: items come in the order of their modules.
    starts.sort();
    let mut own = IdVec::from_elem(0, resolution.items.len());
    let (mut place, mut covered) = (None, 0);
    for (krate, file, line, id) in starts {
        if place != Some((krate, file)) {
            (place, covered) = (Some((krate, file)), 0);
        }
        let last = resolution.items[id].end_line;
        own[id] = (last + 1).saturating_sub(line.max(covered + 1));
        covered = covered.max(last);
    }
    own
}

/// Whether other packages, and dev-dependencies, may depend on a package.
pub(super) fn has_library(repository: &Repository, package: PackageId) -> bool {
    let targets = repository.packages[package].targets.iter().map(|&target| &repository.targets[target]);
    targets.into_iter().any(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro))
}

/// Lines that an item adds to a non-test build.
pub(super) fn item_lines(item: &Item) -> u32 {
    if item.test || item.kind == ItemKind::Module {
        return 0;
    }
    (item.end_line + 1).saturating_sub(item.line)
}

/// The references to items from everywhere else, of whichever crate: found by the graph, so that nobody looks through all
/// that there are.
pub(super) fn references_to<'a>(
    input: &PlanInput<'a>,
    items: &'a BTreeSet<ItemId>,
) -> impl Iterator<Item = &'a Reference> {
    let users: BTreeSet<ItemId> =
        items.iter().flat_map(|&item| users_of(input, item)).filter(|user| !items.contains(user)).collect();
    let resolution = input.resolution;
    users
        .into_iter()
        .flat_map(|user| references_of(resolution, user))
        .filter(|reference| items.contains(&reference.to))
}

/// The items with references to one.
pub(super) fn users_of<'a>(input: &PlanInput<'a>, item: ItemId) -> impl Iterator<Item = ItemId> + use<'a> {
    let edges = input.graph.edges_directed((item.index() as u32).into(), Direction::Incoming);
    edges.map(|edge| ItemId::from_index(edge.source().index()))
}

/// The references of one item: they are sorted by it.
pub(super) fn references_of(resolution: &Resolution, from: ItemId) -> &[Reference] {
    let start = resolution.references.partition_point(|r| r.from < from);
    let len = resolution.references[start..].partition_point(|r| r.from == from);
    &resolution.references[start..start + len]
}
