//! An ordered partition of blocks, and what it costs.
//!
//! The place of a cluster in the order *is* its number: 0 at the bottom, the residual crate on top. So a reference
//! from a lower to a higher number runs against the order, and a move can be priced from the sums of a set's
//! couplings per cluster alone.

use std::cmp::Ordering;

use super::blocks::{Blocks, Weight};
use crate::ids::{BlockId, Id, IdVec, LevelId};
use crate::plan::input::Prices;

/// A crate of fewer lines costs about as much to start as to compile.
pub(in crate::plan) const SMALL_LINES: f64 = 1000.0;

/// Blocks in ordered clusters.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plan) struct Layering {
    /// The cluster of each block.
    pub(in crate::plan) cluster: IdVec<BlockId, LevelId>,
    /// Lines of each cluster.
    pub(in crate::plan) lines: IdVec<LevelId, f64>,
    /// Lines of each cluster by top-level module.
    by_top: IdVec<LevelId, Vec<f64>>,
    /// Blocks in each cluster.
    count: IdVec<LevelId, u32>,
    /// References that run against the order, and impls parted from the host that they are written near: one of the
    /// two has to move, which is about as much work.
    pub(in crate::plan) back: f64,
}

/// Where a set of blocks may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Target {
    /// Into this cluster.
    In(LevelId),
    /// Into a cluster of its own, just below this one.
    Below(LevelId),
}

/// A possible move of a set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::plan) struct Step {
    /// Where to.
    pub(in crate::plan) place: Target,
    /// What it adds to the cost; negative if it makes things better.
    pub(in crate::plan) cost: f64,
    /// What it adds to the references against the order.
    back: f64,
}

/// Which places are considered for a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Reach {
    /// Other clusters.
    Merge,
    /// Other clusters; a whole cluster may also change its place in the order.
    Existing,
    /// A new cluster too.
    Anywhere,
}

impl Layering {
    /// From a cluster per block; numbers must be dense.
    pub(in crate::plan) fn new(cluster: IdVec<BlockId, LevelId>, blocks: &Blocks) -> Self {
        let count = cluster.iter().max().map_or(0, |c| c.index() + 1);
        let back = back_references(blocks, &cluster);
        let mut layering = Self {
            lines: IdVec::from_elem(0.0, count),
            by_top: IdVec::from_elem(vec![0.0; blocks.tops], count),
            count: IdVec::from_elem(0, count),
            cluster: IdVec::new(),
            back,
        };
        for (block, &c) in cluster.iter_enumerated() {
            layering.put(block, c, 1.0, blocks);
        }
        Self { cluster, ..layering }
    }

    /// Number of clusters.
    pub(in crate::plan) fn len(&self) -> usize {
        self.lines.len()
    }

    /// The highest cluster: the residual crate.
    pub(in crate::plan) fn top(&self) -> LevelId {
        LevelId::from_index(self.lines.len() - 1)
    }

    /// Lines of a cluster that come from one top-level module.
    pub(in crate::plan) fn lines_of(&self, cluster: LevelId, top: usize) -> f64 {
        self.by_top[cluster][top]
    }

    /// The blocks of a cluster.
    pub(in crate::plan) fn members(&self, cluster: LevelId) -> Vec<BlockId> {
        self.cluster.ids().filter(|&b| self.cluster[b] == cluster).collect()
    }

    /// Adds a block to the sums of a cluster, or takes it out of them (`sign` −1).
    fn put(&mut self, block: BlockId, cluster: LevelId, sign: f64, blocks: &Blocks) {
        let lines = sign * blocks.lines[block];
        self.lines[cluster] += lines;
        self.by_top[cluster][blocks.top[block]] += lines;
        self.count[cluster] = self.count[cluster].wrapping_add_signed(sign as i32);
    }

    /// Moves blocks, all of one cluster, and drops that cluster if they were all of it.
    pub(in crate::plan) fn apply(&mut self, set: &[BlockId], step: Step, blocks: &Blocks) {
        let Some(&first) = set.first() else { return };
        let place = step.place;
        self.back += step.back;
        let source = self.cluster[first];
        let target = match place {
            Target::In(target) => target,
            Target::Below(above) => {
                self.cluster.iter_mut().filter(|c| **c >= above).for_each(|c| c.0 += 1);
                self.lines.insert(above, 0.0);
                self.by_top.insert(above, vec![0.0; blocks.tops]);
                self.count.insert(above, 0);
                above
            }
        };
        let shifted = matches!(place, Target::Below(above) if above <= source);
        let source = if shifted { LevelId(source.0 + 1) } else { source };
        for &block in set {
            self.cluster[block] = target;
            self.put(block, source, -1.0, blocks);
            self.put(block, target, 1.0, blocks);
        }
        if self.count[source] == 0 {
            self.cluster.iter_mut().filter(|c| **c > source).for_each(|c| c.0 -= 1);
            self.lines.remove(source);
            self.by_top.remove(source);
            self.count.remove(source);
        }
    }
}

fn back_references(blocks: &Blocks, cluster: &IdVec<BlockId, LevelId>) -> f64 {
    let level = |block: BlockId| cluster[block];
    let against = |from: BlockId, to: BlockId, weight: Weight| match level(from).cmp(&level(to)) {
        Ordering::Less => weight.references + weight.tied,
        Ordering::Equal => 0.0,
        Ordering::Greater => weight.tied,
    };
    blocks.out.arcs().map(|(from, to, weight)| against(from, to, weight)).sum()
}

/// The objective, with everything scaled to shares.
pub(in crate::plan) struct Objective<'a> {
    pub(in crate::plan) blocks: &'a Blocks,
    pub(in crate::plan) prices: Prices,
    references: f64,
    affinity: f64,
    tree_edges: f64,
    lines: f64,
    children: IdVec<BlockId, Vec<BlockId>>,
}

/// A set of blocks with its couplings to each cluster.
#[derive(Default)]
struct Pull {
    affinity: IdVec<LevelId, f64>,
    out: IdVec<LevelId, f64>,
    into: IdVec<LevelId, f64>,
    /// Impls tied to blocks of each cluster, or the other way round.
    tied: IdVec<LevelId, f64>,
    /// Tree edges to blocks of each cluster.
    tree: IdVec<LevelId, f64>,
}

impl<'a> Objective<'a> {
    pub(in crate::plan) fn new(blocks: &'a Blocks, prices: Prices) -> Self {
        let mut children = IdVec::from_elem(Vec::new(), blocks.len());
        for (child, parent) in blocks.parent.iter_enumerated() {
            if let Some(parent) = *parent {
                children[parent].push(child);
            }
        }
        let mut objective =
            Self { blocks, prices, references: 0.0, affinity: 0.0, tree_edges: 0.0, lines: 0.0, children };
        for (_, _, weight) in blocks.out.arcs() {
            objective.references += weight.references;
            objective.affinity += weight.affinity;
        }
        objective.tree_edges = blocks.parent.iter().flatten().count().max(1) as f64;
        objective.lines = blocks.lines.iter().sum::<f64>().max(1.0);
        objective.references = objective.references.max(1.0);
        objective.affinity = objective.affinity.max(1e-9);
        objective
    }

    /// What the size of a cluster costs: the share of lines rebuilt when one of its lines changes, times the share of
    /// changes that hit it. The residual crate depends on all others, so every change hits it.
    fn lump(&self, layering: &Layering, cluster: LevelId, lines: f64) -> f64 {
        let share = (lines / self.lines).max(0.0);
        if cluster == layering.top() {
            self.prices.residual * share + (1.0 - self.prices.residual) * share * share
        } else {
            share * share + self.small(lines)
        }
    }

    /// What a crate costs for being small, in the price of [`Prices::lump`].
    fn small(&self, lines: f64) -> f64 {
        if lines <= 0.0 || self.prices.lump <= 0.0 {
            return 0.0;
        }
        self.prices.small * (1.0 - lines / SMALL_LINES).max(0.0) / self.prices.lump
    }

    /// The price of references against the order. The first ones are cheap to cut, the more the dearer: what is
    /// tangled through and through had better stay together.
    fn back_cost(&self, references: f64) -> f64 {
        let share = references / self.references;
        self.prices.back * share * (1.0 + share / self.prices.easy_back_share)
    }

    /// The cost of a layering.
    pub(in crate::plan) fn cost(&self, layering: &Layering) -> f64 {
        let level = |block: BlockId| layering.cluster[block];
        let cut: f64 =
            self.blocks.out.arcs().filter(|&(f, t, _)| level(f) != level(t)).map(|a| a.2.affinity).sum();
        let torn = self
            .blocks
            .parent
            .iter_enumerated()
            .filter(|&(block, parent)| parent.is_some_and(|parent| level(parent) != level(block)))
            .count();
        let lump: f64 =
            layering.lines.iter_enumerated().map(|(c, &lines)| self.lump(layering, c, lines)).sum();
        let kin: f64 = layering.by_top.iter().flatten().map(|lines| (lines / self.lines).powi(2)).sum();
        let lump = lump - self.prices.kin * kin;
        self.back_cost(layering.back)
            + self.prices.cut * cut / self.affinity
            + self.prices.tree * torn as f64 / self.tree_edges
            + self.prices.lump * lump
            + self.prices.krate * layering.len() as f64
    }

    /// The best place for a set of blocks of one cluster, and how much it changes the cost (negative: better).
    /// Nothing goes above the residual crate, and its root stays. The set must be sorted.
    pub(in crate::plan) fn best_place(
        &self,
        layering: &Layering,
        set: &[BlockId],
        reach: Reach,
    ) -> Option<Step> {
        let source = layering.cluster[*set.first()?];
        let pull = self.pull(layering, set);
        let moved: f64 = set.iter().map(|&b| self.blocks.lines[b]).sum();
        let rest = layering.lines[source] - moved;
        let emptied = layering.count[source] as usize == set.len();
        let kin = self.kin(layering, set);
        let links = Sums::new(&pull);
        let (here, back_here) = self.links(&pull, &links, source, true);
        let lump_here = self.lump(layering, source, layering.lines[source]);
        let back_cost = self.back_cost(layering.back);
        let mut best: Option<Step> = None;
        let mut consider = |place: Target, (there, back_there): (f64, f64), lump: f64, crates: f64| {
            let back = back_there - back_here;
            let cost = there - here + self.back_cost((layering.back + back).max(0.0)) - back_cost
                + self.prices.lump * (lump - lump_here)
                + self.prices.krate * crates;
            if best.is_none_or(|least| cost < least.cost - 1e-12) {
                best = Some(Step { place, cost, back });
            }
        };
        // A crate holds together: what has nothing to do with it goes elsewhere, or stays in the residual crate. Only
        // structure opens a place: co-change would do so at the least price there is.
        let coupled = |t: LevelId| t == layering.top() || pull.couples(t);
        for target in layering.lines.ids().filter(|&t| t != source && coupled(t)) {
            let there = layering.lines[target];
            let lump = self.lump(layering, target, there + moved) + self.lump(layering, source, rest)
                - self.lump(layering, target, there)
                - kin(Some(target));
            let crates = if emptied { -1.0 } else { 0.0 };
            consider(Target::In(target), self.links(&pull, &links, target, true), lump, crates);
        }
        let reorder = reach == Reach::Anywhere || (reach == Reach::Existing && emptied);
        for above in layering.lines.ids().filter(|_| reorder) {
            if emptied && (above == source || above.0 == source.0 + 1) {
                continue;
            }
            // A new cluster is never the residual one.
            let lump = (moved / self.lines).powi(2) + self.small(moved) + self.lump(layering, source, rest)
                - kin(None);
            let crates = if emptied { 0.0 } else { 1.0 };
            consider(Target::Below(above), self.links(&pull, &links, above, false), lump, crates);
        }
        best
    }

    /// What a set saves by being in a cluster with others of its top-level modules, or in a new one, in the price of
    /// [`Prices::lump`] and against where it is: code under one roof changes together, so that splitting it gains less.
    fn kin(&self, layering: &Layering, set: &[BlockId]) -> impl Fn(Option<LevelId>) -> f64 {
        let mut own: Vec<(usize, f64)> =
            set.iter().map(|&b| (self.blocks.top[b], self.blocks.lines[b])).collect();
        own.sort_by_key(|&(top, _)| top);
        let source = layering.cluster[set[0]];
        // The last one is that of a new cluster.
        let mut gains = vec![0.0; layering.len() + 1];
        for run in own.chunk_by(|a, b| a.0 == b.0) {
            let (top, lines) = (run[0].0, run.iter().map(|&(_, lines)| lines).sum::<f64>());
            for (target, gain) in gains.iter_mut().enumerate() {
                let there = layering.by_top.get(LevelId::from_index(target)).map_or(0.0, |row| row[top]);
                *gain += 2.0 * lines * (there + lines - layering.by_top[source][top]);
            }
        }
        let price = self.prices.kin / (self.lines * self.lines);
        move |target| price * gains[target.map_or(gains.len() - 1, LevelId::index)]
    }

    /// What the links of a set cost in cluster `at`, or in a new cluster just below it; and how many of them run
    /// against the order there, which is priced by the sum.
    fn links(&self, pull: &Pull, sums: &Sums, at: LevelId, inside: bool) -> (f64, f64) {
        let (affinity, tree, tied) =
            if inside { (pull.affinity[at], pull.tree[at], pull.tied[at]) } else { (0.0, 0.0, 0.0) };
        let above = if inside { at.index() + 1 } else { at.index() };
        let back = sums.out_from[above] + sums.into_below[at.index()] + sums.tied - tied;
        let cost = self.prices.cut * (sums.affinity - affinity) / self.affinity
            + self.prices.tree * (sums.tree - tree) / self.tree_edges;
        (cost, back)
    }

    /// The couplings of a set, which is sorted.
    fn pull(&self, layering: &Layering, set: &[BlockId]) -> Pull {
        let zero = || IdVec::from_elem(0.0, layering.len());
        let mut pull = Pull { affinity: zero(), out: zero(), into: zero(), tied: zero(), tree: zero() };
        let inside = |block: BlockId| set.binary_search(&block).is_ok();
        let level = |block: BlockId| layering.cluster[block];
        for &block in set {
            for &(to, weight) in self.blocks.out.row(block).iter().filter(|a| !inside(a.0)) {
                pull.affinity[level(to)] += weight.affinity;
                pull.out[level(to)] += weight.references;
                pull.tied[level(to)] += weight.tied;
            }
            for &(from, weight) in self.blocks.into.row(block).iter().filter(|a| !inside(a.0)) {
                pull.affinity[level(from)] += weight.affinity;
                pull.into[level(from)] += weight.references;
                pull.tied[level(from)] += weight.tied;
            }
            let around = self.blocks.parent[block].iter().chain(&self.children[block]);
            for &other in around.filter(|&&other| !inside(other)) {
                pull.tree[level(other)] += 1.0;
            }
        }
        pull
    }
}

impl Pull {
    /// Whether code binds the set to a cluster.
    fn couples(&self, cluster: LevelId) -> bool {
        [&self.out, &self.into, &self.tied, &self.tree].iter().any(|sums| sums[cluster] > 0.0)
    }
}

/// Running sums of a [`Pull`].
struct Sums {
    affinity: f64,
    tied: f64,
    tree: f64,
    /// `out` to clusters at or above the index.
    out_from: Vec<f64>,
    /// `into` from clusters below the index.
    into_below: Vec<f64>,
}

impl Sums {
    fn new(pull: &Pull) -> Self {
        let n = pull.out.len();
        let (mut out_from, mut into_below) = (vec![0.0; n + 1], vec![0.0; n + 1]);
        for i in (0..n).rev() {
            out_from[i] = out_from[i + 1] + pull.out.as_slice()[i];
        }
        for i in 0..n {
            into_below[i + 1] = into_below[i] + pull.into.as_slice()[i];
        }
        Self {
            affinity: pull.affinity.iter().sum(),
            tied: pull.tied.iter().sum(),
            tree: pull.tree.iter().sum(),
            out_from,
            into_below,
        }
    }
}
