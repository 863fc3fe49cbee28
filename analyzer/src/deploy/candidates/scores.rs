//! Scores by which the literature compares partitions into services, for a candidate and what is left.
//!
//! Kalia et al., *Mono2Micro: a practical and effective tool for decomposing monolithic Java applications to microservices* (2021), with
//! files in the place of classes: structural modularity, interface number, share of calls between partitions, non-extreme
//! distribution. Nitin et al., *CARGO: AI-guided dependency analysis for migrating monolithic applications to microservices
//! architecture* (2022): transactions over more than one partition's data. What both link as a library is in neither partition.

use std::collections::BTreeSet;

use super::model::{Crossing, Scores};
use super::sides::{Ground, Sides, functions};
use crate::base::number::count;
use crate::deploy::reach::Reached;
use crate::ids::FileId;

/// Sizes of a partition that are not extreme: of Mono2Micro.
const NOT_EXTREME: std::ops::RangeInclusive<usize> = 5..=20;

/// What a partition holds.
struct Partition {
    files: usize,
    /// Calls between its functions.
    calls: u32,
    /// Pairs of its files of which one calls the other.
    pairs: usize,
}

pub(super) fn scores(
    ground: Ground<'_>,
    sides: &Sides,
    crossing: &[Crossing],
    transactions: (u32, u32),
) -> Scores {
    let own = partition(ground, &sides.own.without(&sides.rest));
    let rest = partition(ground, &sides.rest.without(&sides.own));
    let across: u32 = crossing.iter().map(|of| of.references).sum();
    let file = |id| ground.resolution.items[ground.resolution.uses.definitions[id].item].file;
    let pairs: BTreeSet<(FileId, FileId)> =
        crossing.iter().map(|of| (file(of.from).min(file(of.to)), file(of.from).max(file(of.to)))).collect();
    let called = |outwards: bool| {
        let called = crossing.iter().filter(|of| of.outwards == outwards).map(|of| of.to);
        called.collect::<BTreeSet<_>>().len()
    };
    let all = f64::from(own.calls + rest.calls + across);
    let extreme = |of: &Partition| if NOT_EXTREME.contains(&of.files) { 0 } else { of.files };
    let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
    let coupling = share(pairs.len() as f64, 2.0 * own.files as f64 * rest.files as f64);
    Scores {
        structural_modularity: (cohesion(&own) + cohesion(&rest)) / 2.0 - coupling,
        interface_number: (called(true) + called(false)) as f64 / 2.0,
        inter_partition_calls: share(f64::from(across), all),
        non_extreme_distribution: share(
            (extreme(&own) + extreme(&rest)) as f64,
            (own.files + rest.files) as f64,
        ),
        transactions: transactions.0,
        transactions_across: share(f64::from(transactions.1), f64::from(transactions.0)),
    }
}

fn cohesion(of: &Partition) -> f64 {
    if of.files == 0 { 0.0 } else { of.pairs as f64 / (of.files as f64 * of.files as f64) }
}

fn partition(ground: Ground<'_>, own: &Reached) -> Partition {
    let resolution = ground.resolution;
    let file = |id| resolution.items[resolution.uses.definitions[id].item].file;
    let (mut calls, mut pairs, mut files) = (0, BTreeSet::new(), BTreeSet::new());
    for from in functions(ground, own) {
        files.insert(file(from));
        for used in resolution.uses.of(from) {
            if own.contains(used.to) && super::facts::is_function(resolution, used.to) {
                calls += 1;
                if file(from) != file(used.to) {
                    pairs.insert((file(from).min(file(used.to)), file(from).max(file(used.to))));
                }
            }
        }
    }
    Partition { files: count(files.len()) as usize, calls, pairs: pairs.len() }
}
