//! What a plan's boundaries ask of unit tests.
//!
//! cargo lets a crate's tests depend on a crate above it, but its unit tests are compiled into a second copy of the crate,
//! whose types are not those that the crate above knows. So a unit test that uses types of its own crate can't have a
//! dev-dependency on one above: it moves there. Nor can any test use what exists under `cfg(test)` in another crate, or
//! what lies in a package without a library.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{GroupId, ItemId, MemberId, PlanCrateId};
use crate::plan::edit::TestMoveCause;
use crate::plan::index::references_of;
use crate::plan::input::PlanInput;
use crate::plan::model::{TestMove, TestSupport};
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::{ItemKind, Reference, Resolution};

/// The work that tests make.
#[derive(Debug, Clone, Default)]
pub(in crate::plan) struct TestWork {
    /// Tests that move up, ordered by item.
    pub(in crate::plan) moves: Vec<TestMove>,
    /// What tests can't use where it is, ordered by item.
    pub(in crate::plan) support: Vec<TestSupport>,
    /// Where items lie that move up.
    moved: BTreeMap<ItemId, PlanCrateId>,
    /// Items that tests use and that are to move down, or to be doubled.
    supporting: BTreeSet<ItemId>,
    /// Items for tests only that tests of other crates get by a feature.
    bound: BTreeSet<ItemId>,
}

impl TestWork {
    pub(in crate::plan) fn new(
        input: &PlanInput<'_>,
        groups: &Groups,
        assembled: &Assembled,
        has_library: bool,
    ) -> Self {
        let found = Boundary { resolution: input.resolution, groups, assembled, has_library };
        let mut work = Self::default();
        work.move_up(&found);
        work.support(&found);
        work
    }

    /// The crate of a test once all is done, if it has to move.
    pub(in crate::plan) fn moved(&self, item: ItemId) -> Option<PlanCrateId> {
        self.moved.get(&item).copied()
    }

    /// Whether an item that exists for tests only is compiled for tests of other crates.
    pub(in crate::plan) fn is_bound(&self, item: ItemId) -> bool {
        self.bound.contains(&item)
    }

    /// Whether a reference of a test to a crate above can stay, by a dev-dependency.
    pub(in crate::plan) fn stays(&self, reference: &Reference) -> bool {
        !self.moved.contains_key(&reference.from) && !self.supporting.contains(&reference.to)
    }

    /// Tests that need what lies above, with all tests that need those.
    fn move_up(&mut self, found: &Boundary<'_>) {
        let mut needs: BTreeMap<ItemId, Need> = BTreeMap::new();
        let mut users: BTreeMap<ItemId, Vec<&Reference>> = BTreeMap::new();
        let mut highest: BTreeMap<ItemId, Option<PlanCrateId>> = BTreeMap::new();
        for (from, to, r) in found.groups.test_references(found.resolution) {
            let (home, other) = (found.assembled.of_group[from], found.assembled.of_group[to]);
            if !found.resolution.items[r.from].test {
                continue;
            }
            if found.resolution.items[r.to].test {
                if home == other {
                    users.entry(r.to).or_default().push(r);
                    continue;
                }
                // A helper that needs what lies above can't be compiled with these tests: they know it by its crate alone.
                let top = *highest.entry(r.to).or_insert_with(|| found.highest(r.to));
                if let Some(top) = top.filter(|&top| top > home) {
                    needs.entry(r.from).or_default().add(top.max(other), r.line);
                }
            } else if home < other && !found.moves_down(r.to, home, other) {
                needs.entry(r.from).or_default().add(other, r.line);
            }
        }
        let mut queue: Vec<ItemId> = needs.keys().copied().collect();
        while let Some(item) = queue.pop() {
            let Some(to) = needs[&item].to else { continue };
            for r in users.get(&item).into_iter().flatten() {
                if needs.entry(r.from).or_default().add(to, r.line) {
                    queue.push(r.from);
                }
            }
        }
        for (item, need) in needs {
            let (Some(to), Some(from)) = (need.to, found.home(item)) else { continue };
            let cause = match () {
                () if found.is_closed(to) => TestMoveCause::NoLibrary,
                () if found.uses_own_types(item, from) => TestMoveCause::TwoCopies,
                () if !found.uses_own_code(item, from) => TestMoveCause::AllAbove,
                () => continue,
            };
            self.moved.insert(item, to);
            let lines = need.lines.into_iter().collect();
            self.moves.push(TestMove { item, from, to, lines, cause });
        }
    }

    /// What exists for tests only, or in a package without a library, and is used by tests of another crate.
    fn support(&mut self, found: &Boundary<'_>) {
        let mut used: BTreeMap<(ItemId, Option<MemberId>), (BTreeSet<PlanCrateId>, u32)> = BTreeMap::new();
        let (mut at_home, mut inside): (BTreeSet<ItemId>, BTreeSet<ItemId>) = Default::default();
        for (from, to, r) in found.groups.test_references(found.resolution) {
            let own = |item, group: GroupId| self.moved(item).unwrap_or(found.assembled.of_group[group]);
            let (home, other) = (own(r.from, from), own(r.to, to));
            let member = r.member.filter(|&member| found.resolution.members[member].test);
            let test = found.resolution.items[r.to].test;
            let closed = home < other && found.is_closed(other);
            if home != other && (test || closed || member.is_some()) {
                let whole = test || closed;
                let listed = if whole { (found.listed_as(r.to), None) } else { (r.to, member) };
                self.supporting.extend(whole.then_some(r.to));
                inside.extend((test && found.is_inside(r.to, other)).then_some(listed.0));
                let entry = used.entry(listed).or_default();
                entry.0.insert(home);
                entry.1 += 1;
            } else if test && found.listed_as(r.from) != found.listed_as(r.to) {
                at_home.insert(found.listed_as(r.to));
            }
        }
        for ((item, member), (users, references)) in used {
            let Some(from) = self.moved(item).or_else(|| found.home(item)) else { continue };
            let fixed = member.is_some() || !users.iter().any(|&to| found.may_lie(item, to));
            let bound = fixed || inside.contains(&item);
            // One crate's tests are as good a place as any, unless those of another need it too.
            let test = found.resolution.items[item].test;
            let alone = !bound && (!test || (users.len() == 1 && !at_home.contains(&item)));
            let alone = alone && !found.is_inside(item, from);
            let to = users.first().copied().filter(|&to| alone && found.moves_down(item, to, from));
            self.bound.extend(bound.then_some(item));
            let users: Vec<PlanCrateId> = users.into_iter().collect();
            let needs_above = found.highest(item).is_some_and(|top| users.iter().any(|&user| user < top));
            self.support.push(TestSupport { item, member, from, users, references, to, bound, needs_above });
        }
    }
}

/// What a test needs above: the highest crate, and its lines that do.
#[derive(Default)]
struct Need {
    to: Option<PlanCrateId>,
    lines: BTreeSet<u32>,
}

impl Need {
    /// Whether it reaches higher now.
    fn add(&mut self, to: PlanCrateId, line: u32) -> bool {
        self.lines.insert(line);
        let higher = self.to < Some(to);
        self.to = self.to.max(Some(to));
        higher
    }
}

/// Where everything lies.
#[derive(Clone, Copy)]
struct Boundary<'a> {
    resolution: &'a Resolution,
    groups: &'a Groups,
    assembled: &'a Assembled,
    /// Whether the package that is split has a library.
    has_library: bool,
}

impl Boundary<'_> {
    fn home(&self, item: ItemId) -> Option<PlanCrateId> {
        self.groups.of(item).map(|group| self.assembled.of_group[group])
    }

    /// Whether nothing can depend on a crate of the plan.
    fn is_closed(&self, krate: PlanCrateId) -> bool {
        !self.has_library && krate == self.assembled.residual()
    }

    /// Whether a crate may hold an item: an `impl` needs its trait, its type or an argument of the trait there, unless all of
    /// them are from elsewhere.
    fn may_lie(&self, item: ItemId, krate: PlanCrateId) -> bool {
        let Some(header) = &self.resolution.items[item].imp else { return true };
        let arguments = header.argument_items.iter().copied().filter(|_| header.is_trait);
        let hosts = header.self_item.into_iter().chain(header.trait_item).chain(arguments);
        let mut homes =
            hosts.chain(header.unseen_items.iter().copied()).filter_map(|host| self.home(host)).peekable();
        homes.peek().is_none() || homes.any(|home| home == krate)
    }

    /// Whether an item of a crate that nothing can depend on may as well lie in a lower one: it and what it needs there
    /// lie in one module, and the rest of what it needs lies low enough.
    fn moves_down(&self, item: ItemId, to: PlanCrateId, from: PlanCrateId) -> bool {
        if !self.is_closed(from) && !self.resolution.items[item].test {
            return false;
        }
        let around = self.resolution.items[item].module;
        let (mut seen, mut queue) = (BTreeSet::from([item]), vec![item]);
        if self.resolution.items[item].kind == ItemKind::Module {
            queue.extend(&self.resolution.modules[around].items);
        }
        while let Some(at) = queue.pop() {
            for r in references_of(self.resolution, at).iter().filter(|r| r.structural) {
                let Some(home) = self.home(r.to).filter(|&home| home > to) else { continue };
                if home != from || self.resolution.items[r.to].module != around {
                    return false;
                }
                if seen.insert(r.to) {
                    queue.push(r.to);
                }
            }
        }
        true
    }

    /// Whether something for tests uses what only the crate around it may name: it belongs there, as its own tests do.
    fn is_inside(&self, helper: ItemId, home: PlanCrateId) -> bool {
        let items = &self.resolution.items;
        let all: Vec<ItemId> = match items[helper].kind {
            ItemKind::Module if items[helper].test => {
                self.resolution.modules[items[helper].module].items.clone()
            }
            _ => vec![helper],
        };
        let mut references = all.iter().flat_map(|&item| references_of(self.resolution, item));
        references.any(|r| r.restricted && !items[r.to].test && self.home(r.to) == Some(home))
    }

    /// The highest crate that a helper of tests needs something of, with all that it uses of other helpers.
    fn highest(&self, helper: ItemId) -> Option<PlanCrateId> {
        let items = &self.resolution.items;
        let (mut seen, mut queue, mut highest) = (BTreeSet::from([helper]), vec![helper], None);
        while let Some(at) = queue.pop() {
            if items[at].kind == ItemKind::Module && items[at].test {
                let inside = &self.resolution.modules[items[at].module].items;
                queue.extend(inside.iter().copied().filter(|&item| seen.insert(item)));
            }
            for r in references_of(self.resolution, at).iter().filter(|r| r.structural) {
                if !items[r.to].test {
                    highest = highest.max(self.home(r.to));
                } else if items[r.to].kind != ItemKind::Module && seen.insert(r.to) {
                    queue.push(r.to);
                }
            }
        }
        highest
    }

    /// Whether a test uses types of its own crate: by name, by a method, or by a function that takes or gives them.
    fn uses_own_types(&self, test: ItemId, home: PlanCrateId) -> bool {
        let items = &self.resolution.items;
        let is_type = |item: ItemId| {
            let types =
                [ItemKind::Struct, ItemKind::Enum, ItemKind::Union, ItemKind::Trait, ItemKind::TypeAlias];
            types.contains(&items[item].kind) || matches!(items[item].kind, ItemKind::Impl | ItemKind::Static)
        };
        let own = |r: &&Reference| !items[r.to].test && self.home(r.to) == Some(home);
        let (mut seen, mut queue) = (BTreeSet::from([test]), vec![test]);
        while let Some(at) = queue.pop() {
            let references = references_of(self.resolution, at);
            if references
                .iter()
                .filter(|r| r.structural)
                .filter(own)
                .any(|r| self.hands_types(r.to, home, &is_type))
            {
                return true;
            }
            // What the test uses of other tests comes along.
            let tests = references.iter().filter(|r| items[r.to].test && self.home(r.to) == Some(home));
            queue.extend(tests.map(|r| r.to).filter(|&to| seen.insert(to)));
        }
        false
    }

    /// Whether a test, or what it uses of other tests, uses code of its own crate that is there without tests.
    fn uses_own_code(&self, test: ItemId, home: PlanCrateId) -> bool {
        let items = &self.resolution.items;
        let (mut seen, mut queue) = (BTreeSet::from([test]), vec![test]);
        while let Some(at) = queue.pop() {
            for r in references_of(self.resolution, at).iter().filter(|r| self.home(r.to) == Some(home)) {
                if !items[r.to].test && items[r.to].kind != ItemKind::Module {
                    return true;
                }
                if items[r.to].test && seen.insert(r.to) {
                    queue.push(r.to);
                }
            }
        }
        false
    }

    fn hands_types(&self, item: ItemId, home: PlanCrateId, is_type: &dyn Fn(ItemId) -> bool) -> bool {
        let shown = || references_of(self.resolution, item).iter().filter(|r| r.shown && !r.test);
        is_type(item) || shown().any(|r| is_type(r.to) && self.home(r.to) == Some(home))
    }

    /// A module's file that exists for tests only is listed as one.
    fn listed_as(&self, item: ItemId) -> ItemId {
        let modules = &self.resolution.modules;
        let parent = |&module: &crate::ids::ModuleId| modules[module].parent;
        let around = std::iter::successors(Some(self.resolution.items[item].module), parent);
        let of_tests = around.take_while(|&module| modules[module].test);
        let files = of_tests.filter(|&module| !modules[module].inline);
        files.last().map_or(item, |module| modules[module].item)
    }
}
