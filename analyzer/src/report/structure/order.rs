//! An order of modules with few references against it, and the cycles that these close.
//!
//! An order that was written down once is kept: who adds a module or a reference must not change which of the old ones are
//! the wrong way round. New modules are put where fewest references run against them.

use std::collections::BTreeMap;

use super::code::{Code, CodeModule};
use crate::base::number::count;
use crate::graph::{condense, feedback_order};

/// An order of all modules, dependents first within each crate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Positions in [`Code::modules`].
    pub modules: Vec<u32>,
    /// Where each of them is in `modules`.
    place: Vec<u32>,
    /// The cycle of each, if any: its position in `cycles`.
    cycle: Vec<Option<u32>>,
    cycles: Vec<Vec<u32>>,
}

impl Order {
    /// Cycles of modules, each in this order.
    pub fn cycles(&self) -> impl Iterator<Item = &[u32]> {
        self.cycles.iter().map(Vec::as_slice)
    }

    /// The cycle that two modules are both part of.
    pub fn cycle_of(&self, from: u32, to: u32) -> Option<usize> {
        let of = |module: u32| self.cycle[module as usize];
        of(from).filter(|_| of(from) == of(to)).map(|cycle| cycle as usize)
    }

    /// Whether a reference is part of a cycle and runs against the order.
    pub fn is_back(&self, from: u32, to: u32) -> bool {
        self.cycle_of(from, to).is_some() && self.place[from as usize] > self.place[to as usize]
    }
}

/// What each module is called in a written order: its path, and its file where a library and a program share the path.
pub fn module_names(code: &Code<'_>) -> Vec<String> {
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    for module in &code.modules {
        *times.entry(module.path).or_default() += 1;
    }
    let name = |module: &CodeModule<'_>| match times[module.path] {
        1 => module.path.to_owned(),
        _ => format!("{} ({})", module.path, module.file),
    };
    code.modules.iter().map(name).collect()
}

/// Orders the modules; `written` is an earlier order by [`module_names`].
pub fn module_order(code: &Code<'_>, written: &[String]) -> Order {
    let arcs = arcs(code);
    let nodes = code.modules.len();
    let modules = match written.is_empty() {
        true => feedback_order(nodes, &arcs).order,
        false => keep(code, &arcs, written),
    };
    let mut place = vec![0; nodes];
    for (at, &module) in modules.iter().enumerate() {
        place[module as usize] = count(at);
    }
    let condensation = condense(nodes, arcs.iter().map(|&(from, to, _)| (from, to)));
    let mut cycle = vec![None; nodes];
    let mut cycles: Vec<Vec<u32>> = Vec::new();
    for scc in condensation.sccs.iter().filter(|scc| scc.len() > 1) {
        let mut members = scc.clone();
        members.sort_unstable_by_key(|&module| place[module as usize]);
        for &member in &members {
            cycle[member as usize] = Some(count(cycles.len()));
        }
        cycles.push(members);
    }
    Order { modules, place, cycle, cycles }
}

/// References between modules of one crate: crates can't be in a cycle.
fn arcs(code: &Code<'_>) -> Vec<(u32, u32, f64)> {
    let same = |from: u32, to: u32| code.modules[from as usize].krate == code.modules[to as usize].krate;
    code.by_modules()
        .filter(|pair| same(pair[0].from_module, pair[0].to_module))
        .map(|pair| {
            let references: u32 = pair.iter().map(|crossing| crossing.references).sum();
            (pair[0].from_module, pair[0].to_module, f64::from(references))
        })
        .collect()
}

/// The written order with the modules that it lacks.
fn keep(code: &Code<'_>, arcs: &[(u32, u32, f64)], written: &[String]) -> Vec<u32> {
    let names = module_names(code);
    let mut by_name: BTreeMap<&str, u32> = names.iter().map(String::as_str).zip(0..).collect();
    let mut order: Vec<u32> = Vec::with_capacity(code.modules.len());
    let mut known = vec![false; code.modules.len()];
    for name in written {
        if let Some(module) = by_name.remove(name.as_str()) {
            order.push(module);
            known[module as usize] = true;
        }
    }
    let mut neighbours: BTreeMap<u32, Vec<(u32, f64, f64)>> = BTreeMap::new();
    for &(from, to, weight) in arcs {
        neighbours.entry(from).or_default().push((to, weight, 0.0));
        neighbours.entry(to).or_default().push((from, 0.0, weight));
    }
    for module in (0..count(code.modules.len())).filter(|&module| !known[module as usize]) {
        let at = best_place(&order, neighbours.get(&module).map_or(&[], Vec::as_slice));
        order.insert(at, module);
    }
    order
}

/// Where a module has least references against it: what it needs comes after it. The last of equals.
fn best_place(order: &[u32], neighbours: &[(u32, f64, f64)]) -> usize {
    let mut at: Vec<(usize, f64)> = Vec::new();
    let mut cost = 0.0;
    for &(other, needs, needed) in neighbours {
        let Some(place) = order.iter().position(|&module| module == other) else { continue };
        // Before all others, whoever needs it is behind it.
        cost += needed;
        at.push((place + 1, needs - needed));
    }
    at.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (mut best, mut least) = (if at.is_empty() { order.len() } else { 0 }, cost);
    for run in at.chunk_by(|a, b| a.0 == b.0) {
        cost += run.iter().map(|(_, change)| change).sum::<f64>();
        if cost <= least {
            (best, least) = (run[0].0, cost);
        }
    }
    best
}
