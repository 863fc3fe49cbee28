//! Entries of a plan: which modules fall to each, and what each has below.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::source::tree::Tree;
use crate::ids::{IdVec, SourceModuleId};
use crate::report::PlanReport;

/// The entry of the plan that each module falls to: that of the longest path of the plan that leads to it or above it.
pub(in crate::apply) fn entries_of_modules(plan: &PlanReport, tree: &Tree) -> IdVec<SourceModuleId, usize> {
    let residual = plan.crates.iter().position(|krate| krate.residual).unwrap_or(0);
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, krate) in plan.crates.iter().enumerate() {
        named.extend(krate.modules.iter().map(|module| (module.as_str(), at)));
    }
    for support in &plan.test_support {
        let to = support.to_crate.as_ref().and_then(|to| plan.crates.iter().position(|k| k.name == *to));
        named.extend(to.map(|at| (support.item.as_str(), at)));
    }
    let mut entries: IdVec<SourceModuleId, usize> = IdVec::new();
    for module in &tree.modules {
        let above = module.parent.map_or(residual, |parent| entries[parent]);
        let own = named.get(module.path.as_str()).copied().filter(|_| module.parent.is_some());
        entries.push(own.unwrap_or(above));
    }
    entries
}

/// Everything that can be reached from each.
pub(in crate::apply) fn reach(arcs: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let from = |start: usize| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
        while let Some(at) = next.pop() {
            next.extend(arcs[at].iter().copied().filter(|&to| seen.insert(to)));
        }
        seen
    };
    (0..arcs.len()).map(from).collect()
}
