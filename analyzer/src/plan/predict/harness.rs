//! Test harnesses of a package that is split: where there was one there is one for each crate of the plan, each linked.

use super::split::{harness_costs, part_of_codegen, reached};
use crate::cost::{Cost, Costs};
use crate::ids::{CrateId, UnitId};
use crate::plan::partition::assemble::Assembled;
use crate::simulate::{Awaited, Unit, UnitGraph};

/// A graph in which one harness has been replaced.
pub(in crate::plan) struct SplitHarness {
    pub(in crate::plan) graph: UnitGraph,
    /// The harness of each crate of the plan and what its items cost, tests included; the residual crate's has the id that
    /// the old one had.
    pub(in crate::plan) parts: Vec<(UnitId, Cost)>,
}

/// Replaces the harness of `krate`. Each new one compiles its crate once more, with the tests that go where the code goes, and
/// waits for what the old one waited for and for the crates of the plan below it: `libraries`, in the plan's order.
pub(in crate::plan) fn split_harness(
    mut graph: UnitGraph,
    harness: UnitId,
    costs: &Costs,
    krate: CrateId,
    assembled: &Assembled,
    libraries: &[UnitId],
) -> SplitHarness {
    let old = graph.units[harness].clone();
    let own = harness_costs(costs, assembled);
    let mut all = Cost::default();
    own.iter().for_each(|&cost| all += cost);
    let whole = costs.harnesses.get(krate).copied().unwrap_or_default();
    let fixed_s = (whole.frontend_s - all.frontend_s).max(costs.overhead.crate_s);
    let below = reached(&assembled.crates);
    let mut parts = Vec::new();
    for (id, plan_crate) in assembled.crates.iter_enumerated() {
        let siblings: Vec<UnitId> = libraries
            .iter()
            .zip(&below[id])
            .filter(|(_, reached)| **reached)
            .map(|(&unit, _)| unit)
            .collect();
        let mut dependencies = old.dependencies.clone();
        dependencies.extend(siblings.iter().map(|&unit| (unit, Awaited::Closure)));
        dependencies.sort_unstable();
        dependencies.dedup();
        let unit = Unit {
            name: format!("{} (lib, test)", plan_crate.name),
            frontend_s: own[id].frontend_s
                + fixed_s
                + costs.overhead.per_dependency_s * siblings.len() as f64,
            codegen_s: part_of_codegen(own[id].codegen_s, all.codegen_s),
            dependencies,
            ..old.clone()
        };
        let place = if id == assembled.residual() {
            graph.units[harness] = unit;
            harness
        } else {
            graph.units.push(unit)
        };
        parts.push((place, own[id]));
    }
    SplitHarness { graph, parts }
}
