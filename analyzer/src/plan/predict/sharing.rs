//! What other targets of a package no longer compile themselves, taken out of their units.

use super::split::{own_of, part_of_codegen};
use crate::cost::{Cost, Costs};
use crate::ids::{Id, ItemId, UnitId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::sharers::Sharer;
use crate::simulate::{Awaited, UnitGraph, Units};

/// Takes what they share out of the units of such targets, which wait for the new crates' units in its place: `parts`, in the
/// plan's order.
pub(in crate::plan) fn take_from_parts(
    graph: &mut UnitGraph,
    (input, index): (&PlanInput<'_>, &Index),
    (units, costs): (&Units, &Costs),
    sharer: &Sharer,
    parts: &[UnitId],
) {
    let krate = sharer.krate;
    let leaves = |item: &ItemId| sharer.files.contains_key(&input.resolution.items[*item].file);
    let leaving: Vec<ItemId> = index.items[krate].iter().copied().filter(leaves).collect();
    let harness = units.harness_of_crate.get(krate).copied().flatten();
    for unit in sharer.units(units) {
        let part = own_of(costs, &leaving, Some(unit) == harness);
        lessen(graph, unit, part, costs.overhead.crate_s);
        let awaited = if graph.units[unit].links() { Awaited::Closure } else { Awaited::Metadata };
        let own = &mut graph.units[unit].dependencies;
        for part in sharer.crates().iter().filter_map(|&id| parts.get(id.index())) {
            if own.iter().all(|&(other, _)| other != *part) {
                own.push((*part, awaited));
            }
        }
        own.sort_unstable();
    }
}

/// Takes the cost of some items out of a unit: never less is left than any crate costs.
pub(in crate::plan) fn lessen(graph: &mut UnitGraph, unit: UnitId, part: Cost, crate_s: f64) {
    let unit = &mut graph.units[unit];
    unit.frontend_s = (unit.frontend_s - part.frontend_s).max(crate_s);
    unit.codegen_s = part_of_codegen((unit.codegen_s - part.codegen_s).max(0.0), unit.codegen_s);
}
