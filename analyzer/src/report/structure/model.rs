//! `structure` of `analyze`.

use serde::{Deserialize, Serialize};

use super::code::Code;
use super::order::module_order;
use crate::base::number::count;

/// Modules of libraries and programs, tests aside, and what they need of each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StructureReport {
    /// The modules, sorted by path.
    pub modules: Vec<ModuleReport>,
    /// Cycles of modules within one crate, the largest first.
    pub cycles: Vec<CycleReport>,
}

/// A module, without those below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModuleReport {
    /// `shop::orders`
    pub path: String,
    /// Its package.
    pub package: String,
    /// Its file.
    pub file: String,
    /// Lines of its own items.
    pub lines: u32,
    /// Positions in `modules` of those that it needs: imports that nothing follows aside.
    pub needs: Vec<u32>,
}

/// Modules that all need each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CycleReport {
    /// Their package.
    pub package: String,
    /// Positions in `modules`, in an order with few references against it, dependents first.
    pub modules: Vec<u32>,
    /// Their lines.
    pub lines: u64,
    /// References among them.
    pub references: u64,
    /// Those against the order, by pair of modules: without them there is no cycle. Fewest references first.
    pub back_edges: Vec<BackEdgeReport>,
}

/// References from one module to another, against the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackEdgeReport {
    /// The dependent.
    pub from: String,
    /// The dependency.
    pub to: String,
    /// Number of references.
    pub references: u32,
    /// The item of the first one.
    pub from_item: String,
    /// What it refers to.
    pub to_item: String,
    /// Its file.
    pub file: String,
    /// Its line.
    pub line: u32,
}

impl StructureReport {
    /// Of the code.
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let mut needs: Vec<Vec<u32>> = vec![Vec::new(); code.modules.len()];
        for pair in code.by_modules() {
            needs[pair[0].from_module as usize].push(pair[0].to_module);
        }
        let modules = code.modules.iter().zip(needs).map(|(module, needs)| ModuleReport {
            path: module.path.to_owned(),
            package: module.package.to_owned(),
            file: module.file.to_owned(),
            lines: module.lines,
            needs,
        });
        Self { modules: modules.collect(), cycles: cycles(code) }
    }
}

fn cycles(code: &Code<'_>) -> Vec<CycleReport> {
    let order = module_order(code, &[]);
    let mut cycles: Vec<CycleReport> = Vec::new();
    for members in order.cycles() {
        let package = code.modules[members[0] as usize].package.to_owned();
        let lines = members.iter().map(|&module| u64::from(code.modules[module as usize].lines)).sum();
        cycles.push(CycleReport {
            package,
            modules: members.to_vec(),
            lines,
            references: 0,
            back_edges: Vec::new(),
        });
    }
    for pair in code.by_modules() {
        let first = &pair[0];
        let Some(cycle) = order.cycle_of(first.from_module, first.to_module) else { continue };
        let references = pair.iter().map(|crossing| crossing.references).sum();
        cycles[cycle].references += u64::from(references);
        if order.is_back(first.from_module, first.to_module) {
            cycles[cycle].back_edges.push(BackEdgeReport {
                from: code.modules[first.from_module as usize].path.to_owned(),
                to: code.modules[first.to_module as usize].path.to_owned(),
                references,
                from_item: first.from.to_owned(),
                to_item: first.to.to_owned(),
                file: first.file.to_owned(),
                line: first.line,
            });
        }
    }
    for cycle in &mut cycles {
        cycle.back_edges.sort_by(|a, b| (a.references, &a.from, &a.to).cmp(&(b.references, &b.from, &b.to)));
    }
    cycles.sort_by_key(|cycle| {
        (std::cmp::Reverse(count(cycle.modules.len())), cycle.modules.iter().min().copied())
    });
    cycles
}
