//! References that run against the order, with the cheapest way to remove each.

use super::fixes::Fixes;
use super::groups::Groups;
use super::input::PlanInput;
use super::model::Cut;
use super::place::Placement;
use crate::ids::ItemId;
use crate::resolve::{Reference, Resolution};

/// References of one item to another one that lies above it.
pub(super) struct Against<'a> {
    pub(super) from: ItemId,
    pub(super) to: ItemId,
    /// At least one, by line.
    pub(super) references: Vec<&'a Reference>,
}

/// All pairs of items of which the lower one refers to the higher one, ordered by item.
pub(super) fn against<'a>(input: &PlanInput<'a>, groups: &Groups, placement: &Placement) -> Vec<Against<'a>> {
    // Groups with back references are few: look at their references only.
    let mut up: Vec<(u32, u32)> = placement.back_arcs(groups).map(|(from, to, _)| (from, to)).collect();
    up.sort_unstable();
    let mut sources: Vec<ItemId> =
        up.iter().flat_map(|&(from, _)| groups.items[from as usize].iter().copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut found = Vec::new();
    for from in sources {
        let mut pairs: Vec<&Reference> = references_of(input.resolution, from)
            .iter()
            .filter(|r| !r.test && r.structural)
            .filter(|r| {
                let (a, b) = (groups.of(r.from), groups.of(r.to));
                a.zip(b).is_some_and(|pair| up.binary_search(&pair).is_ok())
            })
            .collect();
        pairs.sort_by_key(|r| (r.to, r.line, r.kind));
        let runs = pairs.chunk_by(|a, b| a.to == b.to);
        found.extend(runs.map(|run| Against { from, to: run[0].to, references: run.to_vec() }));
    }
    found
}

/// All cuts of a placement, ordered by item.
pub(super) fn cuts(input: &PlanInput<'_>, groups: &Groups, placement: &Placement) -> Vec<Cut> {
    let fixes = Fixes::new(input, groups, placement);
    against(input, groups, placement)
        .into_iter()
        .map(|pair| {
            let (fix, detail) = fixes.cheapest(&pair);
            let lines = pair.references.iter().map(|r| r.line).collect();
            Cut { from: pair.from, to: pair.to, lines, fix, detail }
        })
        .collect()
}

/// The references of one item: they are sorted by it.
pub(super) fn references_of(resolution: &Resolution, from: ItemId) -> &[Reference] {
    let start = resolution.references.partition_point(|r| r.from < from);
    let len = resolution.references[start..].partition_point(|r| r.from == from);
    &resolution.references[start..start + len]
}
