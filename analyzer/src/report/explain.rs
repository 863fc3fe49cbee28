//! Why one part of the code depends on another: the references, or the shortest chain of them.

use std::collections::VecDeque;

use fixedbitset::FixedBitSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::build::file_of;
use super::model::SCHEMA_VERSION;
use super::select::{Selection, SelectionKind};
use crate::ids::{Id, IdVec, ItemId};
use crate::resolve::{Confidence, RefKind, Reference, Resolution};

/// The contract of `explain --format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The dependent.
    pub from: Explained,
    /// The dependency.
    pub to: Explained,
    /// Every reference from `from` to `to`, by file and line.
    pub references: Vec<Place>,
    /// When there is no reference: the shortest chain of references from `from` to `to`; empty when there
    /// is none either.
    pub chain: Vec<Hop>,
}

/// One side of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explained {
    /// Its full name.
    pub name: String,
    /// What it is.
    pub kind: SelectionKind,
    /// Number of items in it.
    pub items: u32,
}

/// A reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The file it stands in.
    pub file: String,
    /// Its line.
    pub line: u32,
    /// The item that refers.
    pub from: String,
    /// The item referred to.
    pub to: String,
    /// What kind of reference.
    pub kind: RefKind,
    /// Whether it is compiled for tests only.
    pub test: bool,
    /// How it was found.
    pub confidence: Confidence,
}

/// A step of a chain.
pub type Hop = Place;

/// Lists the references from `from` to `to`. What the two have in common is not a dependency: of a module
/// and its own package, only references that leave the module count.
pub fn explain(resolution: &Resolution, from: &Selection, to: &Selection) -> ExplainReport {
    let (a, b) = (set(resolution, from), set(resolution, to));
    let shared = |item: ItemId| a.contains(item.index()) && b.contains(item.index());
    let direct = resolution.references.iter().filter(|r| {
        a.contains(r.from.index()) && b.contains(r.to.index()) && !(shared(r.from) && shared(r.to))
    });
    let mut references: Vec<_> = direct.map(|r| place(resolution, r)).collect();
    references.sort();
    let chain = if references.is_empty() { chain(resolution, from, &a, &b) } else { Vec::new() };
    ExplainReport {
        schema_version: SCHEMA_VERSION,
        from: explained(from),
        to: explained(to),
        references,
        chain,
    }
}

fn explained(selection: &Selection) -> Explained {
    let items = super::build::count(selection.items.len());
    Explained { name: selection.name.clone(), kind: selection.kind, items }
}

fn set(resolution: &Resolution, selection: &Selection) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(resolution.items.len());
    set.extend(selection.items.iter().map(|i| i.index()));
    set
}

fn place(resolution: &Resolution, reference: &Reference) -> Place {
    Place {
        file: file_of(resolution, reference.from).to_owned(),
        line: reference.line,
        from: resolution.items[reference.from].path.clone(),
        to: resolution.items[reference.to].path.clone(),
        kind: reference.kind,
        test: reference.test,
        confidence: reference.confidence,
    }
}

/// The shortest chain, over code outside tests if there is one.
fn chain(resolution: &Resolution, from: &Selection, a: &FixedBitSet, b: &FixedBitSet) -> Vec<Hop> {
    let path = shortest(resolution, from, a, b, false).or_else(|| shortest(resolution, from, a, b, true));
    path.unwrap_or_default().into_iter().map(|r| place(resolution, r)).collect()
}

/// Breadth first from all items of `from`; references are sorted by their `from`, so ties are broken by index.
fn shortest<'a>(
    resolution: &'a Resolution,
    from: &Selection,
    a: &FixedBitSet,
    b: &FixedBitSet,
    tests: bool,
) -> Option<Vec<&'a Reference>> {
    let mut came_by: IdVec<ItemId, Option<&Reference>> = IdVec::from_elem(None, resolution.items.len());
    let mut seen = a.clone();
    let mut open: VecDeque<ItemId> = from.items.iter().copied().collect();
    while let Some(item) = open.pop_front() {
        for reference in outgoing(&resolution.references, item).iter().filter(|r| tests || !r.test) {
            if seen.put(reference.to.index()) {
                continue;
            }
            came_by[reference.to] = Some(reference);
            if b.contains(reference.to.index()) {
                return Some(trace(&came_by, reference.to));
            }
            open.push_back(reference.to);
        }
    }
    None
}

fn outgoing(references: &[Reference], item: ItemId) -> &[Reference] {
    let start = references.partition_point(|r| r.from < item);
    let end = references.partition_point(|r| r.from <= item);
    &references[start..end]
}

fn trace<'a>(came_by: &IdVec<ItemId, Option<&'a Reference>>, last: ItemId) -> Vec<&'a Reference> {
    let mut path = Vec::new();
    let mut at = last;
    while let Some(reference) = came_by[at] {
        path.push(reference);
        at = reference.from;
    }
    path.reverse();
    path
}
