//! The units of a package that is split: what each costs, and where they stand among the others.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs, Mode};
use crate::ids::{CrateId, FileId, Id, IdVec, ItemId, PlanCrateId, UnitId};
use crate::plan::index::item_lines;
use crate::plan::input::PlanInput;
use crate::plan::model::PlanCrate;
use crate::plan::partition::assemble::Assembled;
use crate::simulate::{NewUnit, Replaced, UnitGraph, Units, Users, replace_unit};

/// Where the units of a split stand among the others.
pub(in crate::plan) struct Edges {
    /// Which of the old unit's dependencies each crate of the plan waits for; `None` for all.
    pub(in crate::plan) inherited: Vec<Option<Vec<UnitId>>>,
    /// Dependents of the old unit that use these crates of the plan; whoever isn't there depends on the residual one.
    pub(in crate::plan) direct: BTreeMap<UnitId, Vec<usize>>,
}

/// Replaces the unit of the package by those of the plan.
pub(in crate::plan) fn split_unit(
    graph: &UnitGraph,
    unit: UnitId,
    costs: &Costs,
    work: &Work,
    assembled: &Assembled,
    edges: Edges,
) -> Replaced {
    let new = new_units((graph, unit), costs, work, assembled, edges.inherited);
    let facade = assembled.residual().index();
    replace_unit(graph, unit, &new, &Users { facade, direct: edges.direct })
}

/// How much longer a check takes of code that a split parts from what it uses: types and signatures of the other crates are
/// decoded from metadata and not at hand. This project's library in five crates by hand: 3 % of what lies above another
/// crate, beside 45 ms for each new crate; sqlx-core in four by its maintainers: 6 %. In `dev` builds the front ends of
/// parts took from 1 % more than the whole had to 20 % less (`benches/README.md`, "What a split does to the work").
pub(in crate::plan) const PARTED_CHECK: f64 = 0.045;
/// How the code generation of a part grows with its share of the whole: as the number of different words grows with the
/// length of a text (Heaps, *Information Retrieval*, 1978). What a crate instantiates of others' generics (collections,
/// iterators, drops) and the types that its debugging information describes are its vocabulary: half a crate needs more
/// than half of it. Least squares over eight splits, whose code generation grew by −2 to 33 % (`benches/README.md`, "What a
/// split does to the work"); how generic the code is doesn't explain the differences. All were `dev` builds: of release builds the
/// same is assumed.
pub(in crate::plan) const CODEGEN_EXPONENT: f64 = 0.85;

/// Each new crate costs its items, more of them where they use other crates of the plan, what the old crate cost beyond
/// its items (a process, the metadata of its dependencies), and the metadata of its siblings.
fn new_units(
    (graph, unit): (&UnitGraph, UnitId),
    costs: &Costs,
    work: &Work,
    assembled: &Assembled,
    inherited: Vec<Option<Vec<UnitId>>>,
) -> Vec<NewUnit> {
    let own = &work.own;
    let mut all = Cost::default();
    own.iter().for_each(|&cost| all += cost);
    let fixed_s = (work.whole.frontend_s - all.frontend_s).max(costs.overhead.crate_s);
    // What a crate generates whatever its items are goes with its code: how a part's grows was seen with all of it.
    let code_s = work.whole.codegen_s.max(all.codegen_s);
    let of_whole = if all.codegen_s > 0.0 { code_s / all.codegen_s } else { 1.0 };
    let below = reached(&assembled.crates);
    assembled
        .crates
        .iter_enumerated()
        .zip(inherited)
        .map(|((id, plan_crate), dependencies)| {
            let siblings = below[id].iter().filter(|reached| **reached).count() as f64;
            let parted = if plan_crate.depends_on.is_empty() || costs.mode != Mode::Check {
                1.0
            } else {
                1.0 + PARTED_CHECK
            };
            NewUnit {
                name: plan_crate.name.clone(),
                frontend_s: own[id].frontend_s * parted
                    + fixed_s
                    + costs.overhead.per_dependency_s * siblings,
                codegen_s: part_of_codegen(own[id].codegen_s * of_whole, code_s),
                codegen_threads: graph.units[unit].codegen_threads,
                depends_on: plan_crate.depends_on.iter().map(|id| id.index()).collect(),
                dependencies,
            }
        })
        .collect()
}

/// Seconds of code generation of a crate that gets items of `own` seconds of the `all` that a crate had.
pub(in crate::plan) fn part_of_codegen(own: f64, all: f64) -> f64 {
    if own > 0.0 && all > own { all * (own / all).powf(CODEGEN_EXPONENT) } else { own }
}

/// What one unit costs, and of that the items of each crate of the plan.
pub(in crate::plan) struct Work {
    pub(in crate::plan) whole: Cost,
    pub(in crate::plan) own: IdVec<PlanCrateId, Cost>,
}

impl Work {
    /// Of the unit that is split: the one for the target, or the harness where there is no other.
    pub(in crate::plan) fn of_unit(
        costs: &Costs,
        krate: CrateId,
        assembled: &Assembled,
        units: &Units,
    ) -> Self {
        match units.of_crate.get(krate).copied().flatten() {
            Some(_) => Self::of_target(costs, krate, assembled),
            None => Self {
                whole: costs.harnesses.get(krate).copied().unwrap_or_default(),
                own: harness_costs(costs, assembled),
            },
        }
    }

    /// Of the unit that compiles a crate for the target.
    pub(in crate::plan) fn of_target(costs: &Costs, krate: CrateId, assembled: &Assembled) -> Self {
        Self { whole: costs.crates[krate], own: own_costs(costs, assembled) }
    }

    /// Of the one that compiles it for the host: shared out as the front end for the target is.
    pub(in crate::plan) fn of_host(costs: &Costs, krate: CrateId, assembled: &Assembled) -> Self {
        let target = Self::of_target(costs, krate, assembled);
        let whole = costs.host_crates[krate];
        let share = |cost: &Cost| {
            if target.whole.frontend_s > 0.0 { cost.frontend_s / target.whole.frontend_s } else { 0.0 }
        };
        let part = |cost: &Cost| Cost {
            frontend_s: whole.frontend_s * share(cost),
            codegen_s: whole.codegen_s * share(cost),
        };
        Self { whole, own: target.own.iter().map(part).collect() }
    }
}

/// What the items of each crate cost.
pub(in crate::plan) fn own_costs(costs: &Costs, assembled: &Assembled) -> IdVec<PlanCrateId, Cost> {
    let mut own: IdVec<PlanCrateId, Cost> = IdVec::from_elem(Cost::default(), assembled.crates.len());
    for &(item, id) in &assembled.of_item {
        own[id] += costs.items[item];
    }
    own
}

/// What some items cost, with what they cost in a harness on request.
pub(in crate::plan) fn own_of(costs: &Costs, items: &[ItemId], in_harness: bool) -> Cost {
    let mut sum = Cost::default();
    for &item in items {
        sum += costs.items[item];
        if in_harness {
            sum += costs.test_items.get(item).copied().unwrap_or_default();
        }
    }
    sum
}

/// For each crate, which others it depends on, directly or not. Dependencies come first.
pub(in crate::plan) fn reached(crates: &IdVec<PlanCrateId, PlanCrate>) -> IdVec<PlanCrateId, Vec<bool>> {
    let mut below: IdVec<PlanCrateId, Vec<bool>> = IdVec::new();
    for plan_crate in crates {
        let mut reached = vec![false; crates.len()];
        for &id in &plan_crate.depends_on {
            reached[id.index()] = true;
            reached.iter_mut().zip(&below[id]).for_each(|(mine, theirs)| *mine |= theirs);
        }
        below.push(reached);
    }
    below
}

/// How likely a change of the package is one of each crate: by how often its files changed, else by lines. A file
/// with items in several crates counts for each by its lines there.
pub(in crate::plan) fn edit_weights(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<f64> {
    let items = &input.resolution.items;
    let mut lines: Vec<(FileId, PlanCrateId, u32)> = assembled
        .of_item
        .iter()
        .map(|&(item, id)| (items[item].file, id, item_lines(&items[item])))
        .collect();
    lines.sort_unstable_by_key(|&(file, id, _)| (file, id));
    let changes = |file: FileId| {
        let path = &input.resolution.files[file].path;
        input.history.map(|h| h.path_id(path).map_or(0.0, |id| f64::from(h.changes[id])))
    };
    let weigh = |by_lines: bool| {
        let mut weights = vec![0.0; assembled.crates.len()];
        for file in lines.chunk_by(|a, b| a.0 == b.0) {
            let total: u32 = file.iter().map(|&(.., lines)| lines).sum();
            let weight = changes(file[0].0).filter(|_| !by_lines).unwrap_or(f64::from(total));
            for &(_, id, lines) in file {
                weights[id.index()] += weight * f64::from(lines) / f64::from(total.max(1));
            }
        }
        let sum: f64 = weights.iter().sum();
        (sum > 0.0).then(|| weights.into_iter().map(|w| w / sum).collect())
    };
    weigh(false).or_else(|| weigh(true)).unwrap_or_default()
}

/// What the items of each crate cost, those for tests included.
pub(in crate::plan) fn harness_costs(costs: &Costs, assembled: &Assembled) -> IdVec<PlanCrateId, Cost> {
    let mut own = own_costs(costs, assembled);
    for &(item, id) in &assembled.of_item {
        own[id] += costs.test_items.get(item).copied().unwrap_or_default();
    }
    own
}
