//! What a program may run, function by function: the references that were followed, and by name what could not be.
//!
//! Rapid type analysis (Bacon & Sweeney, *Fast static analysis of C++ virtual function calls*, 1996), with names in the
//! place of signatures. A method of a type is reached by a reference, or, once there may be a value of the type, by a call of its name
//! on a receiver of unknown type. There is a value where one is made by code that is reached, or may be by a macro that nobody sees;
//! where only a part of a process is followed, of all types that are named. A call of a trait's method reaches that of
//! each `impl` of whose type there may be a value; methods of a trait from outside are called from outside, so that they come with the
//! type, and so do those of a trait of the repository that nothing is seen to call. So more is reached than runs, except for
//! what no name leads to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};

use fixedbitset::FixedBitSet;

use crate::base::csr::Lists;
use crate::ids::{CrateId, DefinitionId, FileId, Id, IdVec, ItemId, ModuleId};
use crate::resolve::{Definition, DefinitionKind, ImplHeader, ItemKind, Resolution, Uses};

/// Who hangs on whom beside the references, looked up once for all programs.
pub(crate) struct Reach<'a> {
    resolution: &'a Resolution,
    /// The crate of each definition; `None` for tests.
    krates: IdVec<DefinitionId, Option<CrateId>>,
    /// The `impl`s of each trait and type, and those that only name it as an argument of a foreign trait.
    impls: Lists<ItemId, ItemId>,
    /// The open methods (by index) that a definition calls, with the line.
    calls: Lists<DefinitionId, (u32, u32)>,
    /// The open methods that a method may be.
    open: Lists<DefinitionId, u32>,
    /// Of each method of a trait of the repository those of its `impl`s.
    implementing: Lists<DefinitionId, DefinitionId>,
    /// The other way round.
    declared: IdVec<DefinitionId, Option<DefinitionId>>,
    /// Methods of traits of the repository that nothing is seen to call.
    uncalled: FixedBitSet,
    /// The types of which a definition makes a value, with the line.
    makes: Lists<DefinitionId, (ItemId, u32)>,
    /// Types of which there may be a value once they are named: a macro may make one. No types have none.
    unseen: FixedBitSet,
    modules: FixedBitSet,
    /// How much runs from a function on, where that was asked.
    sizes: Mutex<BTreeMap<DefinitionId, usize>>,
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
    /// Whether a whole process starts here: what it doesn't make there isn't.
    pub(crate) whole: bool,
}

impl Start {
    /// From one definition on.
    pub(crate) fn of(root: DefinitionId) -> Self {
        Self { roots: vec![root], ..Self::default() }
    }

    /// A process that begins with this `main`.
    pub(crate) fn process(main: DefinitionId) -> Self {
        Self { whole: true, ..Self::of(main) }
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

    fn places<T: Id>(&self, place: impl Fn(ItemId) -> T, resolution: &Resolution) -> Vec<T> {
        let mut places = FixedBitSet::new();
        for id in self.definitions() {
            places.grow_and_insert(place(resolution.uses.definitions[id].item).index());
        }
        places.ones().map(T::from_index).collect()
    }
}

impl<'a> Reach<'a> {
    pub(crate) fn new(resolution: &'a Resolution) -> Self {
        let uses = &resolution.uses;
        let (items, definitions) = (resolution.items.len(), uses.definitions.len());
        let (mut calls, mut open) = (Vec::new(), Vec::new());
        for (index, of) in resolution.open_methods.iter().enumerate() {
            let index = index as u32;
            calls.extend(of.callers.iter().map(|&(caller, line)| (caller, (index, line))));
            open.extend(of.methods.iter().map(|&method| (method, index)));
        }
        let (mut impls, mut implementing) = (Vec::new(), Vec::new());
        let mut declared = IdVec::from_elem(None, definitions);
        for (id, item) in resolution.items.iter_enumerated() {
            let Some(header) = item.imp.as_ref().filter(|_| !item.test) else { continue };
            let hosts = header.trait_item.into_iter().chain(header.self_item);
            impls.extend(hosts.chain(header.argument_items.iter().copied()).map(|host| (host, id)));
            for (member, of) in header.trait_item.into_iter().flat_map(|of| implemented(uses, id, of)) {
                declared[member] = Some(of);
                implementing.push((of, member));
            }
        }
        let krate = |definition: &Definition| {
            let module = resolution.items[definition.item].module;
            (!definition.test).then(|| resolution.modules[module].krate)
        };
        let mut reach = Self {
            resolution,
            krates: uses.definitions.iter().map(krate).collect(),
            impls: Lists::new(items, impls),
            calls: Lists::new(definitions, calls),
            open: Lists::new(definitions, open),
            implementing: Lists::new(definitions, implementing),
            declared,
            uncalled: FixedBitSet::with_capacity(definitions),
            makes: Lists::new(definitions, makes(resolution)),
            unseen: unseen(resolution),
            modules: resolution.modules.iter().map(|module| module.item.index()).collect(),
            sizes: Mutex::default(),
        };
        reach.find_uncalled();
        reach
    }

    fn find_uncalled(&mut self) {
        let uses = &self.resolution.uses;
        let mut called = FixedBitSet::with_capacity(uses.definitions.len());
        for from in uses.definitions.ids() {
            uses.of(from).iter().for_each(|used| called.insert(used.to.index()));
        }
        let is_called =
            |method: DefinitionId| called.contains(method.index()) || !self.open.of(method).is_empty();
        for (item, _) in
            self.resolution.items.iter_enumerated().filter(|(_, item)| item.kind == ItemKind::Trait)
        {
            for declared in uses.members(item) {
                let own = self.implementing.of(declared);
                if !is_called(declared) && !own.iter().any(|&method| is_called(method)) {
                    self.uncalled.insert(declared.index());
                }
            }
        }
    }

    /// What is reached from a start. Only crates for which `linked` holds are reached.
    pub(crate) fn from(&self, start: &Start, linked: &dyn Fn(CrateId) -> bool) -> Reached {
        self.search(start, linked, true)
    }

    /// What is reached by references, and by traits where types and methods are known: not by a name that several methods have,
    /// called on something of unknown type.
    pub(crate) fn known_from(&self, start: &Start, linked: &dyn Fn(CrateId) -> bool) -> Reached {
        self.search(start, linked, false)
    }

    /// How many definitions run from a function on, whatever is linked.
    pub(crate) fn size(&self, of: DefinitionId) -> usize {
        let known = self.sizes.lock().unwrap_or_else(PoisonError::into_inner).get(&of).copied();
        known.unwrap_or_else(|| {
            let size = self.from(&Start::of(of), &|_| true).definitions().count();
            self.sizes.lock().unwrap_or_else(PoisonError::into_inner).insert(of, size);
            size
        })
    }

    fn search(&self, start: &Start, linked: &dyn Fn(CrateId) -> bool, by_name: bool) -> Reached {
        let mut found = Search {
            reach: self,
            start,
            linked: self.resolution.crates.ids().map(linked).collect(),
            by_name,
            made: FixedBitSet::with_capacity(self.resolution.items.len()),
            unfollowed: if by_name { self.modules.clone() } else { FixedBitSet::new() },
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

/// Who makes what. What a macro's body names may be made wherever it is called.
fn makes(resolution: &Resolution) -> Vec<(DefinitionId, (ItemId, u32))> {
    let macros = resolution.items.iter_enumerated().filter(|(_, item)| item.kind == ItemKind::Macro);
    let of_macros = macros.flat_map(|(id, _)| {
        let id = Uses::of_item(id);
        resolution
            .uses
            .of(id)
            .iter()
            .map(move |used| (id, (resolution.uses.definitions[used.to].item, used.line)))
    });
    let seen = resolution.makings.iter().map(|of| (of.by, (of.what, of.line)));
    seen.chain(of_macros).collect()
}

/// Of which items there may be a value though nobody sees it made.
fn unseen(resolution: &Resolution) -> FixedBitSet {
    let is_type = |kind| matches!(kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Union);
    let others = resolution.items.iter_enumerated().filter(|(_, item)| !is_type(item.kind));
    others.map(|(id, _)| id).chain(resolution.made_unseen.iter().copied()).map(Id::index).collect()
}

/// The members of an `impl`, each with the one of the trait that it is.
fn implemented(
    uses: &Uses,
    imp: ItemId,
    of: ItemId,
) -> impl Iterator<Item = (DefinitionId, DefinitionId)> + '_ {
    uses.members(imp).filter_map(move |member| {
        let name = uses.definitions[member].name;
        let declared = uses.members(of).find(|&declared| uses.definitions[declared].name == name)?;
        Some((member, declared))
    })
}

/// What is reached so far.
struct Search<'r> {
    reach: &'r Reach<'r>,
    start: &'r Start,
    linked: IdVec<CrateId, bool>,
    /// Whether what is called by a name counts though several have it, and nobody knows which is meant.
    by_name: bool,
    /// Modules that nothing reached names so far: what is reached in one isn't all of it.
    unfollowed: FixedBitSet,
    /// Types of which a value is made.
    made: FixedBitSet,
    seen: FixedBitSet,
    /// Open methods that something reached calls.
    called: FixedBitSet,
    open: Vec<DefinitionId>,
}

impl Search<'_> {
    fn add(&mut self, id: DefinitionId) {
        if self.seen.contains(id.index()) {
            return;
        }
        let is_linked = self.reach.krates[id].is_some_and(|krate| self.linked[krate]);
        if is_linked && !self.start.barred.contains(&id) {
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
        match self.start.without.get(&id) {
            Some(without) => self.run(id, &|line| !without.iter().any(|lines| lines.contains(&line))),
            None => self.run(id, &|_| true),
        }
        match definition.kind {
            DefinitionKind::Item => self.visit_item(definition.item),
            _ => {
                for &method in reach.implementing.of(id) {
                    let is_there = |of: ItemId| self.has(of) && self.may_run(method, of);
                    if self.header(method).is_some_and(|header| header.self_item.is_none_or(is_there)) {
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
        for used in reach.resolution.uses.of(id) {
            // Most is known already, and where it stands says nothing then.
            let at = used.to.index();
            if (!self.seen.contains(at) || self.unfollowed.contains(at)) && runs(used.line) {
                self.follow(used.to);
            }
        }
        for &(what, line) in reach.makes.of(id) {
            if !self.made.contains(what.index()) && runs(line) {
                self.make(what);
            }
        }
        for &(method, line) in reach.calls.of(id) {
            let method = method as usize;
            // A name that one method has means that one.
            let is_known = self.by_name || reach.resolution.open_methods[method].methods.len() == 1;
            if is_known && !self.called.contains(method) && runs(line) {
                self.called.insert(method);
                reach.resolution.open_methods[method].methods.iter().for_each(|&method| self.named(method));
            }
        }
    }

    fn follow(&mut self, to: DefinitionId) {
        self.add(to);
        let resolution = self.reach.resolution;
        let item = &resolution.items[resolution.uses.definitions[to].item];
        if item.kind == ItemKind::Module && self.by_name {
            self.unfollowed.remove(to.index());
            // Something in the module is meant that nobody sees; it may need anything beside it.
            for &own in &resolution.modules[item.module].items {
                self.make(own);
                self.add_whole(own);
            }
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
        for &imp in reach.impls.of(item) {
            self.consider(imp);
        }
    }

    /// Whether a method may run by its name, or since nobody sees who calls it.
    fn may_be_called(&self, method: DefinitionId) -> bool {
        let open = self.reach.open.of(method).iter();
        let is_named = open.into_iter().any(|&open| self.called.contains(open as usize));
        is_named || (self.by_name && self.reach.uncalled.contains(method.index()))
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

    /// There is a value of a type from here on.
    fn make(&mut self, item: ItemId) {
        if !self.made.put(item.index()) && self.has(item) {
            let reach = self.reach;
            reach.impls.of(item).iter().for_each(|&imp| self.consider(imp));
        }
    }

    /// Whether there may be a value of a type that is named.
    fn is_made(&self, item: ItemId) -> bool {
        !self.start.whole || self.made.contains(item.index()) || self.reach.unseen.contains(item.index())
    }

    /// Whether a member of an `impl` for a type may be called: a method needs a value.
    fn may_run(&self, member: DefinitionId, of: ItemId) -> bool {
        !self.reach.resolution.uses.definitions[member].takes_self || self.is_made(of)
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
            (None, Some(of)) if header.is_trait => {
                self.add_item(imp);
                for member in reach.resolution.uses.members(imp) {
                    if self.may_run(member, of) {
                        self.add(member);
                    }
                }
            }
            _ => {
                for member in reach.resolution.uses.members(imp) {
                    if header.self_item.is_some_and(|of| !self.may_run(member, of)) {
                        continue;
                    }
                    let declared = reach.declared[member];
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
