//! The two sides of a cut: what either would run, and the calls between them.
//!
//! Code that both run and that comes to no table becomes a library of both. Code that comes to one goes to the side that its file is of;
//! the other one has to ask for it, so that these calls are the ones which cross. What then is left to each follows from
//! what it reaches without the other's.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::Entry;
use super::facts::{Facts, is_function};
use super::model::Side;
use super::prices::Prices;
use crate::deploy::reach::{Reach, Reached, Start};
use crate::ids::{CrateId, DefinitionId, FileId, ModuleId};
use crate::parse::tree::Name;
use crate::resolve::Resolution;

/// Rounds in which shared code follows other shared code to a side. A choice: chains of it are short.
const ROUNDS: usize = 4;

/// Where a program is cut.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) resolution: &'a Resolution,
    pub(super) reach: &'a Reach<'a>,
    pub(super) facts: &'a Facts,
    pub(super) linked: &'a (dyn Fn(CrateId) -> bool + Sync),
    /// All that the program runs.
    pub(super) program: &'a Reached,
}

/// What either side runs.
#[derive(Debug, Clone)]
pub(super) struct Sides {
    pub(super) own: Reached,
    pub(super) rest: Reached,
    /// Functions that the candidate has to ask the rest for, and the other way round.
    pub(super) of_rest: BTreeSet<DefinitionId>,
    pub(super) of_own: BTreeSet<DefinitionId>,
    /// Whose tables are, where it can be said.
    pub(super) homes: BTreeMap<Name, Side>,
}

impl Sides {
    pub(super) fn side(&self, side: Side) -> &Reached {
        match side {
            Side::Candidate => &self.own,
            Side::Rest => &self.rest,
        }
    }
}

/// What an entry and the rest reach as the program stands: the same at any price.
pub(super) struct Uncut {
    own: Reached,
    rest: Reached,
}

impl Uncut {
    pub(super) fn new(ground: Ground<'_>, entry: &Entry) -> Self {
        if let Some((own, rest)) = entry.known.clone() {
            return Self { own, rest };
        }
        let none = BTreeSet::new();
        Self { own: reached(ground, &entry.own, &none), rest: reached(ground, &entry.rest, &none) }
    }
}

impl Uncut {
    /// Functions that the entry runs.
    pub(super) fn own_functions(&self, ground: Ground<'_>) -> usize {
        functions(ground, &self.own).count()
    }

    /// Whether each side has something that the other one doesn't reach: else no price makes two of them.
    pub(super) fn is_apart(&self, ground: Ground<'_>) -> bool {
        let any = |of: Reached| functions(ground, &of).next().is_some();
        any(self.own.without(&self.rest)) && any(self.rest.without(&self.own))
    }
}

/// What either side is known to run: what is called by name alone is left out.
pub(super) fn known(ground: Ground<'_>, entry: &Entry, sides: &Sides) -> (Reached, Reached) {
    let side = |starts: &[Start], barred: &BTreeSet<DefinitionId>| {
        all_of(starts, barred, &|start| within(ground, start, ground.reach.known_from(start, ground.linked)))
    };
    (side(&entry.own, &sides.of_rest), side(&entry.rest, &sides.of_own))
}

fn reached(ground: Ground<'_>, starts: &[Start], barred: &BTreeSet<DefinitionId>) -> Reached {
    all_of(starts, barred, &|start| within(ground, start, ground.reach.from(start, ground.linked)))
}

/// A part of a process runs what the process does, at most.
fn within(ground: Ground<'_>, start: &Start, reached: Reached) -> Reached {
    if start.whole { reached } else { reached.both(ground.program) }
}

fn all_of(starts: &[Start], barred: &BTreeSet<DefinitionId>, reached: &dyn Fn(&Start) -> Reached) -> Reached {
    let of = |start: &Start| {
        let mut start = start.clone();
        start.barred.extend(barred);
        reached(&start)
    };
    starts.iter().map(of).reduce(|all, one| all.and(&one)).unwrap_or_default()
}

pub(super) fn functions<'a>(ground: Ground<'a>, of: &'a Reached) -> impl Iterator<Item = DefinitionId> + 'a {
    of.definitions().filter(move |&id| is_function(ground.resolution, id))
}

/// The files with functions of some reach, sorted: what is only named there doesn't run.
pub(super) fn running_files(ground: Ground<'_>, of: &Reached) -> Vec<FileId> {
    let files: BTreeSet<FileId> = functions(ground, of).map(|id| file_of(ground, id)).collect();
    files.into_iter().collect()
}

/// Cuts between an entry and the rest.
pub(super) fn cut(ground: Ground<'_>, entry: &Entry, uncut: &Uncut, prices: Prices) -> Sides {
    let files = file_homes(ground, entry, uncut, prices);
    let homes = table_homes(ground, uncut, &files);
    let choosing = choosing(ground, entry);
    let (mut of_own, mut of_rest) = (BTreeSet::new(), BTreeSet::new());
    let all = uncut.own.clone().and(&uncut.rest);
    let with_data = functions(ground, &all).filter(|id| ground.facts.touching.contains(id));
    for id in with_data.filter(|id| !choosing.contains(id)) {
        let Some(&side) = files.get(&file_of(ground, id)) else { continue };
        let both = uncut.own.contains(id) && uncut.rest.contains(id);
        // What one side alone runs is its own, unless it lies among the other's code and works on the other's tables.
        let strays = || {
            let other = match side {
                Side::Candidate => !uncut.own.contains(id),
                Side::Rest => !uncut.rest.contains(id),
            };
            let tables = ground.facts.tables_below(ground.resolution, id, 0);
            other && !tables.is_empty() && tables.iter().all(|table| homes.get(table) == Some(&side))
        };
        if both || strays() {
            match side {
                Side::Candidate => of_own.insert(id),
                Side::Rest => of_rest.insert(id),
            };
        }
    }
    let side = |starts: &[Start], barred: &BTreeSet<DefinitionId>, known: &Reached| match barred.is_empty() {
        true => known.clone(),
        false => reached(ground, starts, barred),
    };
    let own = side(&entry.own, &of_rest, &uncut.own);
    let rest = side(&entry.rest, &of_own, &uncut.rest);
    Sides { own, rest, of_rest, of_own, homes }
}

/// Whose the tables are: of the side in whose files they are written, then read, more often.
fn table_homes(ground: Ground<'_>, uncut: &Uncut, files: &BTreeMap<FileId, Side>) -> BTreeMap<Name, Side> {
    let mut used: BTreeMap<Name, [(u32, u32); 2]> = BTreeMap::new();
    for (&id, tables) in &ground.facts.tables {
        let side = files.get(&file_of(ground, id)).copied().or_else(|| {
            match (uncut.own.contains(id), uncut.rest.contains(id)) {
                (true, false) => Some(Side::Candidate),
                (false, true) => Some(Side::Rest),
                _ => None,
            }
        });
        let runs = uncut.own.contains(id) || uncut.rest.contains(id);
        let Some(side) = side.filter(|_| runs) else { continue };
        for at in tables {
            let count = &mut used.entry(at.table).or_default()[side as usize];
            match at.reads {
                true => count.1 += 1,
                false => count.0 += 1,
            }
        }
    }
    let home = |[own, rest]: [(u32, u32); 2]| if own > rest { Side::Candidate } else { Side::Rest };
    used.into_iter().map(|(table, counts)| (table, home(counts))).collect()
}

/// How much each side uses a file's shared code.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    own: f64,
    rest: f64,
}

impl Weight {
    fn side(self, ratio: f64) -> Option<Side> {
        match () {
            () if self.own > 0.0 && self.own >= ratio * self.rest => Some(Side::Candidate),
            () if self.rest > 0.0 && self.rest >= ratio * self.own => Some(Side::Rest),
            () => None,
        }
    }

    fn add(&mut self, side: Side) {
        match side {
            Side::Candidate => self.own += 1.0,
            Side::Rest => self.rest += 1.0,
        }
    }
}

/// Whose files with data are, where it can be said: by the functions in them that one side alone runs and by who names
/// their shared ones, else by what lies around them in the tree of modules.
fn file_homes(ground: Ground<'_>, entry: &Entry, uncut: &Uncut, prices: Prices) -> BTreeMap<FileId, Side> {
    let Ground { resolution, facts, .. } = ground;
    let shared = uncut.own.both(&uncut.rest);
    let choosing = choosing(ground, entry);
    let with_data: BTreeSet<DefinitionId> = functions(ground, &shared)
        .filter(|id| facts.touching.contains(id) && !choosing.contains(id))
        .collect();
    let mut direct: BTreeMap<FileId, Weight> = BTreeMap::new();
    let mut around: BTreeMap<ModuleId, Weight> = BTreeMap::new();
    for (side, of) in
        [(Side::Candidate, uncut.own.without(&uncut.rest)), (Side::Rest, uncut.rest.without(&uncut.own))]
    {
        for id in functions(ground, &of) {
            direct.entry(file_of(ground, id)).or_default().add(side);
            let own = resolution.items[resolution.uses.definitions[id].item].module;
            let modules = std::iter::successors(Some(own), |&module| resolution.modules[module].parent);
            modules.for_each(|module| around.entry(module).or_default().add(side));
            let used = resolution.uses.of(id).iter().filter(|used| with_data.contains(&used.to));
            used.for_each(|used| direct.entry(file_of(ground, used.to)).or_default().add(side));
        }
    }
    let by_modules = |file: FileId| {
        let own = *facts.modules.get(&file)?;
        let inner = std::iter::successors(Some(own), |&module| resolution.modules[module].parent);
        // A crate's root says nothing of one of its files.
        let inner = inner.filter(|&module| resolution.modules[module].parent.is_some());
        inner.filter_map(|module| around.get(&module)?.side(prices.home)).next()
    };
    let mut sides: BTreeMap<FileId, Side> = BTreeMap::new();
    for _ in 0..ROUNDS {
        let mut weights = direct.clone();
        for &id in &with_data {
            let Some(&side) = sides.get(&file_of(ground, id)) else { continue };
            let used = resolution.uses.of(id).iter().filter(|used| with_data.contains(&used.to));
            let elsewhere = used.filter(|used| file_of(ground, used.to) != file_of(ground, id));
            elsewhere.for_each(|used| weights.entry(file_of(ground, used.to)).or_default().add(side));
        }
        let side = |(file, weight): (FileId, Weight)| {
            Some((file, weight.side(prices.home).or_else(|| by_modules(file))?))
        };
        let found: BTreeMap<FileId, Side> = weights.into_iter().filter_map(side).collect();
        if found == sides {
            break;
        }
        sides = found;
    }
    sides
}

fn file_of(ground: Ground<'_>, id: DefinitionId) -> FileId {
    ground.resolution.items[ground.resolution.uses.definitions[id].item].file
}

/// Functions that choose what to run, and what calls them: neither side can do without its part of them.
fn choosing(ground: Ground<'_>, entry: &Entry) -> BTreeSet<DefinitionId> {
    let starts = || entry.own.iter().chain(&entry.rest);
    let mut open: Vec<DefinitionId> = starts().flat_map(|start| start.without.keys().copied()).collect();
    open.extend(starts().flat_map(|start| start.roots.iter().copied()));
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(ground.facts.users.get(&id).into_iter().flatten().copied());
        }
    }
    found
}
