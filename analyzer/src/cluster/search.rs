//! The search for an ordered partition: where it starts, how it climbs, anneals and gets rid of cycles.

use super::detect::{Detect, LeidenDetect};
use super::flows::Flows;
use super::model::ClusterOptions;
use super::network::Network;
use super::objective::Objective;
use super::order::{close_gaps, renumber};
use super::prior::Prior;
use super::refine::Refinement;
use crate::base::random::Random;

/// Most sweeps over the nodes in one go. Sweeps end by themselves once nothing moves, usually within ten.
const SWEEPS: usize = 20;
/// Steps of the annealing, from a temperature of one nat down to zero, and sweeps in each.
const STEPS: usize = 20;
const SWEEPS_PER_STEP: usize = 3;
/// Nodes and arcs above which a search climbs once, from the best start, and doesn't anneal: half a million arcs then take
/// seconds rather than minutes (`examples/cluster.rs` on a random graph of 50 000 nodes).
const LARGE: usize = 100_000;

/// What stays the same throughout a search.
pub(super) struct Search<'a> {
    pub(super) network: &'a Network,
    pub(super) prior: Option<&'a Prior>,
    pub(super) options: &'a ClusterOptions,
}

/// A partition whose cluster numbers are places in the order.
#[derive(Debug, Clone)]
pub(super) struct Ordered {
    pub(super) cluster_of: Vec<u32>,
    pub(super) clusters: usize,
    pub(super) score: f64,
}

impl Search<'_> {
    /// Partitions to start from: Leiden's at the given resolution and at the ones that its results lead to, and
    /// the prior; of a large graph only the best of these.
    pub(super) fn starts(&self) -> Vec<Ordered> {
        let mut starts: Vec<Ordered> =
            self.prior.map(|prior| self.ordered(prior.group_of.clone())).into_iter().collect();
        let mut resolution = self.options.resolution;
        for round in 0..if self.large() { 2 } else { 3 } {
            let seed = self.options.seed.wrapping_add(round);
            let start = self.ordered(LeidenDetect.communities(self.network, resolution, seed));
            resolution = self.flows(&start).resolution(self.options);
            starts.push(start);
        }
        if self.large() {
            return starts.into_iter().reduce(better).into_iter().collect();
        }
        starts
    }

    /// Whether there is time for one start only, and none for annealing.
    fn large(&self) -> bool {
        self.network.nodes() + self.network.arcs.len() > LARGE
    }

    pub(super) fn flows(&self, partition: &Ordered) -> Flows {
        Flows::new(self.network, self.prior, &partition.cluster_of, partition.clusters)
    }

    pub(super) fn objective(&self, partition: &Ordered, ban: bool) -> Objective {
        Objective { ban, ..self.flows(partition).objective(self.options) }
    }

    /// Closes gaps in the numbers.
    pub(super) fn scored(&self, mut cluster_of: Vec<u32>) -> Ordered {
        let clusters = close_gaps(&mut cluster_of);
        let score = Flows::new(self.network, self.prior, &cluster_of, clusters).score(self.options);
        Ordered { cluster_of, clusters, score }
    }

    /// Gives the clusters a new order.
    pub(super) fn ordered(&self, mut cluster_of: Vec<u32>) -> Ordered {
        renumber(self.network, &mut cluster_of);
        self.scored(cluster_of)
    }

    /// The better of the order that the numbers give and a new one.
    fn reordered(&self, cluster_of: Vec<u32>) -> Ordered {
        better(self.scored(cluster_of.clone()), self.ordered(cluster_of))
    }

    /// Moves nodes, then whole clusters, and reorders, until the score stops rising.
    pub(super) fn climb(&self, start: Ordered, ban: bool, random: &mut Random) -> Ordered {
        let mut best = start;
        loop {
            let objective = self.objective(&best, ban);
            let moved = self.refine(best.clone(), objective, random);
            let merged = self.merge(&moved, objective, random);
            let found = better(moved, merged);
            if found.score <= best.score + 1e-9 * best.score.abs() {
                return best;
            }
            best = found;
        }
    }

    /// Draws partitions in proportion to their likelihood while evidence counts ever more, and climbs from there.
    pub(super) fn anneal(&self, start: Ordered, random: &mut Random) -> Ordered {
        if self.large() {
            return start;
        }
        let mut current = start.clone();
        for step in 0..STEPS {
            let temperature = self.flows(&current).nat() * (1.0 - step as f64 / STEPS as f64);
            let objective = self.objective(&current, false);
            let mut refinement =
                Refinement::new(self.network, objective, self.prior, current.cluster_of, current.clusters);
            refinement.run(random, SWEEPS_PER_STEP, temperature);
            current = self.reordered(refinement.cluster_of);
        }
        better(start, self.climb(current, false, random))
    }

    pub(super) fn refine(&self, start: Ordered, objective: Objective, random: &mut Random) -> Ordered {
        let mut refinement =
            Refinement::new(self.network, objective, self.prior, start.cluster_of, start.clusters);
        refinement.run(random, SWEEPS, 0.0);
        self.reordered(refinement.cluster_of)
    }

    /// Moves whole clusters into others.
    fn merge(&self, start: &Ordered, objective: Objective, random: &mut Random) -> Ordered {
        let quotient = self.network.quotient(&start.cluster_of, start.clusters);
        let each: Vec<u32> = (0..start.clusters as u32).collect();
        let mut refinement = Refinement::new(&quotient, objective, None, each, start.clusters);
        refinement.run(random, SWEEPS, 0.0);
        self.reordered(start.cluster_of.iter().map(|&c| refinement.cluster_of[c as usize]).collect())
    }

    /// Raises the price of back edges step by step, pushes nodes to where nothing runs back, and climbs under the
    /// ban; also climbs under the ban from single nodes, and keeps the better.
    pub(super) fn make_acyclic(&self, start: Ordered, random: &mut Random) -> Ordered {
        let mut objective = self.objective(&start, false);
        let ban = Objective { ban: true, ..objective };
        let mut partition = start;
        for _ in 0..4 {
            objective.back *= 2.0;
            partition = self.refine(partition, objective, random);
        }
        let later = self.scored(pushed_later(self.network, partition.cluster_of.clone()));
        let earlier = self.scored(pushed_earlier(self.network, partition.cluster_of));
        let pushed = self.climb(better(later, earlier), true, random);
        let single = self.scored((0..self.network.nodes() as u32).collect());
        let single = self.refine(single, ban, random);
        better(pushed, self.climb(single, true, random))
    }
}

/// The one with the higher score; the first if both are equal.
fn better(a: Ordered, b: Ordered) -> Ordered {
    if b.score > a.score { b } else { a }
}

/// Moves nodes to later clusters until no arc runs back. Nodes of an acyclic network are numbered in topological
/// order.
fn pushed_later(network: &Network, mut cluster_of: Vec<u32>) -> Vec<u32> {
    for &(from, to, _) in &network.arcs {
        cluster_of[to as usize] = cluster_of[to as usize].max(cluster_of[from as usize]);
    }
    cluster_of
}

/// Moves nodes to earlier clusters until no arc runs back.
fn pushed_earlier(network: &Network, mut cluster_of: Vec<u32>) -> Vec<u32> {
    for &(from, to, _) in network.arcs.iter().rev() {
        cluster_of[from as usize] = cluster_of[from as usize].min(cluster_of[to as usize]);
    }
    cluster_of
}
