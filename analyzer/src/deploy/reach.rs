//! What a program may run: the references that were followed, and by name what could not be.
//!
//! Rapid type analysis (Bacon & Sweeney, *Fast static analysis of C++ virtual function calls*, 1996), with names in the
//! place of signatures: an `impl` of a trait is reached with its trait and its type, an `impl` of a type's own methods by a
//! reference, or with its type by a call of such a name on a receiver of unknown type. A type counts once it is named, whether
//! a value of it is made or not. So more is reached than runs, except for what no name leads to.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;
use petgraph::visit::EdgeRef;

use crate::graph::ItemGraph;
use crate::ids::{CrateId, Id, ItemId, ModuleId};
use crate::resolve::{ItemKind, Resolution};

/// Who hangs on whom beside the references, looked up once for all programs.
pub(crate) struct Reach<'a> {
    resolution: &'a Resolution,
    graph: &'a ItemGraph,
    /// The `impl`s of each trait and type, and those that only name it as an argument of a foreign trait.
    impls: BTreeMap<ItemId, Vec<ItemId>>,
    /// The open methods (by index) that an item calls.
    calls: BTreeMap<ItemId, Vec<usize>>,
    /// The open methods that an `impl` has.
    methods: BTreeMap<ItemId, Vec<usize>>,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(resolution: &'a Resolution, graph: &'a ItemGraph) -> Self {
        let mut reach = Self {
            resolution,
            graph,
            impls: BTreeMap::new(),
            calls: BTreeMap::new(),
            methods: BTreeMap::new(),
        };
        for (id, item) in resolution.items.iter_enumerated() {
            let Some(header) = item.imp.as_ref().filter(|_| !item.test) else { continue };
            let hosts = header.trait_item.into_iter().chain(header.self_item);
            for host in hosts.chain(header.argument_items.iter().copied()) {
                reach.impls.entry(host).or_default().push(id);
            }
        }
        for (index, open) in resolution.open_methods.iter().enumerate() {
            for &caller in &open.callers {
                reach.calls.entry(caller).or_default().push(index);
            }
            for &item in &open.items {
                reach.methods.entry(item).or_default().push(index);
            }
        }
        reach
    }

    /// The modules that hold what is reached from the roots, these included, sorted. Only crates for which `linked` holds
    /// are reached.
    pub(crate) fn modules(&self, roots: &[ItemId], linked: &dyn Fn(CrateId) -> bool) -> Vec<ModuleId> {
        let items = self.items(roots, linked);
        let mut modules: Vec<ModuleId> = items.map(|item| self.resolution.items[item].module).collect();
        modules.sort_unstable();
        modules.dedup();
        modules
    }

    /// What is reached from the roots, these included, in their order.
    pub(crate) fn items(
        &self,
        roots: &[ItemId],
        linked: &dyn Fn(CrateId) -> bool,
    ) -> impl Iterator<Item = ItemId> + use<> {
        let mut found = Reached {
            reach: self,
            linked,
            seen: FixedBitSet::with_capacity(self.resolution.items.len()),
            called: FixedBitSet::with_capacity(self.resolution.open_methods.len()),
            open: Vec::new(),
        };
        roots.iter().for_each(|&root| found.add(root));
        while let Some(item) = found.open.pop() {
            found.visit(item);
        }
        found.seen.into_ones().map(ItemId::from_index)
    }
}

/// What is reached so far.
struct Reached<'r> {
    reach: &'r Reach<'r>,
    linked: &'r dyn Fn(CrateId) -> bool,
    seen: FixedBitSet,
    /// Open methods that something reached calls.
    called: FixedBitSet,
    open: Vec<ItemId>,
}

impl Reached<'_> {
    fn add(&mut self, item: ItemId) {
        let resolution = self.reach.resolution;
        let krate = resolution.modules[resolution.items[item].module].krate;
        if !self.seen.contains(item.index()) && (self.linked)(krate) {
            self.seen.insert(item.index());
            self.open.push(item);
        }
    }

    fn visit(&mut self, item: ItemId) {
        let reach = self.reach;
        let resolution = reach.resolution;
        let module = &resolution.modules[resolution.items[item].module];
        // What nothing follows of the imports around may be meant here.
        self.add(module.item);
        for edge in reach.graph.edges((item.index() as u32).into()) {
            if edge.weight().structural == 0 {
                continue;
            }
            let to = ItemId::from_index(edge.target().index());
            self.add(to);
            if resolution.items[to].kind == ItemKind::Module {
                // Something in the module is meant that nobody sees; it may need anything beside it.
                let own = &resolution.modules[resolution.items[to].module].items;
                own.iter().filter(|&&own| !resolution.items[own].test).for_each(|&own| self.add(own));
            }
        }
        for &imp in reach.impls.get(&item).into_iter().flatten() {
            self.consider(imp);
        }
        for &method in reach.calls.get(&item).into_iter().flatten() {
            if !self.called.put(method) {
                resolution.open_methods[method].items.iter().for_each(|&item| self.consider(item));
            }
        }
    }

    /// Adds an `impl` if what it stands on is reached.
    fn consider(&mut self, imp: ItemId) {
        let data = &self.reach.resolution.items[imp];
        let Some(header) = data.imp.as_ref().filter(|_| !data.test) else { return };
        let seen = |item: ItemId| self.seen.contains(item.index());
        let mut hosts = header.trait_item.into_iter().chain(header.self_item);
        let reached = match (header.trait_item, header.self_item) {
            (None, None) => header.argument_items.iter().any(|&item| seen(item)),
            _ if header.is_trait => hosts.all(seen),
            _ => {
                let methods = self.reach.methods.get(&imp);
                hosts.all(seen) && methods.into_iter().flatten().any(|&method| self.called.contains(method))
            }
        };
        if reached {
            self.add(imp);
        }
    }
}
