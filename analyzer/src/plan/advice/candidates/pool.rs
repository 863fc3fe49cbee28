//! All candidates of a package, in one place: what is weighed unasked, and what a number of crates is taken from. So what an answer
//! says of another number is what `--crates` gives, and an answer has weighed what any number gives.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::choice::{by_size, leaves_less, of_number, one_of_each_number, recommended};
use super::frontier::{Parts, Subject, Variant};
use super::worked_out::{Ties, merged, tied};
use crate::plan::partition::blocks::Blocks;
use crate::plan::partition::layering::Layering;
use crate::plan::partition::search::{SearchKind, forced, layerings};

/// How often the structural search begins again, at most: nearly always nothing new is found after one. A choice.
const TIE_ROUNDS: usize = 3;
/// Numbers of crates up to this one are looked for unasked too where no plan has them. A choice: what is split in more is so by its
/// structure.
const FEW: u32 = 6;

/// The candidates of a package; each keeps its place.
pub(in crate::plan::advice) struct Pool<'a> {
    subject: &'a Subject<'a>,
    variants: Vec<Variant>,
    /// All that the first search worked out.
    first: Vec<usize>,
    /// Of these the plans that maintainers would make, who part what only people can part (`benches/README.md`).
    free: Vec<usize>,
    /// Plans that leave less to people, which a number of crates is taken from.
    numbered: Vec<usize>,
    /// Plans made for a number that none of these has.
    forced: BTreeMap<u32, Vec<usize>>,
    /// What is given for each number that can be had; `None` before [`Pool::deepen`].
    given: Option<BTreeMap<u32, usize>>,
    /// What `numbered` does not part, since nothing lets part it.
    fixed: Ties,
    /// What was worked out, and what came of it.
    known: Vec<(Layering, bool, Vec<usize>)>,
}

impl<'a> Pool<'a> {
    /// With the plans that are weighed in any case. Empty if there's nothing to split.
    pub(in crate::plan::advice) fn new(subject: &'a Subject<'a>) -> Self {
        let mut pool = Self {
            subject,
            variants: Vec::new(),
            first: Vec::new(),
            free: Vec::new(),
            numbered: Vec::new(),
            forced: BTreeMap::new(),
            given: None,
            fixed: Ties::new(),
            known: Vec::new(),
        };
        let blocks = subject.blocks();
        if blocks.len() > 1 {
            let found = layerings(&blocks, subject.options.prices);
            let (first, free) = pool.work_out(&blocks, &found);
            (pool.first, pool.free) = (first, pool.one_of_each_number(free));
        }
        pool
    }

    /// A candidate.
    pub(in crate::plan::advice) fn get(&self, at: usize) -> &Variant {
        &self.variants[at]
    }

    /// All that are weighed where no number is asked for.
    pub(in crate::plan::advice) fn weighed(&self) -> Vec<usize> {
        let mut all = self.free.clone();
        all.extend(self.given.iter().flat_map(BTreeMap::values).filter(|at| !self.free.contains(at)));
        all
    }

    /// What is recommended at first sight.
    pub(in crate::plan::advice) fn recommended(&self) -> Option<usize> {
        recommended(&self.of(&self.free), self.subject.options).map(|at| self.free[at])
    }

    /// What a number of crates gives.
    pub(in crate::plan::advice) fn of_number(&mut self, wanted: u32) -> Option<usize> {
        self.deepen();
        self.force(wanted);
        let best = self.nearest(wanted)?;
        let short = |at: usize| self.crates(at).abs_diff(wanted);
        let mut all = self.candidates(wanted).into_iter();
        let parts_less = all.any(|at| short(at) < short(best) && self.parts_by_hand(at));
        self.variants[best].parts_less = parts_less;
        Some(best)
    }

    /// Looks for what each number of crates gives. Whoever asks for a number means to have that many: where a layering would part what
    /// had better stay together, the search begins again and knows of it.
    pub(in crate::plan::advice) fn deepen(&mut self) {
        if self.given.is_some() || self.first.is_empty() {
            return;
        }
        let mut blocks = self.subject.blocks();
        let first = self.first.clone();
        (self.numbered, self.fixed) = self.parting_less(&mut blocks, first, None);
        let has = |at: &[usize], number: u32| at.iter().any(|&at| self.crates(at) == number);
        let missing = |number: &u32| !has(&self.free, *number) && !has(&self.numbered, *number);
        let missing: Vec<u32> = (2..=FEW).filter(missing).collect();
        missing.into_iter().for_each(|number| self.force(number));
        let own = self.numbered.iter().map(|&at| self.crates(at));
        let numbers: BTreeSet<u32> = own.chain(self.forced.keys().copied()).collect();
        let given = |number: u32| {
            let at = self.nearest(number).filter(|&at| self.crates(at) == number)?;
            Some((number, at))
        };
        self.given = Some(numbers.into_iter().filter_map(given).collect());
    }

    /// What an answer shows of them beside the one it is about, least effort first, with the place of that one: what each number
    /// gives, or what was weighed where nobody looked for that.
    pub(in crate::plan::advice) fn into_frontier(self, best: usize) -> (Vec<Variant>, usize) {
        let given = self.given.as_ref().map(|given| given.values().copied().collect());
        let mut shown: Vec<usize> = given.unwrap_or_else(|| self.free.clone());
        let is_best = |at: usize| self.variants[at].placement.level == self.variants[best].placement.level;
        shown.retain(|&at| !is_best(at));
        shown.push(best);
        self.sort(&mut shown);
        let at = shown.iter().position(|&at| at == best).unwrap_or(0);
        let mut by_place: BTreeMap<usize, Variant> = self.variants.into_iter().enumerate().collect();
        (shown.iter().filter_map(|at| by_place.remove(at)).collect(), at)
    }

    /// Looks for plans of a number that none of the others has.
    fn force(&mut self, wanted: u32) {
        let is_there = self.numbered.iter().any(|&at| self.crates(at) == wanted);
        if self.first.is_empty() || is_there || self.forced.contains_key(&wanted) {
            return;
        }
        let mut blocks = self.subject.blocks();
        blocks.tie(&self.fixed);
        let found = forced(&blocks, self.subject.options.prices, wanted);
        let (first, _) = self.work_out(&blocks, &found);
        let (found, _) = self.parting_less(&mut blocks, first, Some(wanted));
        self.forced.insert(wanted, found);
    }

    /// What a number of crates is taken from.
    fn candidates(&self, wanted: u32) -> Vec<usize> {
        let forced = self.forced.get(&wanted).into_iter().flatten();
        self.sorted(self.numbered.iter().chain(forced).copied().collect())
    }

    /// From the plans of a search those that part less, one for each number of crates; with what nothing lets part.
    fn parting_less(
        &mut self,
        blocks: &mut Blocks,
        first: Vec<usize>,
        wanted: Option<u32>,
    ) -> (Vec<usize>, Ties) {
        let mut known = self.fixed.clone();
        let kept = self.search_again(blocks, first, Parts::Fixed, &mut known, wanted);
        let fixed = known.clone();
        let mut numbered = self.one_of_each_number(kept.clone());
        if numbered.iter().any(|&at| self.parts_by_hand(at)) {
            let other = self.search_again(blocks, kept, Parts::ByHand, &mut known, wanted);
            let other = self.one_of_each_number(other);
            let mut parting = numbered.clone();
            parting.extend(other.iter().filter(|at| !numbered.contains(at)));
            let merged = self.merged(&parting);
            self.prefer_less_by_hand(&mut numbered, &other);
            self.add_merged(&mut numbered, merged);
        }
        (self.sorted(numbered), fixed)
    }

    /// What comes of a search that doesn't part what plans `first` found did; those plans where that is nothing.
    fn search_again(
        &mut self,
        blocks: &mut Blocks,
        first: Vec<usize>,
        parts: Parts,
        known: &mut Ties,
        wanted: Option<u32>,
    ) -> Vec<usize> {
        let subject = self.subject;
        let mut found: Option<Vec<(Layering, SearchKind)>> = None;
        for _ in 0..TIE_ROUNDS {
            let mut ties: Ties = match &found {
                Some(found) => subject.ties(blocks, found, parts),
                None => self.ties(blocks, &first, parts),
            };
            ties.retain(|tie| !known.contains(tie));
            if ties.is_empty() {
                break;
            }
            blocks.tie(&ties);
            known.extend(ties);
            found = Some(match wanted {
                Some(wanted) => forced(blocks, subject.options.prices, wanted),
                None => layerings(blocks, subject.options.prices),
            });
        }
        found.map_or(first, |found| self.work_out(blocks, &found).0)
    }

    fn ties(&self, blocks: &Blocks, plans: &[usize], parts: Parts) -> Ties {
        let plain = plans.iter().map(|&at| &self.variants[at]).filter(|of| !of.common);
        plain.flat_map(|of| of.parted(parts)).filter_map(|&parted| tied(blocks, parted)).collect()
    }

    /// Works layerings out: all plans that come of it, and of each layering the one that is weighed unasked, which has what its crates
    /// share in one of its own where that is worth it.
    fn work_out(&mut self, blocks: &Blocks, found: &[(Layering, SearchKind)]) -> (Vec<usize>, Vec<usize>) {
        let subject = self.subject;
        let is_forced = |way: SearchKind| way == SearchKind::Forced;
        let known = |pool: &Self, (layering, way): &(Layering, SearchKind)| {
            let known =
                pool.known.iter().find(|(one, forced, _)| one == layering && *forced == is_forced(*way));
            known.map(|(.., places)| places.clone())
        };
        let new: Vec<_> = found.iter().filter(|one| known(self, one).is_none()).collect();
        let of = |(layering, way): &&(Layering, SearchKind)| subject.worked_out(blocks, layering, *way);
        let worked_out: Vec<Vec<Variant>> = new.par_iter().map(of).collect();
        for ((layering, way), variants) in new.into_iter().zip(worked_out) {
            let places = variants.into_iter().map(|one| self.add(one)).collect();
            self.known.push((layering.clone(), is_forced(*way), places));
        }
        let places: Vec<Vec<usize>> = found.iter().filter_map(|one| known(self, one)).collect();
        let free = places.iter().filter_map(|of_layering| of_layering.last().copied()).collect();
        (places.concat(), free)
    }

    fn add(&mut self, variant: Variant) -> usize {
        self.variants.push(variant);
        self.variants.len() - 1
    }

    /// Crates of plans that stay one while the work for people is left, as one crate each.
    fn merged(&mut self, plans: &[usize]) -> Vec<usize> {
        let mut placements: Vec<_> = self.of(plans).into_iter().filter_map(merged).collect();
        placements.sort_by(|a, b| a.level.iter().cmp(b.level.iter()));
        placements.dedup();
        let found = placements.into_par_iter().filter_map(|placement| self.subject.merged(placement));
        let mut found: Vec<Variant> = found.collect();
        found.sort_by_key(by_size);
        found.into_iter().map(|one| self.add(one)).collect()
    }

    fn prefer_less_by_hand(&self, numbered: &mut Vec<usize>, other: &[usize]) {
        for &one in other {
            let rival = |of: &usize| self.crates(*of) == self.crates(one);
            let worse = |of: usize| leaves_less(&self.variants[one], &self.variants[of]);
            if numbered.iter().copied().filter(rival).all(worse) {
                numbered.retain(|of| !rival(of));
                numbered.push(one);
            }
        }
    }

    /// Adds the first of each number of crates for which nothing is there that leaves no work to people.
    fn add_merged(&self, numbered: &mut Vec<usize>, mut merged: Vec<usize>) {
        let has = |at: usize| {
            numbered.iter().any(|&of| !self.parts_by_hand(of) && self.crates(of) == self.crates(at))
        };
        merged.retain(|&at| !has(at));
        merged.dedup_by_key(|at| self.crates(*at));
        numbered.extend(merged);
    }

    fn nearest(&self, wanted: u32) -> Option<usize> {
        let all = self.candidates(wanted);
        of_number(&self.of(&all), wanted).map(|at| all[at])
    }

    fn crates(&self, at: usize) -> u32 {
        self.variants[at].candidate.crates
    }

    fn parts_by_hand(&self, at: usize) -> bool {
        !self.variants[at].by_hand.is_empty()
    }

    fn of(&self, places: &[usize]) -> Vec<&Variant> {
        places.iter().map(|&at| &self.variants[at]).collect()
    }

    /// Those of several crates, least effort first.
    fn one_of_each_number(&self, mut places: Vec<usize>) -> Vec<usize> {
        places.retain(|&at| self.variants[at].assembled.crates.len() > 1);
        let kept = one_of_each_number(&self.of(&places));
        self.sorted(kept.into_iter().map(|at| places[at]).collect())
    }

    fn sorted(&self, mut places: Vec<usize>) -> Vec<usize> {
        self.sort(&mut places);
        places
    }

    /// Least effort first, without any twice.
    fn sort(&self, places: &mut Vec<usize>) {
        let variant = |at: usize| &self.variants[at];
        places.sort_by(|&a, &b| {
            let (a, b) = (&variant(a).candidate, &variant(b).candidate);
            a.effort().total_cmp(&b.effort()).then_with(|| a.crates.cmp(&b.crates))
        });
        places.dedup_by(|a, b| variant(*a).placement.level == variant(*b).placement.level);
    }
}
