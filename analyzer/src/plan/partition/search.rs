//! The structural search: from one crate per top-level module, by moves of whole subtrees, single modules and
//! whole crates, to few references against the order at a fair price. Then coarser and finer variants of that.

use super::blocks::Blocks;
use super::layering::{Layering, Objective, Reach};
use crate::graph::feedback_order;
use crate::ids::{BlockId, Id, IdVec, LevelId};
use crate::plan::input::Prices;

/// A sweep that gains less than this (of a cost of about 1) ends the search.
const LEAST_GAIN: f64 = 1e-6;
/// How much dearer lumps are where a number of crates is asked for. A choice: enough that none of the crates of
/// `fixtures/` so asked for is empty.
const EVEN: f64 = 4.0;
/// Sweeps at most; the search is nearly always done after five.
const MAX_SWEEPS: usize = 24;

/// How a layering came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum SearchKind {
    /// The best by structure alone.
    Natural,
    /// A coarser or finer one.
    Varied,
    /// Made to have the number of crates that was asked for, where none of the others has.
    Forced,
}

/// Layerings worth a look, fewest clusters first, at most one per number.
pub(in crate::plan) fn layerings(blocks: &Blocks, prices: Prices) -> Vec<(Layering, SearchKind)> {
    let objective = Objective::new(blocks, prices);
    let trees = subtrees(blocks);
    let natural = natural(blocks, &objective, &trees);
    let coarser = || {
        let mut found: Vec<Layering> = Vec::new();
        coarsen(natural.clone(), &objective, &trees, 2, &mut found);
        found
    };
    let finer = |factor: f64| {
        let objective = Objective::new(blocks, Prices { lump: prices.lump * factor, ..prices });
        let mut layering = natural.clone();
        improve(&mut layering, &objective, &trees, Reach::Anywhere);
        layering
    };
    let (mut found, finer) = rayon::join(coarser, || [2.0, 4.0].map(finer));
    found.extend(finer);
    // Of two with one number of clusters, keep the cheaper one; the natural one comes first anyway.
    found.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| objective.cost(a).total_cmp(&objective.cost(b))));
    found.dedup_by_key(|layering| layering.len());
    let cost = |at: &usize| objective.cost(&found[*at]);
    let best = (0..found.len()).min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(0);
    let way = |at| if at == best { SearchKind::Natural } else { SearchKind::Varied };
    found.into_iter().zip((0..).map(way)).collect()
}

/// Layerings made to have a number of crates. One more too: the crate that keeps the name may turn out to be empty.
pub(in crate::plan) fn forced(blocks: &Blocks, prices: Prices, wanted: u32) -> Vec<(Layering, SearchKind)> {
    let trees = subtrees(blocks);
    let natural = natural(blocks, &Objective::new(blocks, prices), &trees);
    // Whoever asks for a number wants crates that are worth the name, so that lumps are dear here.
    let even = Objective::new(blocks, Prices { lump: prices.lump * EVEN, ..prices });
    let counts = [wanted as usize, wanted as usize + 1].into_iter();
    counts.filter_map(|n| Some((exactly(n, &natural, &even, &trees)?, SearchKind::Forced))).collect()
}

/// The best by structure alone.
fn natural(blocks: &Blocks, objective: &Objective<'_>, trees: &[Vec<BlockId>]) -> Layering {
    let mut natural = top_level(blocks);
    improve(&mut natural, objective, trees, Reach::Anywhere);
    // One lump is no candidate: show the best of those with something split off.
    if natural.len() < 2 { top_level(blocks) } else { natural }
}

/// One cluster per top-level module, ordered to have little weight running backwards; the root on top.
fn top_level(blocks: &Blocks) -> Layering {
    let mut top: IdVec<BlockId, BlockId> = blocks.ids().collect();
    for block in blocks.ids() {
        if let Some(parent) = blocks.parent[block] {
            top[block] = top[parent];
        }
    }
    let mut roots = top.clone().into_vec();
    roots.sort_unstable();
    roots.dedup();
    arranged(blocks, roots.len(), &|block| roots.binary_search(&top[block]).unwrap_or(0))
}

/// Clusters as they are given, ordered to have little weight running backwards. Cluster 0 is the root's and goes on top; the
/// numbers must be dense.
pub(in crate::plan) fn arranged(
    blocks: &Blocks,
    clusters: usize,
    cluster: &dyn Fn(BlockId) -> usize,
) -> Layering {
    let arcs: Vec<(u32, u32, f64)> = blocks
        .out
        .arcs()
        .map(|(from, to, weight)| (cluster(from) as u32, cluster(to) as u32, weight.references))
        .filter(|&(from, to, references)| from != to && from != 0 && to != 0 && references > 0.0)
        .collect();
    // Dependents come first in that order.
    let order = feedback_order(clusters, &arcs).order;
    let mut level = vec![LevelId(0); clusters];
    for (place, &node) in order.iter().rev().filter(|&&node| node != 0).enumerate() {
        level[node as usize] = LevelId::from_index(place);
    }
    level[0] = LevelId::from_index(clusters - 1);
    Layering::new(blocks.ids().map(|b| level[cluster(b)]).collect(), blocks)
}

/// For each block with others below it: itself and all below.
fn subtrees(blocks: &Blocks) -> Vec<Vec<BlockId>> {
    let mut below: IdVec<BlockId, Vec<BlockId>> = blocks.ids().map(|b| vec![b]).collect();
    // Children come after their parents.
    for block in blocks.ids().rev() {
        if let Some(parent) = blocks.parent[block] {
            let members = below[block].clone();
            below[parent].extend(members);
        }
    }
    let mut below = below.into_vec();
    below.retain(|members| members.len() > 1);
    below.iter_mut().for_each(|members| members.sort_unstable());
    below
}

/// Moves whatever makes the layering better until nothing does.
fn improve(layering: &mut Layering, objective: &Objective<'_>, trees: &[Vec<BlockId>], reach: Reach) {
    for _ in 0..MAX_SWEEPS {
        let mut gained = 0.0;
        let mut cluster = LevelId(0);
        while cluster < layering.top() {
            gained += attempt(layering, objective, &layering.members(cluster), Reach::Existing);
            cluster.0 += 1;
        }
        for tree in trees {
            for part in parts(layering, tree) {
                gained += attempt(layering, objective, &part, reach);
            }
        }
        for block in objective.blocks.ids().filter(|&block| block != Blocks::ROOT) {
            gained += attempt(layering, objective, &[block], reach);
        }
        if gained < LEAST_GAIN {
            break;
        }
    }
}

/// The members of a subtree, cluster by cluster.
fn parts(layering: &Layering, tree: &[BlockId]) -> Vec<Vec<BlockId>> {
    let mut members: Vec<(LevelId, BlockId)> = tree.iter().map(|&b| (layering.cluster[b], b)).collect();
    members.sort_unstable();
    members.chunk_by(|a, b| a.0 == b.0).map(|part| part.iter().map(|&(_, b)| b).collect()).collect()
}

fn attempt(layering: &mut Layering, objective: &Objective<'_>, set: &[BlockId], reach: Reach) -> f64 {
    if set.contains(&Blocks::ROOT) {
        return 0.0;
    }
    match objective.best_place(layering, set, reach) {
        Some(step) if step.cost < -LEAST_GAIN => {
            layering.apply(set, step, objective.blocks);
            -step.cost
        }
        _ => 0.0,
    }
}

/// Merges the two clusters that suffer least from it, again and again, refining after each merge.
fn coarsen(
    mut layering: Layering,
    objective: &Objective<'_>,
    trees: &[Vec<BlockId>],
    least: usize,
    found: &mut Vec<Layering>,
) {
    loop {
        if layering.len() < 2 {
            break;
        }
        found.push(layering.clone());
        if layering.len() <= least {
            break;
        }
        merge_once(&mut layering, objective);
        improve(&mut layering, objective, trees, Reach::Existing);
    }
}

fn merge_once(layering: &mut Layering, objective: &Objective<'_>) {
    let best = layering
        .lines
        .ids()
        .filter(|&cluster| cluster < layering.top())
        .filter_map(|cluster| {
            let members = layering.members(cluster);
            Some((objective.best_place(layering, &members, Reach::Merge)?, members))
        })
        .min_by(|a, b| a.0.cost.total_cmp(&b.0.cost));
    if let Some((step, members)) = best {
        layering.apply(&members, step, objective.blocks);
    }
}

/// A layering of exactly `wanted` clusters, where the crate has that many parts.
fn exactly(
    wanted: usize,
    natural: &Layering,
    objective: &Objective<'_>,
    trees: &[Vec<BlockId>],
) -> Option<Layering> {
    let mut layering = natural.clone();
    let mut lump = objective.prices.lump;
    // Finer by a dearer lump, then coarser by merges: the price that gives a number can't be known beforehand.
    while layering.len() < wanted && lump < objective.prices.lump * 1e4 {
        lump *= 2.0;
        let finer = Objective::new(objective.blocks, Prices { lump, ..objective.prices });
        improve(&mut layering, &finer, trees, Reach::Anywhere);
    }
    while layering.len() > wanted.max(1) {
        merge_once(&mut layering, objective);
    }
    (layering.len() == wanted).then_some(layering)
}
