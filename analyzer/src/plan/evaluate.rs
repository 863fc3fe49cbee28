//! What a split does to the builds, by simulation.

use std::collections::BTreeMap;

use super::assemble::Assembled;
use super::harness::{SplitHarness, harness_costs, split_harness};
use super::index::{Index, item_lines};
use super::inherit::Inherited;
use super::input::PlanInput;
use super::model::PlanCrate;
use crate::cost::{Cost, Costs, Mode};
use crate::ids::{CrateId, FileId, Id, IdVec, PlanCrateId, UnitId, WorkspaceId};
use crate::simulate::{
    Artifact, External, Machine, NewUnit, Replaced, Schedule, UnitGraph, UnitOptions, Units, Users, edit,
    edit_s, replace_unit, simulate_on, unit_graph,
};

/// Today's builds of one workspace, one per mode.
pub(super) struct Builds {
    builds: Vec<Build>,
    machine: Machine,
    jobs: u32,
}

/// Today's clean build in one mode.
pub(super) struct Build {
    units: Units,
    clean: Schedule,
}

/// Seconds of the two scenarios.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Times {
    /// The workspace's crates, dependencies cached.
    pub(super) clean_s: f64,
    /// After a change of one file of the package, averaged; incremental where the mode is.
    pub(super) edit_s: f64,
}

/// A split as the simulator sees it.
#[derive(Debug, Clone, Default)]
pub(super) struct Prediction {
    pub(super) before: Times,
    pub(super) after: Times,
    /// Share of the clean build after the split that new crates hold up one after the other.
    pub(super) chain_share: f64,
    /// Share of the edit-rebuild before the split that goes into linking.
    pub(super) link_share: f64,
}

impl Builds {
    pub(super) fn new(input: &PlanInput<'_>, workspace: WorkspaceId, jobs: u32) -> Self {
        let options = UnitOptions { workspace, external: External::Cached };
        let machine = machine(input, workspace, jobs);
        let build = |costs: &Costs| {
            let units = unit_graph(input.repository, input.resolution, costs, options);
            let clean = simulate_on(&units.graph, jobs, &machine);
            Build { units, clean }
        };
        Self { builds: input.costs.iter().map(build).collect(), machine, jobs }
    }

    /// Predicts a split of `krate` in the mode of `input.costs[mode]`; `None` if the build doesn't compile it.
    pub(super) fn predict(
        &self,
        (input, index): (&PlanInput<'_>, &Index),
        mode: usize,
        krate: CrateId,
        assembled: &Assembled,
    ) -> Option<Prediction> {
        let build = &self.builds[mode];
        let shares = input.costs[mode].incremental();
        let simulate = |graph: &UnitGraph| simulate_on(graph, self.jobs, &self.machine);
        let unit = build.units.first_of(krate)?;
        let work = Work::of_unit(&input.costs[mode], krate, assembled, &build.units);
        let graph = &build.units.graph;
        let edges = Edges {
            inherited: Inherited::new(input, index, &build.units, krate, assembled).of(graph, unit),
            direct: BTreeMap::new(),
        };
        let mut after = split_unit(graph, unit, &input.costs[mode], &work, assembled, edges);
        let mut own: Vec<Vec<UnitId>> = after.units.iter().map(|&unit| vec![unit]).collect();
        let mut whole = vec![unit];
        if let Some(harness) = build.units.harness_beside(krate) {
            let costs = &input.costs[mode];
            let SplitHarness { graph, parts } =
                split_harness(after.graph, harness, costs, krate, assembled, &after.units);
            after.graph = graph;
            own.iter_mut().zip(parts).for_each(|(own, (harness, _))| own.push(harness));
            whole.push(harness);
        }
        let clean = simulate(&after.graph);
        let rebuilt = edit(&build.units.graph, &whole, shares);
        let edit_before = simulate(&rebuilt);
        let weights = edit_weights(input, assembled);
        let edit_after = weights
            .iter()
            .zip(&own)
            .filter(|(weight, _)| **weight > 0.0)
            .map(|(weight, own)| weight * edit_s(&after.graph, own, shares, self.jobs, &self.machine))
            .sum();
        Some(Prediction {
            before: Times { clean_s: build.clean.makespan_s, edit_s: edit_before.makespan_s },
            after: Times { clean_s: clean.makespan_s, edit_s: edit_after },
            chain_share: chain_share(&after, &clean),
            link_share: link_share(&rebuilt, &edit_before),
        })
    }
}

/// The machine that builds of a workspace are predicted for.
pub(super) fn machine(input: &PlanInput<'_>, workspace: WorkspaceId, jobs: u32) -> Machine {
    Machine::usual(jobs, input.repository.workspaces[workspace].locked.len())
}

/// Where the units of a split stand among the others.
pub(super) struct Edges {
    /// Which of the old unit's dependencies each crate of the plan waits for; `None` for all.
    pub(super) inherited: Vec<Option<Vec<UnitId>>>,
    /// Dependents of the old unit that use these crates of the plan; whoever isn't there depends on the residual one.
    pub(super) direct: BTreeMap<UnitId, Vec<usize>>,
}

/// Replaces the unit of the package by those of the plan.
pub(super) fn split_unit(
    graph: &UnitGraph,
    unit: UnitId,
    costs: &Costs,
    work: &Work,
    assembled: &Assembled,
    edges: Edges,
) -> Replaced {
    let new = new_units((graph, unit), costs, work, assembled, edges.inherited);
    let facade = assembled.residual().index();
    let mut replaced = replace_unit(graph, unit, &new, &Users { facade, direct: edges.direct });
    // A binary links what was split off; the libraries split off link nothing.
    let links = graph.units[unit].links();
    for (position, &part) in replaced.units.iter().enumerate().filter(|_| links) {
        if position != facade {
            replaced.graph.units[part].link_s = 0.0;
            replaced.graph.units[part].lto_s = 0.0;
        }
    }
    if links {
        let parts = replaced.units.clone();
        for (dependency, artifact) in &mut replaced.graph.units[parts[facade]].dependencies {
            if parts.contains(dependency) {
                *artifact = Artifact::All;
            }
        }
    }
    replaced
}

/// How much longer a check takes of code that a split parts from what it uses: types and signatures of the other crates are
/// decoded from metadata and not at hand. This project's library in five crates by hand: 3 % of what lies above another
/// crate, beside 45 ms for each new crate; sqlx-core in four by its maintainers: 6 %. In `dev` builds the front ends of
/// parts took from 1 % more than the whole had to 20 % less (`benches/README.md`, "What a split does to the work").
const PARTED_CHECK: f64 = 0.045;
/// How the code generation of a part grows with its share of the whole: as the number of different words grows with the
/// length of a text (Heaps, *Information Retrieval*, 1978). What a crate instantiates of others' generics (collections,
/// iterators, drops) and the types that its debugging information describes are its vocabulary: half a crate needs more
/// than half of it. Least squares over eight splits, whose code generation grew by −2 to 33 % (`benches/README.md`, "What a
/// split does to the work"); how generic the code is doesn't explain the differences. All were `dev` builds: of release builds the
/// same is assumed.
const CODEGEN_EXPONENT: f64 = 0.85;

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
                codegen_s: part_of_codegen(own[id].codegen_s, all.codegen_s),
                codegen_threads: graph.units[unit].codegen_threads,
                depends_on: plan_crate.depends_on.iter().map(|id| id.index()).collect(),
                dependencies,
            }
        })
        .collect()
}

/// Seconds of code generation of a crate that gets items of `own` seconds of the `all` that a crate had.
pub(super) fn part_of_codegen(own: f64, all: f64) -> f64 {
    if own > 0.0 && all > own { all * (own / all).powf(CODEGEN_EXPONENT) } else { own }
}

/// What one unit costs, and of that the items of each crate of the plan.
pub(super) struct Work {
    pub(super) whole: Cost,
    pub(super) own: IdVec<PlanCrateId, Cost>,
}

impl Work {
    /// Of the unit that is split: the one for the target, or the harness where there is no other.
    pub(super) fn of_unit(costs: &Costs, krate: CrateId, assembled: &Assembled, units: &Units) -> Self {
        match units.of_crate.get(krate).copied().flatten() {
            Some(_) => Self::of_target(costs, krate, assembled),
            None => Self {
                whole: costs.harnesses.get(krate).copied().unwrap_or_default(),
                own: harness_costs(costs, assembled),
            },
        }
    }

    /// Of the unit that compiles a crate for the target.
    pub(super) fn of_target(costs: &Costs, krate: CrateId, assembled: &Assembled) -> Self {
        Self { whole: costs.crates[krate], own: own_costs(costs, assembled) }
    }

    /// Of the one that compiles it for the host: shared out as the front end for the target is.
    pub(super) fn of_host(costs: &Costs, krate: CrateId, assembled: &Assembled) -> Self {
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
pub(super) fn own_costs(costs: &Costs, assembled: &Assembled) -> IdVec<PlanCrateId, Cost> {
    let mut own: IdVec<PlanCrateId, Cost> = IdVec::from_elem(Cost::default(), assembled.crates.len());
    for &(item, id) in &assembled.of_item {
        own[id] += costs.items[item];
    }
    own
}

/// For each crate, which others it depends on, directly or not. Dependencies come first.
pub(super) fn reached(crates: &IdVec<PlanCrateId, PlanCrate>) -> IdVec<PlanCrateId, Vec<bool>> {
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
pub(super) fn edit_weights(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<f64> {
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

/// Seconds that the plan's own crates hold the critical path, as a share of the whole build.
fn chain_share(after: &Replaced, clean: &Schedule) -> f64 {
    let held: f64 = clean
        .critical_path
        .iter()
        .filter(|unit| after.units.contains(unit))
        .map(|&unit| after.graph.units[unit].frontend_s)
        .sum();
    if clean.makespan_s > 0.0 { (held / clean.makespan_s).min(1.0) } else { 0.0 }
}

fn link_share(graph: &UnitGraph, schedule: &Schedule) -> f64 {
    let of_unit = |&unit: &UnitId| graph.units[unit].link_s + graph.units[unit].lto_s;
    let linking: f64 = schedule.critical_path.iter().map(of_unit).sum();
    if schedule.makespan_s > 0.0 { (linking / schedule.makespan_s).min(1.0) } else { 0.0 }
}
