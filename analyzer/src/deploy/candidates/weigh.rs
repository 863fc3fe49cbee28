//! What speaks for a service and what against it.

use std::collections::BTreeSet;

use super::blockers::{Found, blockers, own_functions};
use super::crossing::crossing;
use super::entries::Entry;
use super::model::{Blocker, BlockerKind, Crossing, TableSides, Transaction};
use super::prices::Prices;
use super::sides::{Ground, Sides, Uncut, cut, functions, known, running_files};
use super::tables::{tables, transactions};
use crate::deploy::reach::Reached;
use crate::ids::FileId;

/// Routes that make a service: one alone is a page. A choice.
const LEAST_ROUTES: usize = 2;

/// A cut with all that is known of it.
pub(super) struct Weighed {
    pub(super) sides: Sides,
    pub(super) crossing: Vec<Crossing>,
    pub(super) tables: Vec<TableSides>,
    /// How many either side runs, and those over tables of both.
    pub(super) transactions: (u32, Vec<Transaction>),
    pub(super) blockers: Vec<Blocker>,
    /// Functions that the candidate alone runs, and the rest alone.
    own: (usize, usize),
    both: usize,
    /// Lines of files that the candidate alone runs something of, as a share of all, 0 to 1.
    own_lines: f64,
    /// Those of both that come to a table.
    shared_with_data: usize,
}

impl Weighed {
    pub(super) fn new(ground: Ground<'_>, entry: &Entry, uncut: &Uncut, prices: Prices) -> Self {
        let sides = cut(ground, entry, uncut, prices);
        let own = own_functions(ground, &sides);
        let shared = sides.own.both(&sides.rest);
        let both = functions(ground, &shared).count();
        let rest_files = running_files(ground, &sides.rest);
        let files = running_files(ground, &sides.own);
        let alone: Vec<FileId> =
            files.iter().copied().filter(|file| rest_files.binary_search(file).is_err()).collect();
        let lines = |files: &mut dyn Iterator<Item = FileId>| -> f64 {
            files.map(|file| f64::from(ground.resolution.files[file].lines)).sum()
        };
        let of_both: BTreeSet<FileId> = files.iter().chain(&rest_files).copied().collect();
        let own_lines = lines(&mut alone.iter().copied()) / lines(&mut of_both.into_iter()).max(1.0);
        let mut weighed = Self {
            own_lines,
            sides,
            crossing: Vec::new(),
            tables: Vec::new(),
            transactions: (0, Vec::new()),
            blockers: Vec::new(),
            own,
            both,
            shared_with_data: 0,
        };
        // Of what is too small nobody asks for the rest.
        if weighed.is_large(prices) {
            weighed.look_closer(ground, entry, &shared);
        }
        weighed
    }

    fn look_closer(&mut self, ground: Ground<'_>, entry: &Entry, shared: &Reached) {
        self.crossing = crossing(ground, &self.sides);
        self.tables = tables(ground, &self.sides);
        self.transactions = transactions(ground, &self.sides, &self.tables);
        self.blockers = self.blockers_with(ground, entry, &self.crossing);
        self.shared_with_data =
            functions(ground, shared).filter(|id| ground.facts.touching.contains(id)).count();
    }

    fn blockers_with(&self, ground: Ground<'_>, entry: &Entry, crossing: &[Crossing]) -> Vec<Blocker> {
        let (tables, transactions) = (&self.tables, &self.transactions.1);
        let found = Found { crossing, tables, transactions, apart: entry.apart };
        blockers(ground, &self.sides, &found)
    }

    /// Whether each side has enough of its own.
    fn is_large(&self, prices: Prices) -> bool {
        let all = (self.own.0 + self.own.1 + self.both) as f64;
        let (own, rest) = (self.own.0 as f64, self.own.1 as f64);
        self.own_lines >= prices.least && own >= prices.least * all && rest >= prices.least * all
    }

    /// Whether it is proposed: a role that the program has anyway if there is something in it, a group of routes only if it
    /// has tables of its own and more code than what crosses costs.
    pub(super) fn pays(&self, entry: &Entry, prices: Prices) -> bool {
        if !self.is_large(prices) {
            return false;
        }
        let own = self.own.0 as f64;
        let count =
            |kinds: &[BlockerKind]| self.blockers.iter().filter(|of| kinds.contains(&of.kind)).count() as f64;
        let state = match entry.apart {
            true => 0.0,
            false => prices.state * count(&[BlockerKind::Static, BlockerKind::Lock]),
        };
        if !entry.roles.is_empty() {
            return own >= state;
        }
        let shared = count(&[BlockerKind::Table]);
        let used = || self.tables.iter().filter(|of| of.own.is_some());
        let own_tables = used().filter(|of| of.rest.is_none()).count();
        // With more tables of both than of its own it is no part by itself.
        let owns = own_tables > 0 && own_tables * 2 >= used().count();
        let called: BTreeSet<_> = self.crossing.iter().map(|of| of.to).collect();
        let against = prices.call * called.len() as f64
            + prices.table * shared
            + prices.transaction * count(&[BlockerKind::Transaction])
            + state;
        // What works mostly on data of both is no part with a seam.
        let mixed = self.shared_with_data as f64;
        entry.routes.len() >= LEAST_ROUTES && owns && own >= against && own >= mixed
    }
}

/// What is shown of the calls across: those whose callers are known to run. A caller that a side comes to by a name alone, on something
/// of unknown type, may be nobody's.
pub(super) struct Known {
    pub(super) crossing: Vec<Crossing>,
    pub(super) blockers: Vec<Blocker>,
}

impl Known {
    pub(super) fn new(ground: Ground<'_>, entry: &Entry, weighed: &Weighed) -> Self {
        let (own, rest) = known(ground, entry, &weighed.sides);
        let runs = |of: &&Crossing| if of.outwards { &own } else { &rest }.contains(of.from);
        let crossing: Vec<Crossing> = weighed.crossing.iter().filter(runs).cloned().collect();
        let blockers = match crossing.len() == weighed.crossing.len() {
            true => weighed.blockers.clone(),
            false => weighed.blockers_with(ground, entry, &crossing),
        };
        Self { crossing, blockers }
    }
}
