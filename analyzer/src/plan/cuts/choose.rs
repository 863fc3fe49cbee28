//! Which work removes all references against the order with least effort: one move often removes many, and what is
//! removed by one needs nothing more.
//!
//! Weighted set cover, greedily: the work that costs least for each reference it removes comes first, everything is judged
//! again after it (Chvátal, *A Greedy Heuristic for the Set-Covering Problem*, 1979). Then moves that later ones have made
//! superfluous are taken back.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::RangeInclusive;

use super::against::{Against, against};
use super::fixes::{Fixes, change_price, move_price};
use super::methods::members_leaving;
use crate::ids::{DefinitionId, GroupId, LevelId};
use crate::plan::edit::EditKind;
use crate::plan::input::PlanInput;
use crate::plan::partition::groups::Groups;
use crate::plan::partition::place::Placement;
use crate::resolve::RefKind;

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Remedy {
    /// A helper of tests leaves for a crate of its own.
    Aside { group: GroupId },
    /// A group goes down to a level, with all that it needs.
    Down { group: GroupId, level: LevelId },
    /// A group goes up to a level, with all that needs it.
    Up { group: GroupId, level: LevelId },
    /// Code changes where the reference stands.
    Change { pair: u32 },
}

/// What was decided.
pub(in crate::plan) enum Step {
    /// Groups move: each with its new level, the one that it is about first.
    Move {
        /// Whether upwards.
        up: bool,
        /// Groups with their new levels.
        moves: Vec<(GroupId, LevelId)>,
        /// Their lines.
        lines: u32,
    },
    /// Code changes.
    Change(EditKind),
}

/// All pairs of items against the order, and the work on them.
pub(in crate::plan) struct Choice<'a> {
    pub(in crate::plan) pairs: Vec<Against<'a>>,
    /// Each with the positions of the pairs that it removes: at least one.
    pub(in crate::plan) steps: Vec<(Step, Vec<u32>)>,
}

impl<'a> Choice<'a> {
    /// Changes by hand: a move is one, other code changes once for each reference.
    pub(in crate::plan) fn effort(&self) -> u32 {
        let of = |(step, covered): &(Step, Vec<u32>)| match step {
            Step::Move { .. } | Step::Change(EditKind::DevCrate { .. }) => 1,
            Step::Change(_) => covered.len() as u32,
        };
        self.steps.iter().map(of).sum()
    }

    /// Pairs that nothing removes: both had better be in one crate.
    pub(in crate::plan) fn kept_together(&self) -> Vec<&Against<'a>> {
        self.removed_by(|kind, _| matches!(kind, EditKind::KeepTogether { .. }))
    }

    /// Pairs that only people can remove, as far as that shows without the code.
    pub(in crate::plan) fn by_hand(&self, input: &PlanInput<'_>) -> Vec<&Against<'a>> {
        self.removed_by(|kind, pair| {
            let kinds: Vec<RefKind> = pair.references.iter().map(|r| r.kind).collect();
            !kind.is_mechanical(input.resolution.items[pair.from].kind, &kinds)
        })
    }

    /// Pairs that no move removes: code has to change.
    pub(in crate::plan) fn changed(&self) -> Vec<&Against<'a>> {
        self.removed_by(|kind, _| !matches!(kind, EditKind::MoveTrait))
    }

    fn removed_by(&self, wanted: impl Fn(&EditKind, &Against<'a>) -> bool) -> Vec<&Against<'a>> {
        let mut found = Vec::new();
        for (step, covered) in &self.steps {
            let Step::Change(kind) = step else { continue };
            let pairs = covered.iter().map(|&pair| &self.pairs[pair as usize]);
            found.extend(pairs.filter(|pair| wanted(kind, pair)));
        }
        found
    }
}

/// Chooses the work that a placement takes.
pub(in crate::plan) fn choose<'a>(
    input: &'a PlanInput<'a>,
    groups: &'a Groups,
    placement: &Placement,
) -> Choice<'a> {
    let pairs = against(input, groups, placement);
    let mut search = Search::new(Fixes::new(input, groups, placement), pairs);
    search.run();
    search.take_back(placement);
    search.finish(placement)
}

/// A remedy on the heap: cheapest for each pair first, then fewest lines, then in a fixed order.
struct Entry {
    ratio: f64,
    lines: u32,
    remedy: Remedy,
}

impl Entry {
    fn key(&self, other: &Self) -> Ordering {
        self.ratio
            .total_cmp(&other.ratio)
            .then(self.lines.cmp(&other.lines))
            .then(self.remedy.cmp(&other.remedy))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key(other) == Ordering::Equal
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key(other)
    }
}

/// A remedy, worked out.
struct Offer {
    step: Step,
    covered: Vec<u32>,
    price: f64,
    lines: u32,
}

struct Search<'a> {
    fixes: Fixes<'a>,
    pairs: Vec<Against<'a>>,
    /// The groups of each pair.
    ends: Vec<(GroupId, GroupId)>,
    /// Whether a pair is still to be removed.
    open: Vec<bool>,
    /// The pairs that a group is part of.
    of_group: BTreeMap<GroupId, Vec<u32>>,
    heap: BinaryHeap<Reverse<Entry>>,
    steps: Vec<(Step, Vec<u32>)>,
}

impl<'a> Search<'a> {
    fn new(fixes: Fixes<'a>, pairs: Vec<Against<'a>>) -> Self {
        let group = |item| fixes.groups.of(item).unwrap_or(GroupId(0));
        let ends: Vec<(GroupId, GroupId)> =
            pairs.iter().map(|pair| (group(pair.from), group(pair.to))).collect();
        let mut of_group: BTreeMap<GroupId, Vec<u32>> = BTreeMap::new();
        for (at, &(from, to)) in (0..).zip(&ends) {
            of_group.entry(from).or_default().push(at);
            of_group.entry(to).or_default().push(at);
        }
        let open = vec![true; pairs.len()];
        Self { fixes, pairs, ends, open, of_group, heap: BinaryHeap::new(), steps: Vec::new() }
    }

    fn run(&mut self) {
        let all: Vec<u32> = (0..self.pairs.len() as u32).collect();
        self.push_remedies(&all);
        for remedy in all.into_iter().map(|pair| Remedy::Change { pair }) {
            let Some(offer) = self.offer(remedy) else { continue };
            self.heap.push(Reverse(Entry { ratio: offer.ratio(), lines: 0, remedy }));
        }
        while let Some(Reverse(entry)) = self.heap.pop() {
            let Some(offer) = self.offer(entry.remedy) else { continue };
            let now = Entry { ratio: offer.ratio(), lines: offer.lines, remedy: entry.remedy };
            // What was decided since may have made it dearer than others.
            if self.heap.peek().is_some_and(|Reverse(next)| *next < now) {
                self.heap.push(Reverse(now));
            } else {
                self.take(offer);
            }
        }
    }

    /// Puts what may be done about these pairs on the heap, each remedy once.
    fn push_remedies(&mut self, pairs: &[u32]) {
        let mut remedies: Vec<Remedy> = Vec::new();
        for &pair in pairs.iter().filter(|&&pair| self.open[pair as usize]) {
            let (from, to) = self.ends[pair as usize];
            remedies.push(Remedy::Aside { group: from });
            remedies.push(Remedy::Down { group: to, level: self.fixes.level(from) });
            remedies.push(Remedy::Up { group: from, level: self.fixes.level(to) });
        }
        remedies.sort_unstable();
        remedies.dedup();
        for remedy in remedies {
            let Some(offer) = self.offer(remedy) else { continue };
            self.heap.push(Reverse(Entry { ratio: offer.ratio(), lines: offer.lines, remedy }));
        }
    }

    /// What a remedy removes by now and takes; nothing if it removes nothing or doesn't go.
    fn offer(&self, remedy: Remedy) -> Option<Offer> {
        let (up, closure) = match remedy {
            Remedy::Aside { group } => {
                let of = |&&pair: &&u32| self.open[pair as usize] && self.ends[pair as usize].0 == group;
                let covered: Vec<u32> = self.of_group[&group].iter().filter(of).copied().collect();
                let first = self.pairs[*covered.first()? as usize].from;
                let kind = self.fixes.dev_crate(group, first)?;
                return Some(Offer {
                    price: change_price(&kind),
                    step: Step::Change(kind),
                    covered,
                    lines: 0,
                });
            }
            Remedy::Change { pair } => {
                if !self.open[pair as usize] {
                    return None;
                }
                let mut kind = self.fixes.change(&self.pairs[pair as usize]);
                let price = change_price(&kind);
                let covered = match &mut kind {
                    EditKind::SplitImpl { lines, along } => self.left_by_methods(pair, lines, along),
                    _ => vec![pair],
                };
                return Some(Offer { step: Step::Change(kind), covered, price, lines: 0 });
            }
            Remedy::Down { group, level } => (false, self.fixes.down(group, level)?),
            Remedy::Up { group, level } => (true, self.fixes.up(group, level)?),
        };
        let to: BTreeMap<GroupId, LevelId> = closure.moves.iter().copied().collect();
        let level = |group: GroupId| to.get(&group).copied().unwrap_or_else(|| self.fixes.level(group));
        let touched = closure.moves.iter().filter_map(|(group, _)| self.of_group.get(group)).flatten();
        let mut covered: Vec<u32> = touched
            .copied()
            .filter(|&pair| {
                let (from, to) = self.ends[pair as usize];
                self.open[pair as usize] && level(from) >= level(to)
            })
            .collect();
        covered.sort_unstable();
        covered.dedup();
        let lines = closure.lines;
        let step = Step::Move { up, moves: closure.moves, lines };
        (!covered.is_empty()).then(|| Offer { step, covered, price: move_price(lines), lines })
    }

    /// What else the methods of a block refer to that leave it for the sake of a pair: nothing more is to be done about that.
    fn left_by_methods(&self, pair: u32, lines: &mut Vec<u32>, along: &mut Vec<DefinitionId>) -> Vec<u32> {
        let block = self.pairs[pair as usize].from;
        let (group, to) = self.ends[pair as usize];
        let leaving = members_leaving(self.fixes.input, block, lines, along);
        let goes = |&other: &u32| {
            let (of, above) = (&self.pairs[other as usize], self.ends[other as usize].1);
            let inside =
                || of.lines().iter().all(|line| leaving.iter().any(|(_, range)| range.contains(line)));
            self.open[other as usize]
                && of.from == block
                && self.fixes.level(above) <= self.fixes.level(to)
                && inside()
        };
        let covered: Vec<u32> = self.of_group[&group].iter().copied().filter(goes).collect();
        lines.extend(covered.iter().flat_map(|&other| self.pairs[other as usize].lines()));
        lines.sort_unstable();
        lines.dedup();
        let asked = |range: &RangeInclusive<u32>| lines.iter().any(|line| range.contains(line));
        along.retain(|id| !leaving.iter().any(|(member, range)| member == id && asked(range)));
        covered
    }

    fn take(&mut self, offer: Offer) {
        for &pair in &offer.covered {
            self.open[pair as usize] = false;
        }
        let mut near = Vec::new();
        if let Step::Move { moves, .. } = &offer.step {
            for &(group, level) in moves {
                self.fixes.placement.level[group] = level;
                near.extend(self.of_group.get(&group).into_iter().flatten().copied());
            }
        }
        self.steps.push((offer.step, offer.covered));
        // Where things lie now other levels may do.
        self.push_remedies(&near);
    }

    /// Takes back moves that the others have made superfluous, first decided first.
    fn take_back(&mut self, placement: &Placement) {
        let mut at = 0;
        while at < self.steps.len() {
            if matches!(self.steps[at].0, Step::Move { .. }) && self.is_superfluous(at, placement) {
                self.steps.remove(at);
            } else {
                at += 1;
            }
        }
        self.fixes.placement = self.placed(placement, None);
    }

    /// Where everything lies after all moves but one.
    fn placed(&self, placement: &Placement, without: Option<usize>) -> Placement {
        let mut placed = placement.clone();
        for (at, (step, _)) in self.steps.iter().enumerate() {
            if let Step::Move { moves, .. } = step
                && Some(at) != without
            {
                for &(group, level) in moves {
                    placed.level[group] = level;
                }
            }
        }
        placed
    }

    /// Whether without a move nothing would run against the order that doesn't with it, and every impl would lie with one of
    /// its hosts.
    fn is_superfluous(&self, at: usize, placement: &Placement) -> bool {
        let Step::Move { moves, .. } = &self.steps[at].0 else { return false };
        let (with, without) = (self.placed(placement, None), self.placed(placement, Some(at)));
        let groups = self.fixes.groups;
        let against = |placed: &Placement, from: GroupId, to: GroupId| placed.level[from] < placed.level[to];
        moves.iter().all(|&(group, _)| {
            let out = groups.out.row(group).iter().map(|&(to, _)| (group, to));
            let into = groups.into.row(group).iter().map(|&(from, _)| (from, group));
            let hosted = |imp: GroupId| {
                let hosts = &groups.hosts[imp];
                let here = without.level[imp];
                hosts.is_empty() || hosts.iter().any(|&host| without.level[host] == here)
            };
            out.chain(into).all(|(from, to)| !against(&without, from, to) || against(&with, from, to))
                && hosted(group)
                && groups.followers[group].iter().all(|&imp| hosted(imp))
        })
    }

    /// Says for each pair which step removes it: the first move after which it is none, else the change.
    fn finish(mut self, placement: &Placement) -> Choice<'a> {
        let against =
            |placed: &Placement, (from, to): (GroupId, GroupId)| placed.level[from] < placed.level[to];
        let last = self.fixes.placement.clone();
        let moved: Vec<bool> = self.ends.iter().map(|&ends| !against(&last, ends)).collect();
        let mut given = vec![false; self.pairs.len()];
        let mut placed = placement.clone();
        for (step, covered) in &mut self.steps {
            match step {
                Step::Move { moves, .. } => {
                    for &(group, level) in &*moves {
                        placed.level[group] = level;
                    }
                    let done =
                        |&pair: &usize| moved[pair] && !given[pair] && !against(&placed, self.ends[pair]);
                    *covered = (0..moved.len()).filter(done).map(|pair| pair as u32).collect();
                    covered.iter().for_each(|&pair| given[pair as usize] = true);
                }
                Step::Change(kind) => {
                    covered.retain(|&pair| !moved[pair as usize]);
                    // Methods that nothing is left for stay.
                    if let EditKind::SplitImpl { lines, .. } = kind {
                        let of = |&pair: &u32| self.pairs[pair as usize].lines();
                        let left: Vec<u32> = covered.iter().flat_map(of).collect();
                        lines.retain(|line| left.contains(line));
                    }
                }
            }
        }
        self.steps.retain(|(_, covered)| !covered.is_empty());
        self.steps.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.1.cmp(&b.1)));
        Choice { pairs: self.pairs, steps: self.steps }
    }
}

impl Offer {
    fn ratio(&self) -> f64 {
        self.price / self.covered.len() as f64
    }
}
