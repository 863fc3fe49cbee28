//! What a program may run, function by function: the references that were followed, and by name what could not be.
//!
//! Rapid type analysis (Bacon & Sweeney, *Fast static analysis of C++ virtual function calls*, 1996), with names in the
//! place of signatures. A type counts once it is named, whether a value of it is made or not. A method of a type is reached by
//! a reference, or with its type by a call of its name on a receiver of unknown type. A call of a trait's method reaches that of
//! each `impl` whose type is reached; methods of a trait from outside are called from outside, so that they come with the
//! type, and so do those of a trait of the repository that nothing is seen to call. So more is reached than runs, except for
//! what no name leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use fixedbitset::FixedBitSet;

use crate::ids::{CrateId, DefinitionId, FileId, Id, ItemId, ModuleId};
use crate::resolve::{DefinitionKind, ImplHeader, ItemKind, Resolution, Uses};

/// Who hangs on whom beside the references, looked up once for all programs.
pub(crate) struct Reach<'a> {
    resolution: &'a Resolution,
    /// The `impl`s of each trait and type, and those that only name it as an argument of a foreign trait.
    impls: BTreeMap<ItemId, Vec<ItemId>>,
    /// The open methods (by index) that a definition calls, with the line.
    calls: BTreeMap<DefinitionId, Vec<(usize, u32)>>,
    /// The open method that a method may be.
    open: BTreeMap<DefinitionId, usize>,
    /// Of each method of a trait of the repository those of its `impl`s.
    implementing: BTreeMap<DefinitionId, Vec<DefinitionId>>,
    /// The other way round.
    declared: BTreeMap<DefinitionId, DefinitionId>,
    /// Methods of traits of the repository that nothing is seen to call.
    uncalled: FixedBitSet,
}

/// What a program starts from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Start {
    /// All of these run.
    pub(crate) roots: Vec<DefinitionId>,
    /// Lines of definitions that do, without the rest of them.
    pub(crate) lines: Vec<(DefinitionId, RangeInclusive<u32>)>,
    /// Of such lines those that nothing else needs.
    pub(crate) alone: Vec<(DefinitionId, RangeInclusive<u32>)>,
    /// Lines of definitions that don't: the arms of a `match` that are taken for something else.
    pub(crate) without: BTreeMap<DefinitionId, Vec<RangeInclusive<u32>>>,
    /// Definitions that run elsewhere: they are not reached.
    pub(crate) barred: BTreeSet<DefinitionId>,
}

impl Start {
    /// From one definition on.
    pub(crate) fn of(root: DefinitionId) -> Self {
        Self { roots: vec![root], ..Self::default() }
    }
}

/// What is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    definitions: FixedBitSet,
}

impl Reached {
    pub(crate) fn contains(&self, definition: DefinitionId) -> bool {
        self.definitions.contains(definition.index())
    }

    /// What either reaches.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.definitions.union_with(&other.definitions);
        self
    }

    /// What it reaches and another one doesn't.
    pub(crate) fn without(&self, other: &Self) -> Self {
        let mut definitions = self.definitions.clone();
        definitions.difference_with(&other.definitions);
        Self { definitions }
    }

    /// What both reach.
    pub(crate) fn both(&self, other: &Self) -> Self {
        let mut definitions = self.definitions.clone();
        definitions.intersect_with(&other.definitions);
        Self { definitions }
    }

    /// All, in their order.
    pub(crate) fn definitions(&self) -> impl Iterator<Item = DefinitionId> + '_ {
        self.definitions.ones().map(DefinitionId::from_index)
    }

    /// The modules with something that is reached, sorted.
    pub(crate) fn modules(&self, resolution: &Resolution) -> Vec<ModuleId> {
        self.places(|item| resolution.items[item].module, resolution)
    }

    /// The files with something that is reached, sorted.
    pub(crate) fn files(&self, resolution: &Resolution) -> Vec<FileId> {
        self.places(|item| resolution.items[item].file, resolution)
    }

    /// The crates with something that is reached, sorted.
    pub(crate) fn crates(&self, resolution: &Resolution) -> Vec<CrateId> {
        self.places(|item| resolution.modules[resolution.items[item].module].krate, resolution)
    }

    fn places<T: Ord>(&self, place: impl Fn(ItemId) -> T, resolution: &Resolution) -> Vec<T> {
        let items = self.definitions().map(|id| resolution.uses.definitions[id].item);
        let mut places: Vec<T> = items.map(place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl<'a> Reach<'a> {
    pub(crate) fn new(resolution: &'a Resolution) -> Self {
        let mut reach = Self {
            resolution,
            impls: BTreeMap::new(),
            calls: BTreeMap::new(),
            open: BTreeMap::new(),
            implementing: BTreeMap::new(),
            declared: BTreeMap::new(),
            uncalled: FixedBitSet::with_capacity(resolution.uses.definitions.len()),
        };
        for (index, open) in resolution.open_methods.iter().enumerate() {
            for &(caller, line) in &open.callers {
                reach.calls.entry(caller).or_default().push((index, line));
            }
            for &method in &open.methods {
                reach.open.insert(method, index);
            }
        }
        for (id, item) in resolution.items.iter_enumerated() {
            let Some(header) = item.imp.as_ref().filter(|_| !item.test) else { continue };
            let hosts = header.trait_item.into_iter().chain(header.self_item);
            for host in hosts.chain(header.argument_items.iter().copied()) {
                reach.impls.entry(host).or_default().push(id);
            }
            if let Some(of) = header.trait_item {
                reach.implements(id, of);
            }
        }
        reach.find_uncalled();
        reach
    }

    fn implements(&mut self, imp: ItemId, of: ItemId) {
        let uses = &self.resolution.uses;
        for member in uses.members(imp) {
            let name = uses.definitions[member].name;
            if let Some(declared) = uses.members(of).find(|&declared| uses.definitions[declared].name == name)
            {
                self.declared.insert(member, declared);
                self.implementing.entry(declared).or_default().push(member);
            }
        }
    }

    fn find_uncalled(&mut self) {
        let uses = &self.resolution.uses;
        let mut called = FixedBitSet::with_capacity(uses.definitions.len());
        for from in uses.definitions.ids() {
            uses.of(from).iter().for_each(|used| called.insert(used.to.index()));
        }
        let is_called =
            |method: DefinitionId| called.contains(method.index()) || self.open.contains_key(&method);
        for (item, _) in
            self.resolution.items.iter_enumerated().filter(|(_, item)| item.kind == ItemKind::Trait)
        {
            for declared in uses.members(item) {
                let own = self.implementing.get(&declared).into_iter().flatten();
                if !is_called(declared) && !own.into_iter().any(|&method| is_called(method)) {
                    self.uncalled.insert(declared.index());
                }
            }
        }
    }

    /// What is reached from a start. Only crates for which `linked` holds are reached.
    pub(crate) fn from(&self, start: &Start, linked: &dyn Fn(CrateId) -> bool) -> Reached {
        let mut found = Search {
            reach: self,
            start,
            linked,
            seen: FixedBitSet::with_capacity(self.resolution.uses.definitions.len()),
            called: FixedBitSet::with_capacity(self.resolution.open_methods.len()),
            open: Vec::new(),
        };
        start.roots.iter().for_each(|&root| found.add(root));
        start.lines.iter().for_each(|(of, lines)| found.run_lines(*of, lines));
        while let Some(definition) = found.open.pop() {
            found.visit(definition);
        }
        Reached { definitions: found.seen }
    }
}

/// What is reached so far.
struct Search<'r> {
    reach: &'r Reach<'r>,
    start: &'r Start,
    linked: &'r dyn Fn(CrateId) -> bool,
    seen: FixedBitSet,
    /// Open methods that something reached calls.
    called: FixedBitSet,
    open: Vec<DefinitionId>,
}

impl Search<'_> {
    fn add(&mut self, id: DefinitionId) {
        let resolution = self.reach.resolution;
        let definition = &resolution.uses.definitions[id];
        let krate = resolution.modules[resolution.items[definition.item].module].krate;
        let is_barred = || self.start.barred.contains(&id);
        if !self.seen.contains(id.index()) && !definition.test && (self.linked)(krate) && !is_barred() {
            self.seen.insert(id.index());
            self.open.push(id);
        }
    }

    fn add_item(&mut self, item: ItemId) {
        self.add(Uses::of_item(item));
    }

    fn add_whole(&mut self, item: ItemId) {
        self.add_item(item);
        self.reach.resolution.uses.members(item).for_each(|member| self.add(member));
    }

    fn has(&self, item: ItemId) -> bool {
        self.seen.contains(item.index())
    }

    fn visit(&mut self, id: DefinitionId) {
        let reach = self.reach;
        let resolution = reach.resolution;
        let definition = &resolution.uses.definitions[id];
        // What nothing follows of the imports around may be meant here.
        self.add_item(resolution.modules[resolution.items[definition.item].module].item);
        self.add_item(definition.item);
        let start = self.start;
        let without = start.without.get(&id).map(Vec::as_slice).unwrap_or_default();
        self.run(id, &|line| !without.iter().any(|lines| lines.contains(&line)));
        match definition.kind {
            DefinitionKind::Item => self.visit_item(definition.item),
            _ => {
                for &method in reach.implementing.get(&id).into_iter().flatten() {
                    if self
                        .header(method)
                        .is_some_and(|header| header.self_item.is_none_or(|of| self.has(of)))
                    {
                        self.add(method);
                    }
                }
            }
        }
    }

    fn run_lines(&mut self, id: DefinitionId, lines: &RangeInclusive<u32>) {
        let start = self.start;
        let without = start.without.get(&id).map(Vec::as_slice).unwrap_or_default();
        self.run(id, &|line| lines.contains(&line) && !without.iter().any(|other| other.contains(&line)));
    }

    /// What a definition names in some of its lines.
    fn run(&mut self, id: DefinitionId, runs: &dyn Fn(u32) -> bool) {
        let reach = self.reach;
        for used in reach.resolution.uses.of(id).iter().filter(|used| runs(used.line)) {
            self.follow(used.to);
        }
        for &(method, line) in reach.calls.get(&id).into_iter().flatten() {
            if runs(line) && !self.called.put(method) {
                reach.resolution.open_methods[method].methods.iter().for_each(|&method| self.named(method));
            }
        }
    }

    fn follow(&mut self, to: DefinitionId) {
        self.add(to);
        let resolution = self.reach.resolution;
        let item = &resolution.items[resolution.uses.definitions[to].item];
        if item.kind == ItemKind::Module {
            // Something in the module is meant that nobody sees; it may need anything beside it.
            resolution.modules[item.module].items.iter().for_each(|&own| self.add_whole(own));
        }
    }

    fn visit_item(&mut self, item: ItemId) {
        let reach = self.reach;
        let kind = reach.resolution.items[item].kind;
        for member in reach.resolution.uses.members(item) {
            let wanted = match reach.resolution.uses.definitions[member].kind {
                DefinitionKind::Type => true,
                _ => kind == ItemKind::Trait && self.may_be_called(member),
            };
            if wanted {
                self.add(member);
            }
        }
        for &imp in reach.impls.get(&item).into_iter().flatten() {
            self.consider(imp);
        }
    }

    /// Whether a method may run by its name, or since nobody sees who calls it.
    fn may_be_called(&self, method: DefinitionId) -> bool {
        let named = self.reach.open.get(&method).is_some_and(|&open| self.called.contains(open));
        named || self.reach.uncalled.contains(method.index())
    }

    /// A method of the name is called, on something of unknown type.
    fn named(&mut self, method: DefinitionId) {
        let resolution = self.reach.resolution;
        let item = resolution.uses.definitions[method].item;
        match resolution.items[item].imp {
            Some(_) => self.consider(item),
            None if self.has(item) => self.add(method),
            None => {}
        }
    }

    fn header(&self, member: DefinitionId) -> Option<&ImplHeader> {
        let resolution = self.reach.resolution;
        resolution.items[resolution.uses.definitions[member].item].imp.as_ref()
    }

    /// Adds what is called of an `impl` if what it stands on is reached.
    fn consider(&mut self, imp: ItemId) {
        let reach = self.reach;
        let Some(header) = reach.resolution.items[imp].imp.as_ref() else { return };
        let mut hosts = header.trait_item.into_iter().chain(header.self_item);
        if !hosts.all(|host| self.has(host)) {
            return;
        }
        match (header.trait_item, header.self_item) {
            (None, None) => {
                if header.argument_items.iter().any(|&item| self.has(item)) {
                    self.add_whole(imp);
                }
            }
            (None, Some(_)) if header.is_trait => self.add_whole(imp),
            _ => {
                for member in reach.resolution.uses.members(imp) {
                    let declared = reach.declared.get(&member).copied();
                    let by_trait =
                        declared.is_some_and(|of| self.seen.contains(of.index()) || self.may_be_called(of));
                    if by_trait || self.may_be_called(member) {
                        self.add(member);
                    }
                }
            }
        }
    }
}
