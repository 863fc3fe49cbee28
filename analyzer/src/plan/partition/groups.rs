//! Groups: the smallest things a plan places. An atom, or several that an `impl` pins together.

use std::collections::BTreeSet;

use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;

use crate::base::csr::Rows;
use crate::graph::{AtomOptions, Atoms, atoms, impl_choices};
use crate::ids::{CrateId, GroupId, Id, IdVec, ItemId, ModuleId};
use crate::plan::index::{Index, item_lines};
use crate::plan::input::PlanInput;
use crate::resolve::{ItemKind, PassedMeaning, PassedName, Reference, Resolution};

/// The groups of one crate, and who refers to whom among them.
pub(in crate::plan) struct Groups {
    /// Items of each group, sorted; groups ordered by their first item.
    pub(in crate::plan) items: IdVec<GroupId, Vec<ItemId>>,
    /// The module each group is at home in: that of its largest definition.
    pub(in crate::plan) module: IdVec<GroupId, ModuleId>,
    /// Non-test lines of each group.
    pub(in crate::plan) lines: IdVec<GroupId, u32>,
    /// For a lone trait `impl` with a choice: the groups it may go with.
    pub(in crate::plan) hosts: IdVec<GroupId, Vec<GroupId>>,
    /// The reverse of `hosts`: impls that may go with the group.
    pub(in crate::plan) followers: IdVec<GroupId, Vec<GroupId>>,
    /// Whether the group is what stands for a module: it lies where the module's code does, and moves with it only.
    pub(in crate::plan) is_module: IdVec<GroupId, bool>,
    /// References to other groups: non-test, without imports (they follow the code that uses them).
    pub(in crate::plan) out: Rows<GroupId, u32>,
    /// The same, reversed.
    pub(in crate::plan) into: Rows<GroupId, u32>,
    /// Modules that only bring in what code takes from them, and is defined in other packages.
    pub(in crate::plan) bringers: Vec<Bringer>,
    /// Sorted by item.
    of_item: Vec<(ItemId, GroupId)>,
    /// References between groups, tests aside: where each stands in the resolution, from and to which group.
    between: Vec<(u32, GroupId, GroupId)>,
    /// The same of tests.
    between_in_tests: Vec<(u32, GroupId, GroupId)>,
}

/// A module without code, nor in those within it, that has names by imports.
pub(in crate::plan) struct Bringer {
    /// What stands for it and the modules within it.
    pub(in crate::plan) groups: Vec<GroupId>,
    /// Who takes names from it that are defined in other packages: any path to it will do for the others.
    pub(in crate::plan) takers: Vec<GroupId>,
    /// What it brings in of its own crate.
    pub(in crate::plan) needs: Vec<GroupId>,
}

impl Groups {
    /// The groups of `krate`. Reference cycles across modules don't join: they are cut, or dissolved by a move.
    pub(in crate::plan) fn new(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> Self {
        Self::joined(input, index, krate, true)
    }

    /// The smallest groups there are: a cycle within one module doesn't join either.
    pub(in crate::plan) fn apart(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> Self {
        Self::joined(input, index, krate, false)
    }

    fn joined(input: &PlanInput<'_>, index: &Index, krate: CrateId, join_within_modules: bool) -> Self {
        let options = AtomOptions { max_cycle_items: 0, join_within_modules };
        let atoms = atoms(input.resolution, input.graph, &[krate], &options);
        let (set, choices) = pin_impls(input, &atoms, krate);
        let mut group_of_atom: Vec<Option<GroupId>> = vec![None; atoms.atoms.len()];
        let mut items: IdVec<GroupId, Vec<ItemId>> = IdVec::new();
        let mut of_item = Vec::with_capacity(index.items[krate].len());
        for &item in &index.items[krate] {
            let Some(atom) = atoms.of_item[item] else { continue };
            let group =
                *group_of_atom[set.find(atom.0) as usize].get_or_insert_with(|| items.push(Vec::new()));
            items[group].push(item);
            of_item.push((item, group));
        }
        let mut groups = Self {
            module: IdVec::new(),
            lines: IdVec::new(),
            hosts: IdVec::from_elem(Vec::new(), items.len()),
            followers: IdVec::from_elem(Vec::new(), items.len()),
            is_module: IdVec::new(),
            out: Rows::default(),
            into: Rows::default(),
            bringers: Vec::new(),
            items,
            of_item,
            between: Vec::new(),
            between_in_tests: Vec::new(),
        };
        groups.measure(input);
        for (imp, hosts) in choices {
            let Some(group) = groups.of(imp) else { continue };
            let mut hosts: Vec<GroupId> = hosts.into_iter().filter_map(|host| groups.of(host)).collect();
            hosts.sort_unstable();
            hosts.dedup();
            if !hosts.contains(&group) {
                for &host in &hosts {
                    groups.followers[host].push(group);
                }
                groups.hosts[group] = hosts;
            }
        }
        groups.link(input);
        groups.bringers = groups.find_bringers(input, &index.modules[krate]);
        groups
    }

    /// All groups, in order.
    pub(in crate::plan) fn ids(&self) -> impl Iterator<Item = GroupId> + use<> {
        self.items.ids()
    }

    /// Number of groups.
    pub(in crate::plan) fn len(&self) -> usize {
        self.items.len()
    }

    /// The group of an item, `None` for items of other crates.
    pub(in crate::plan) fn of(&self, item: ItemId) -> Option<GroupId> {
        let i = self.of_item.binary_search_by_key(&item, |&(item, _)| item).ok()?;
        Some(self.of_item[i].1)
    }

    /// All items with their group, sorted by item.
    pub(in crate::plan) fn of_items(&self) -> impl Iterator<Item = (ItemId, GroupId)> + '_ {
        self.of_item.iter().copied()
    }

    fn measure(&mut self, input: &PlanInput<'_>) {
        for items in &self.items {
            let item = |id: ItemId| &input.resolution.items[id];
            let home = items
                .iter()
                .copied()
                .max_by_key(|&id| {
                    (item(id).kind != ItemKind::Impl, item_lines(item(id)), std::cmp::Reverse(id))
                })
                .unwrap_or(items[0]);
            self.module.push(item(home).module);
            self.lines.push(items.iter().map(|&id| item_lines(item(id))).sum());
            self.is_module.push(items.iter().all(|&id| item(id).kind == ItemKind::Module));
        }
    }

    fn link(&mut self, input: &PlanInput<'_>) {
        let mut arcs: Vec<(GroupId, GroupId, u32)> = Vec::new();
        for &(item, from) in &self.of_item {
            for edge in input.graph.edges((item.index() as u32).into()) {
                if edge.weight().structural == 0 {
                    continue;
                }
                if let Some(to) = self.of(ItemId(edge.target().index() as u32)).filter(|&to| to != from) {
                    arcs.push((from, to, edge.weight().structural));
                }
            }
        }
        let leaving = |test: bool| -> Vec<(u32, GroupId, GroupId)> {
            self.of_item.iter().flat_map(|&(item, from)| self.leaving(input, item, from, test)).collect()
        };
        let (between, between_in_tests) = (leaving(false), leaving(true));
        (self.between, self.between_in_tests) = (between, between_in_tests);
        self.out = Rows::new(self.len(), arcs.iter().copied(), |a, b| a + b);
        self.into = Rows::new(self.len(), arcs.iter().map(|&(f, t, w)| (t, f, w)), |a, b| a + b);
    }

    /// Modules of a crate, parents before children, that only bring in what others take from them.
    fn find_bringers(&self, input: &PlanInput<'_>, modules: &[ModuleId]) -> Vec<Bringer> {
        let resolution = input.resolution;
        let within = |module: ModuleId, around: ModuleId| {
            std::iter::successors(Some(module), |&at| resolution.modules[at].parent).any(|at| at == around)
        };
        let outside = |passed: &&PassedName| matches!(passed.meant, PassedMeaning::Outside(_));
        let passed = || resolution.passed_names.iter().filter(outside);
        let taken: BTreeSet<ModuleId> = passed().map(|passed| passed.module).collect();
        let is_root = |module: ModuleId| resolution.modules[module].parent.is_none();
        let mut found = Vec::new();
        for &module in modules.iter().filter(|&&module| taken.contains(&module) && !is_root(module)) {
            let own: Vec<GroupId> = self.ids().filter(|&g| within(self.module[g], module)).collect();
            if own.iter().any(|&group| self.lines[group] > 0 || !self.is_module[group]) {
                continue;
            }
            let of_module = passed().filter(|passed| within(passed.module, module));
            let takers = of_module.flat_map(|passed| &passed.takers).filter(|taker| !taker.test);
            let mut takers: Vec<GroupId> = takers.filter_map(|taker| self.of(taker.item)).collect();
            takers.retain(|taker| !own.contains(taker));
            let brought = resolution.re_exports.iter().filter(|r| !r.test && within(r.module, module));
            let needs = brought.filter_map(|r| self.of(r.to)).filter(|group| !own.contains(group)).collect();
            found.push(Bringer { groups: own, takers, needs });
        }
        found
    }

    /// References of an item to other groups, in tests or outside of them.
    fn leaving(
        &self,
        input: &PlanInput<'_>,
        item: ItemId,
        from: GroupId,
        test: bool,
    ) -> Vec<(u32, GroupId, GroupId)> {
        let all = &input.resolution.references;
        let start = all.partition_point(|r| r.from < item);
        let own = all[start..].iter().take_while(|r| r.from == item).zip(start as u32..);
        own.filter(|(r, _)| r.test == test && r.structural)
            .filter_map(|(r, at)| self.of(r.to).filter(|&to| to != from).map(|to| (at, from, to)))
            .collect()
    }

    /// References of code between groups, tests and imports that are followed aside: from and to which.
    pub(in crate::plan) fn references<'a>(
        &'a self,
        resolution: &'a Resolution,
    ) -> impl Iterator<Item = (GroupId, GroupId, &'a Reference)> {
        self.between.iter().map(|&(at, from, to)| (from, to, &resolution.references[at as usize]))
    }
}

impl Groups {
    /// References of tests between groups, likewise.
    pub(in crate::plan) fn test_references<'a>(
        &'a self,
        resolution: &'a Resolution,
    ) -> impl Iterator<Item = (GroupId, GroupId, &'a Reference)> {
        self.between_in_tests.iter().map(|&(at, from, to)| (from, to, &resolution.references[at as usize]))
    }
}

type Choices = Vec<(ItemId, Vec<ItemId>)>;

/// An `impl` with a choice of homes that is alone in its atom stays free to choose; one that shares its atom with
/// other items takes its first host along.
fn pin_impls(input: &PlanInput<'_>, atoms: &Atoms, krate: CrateId) -> (UnionFind<u32>, Choices) {
    let mut set = UnionFind::new(atoms.atoms.len());
    let mut free = Vec::new();
    for choice in impl_choices(input.resolution, &[krate]) {
        let Some(atom) = atoms.of_item[choice.imp] else { continue };
        if choice.hosts.iter().any(|&host| atoms.of_item[host] == Some(atom)) {
            continue;
        }
        if atoms.atoms[atom].items.len() == 1 {
            free.push((choice.imp, choice.hosts));
        } else if let Some(host) = choice.hosts.iter().find_map(|&host| atoms.of_item[host]) {
            set.union(atom.0, host.0);
        }
    }
    (set, free)
}
