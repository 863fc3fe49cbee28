//! The prior: groups that nodes are drawn to stay together in.

use rustc_hash::FxHashMap;

use super::network::{Network, summed};
use super::order::compact;

/// Groups of nodes. Two nodes of a group attract each other by the product of their masses over the group's mass,
/// so that a node whose whole group is in a cluster is drawn there with its own mass.
#[derive(Debug, Clone)]
pub(super) struct Prior {
    pub(super) group_of: Vec<u32>,
    /// A node's edge weight, and one observation for each node of the input that it stands for: a node without
    /// edges is drawn too.
    mass: Vec<f64>,
    group_mass: Vec<f64>,
}

impl Prior {
    /// `prior` has a value for each node of the input, `node_of` the network's node of each.
    pub(super) fn new(prior: &[u32], node_of: &[u32], network: &Network) -> Self {
        // Nodes that were made one take the group of the first.
        let mut group_of = vec![None; network.nodes()];
        for (&node, &group) in node_of.iter().zip(prior) {
            group_of[node as usize].get_or_insert(group);
        }
        let mut group_of: Vec<u32> = group_of.into_iter().map(Option::unwrap_or_default).collect();
        let mut distinct = group_of.clone();
        distinct.sort_unstable();
        distinct.dedup();
        for group in &mut group_of {
            *group = distinct.partition_point(|other| other < group) as u32;
        }
        let groups = compact(&mut group_of);
        let mass: Vec<f64> = (0..network.nodes())
            .map(|i| network.out[i] + network.into[i] + network.unit * network.size[i])
            .collect();
        let mut group_mass = vec![0.0; groups];
        for (&group, mass) in group_of.iter().zip(&mass) {
            group_mass[group as usize] += mass;
        }
        Self { group_of, mass, group_mass }
    }

    /// Attraction within clusters, summed over pairs.
    pub(super) fn satisfied(&self, cluster_of: &[u32]) -> f64 {
        let masses = cluster_of.iter().zip(&self.group_of).zip(&self.mass);
        let masses = summed(masses.map(|((&cluster, &group), &mass)| (cluster, group, mass)).collect());
        masses.iter().map(|&(_, group, mass)| mass * mass / (2.0 * self.group_mass[group as usize])).sum()
    }
}

/// How much of each group is where, kept up to date while nodes move.
#[derive(Debug, Clone)]
pub(super) struct Drawn<'a> {
    prior: &'a Prior,
    /// Mass by (cluster, group); looked up only, never walked.
    there: FxHashMap<(u32, u32), f64>,
    /// The cluster that holds most of each group.
    home: Vec<u32>,
}

impl<'a> Drawn<'a> {
    pub(super) fn new(prior: &'a Prior, cluster_of: &[u32]) -> Self {
        let mut there = FxHashMap::default();
        for (node, &cluster) in cluster_of.iter().enumerate() {
            *there.entry((cluster, prior.group_of[node])).or_insert(0.0) += prior.mass[node];
        }
        let mut drawn = Self { prior, there, home: vec![0; prior.group_mass.len()] };
        drawn.find_homes(cluster_of);
        drawn
    }

    /// Finds where most of each group is by now.
    pub(super) fn find_homes(&mut self, cluster_of: &[u32]) {
        let mut most = vec![f64::NEG_INFINITY; self.home.len()];
        for (&cluster, &group) in cluster_of.iter().zip(&self.prior.group_of) {
            let mass = self.mass(cluster, group);
            if mass > most[group as usize] {
                most[group as usize] = mass;
                self.home[group as usize] = cluster;
            }
        }
    }

    pub(super) fn home(&self, node: u32) -> u32 {
        self.home[self.prior.group_of[node as usize] as usize]
    }

    /// How strongly a node that is in cluster `here` is drawn to `cluster`.
    pub(super) fn attraction(&self, node: u32, here: u32, cluster: u32) -> f64 {
        let (mass, group) = (self.prior.mass[node as usize], self.prior.group_of[node as usize]);
        let others = self.mass(cluster, group) - if here == cluster { mass } else { 0.0 };
        mass * others / self.prior.group_mass[group as usize]
    }

    pub(super) fn relocate(&mut self, node: u32, from: u32, to: u32) {
        let (mass, group) = (self.prior.mass[node as usize], self.prior.group_of[node as usize]);
        *self.there.entry((from, group)).or_insert(0.0) -= mass;
        *self.there.entry((to, group)).or_insert(0.0) += mass;
    }

    fn mass(&self, cluster: u32, group: u32) -> f64 {
        self.there.get(&(cluster, group)).copied().unwrap_or(0.0)
    }
}
