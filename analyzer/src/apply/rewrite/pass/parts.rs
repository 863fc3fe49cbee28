//! What the plan puts where.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::rewrite::layout::entries::{entries_of_modules, reach};
use crate::apply::source::tree::Tree;
use crate::ids::{IdVec, SourceModuleId};
use crate::report::PlanReport;

/// The package as the plan parts it.
pub(super) struct Parts<'a> {
    pub(super) tree: &'a Tree,
    entries: IdVec<SourceModuleId, usize>,
    reach: Vec<BTreeSet<usize>>,
    /// Items that lie elsewhere than their module, by their paths.
    elsewhere: BTreeMap<&'a str, usize>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(plan: &'a PlanReport, tree: &'a Tree) -> Self {
        let at = |name: &str| plan.crates.iter().position(|krate| krate.name == name);
        let arcs: Vec<BTreeSet<usize>> =
            plan.crates.iter().map(|k| k.depends_on.iter().filter_map(|name| at(name)).collect()).collect();
        let mut elsewhere: BTreeMap<&str, usize> = BTreeMap::new();
        for (entry, krate) in plan.crates.iter().enumerate() {
            elsewhere.extend(krate.items.iter().map(|item| (item.as_str(), entry)));
        }
        for edit in plan.edits.iter().filter(|edit| edit.kind == "move-items") {
            let to = at(&edit.krate);
            elsewhere
                .extend(to.into_iter().flat_map(|to| edit.items.iter().map(move |i| (i.item.as_str(), to))));
        }
        Self { tree, entries: entries_of_modules(plan, tree), reach: reach(&arcs), elsewhere }
    }

    /// The entry of the plan that has an item.
    pub(super) fn entry(&self, module: SourceModuleId, name: &str) -> usize {
        let path = format!("{}::{name}", self.tree.modules[module].path);
        self.elsewhere.get(path.as_str()).copied().unwrap_or(self.entries[module])
    }

    /// The entry of the plan that has a module's own contents.
    pub(super) fn of_module(&self, module: SourceModuleId) -> usize {
        self.entries[module]
    }

    /// Whether an entry of the plan is another one or has it below.
    pub(super) fn sees(&self, entry: usize, other: usize) -> bool {
        entry == other || self.reach[entry].contains(&other)
    }
}
