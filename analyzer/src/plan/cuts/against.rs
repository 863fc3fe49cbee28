//! References that run against the order, with the cheapest way to remove each.

use crate::ids::{GroupId, ItemId};
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::Reference;

/// References of one item to another one that lies above it.
pub(in crate::plan) struct Against<'a> {
    pub(in crate::plan) from: ItemId,
    pub(in crate::plan) to: ItemId,
    /// At least one, by line.
    pub(in crate::plan) references: Vec<&'a Reference>,
}

impl Against<'_> {
    /// The lines of the references, each once.
    pub(in crate::plan) fn lines(&self) -> Vec<u32> {
        let mut lines: Vec<u32> = self.references.iter().map(|r| r.line).collect();
        lines.dedup();
        lines
    }
}

/// All pairs of items of which the lower one refers to the higher one, ordered by item.
pub(in crate::plan) fn against<'a>(
    input: &PlanInput<'a>,
    groups: &Groups,
    placement: &Placement,
) -> Vec<Against<'a>> {
    // Groups with back references are few: look at their references only.
    let mut up: Vec<(GroupId, GroupId)> =
        placement.back_arcs(groups).map(|(from, to, _)| (from, to)).collect();
    up.sort_unstable();
    let mut sources: Vec<ItemId> =
        up.iter().flat_map(|&(from, _)| groups.items[from].iter().copied()).collect();
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
