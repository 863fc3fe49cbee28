//! An order of a graph's nodes with little arc weight running backwards (weighted feedback arc set).
//!
//! The greedy of Eades, Lin & Smyth (*A fast and effective heuristic for the feedback arc set problem*, 1993),
//! with weights, inside each SCC; then single nodes are moved to their best place until nothing improves. Small SCCs
//! get the best order there is.
//! petgraph's own heuristic ignores weights.

use std::collections::BTreeSet;

use super::condense::condense;

/// An order of nodes, and the arcs that run against it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedbackOrder {
    /// All nodes; SCCs stay together, in topological order.
    pub order: Vec<u32>,
    /// Indices (into the arcs given) of the arcs that run against the order, ascending.
    pub back_arcs: Vec<usize>,
    /// Their weight.
    pub back_weight: f64,
}

/// Orders the nodes `0..nodes` so that the weight of arcs from a later to an earlier node is small; zero if the
/// graph has no cycle. Self loops never count. Weights must not be negative.
///
/// Time: O(arcs · log arcs) per pass of improvement, and few passes.
pub fn feedback_order(nodes: usize, arcs: &[(u32, u32, f64)]) -> FeedbackOrder {
    let condensation = condense(nodes, arcs.iter().map(|&(from, to, _)| (from, to)));
    let mut inner: Vec<Vec<(u32, u32, f64)>> = vec![Vec::new(); condensation.sccs.len()];
    let mut local = vec![0u32; nodes];
    for scc in &condensation.sccs {
        for (&node, i) in scc.iter().zip(0..) {
            local[node as usize] = i;
        }
    }
    for &(from, to, weight) in arcs {
        let scc = condensation.scc_of[from as usize];
        if from != to && scc == condensation.scc_of[to as usize] {
            inner[scc as usize].push((local[from as usize], local[to as usize], weight));
        }
    }
    let mut order = Vec::with_capacity(nodes);
    for (scc, arcs) in condensation.sccs.iter().zip(&inner) {
        order.extend(order_scc(scc.len(), arcs).into_iter().map(|i| scc[i as usize]));
    }
    against(order, arcs)
}

fn against(order: Vec<u32>, arcs: &[(u32, u32, f64)]) -> FeedbackOrder {
    let mut place = vec![0u32; order.len()];
    for (&node, i) in order.iter().zip(0..) {
        place[node as usize] = i;
    }
    let back = |&(from, to, _): &(u32, u32, f64)| place[from as usize] > place[to as usize];
    let back_arcs: Vec<usize> = (0..arcs.len()).filter(|&i| back(&arcs[i])).collect();
    let back_weight = back_arcs.iter().map(|&i| arcs[i].2).sum();
    FeedbackOrder { order, back_arcs, back_weight }
}

fn order_scc(nodes: usize, arcs: &[(u32, u32, f64)]) -> Vec<u32> {
    if nodes <= 2 && arcs.is_empty() {
        return (0..nodes as u32).collect();
    }
    let adjacency = Adjacency::new(nodes, arcs);
    let mut order = adjacency.greedy();
    adjacency.improve(&mut order);
    if nodes <= EXACT {
        let least = least(nodes, arcs);
        let (old, new) = (against(order.clone(), arcs).back_weight, against(least.clone(), arcs).back_weight);
        if new < old - 1e-9 * (1.0 + old) {
            return least;
        }
    }
    order
}

/// Nodes of a cycle up to which the best order is looked for among all: as many sets as two to the power of them.
const EXACT: usize = 8;

/// An order with the least weight against it, by dynamic programming over the sets of nodes that come first (Lawler, *A
/// comment on minimum feedback arc sets*, 1964).
fn least(nodes: usize, arcs: &[(u32, u32, f64)]) -> Vec<u32> {
    let mut weight = vec![0.0; nodes * nodes];
    for &(from, to, w) in arcs {
        weight[from as usize * nodes + to as usize] += w;
    }
    let mut best = vec![(f64::INFINITY, 0u32); 1 << nodes];
    best[0].0 = 0.0;
    for set in 0..1usize << nodes {
        for next in (0..nodes).filter(|n| set & (1 << n) == 0) {
            let to_set = (0..nodes).filter(|n| set & (1 << n) != 0).map(|n| weight[next * nodes + n]);
            let total = best[set].0 + to_set.sum::<f64>();
            let with = &mut best[set | (1 << next)];
            if total < with.0 {
                *with = (total, next as u32);
            }
        }
    }
    let mut order = Vec::with_capacity(nodes);
    let mut set = (1usize << nodes) - 1;
    while set != 0 {
        let last = best[set].1;
        order.push(last);
        set &= !(1 << last);
    }
    order.reverse();
    order
}

/// Neighbours of every node with the weight towards and from them, sorted by neighbour.
struct Adjacency {
    starts: Vec<usize>,
    /// (neighbour, weight of arcs to it, weight of arcs from it)
    neighbours: Vec<(u32, f64, f64)>,
}

impl Adjacency {
    fn new(nodes: usize, arcs: &[(u32, u32, f64)]) -> Self {
        let mut rows: Vec<(u32, u32, f64, f64)> = Vec::with_capacity(2 * arcs.len());
        for &(from, to, weight) in arcs {
            rows.push((from, to, weight, 0.0));
            rows.push((to, from, 0.0, weight));
        }
        // Sums must not depend on the order of the input, so weights take part in the sort.
        rows.sort_unstable_by(|a, b| {
            (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.3.total_cmp(&b.3))
        });
        let mut starts = vec![0; nodes + 1];
        let mut neighbours: Vec<(u32, f64, f64)> = Vec::with_capacity(rows.len());
        for run in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            starts[run[0].0 as usize + 1] += 1;
            neighbours.push((run[0].1, run.iter().map(|r| r.2).sum(), run.iter().map(|r| r.3).sum()));
        }
        for i in 0..nodes {
            starts[i + 1] += starts[i];
        }
        Self { starts, neighbours }
    }

    fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    fn of(&self, node: u32) -> &[(u32, f64, f64)] {
        &self.neighbours[self.starts[node as usize]..self.starts[node as usize + 1]]
    }

    /// Takes sinks to the end and sources to the front; failing both, the node whose outgoing weight exceeds
    /// its incoming weight most goes to the front.
    fn greedy(&self) -> Vec<u32> {
        let nodes = self.nodes();
        let mut out: Vec<f64> = Vec::with_capacity(nodes);
        let mut into: Vec<f64> = Vec::with_capacity(nodes);
        let mut degrees: Vec<(usize, usize)> = Vec::with_capacity(nodes);
        for node in 0..nodes as u32 {
            let row = self.of(node);
            out.push(row.iter().map(|n| n.1).sum());
            into.push(row.iter().map(|n| n.2).sum());
            degrees
                .push((row.iter().filter(|n| n.1 > 0.0).count(), row.iter().filter(|n| n.2 > 0.0).count()));
        }
        let key = |node: u32, out: &[f64], into: &[f64], degrees: &[(usize, usize)]| {
            let (to, from) = degrees[node as usize];
            let class = if to == 0 {
                0
            } else if from == 0 {
                1
            } else {
                2
            };
            (class, Descending(out[node as usize] - into[node as usize]), node)
        };
        let mut queue: BTreeSet<(u8, Descending, u32)> =
            (0..nodes as u32).map(|node| key(node, &out, &into, &degrees)).collect();
        let (mut front, mut back) = (Vec::with_capacity(nodes), Vec::new());
        let mut done = vec![false; nodes];
        while let Some((class, _, node)) = queue.pop_first() {
            done[node as usize] = true;
            if class == 0 {
                back.push(node)
            } else {
                front.push(node)
            }
            for &(other, to, from) in self.of(node) {
                let i = other as usize;
                if done[i] {
                    continue;
                }
                queue.remove(&key(other, &out, &into, &degrees));
                into[i] -= to;
                out[i] -= from;
                degrees[i].1 -= usize::from(to > 0.0);
                degrees[i].0 -= usize::from(from > 0.0);
                queue.insert(key(other, &out, &into, &degrees));
            }
        }
        front.extend(back.into_iter().rev());
        front
    }

    /// Moves single nodes to the place where least weight runs against the order, until no move helps.
    ///
    /// A node's cost depends only on where it stands among its neighbours, so it is put halfway between two of
    /// them, and places are numbered anew after each pass.
    fn improve(&self, order: &mut [u32]) {
        let mut place = vec![0.0; self.nodes()];
        // Every pass lowers the weight; the bound only guards against rounding.
        for _ in 0..64 {
            for (i, &node) in order.iter().enumerate() {
                place[node as usize] = i as f64;
            }
            let mut moved = false;
            let mut around = Vec::new();
            for node in 0..self.nodes() as u32 {
                moved |= self.sift(node, &mut place, &mut around);
            }
            if !moved {
                return;
            }
            order.sort_by(|&a, &b| place[a as usize].total_cmp(&place[b as usize]).then(a.cmp(&b)));
        }
    }

    fn sift(&self, node: u32, place: &mut [f64], around: &mut Vec<(f64, f64)>) -> bool {
        around.clear();
        around.extend(self.of(node).iter().map(|&(other, to, from)| (place[other as usize], to - from)));
        around.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        // Cost relative to standing before all neighbours; each one passed turns `to` into back weight and
        // `from` into forward weight.
        let (mut cost, mut best, mut slot, mut now) = (0.0, 0.0, 0, 0.0);
        for (i, &(at, change)) in around.iter().enumerate() {
            cost += change;
            if at < place[node as usize] {
                now = cost;
            }
            if cost < best {
                (best, slot) = (cost, i + 1);
            }
        }
        let gain = now - best;
        if gain <= 1e-9 * (1.0 + best.abs()) {
            return false;
        }
        let target = match (slot.checked_sub(1).map(|i| around[i].0), around.get(slot).map(|n| n.0)) {
            (None, Some(after)) => after - 1.0,
            (Some(before), None) => before + 1.0,
            (Some(before), Some(after)) => (before + after) / 2.0,
            (None, None) => return false,
        };
        if around.iter().any(|n| n.0 == target) {
            return false;
        }
        place[node as usize] = target;
        true
    }
}

/// Orders larger numbers first.
#[derive(Clone, Copy, PartialEq)]
struct Descending(f64);

impl Eq for Descending {}

impl Ord for Descending {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.0.total_cmp(&self.0)
    }
}

impl PartialOrd for Descending {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
