//! Exactly a given number of clusters: the cheapest merges, or the best splits.

use super::detect::{Detect, LeidenDetect};
use super::network::Network;
use super::objective::{Objective, Sums};
use super::search::{Ordered, Search};
use crate::base::random::Random;
use crate::graph::{condense, feedback_order};

/// Merges or splits clusters until there are `count`, as far as there are nodes; then lets nodes move as long as no
/// cluster vanishes.
pub(super) fn with_count(search: &Search<'_>, found: Ordered, count: usize, random: &mut Random) -> Ordered {
    let count = count.clamp(usize::from(search.network.nodes() > 0), search.network.nodes());
    let ban = search.options.acyclic;
    let objective = search.objective(&found, ban);
    let mut partition = found;
    if partition.clusters < count && !ban {
        partition = finer(search, partition, count);
    }
    if partition.clusters < count {
        partition = split(search, &objective, &partition, count);
    }
    while partition.clusters > count {
        partition = merge_some(search, &objective, &partition, count);
    }
    let refined = search.refine(partition.clone(), objective, random);
    if refined.clusters == count { refined } else { partition }
}

/// Communities at rising resolution, until there are enough; the partition as it is if there never are.
fn finer(search: &Search<'_>, partition: Ordered, count: usize) -> Ordered {
    let mut resolution = search.options.resolution;
    // 2^16 is above the resolution at which any graph with up to millions of edges falls apart.
    for _ in 0..16 {
        resolution *= 2.0;
        let communities = LeidenDetect.communities(search.network, resolution, search.options.seed);
        let found = search.ordered(communities);
        if found.clusters >= count {
            return found;
        }
    }
    partition
}

/// Merges pairs that lose least: one, or several while far from the goal.
fn merge_some(search: &Search<'_>, objective: &Objective, partition: &Ordered, count: usize) -> Ordered {
    let quotient = search.network.quotient(&partition.cluster_of, partition.clusters);
    let pairs = ranked_pairs(objective, &quotient);
    let surplus = partition.clusters - count;
    // Acyclic clusters are merged one pair at a time: two merges that are harmless alone may close a cycle.
    let most = if objective.ban { 1 } else { surplus.div_ceil(4) };
    let mut into: Vec<u32> = (0..partition.clusters as u32).collect();
    let mut taken = vec![false; partition.clusters];
    let mut merged = 0;
    for (a, b) in pairs {
        if merged == most {
            break;
        }
        if taken[a as usize] || taken[b as usize] || (objective.ban && closes_cycle(&quotient, a, b)) {
            continue;
        }
        (taken[a as usize], taken[b as usize]) = (true, true);
        into[b as usize] = a;
        merged += 1;
    }
    search.ordered(partition.cluster_of.iter().map(|&c| into[c as usize]).collect())
}

/// Pairs of clusters, those first whose union is worth most compared to the two. Neighbours in the order are
/// always among them, so that there is a pair even without arcs, and one that closes no cycle.
fn ranked_pairs(objective: &Objective, quotient: &Network) -> Vec<(u32, u32)> {
    let nodes = quotient.nodes() as u32;
    let mut pairs: Vec<(f64, u32, u32)> = Vec::new();
    for a in 0..nodes {
        let near = quotient.neighbours(a).iter().filter(|n| n.node > a);
        let next = (a + 1 < nodes && near.clone().all(|n| n.node != a + 1)).then_some((a + 1, 0.0, 0.0));
        for (b, to, from) in near.map(|n| (n.node, n.to, n.from)).chain(next) {
            let (sums_a, sums_b) = (Sums::node(quotient, a), Sums::node(quotient, b));
            let worth = |sums| objective.worth(sums, quotient.total);
            let union = sums_a.plus(sums_b, to + from);
            pairs.push((worth(union) - worth(sums_a) - worth(sums_b) + objective.back * from, a, b));
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    pairs.into_iter().map(|(_, a, b)| (a, b)).collect()
}

/// Whether making two nodes of a DAG one closes a cycle.
fn closes_cycle(quotient: &Network, a: u32, b: u32) -> bool {
    let merged = |node: u32| if node == b { a } else { node };
    let arcs = quotient.arcs.iter().map(|&(from, to, _)| (merged(from), merged(to)));
    condense(quotient.nodes(), arcs).sccs.iter().any(|scc| scc.len() > 1)
}

/// Cuts clusters in two, again and again, where that costs least: along an order of their nodes, so that no arc of
/// an acyclic network runs back.
fn split(search: &Search<'_>, objective: &Objective, partition: &Ordered, count: usize) -> Ordered {
    let mut cluster_of = partition.cluster_of.clone();
    let mut members = vec![Vec::new(); partition.clusters];
    for (node, &cluster) in (0u32..).zip(&cluster_of) {
        members[cluster as usize].push(node);
    }
    // Numbers stay as they are while cutting; the place in the order is kept aside.
    let mut order: Vec<u32> = (0..partition.clusters as u32).collect();
    let cut_of = |nodes: &[u32], cluster_of: &[u32]| best_cut(search.network, objective, nodes, cluster_of);
    let mut cuts: Vec<Option<Cut>> = members.iter().map(|nodes| cut_of(nodes, &cluster_of)).collect();
    while members.len() < count {
        let gains = cuts.iter().enumerate().filter_map(|(i, cut)| cut.as_ref().map(|cut| (i, cut.gain)));
        let Some((cluster, _)) = gains.reduce(|best, next| if next.1 > best.1 { next } else { best }) else {
            break;
        };
        let second = cuts[cluster].take().map(|cut| cut.second).unwrap_or_default();
        let new = members.len() as u32;
        for &node in &second {
            cluster_of[node as usize] = new;
        }
        members[cluster].retain(|&node| cluster_of[node as usize] != new);
        let place = order.iter().position(|&c| c as usize == cluster).unwrap_or_default();
        order.insert(place + 1, new);
        cuts[cluster] = cut_of(&members[cluster], &cluster_of);
        cuts.push(cut_of(&second, &cluster_of));
        members.push(second);
    }
    let mut place = vec![0; order.len()];
    for (&cluster, i) in order.iter().zip(0..) {
        place[cluster as usize] = i;
    }
    search.scored(cluster_of.iter().map(|&c| place[c as usize]).collect())
}

/// A way to cut a cluster in two.
struct Cut {
    gain: f64,
    /// The nodes that leave, sorted; they come later in the order.
    second: Vec<u32>,
}

/// The cut of a cluster's nodes, in their order of least back weight, that gains most; none for a single node.
fn best_cut(network: &Network, objective: &Objective, nodes: &[u32], cluster_of: &[u32]) -> Option<Cut> {
    if nodes.len() < 2 {
        return None;
    }
    let cluster = cluster_of[nodes[0] as usize];
    let local = |node: u32| nodes.binary_search(&node).map_or(0, |i| i as u32);
    let inner =
        |node: u32| network.neighbours(node).iter().filter(move |n| cluster_of[n.node as usize] == cluster);
    let arcs: Vec<(u32, u32, f64)> = nodes
        .iter()
        .flat_map(|&node| inner(node).filter(|n| n.to > 0.0).map(move |n| (local(node), local(n.node), n.to)))
        .collect();
    let order = feedback_order(nodes.len(), &arcs).order;
    let whole = nodes.iter().fold(Sums::default(), |sums, &node| sums.plus(Sums::node(network, node), 0.0));
    let mut second = whole.plus(Sums::default(), arcs.iter().map(|arc| arc.2).sum());
    let worth = |sums| objective.worth(sums, network.total);
    let undivided = worth(second);
    let mut first = Sums::default();
    let mut in_first = vec![false; nodes.len()];
    let (mut back, mut best) = (0.0, (f64::NEG_INFINITY, 1));
    for (i, &l) in order.iter().enumerate().take(nodes.len() - 1) {
        let node = nodes[l as usize];
        let (mut with_first, mut with_second) = (0.0, 0.0);
        for n in inner(node) {
            let before = in_first[local(n.node) as usize];
            *(if before { &mut with_first } else { &mut with_second }) += n.to + n.from;
            back += if before { -n.to } else { n.from };
        }
        in_first[l as usize] = true;
        first = first.plus(Sums::node(network, node), with_first);
        second = second.minus(Sums::node(network, node), with_second);
        let gain = worth(first) + worth(second) - undivided - objective.back * back;
        if gain > best.0 {
            best = (gain, i + 1);
        }
    }
    let mut second: Vec<u32> = order[best.1..].iter().map(|&l| nodes[l as usize]).collect();
    second.sort_unstable();
    Some(Cut { gain: best.0, second })
}
