//! The ordered refinement: nodes move between clusters that stand in an order.
//!
//! After dagP (Herrmann, Özkaya, Uçar, Kaya & Çatalyürek, *Multilevel algorithms for acyclic partitioning of
//! directed acyclic graphs*, SIAM J. Sci. Comput. 2019): with the ban on back edges, a node may only move to a
//! cluster between its latest predecessor's and its earliest successor's. Without, weight that runs against the
//! order has a price.

use super::network::Network;
use super::objective::{Objective, Sums};
use super::prefix::Prefix;
use super::prior::{Drawn, Prior};
use crate::base::random::Random;

/// A partition whose cluster numbers are places in an order, with the sums that moves need.
pub(super) struct Refinement<'a> {
    network: &'a Network,
    objective: Objective,
    pub(super) cluster_of: Vec<u32>,
    sums: Vec<Sums>,
    out: Prefix,
    into: Prefix,
    drawn: Option<Drawn<'a>>,
    near: Vec<Near>,
}

/// A cluster near a node: the weight to and from it.
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
        prior: Option<&'a Prior>,
        cluster_of: Vec<u32>,
        clusters: usize,
    ) -> Self {
        let sums = Sums::clusters(network, &cluster_of, clusters);
        let prior = prior.filter(|_| objective.prior > 0.0);
        Self {
            network,
            objective,
            out: Prefix::new(sums.iter().map(|c| c.out)),
            into: Prefix::new(sums.iter().map(|c| c.into)),
            sums,
            drawn: prior.map(|prior| Drawn::new(prior, &cluster_of)),
            cluster_of,
            near: Vec::new(),
        }
    }

    /// Sweeps over the nodes in random order until a sweep moves nothing, at most `sweeps` times; after the first
    /// sweep only over nodes that moved or whose neighbours did. With a temperature above zero, each move is a
    /// draw in proportion to exp(gain / temperature), and every sweep visits all nodes.
    pub(super) fn run(&mut self, random: &mut Random, sweeps: usize, temperature: f64) {
        let mut nodes: Vec<u32> = (0..self.network.nodes() as u32).collect();
        for _ in 0..sweeps {
            random.shuffle(&mut nodes);
            if let Some(drawn) = &mut self.drawn {
                drawn.find_homes(&self.cluster_of);
            }
            let mut touched = vec![false; self.network.nodes()];
            for &node in &nodes {
                if self.visit(node, random, temperature) {
                    touched[node as usize] = true;
                    self.network.neighbours(node).iter().for_each(|n| touched[n.node as usize] = true);
                }
            }
            if temperature == 0.0 {
                nodes.clear();
                nodes.extend((0..).zip(&touched).filter(|(_, touched)| **touched).map(|(node, _)| node));
                if nodes.is_empty() {
                    break;
                }
            }
        }
    }

    fn visit(&mut self, node: u32, random: &mut Random, temperature: f64) -> bool {
        let mut near = std::mem::take(&mut self.near);
        self.find_near(node, &mut near);
        let target = self.best(node, &near, random, temperature);
        let moved = target.cluster != self.cluster_of[node as usize];
        if moved {
            let weight_here: f64 = near
                .iter()
                .filter(|n| n.cluster == self.cluster_of[node as usize])
                .map(|n| n.to + n.from)
                .sum();
            self.relocate(node, weight_here, target);
        }
        self.near = near;
        moved
    }

    /// The clusters of a node's neighbours with the weights, in order; its own is always among them, and the
    /// one that holds most of its prior group.
    fn find_near(&self, node: u32, near: &mut Vec<Near>) {
        near.clear();
        near.push(Near { cluster: self.cluster_of[node as usize], to: 0.0, from: 0.0 });
        if let Some(drawn) = &self.drawn {
            near.push(Near { cluster: drawn.home(node), to: 0.0, from: 0.0 });
        }
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

    fn best(&self, node: u32, near: &[Near], random: &mut Random, temperature: f64) -> Near {
        let here = self.cluster_of[node as usize];
        let mut best = Near { cluster: here, to: 0.0, from: 0.0 };
        let mut best_value = f64::NEG_INFINITY;
        // Weight that would run back: to clusters before the place, and from clusters after it.
        let mut to_before = 0.0;
        let mut from_after: f64 = near.iter().map(|n| n.from).sum();
        let negligible = 1e-9 * (1.0 + from_after);
        for n in near {
            from_after -= n.from;
            let back = to_before + from_after;
            to_before += n.to;
            if self.objective.ban && back > negligible && n.cluster != here {
                continue;
            }
            let mut value = self.value(node, n, back);
            // Staying wins ties, so that rounding moves nothing back and forth.
            value += if n.cluster == here { 1e-9 * (1.0 + value.abs()) } else { 0.0 };
            value += if temperature > 0.0 { temperature * gumbel(random) } else { 0.0 };
            if value > best_value {
                (best, best_value) = (*n, value);
            }
        }
        best
    }

    /// The part of the objective that depends on the node, were it in this cluster.
    fn value(&self, node: u32, near: &Near, back: f64) -> f64 {
        let (o, c) = (&self.objective, near.cluster);
        let here = self.cluster_of[node as usize];
        let own = Sums::node(self.network, node);
        let weight = near.to + near.from;
        let (without, with) = if here == c {
            (self.sums[c as usize].minus(own, weight), self.sums[c as usize])
        } else {
            (self.sums[c as usize], self.sums[c as usize].plus(own, weight))
        };
        let total = self.network.total;
        let mut value = o.worth(with, total) - o.worth(without, total) - o.back * back;
        if o.back_null > 0.0 && total > 0.0 {
            let into_before = self.into.before(c) - if here < c { own.into } else { 0.0 };
            let out_after = self.out.from(c + 1) - if here > c { own.out } else { 0.0 };
            value += o.back_null * (own.out * into_before + own.into * out_after) / total;
        }
        value + self.drawn.as_ref().map_or(0.0, |drawn| o.prior * drawn.attraction(node, here, c))
    }

    fn relocate(&mut self, node: u32, weight_here: f64, target: Near) {
        let (from, to) = (self.cluster_of[node as usize], target.cluster);
        let own = Sums::node(self.network, node);
        self.cluster_of[node as usize] = to;
        self.sums[from as usize] = self.sums[from as usize].minus(own, weight_here);
        self.sums[to as usize] = self.sums[to as usize].plus(own, target.to + target.from);
        self.out.add(from, -own.out);
        self.out.add(to, own.out);
        self.into.add(from, -own.into);
        self.into.add(to, own.into);
        if let Some(drawn) = &mut self.drawn {
            drawn.relocate(node, from, to);
        }
    }
}

/// A Gumbel variate: the largest of values with such noise is a draw in proportion to exp(value).
fn gumbel(random: &mut Random) -> f64 {
    -(-random.unit().max(f64::MIN_POSITIVE).ln()).max(f64::MIN_POSITIVE).ln()
}
