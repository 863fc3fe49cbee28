//! The ordered refinement: nodes move between clusters that stand in an order.
//!
//! After dagP (Herrmann, Özkaya, Uçar, Kaya & Çatalyürek, *Multilevel algorithms for acyclic partitioning of
//! directed acyclic graphs*, SIAM J. Sci. Comput. 2019): with the ban on back edges, a node may only move to a
//! cluster between its latest predecessor's and its earliest successor's. Without, weight that runs against the
//! order has a price.

use rustc_hash::FxHashMap;

use super::network::Network;
use super::objective::Objective;
use super::random::Random;

/// A partition whose cluster numbers are places in an order, with the sums that moves need.
pub(super) struct Refinement<'a> {
    network: &'a Network,
    objective: Objective,
    prior: Option<&'a [u32]>,
    pub(super) cluster_of: Vec<u32>,
    out: Prefix,
    into: Prefix,
    size: Vec<f64>,
    /// Size of each prior group within each cluster; looked up only, never walked.
    drawn: FxHashMap<(u32, u32), f64>,
    prior_size: Vec<f64>,
    scratch: Vec<Near>,
}

/// A cluster near a node: the weight from and to it.
#[derive(Debug, Clone, Copy)]
struct Near {
    cluster: u32,
    to: f64,
    from: f64,
}

impl<'a> Refinement<'a> {
    pub(super) fn new(
        network: &'a Network,
        objective: Objective,
        prior: Option<&'a [u32]>,
        cluster_of: Vec<u32>,
        clusters: usize,
    ) -> Self {
        let (mut out, mut into) = (Prefix::new(clusters), Prefix::new(clusters));
        let mut size = vec![0.0; clusters];
        let mut drawn = FxHashMap::default();
        let groups = prior.and_then(|p| p.iter().max()).map_or(0, |&max| max as usize + 1);
        let mut prior_size = vec![0.0; groups];
        for (node, &cluster) in cluster_of.iter().enumerate() {
            out.add(cluster, network.out[node]);
            into.add(cluster, network.into[node]);
            size[cluster as usize] += network.size[node];
            if let Some(prior) = prior {
                *drawn.entry((cluster, prior[node])).or_insert(0.0) += network.size[node];
                prior_size[prior[node] as usize] += network.size[node];
            }
        }
        Self {
            network,
            objective,
            prior,
            cluster_of,
            out,
            into,
            size,
            drawn,
            prior_size,
            scratch: Vec::new(),
        }
    }

    /// Sweeps over all nodes in random order until a sweep improves nothing, at most `sweeps` times. With a
    /// temperature above zero, moves that cost up to about that much are made too.
    pub(super) fn run(&mut self, random: &mut Random, sweeps: usize, temperature: f64) -> bool {
        let mut nodes: Vec<u32> = (0..self.network.nodes() as u32).collect();
        let mut any = false;
        for _ in 0..sweeps {
            random.shuffle(&mut nodes);
            let mut moved = false;
            for &node in &nodes {
                moved |= self.visit(node, random, temperature);
            }
            any |= moved;
            if !moved {
                break;
            }
        }
        any
    }

    fn visit(&mut self, node: u32, random: &mut Random, temperature: f64) -> bool {
        let mut near = std::mem::take(&mut self.scratch);
        self.near(node, &mut near);
        let target = self.best(node, &near, random, temperature);
        self.scratch = near;
        let current = self.cluster_of[node as usize];
        if target != current {
            self.relocate(node, current, target);
        }
        target != current
    }

    /// The clusters of a node's neighbours with the weights, in order; its own is always among them.
    fn near(&self, node: u32, near: &mut Vec<Near>) {
        near.clear();
        near.push(Near { cluster: self.cluster_of[node as usize], to: 0.0, from: 0.0 });
        for neighbour in self.network.neighbours(node) {
            let cluster = self.cluster_of[neighbour.node as usize];
            near.push(Near { cluster, to: neighbour.to, from: neighbour.from });
        }
        near.sort_by_key(|n| n.cluster);
        near.dedup_by(|next, kept| {
            let same = next.cluster == kept.cluster;
            if same {
                kept.to += next.to;
                kept.from += next.from;
            }
            same
        });
    }

    fn best(&self, node: u32, near: &[Near], random: &mut Random, temperature: f64) -> u32 {
        let current = self.cluster_of[node as usize];
        let (mut best, mut best_value) = (current, f64::NEG_INFINITY);
        let all_from: f64 = near.iter().map(|n| n.from).sum();
        let (mut to_before, mut from_up_to) = (0.0, 0.0);
        for n in near {
            from_up_to += n.from;
            let back = to_before + (all_from - from_up_to);
            to_before += n.to;
            let banned = self.objective.ban && back > 1e-9 * (1.0 + all_from);
            if banned && n.cluster != current {
                continue;
            }
            let value = self.value(node, n, back);
            let noisy = if temperature > 0.0 { value - temperature * random.unit().ln() } else { value };
            // Staying wins ties, so that rounding moves nothing back and forth.
            let noisy = if n.cluster == current { noisy + 1e-9 * (1.0 + value.abs()) } else { noisy };
            if noisy > best_value {
                (best, best_value) = (n.cluster, noisy);
            }
        }
        best
    }

    /// The part of the objective that depends on the node, were it in this cluster.
    fn value(&self, node: u32, near: &Near, back: f64) -> f64 {
        let (i, c) = (node as usize, near.cluster);
        let network = self.network;
        let (own_out, own_into) = (network.out[i], network.into[i]);
        let here = self.cluster_of[i];
        let without = |sum: f64, own: f64, counted: bool| if counted { sum - own } else { sum };
        let out_c = without(self.out.at(c), own_out, here == c);
        let into_c = without(self.into.at(c), own_into, here == c);
        let scale = if network.total > 0.0 { 1.0 / network.total } else { 0.0 };
        let o = &self.objective;
        let expected_inside = (own_out * into_c + own_into * out_c) * scale;
        let mut value = near.to + near.from - o.inside_null * expected_inside - o.back * back;
        if o.back_null > 0.0 {
            let into_before = without(self.into.before(c), own_into, here < c);
            let out_after = without(self.out.after(c), own_out, here > c);
            value += o.back_null * (own_out * into_before + own_into * out_after) * scale;
        }
        if o.size_cost > 0.0 {
            let size = without(self.size[c as usize], network.size[i], here == c);
            value -= o.size_cost * (plogp(size) - plogp(size + network.size[i]));
        }
        value + self.attraction(node, c)
    }

    fn attraction(&self, node: u32, cluster: u32) -> f64 {
        let Some(prior) = self.prior.filter(|_| self.objective.prior > 0.0) else { return 0.0 };
        let i = node as usize;
        let group = prior[i];
        let others = self.prior_size[group as usize] - self.network.size[i];
        if others <= 0.0 {
            return 0.0;
        }
        let own = if self.cluster_of[i] == cluster { self.network.size[i] } else { 0.0 };
        let there = self.drawn.get(&(cluster, group)).copied().unwrap_or(0.0) - own;
        self.objective.prior * (self.network.out[i] + self.network.into[i]) * there / others
    }

    fn relocate(&mut self, node: u32, from: u32, to: u32) {
        let i = node as usize;
        self.cluster_of[i] = to;
        self.out.add(from, -self.network.out[i]);
        self.out.add(to, self.network.out[i]);
        self.into.add(from, -self.network.into[i]);
        self.into.add(to, self.network.into[i]);
        self.size[from as usize] -= self.network.size[i];
        self.size[to as usize] += self.network.size[i];
        if let Some(prior) = self.prior {
            *self.drawn.entry((from, prior[i])).or_insert(0.0) -= self.network.size[i];
            *self.drawn.entry((to, prior[i])).or_insert(0.0) += self.network.size[i];
        }
    }
}

fn plogp(x: f64) -> f64 {
    if x > 0.0 { x * x.ln() } else { 0.0 }
}

/// Sums over ranges of clusters that change one at a time (a Fenwick tree).
#[derive(Debug, Clone)]
struct Prefix {
    values: Vec<f64>,
    tree: Vec<f64>,
    total: f64,
}

impl Prefix {
    fn new(len: usize) -> Self {
        Self { values: vec![0.0; len], tree: vec![0.0; len + 1], total: 0.0 }
    }

    fn add(&mut self, index: u32, change: f64) {
        self.values[index as usize] += change;
        self.total += change;
        let mut i = index as usize + 1;
        while i < self.tree.len() {
            self.tree[i] += change;
            i += i & i.wrapping_neg();
        }
    }

    fn at(&self, index: u32) -> f64 {
        self.values[index as usize]
    }

    /// The sum of all values before `index`.
    fn before(&self, index: u32) -> f64 {
        let (mut i, mut sum) = (index as usize, 0.0);
        while i > 0 {
            sum += self.tree[i];
            i &= i - 1;
        }
        sum
    }

    /// The sum of all values after `index`.
    fn after(&self, index: u32) -> f64 {
        self.total - self.before(index) - self.at(index)
    }
}
