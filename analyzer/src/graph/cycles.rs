//! Cycles of items and modules, and the cheapest references to cut.

use petgraph::visit::EdgeRef;

use super::atoms::Joined;
use super::condense::condense;
use super::feedback::feedback_order;
use super::model::{Cycle, CycleCut, ItemGraph, Level, Quotient, QuotientNode};
use super::quotient::quotient;
use crate::ids::{CrateId, Id, ItemId};
use crate::resolve::Resolution;

/// Cycles of non-test references other than imports within the given crates, heaviest cut first.
///
/// At [`Level::Item`] an `impl` counts as one node with the item that the language ties it to; cuts are pairs
/// of items. At the other levels nodes are those of the [`quotient`].
pub fn cycles(resolution: &Resolution, graph: &ItemGraph, crates: &[CrateId], level: Level) -> Vec<Cycle> {
    let mut cycles = match level {
        Level::Item => item_cycles(resolution, graph, crates),
        _ => quotient_cycles(resolution, &quotient(resolution, graph, level), crates),
    };
    cycles.sort_by(|a, b| b.cut_weight.cmp(&a.cut_weight).then_with(|| a.nodes.cmp(&b.nodes)));
    cycles
}

fn item_cycles(resolution: &Resolution, graph: &ItemGraph, crates: &[CrateId]) -> Vec<Cycle> {
    let joined = Joined::impls(resolution, crates);
    let mut found = vec![0u32; graph.node_count()];
    let cycles = joined.cycles(graph);
    for (items, number) in cycles.iter().zip(1..) {
        for item in items {
            found[item.index()] = number;
        }
    }
    let pairs_of = group_pairs(
        cycles.len(),
        graph.edge_references().map(|edge| {
            let (from, to) = (edge.source().index(), edge.target().index());
            let inside = found[from] == found[to] && edge.weight().structural > 0;
            let number = if inside { found[from] } else { 0 };
            (number, Pair { from: from as u32, to: to as u32, references: edge.weight().structural })
        }),
    );
    let item_node = |item: u32| QuotientNode::Item(ItemId(item));
    let set_of = |item: u32| joined.set_of(ItemId(item));
    cycles
        .iter()
        .zip(pairs_of)
        .map(|(items, pairs)| {
            let nodes = items.iter().map(|item| QuotientNode::Item(*item)).collect();
            break_cycle(nodes, &pairs, set_of, item_node)
        })
        .collect()
}

fn quotient_cycles(resolution: &Resolution, graph: &Quotient, crates: &[CrateId]) -> Vec<Cycle> {
    let member =
        |node: u32| in_scope(resolution, graph[petgraph::graph::NodeIndex::new(node as usize)], crates);
    let pairs: Vec<Pair> = graph
        .edge_references()
        .filter(|edge| edge.weight().structural > 0)
        .map(|edge| Pair {
            from: edge.source().index() as u32,
            to: edge.target().index() as u32,
            references: edge.weight().structural,
        })
        .filter(|pair| member(pair.from) && member(pair.to))
        .collect();
    let condensation = condense(graph.node_count(), pairs.iter().map(|pair| (pair.from, pair.to)));
    let scc_of = |node: u32| condensation.scc_of[node as usize];
    let grouped = group_pairs(
        condensation.sccs.len(),
        pairs.iter().map(|&pair| {
            let scc = scc_of(pair.from);
            (if scc == scc_of(pair.to) { scc + 1 } else { 0 }, pair)
        }),
    );
    let node = |node: u32| graph[petgraph::graph::NodeIndex::new(node as usize)];
    condensation
        .sccs
        .iter()
        .zip(grouped)
        .filter(|(scc, _)| scc.len() > 1)
        .map(|(scc, pairs)| break_cycle(scc.iter().map(|&n| node(n)).collect(), &pairs, |n| n, node))
        .collect()
}

fn in_scope(resolution: &Resolution, node: QuotientNode, crates: &[CrateId]) -> bool {
    match node {
        QuotientNode::Item(item) => crates.contains(&resolution.modules[resolution.items[item].module].krate),
        QuotientNode::Module(module) => crates.contains(&resolution.modules[module].krate),
        QuotientNode::Crate(krate) => crates.contains(&krate),
        // A file may belong to several crates; its items decided already which edges there are.
        QuotientNode::File(_) => true,
    }
}

/// References between two nodes.
#[derive(Debug, Clone, Copy)]
struct Pair {
    from: u32,
    to: u32,
    references: u32,
}

/// Sorts numbered pairs into `count` groups; numbers count from 1, those with 0 are dropped.
fn group_pairs(count: usize, pairs: impl Iterator<Item = (u32, Pair)>) -> Vec<Vec<Pair>> {
    let mut groups = vec![Vec::new(); count];
    for (number, pair) in pairs.filter(|(number, _)| *number > 0) {
        groups[number as usize - 1].push(pair);
    }
    groups
}

/// Finds the cheapest pairs to cut. Nodes with the same `set` can't be cut apart.
fn break_cycle(
    nodes: Vec<QuotientNode>,
    pairs: &[Pair],
    set: impl Fn(u32) -> u32,
    node: impl Fn(u32) -> QuotientNode,
) -> Cycle {
    let mut sets: Vec<u32> = pairs.iter().flat_map(|pair| [set(pair.from), set(pair.to)]).collect();
    sets.sort_unstable();
    sets.dedup();
    let local = |n: u32| sets.binary_search(&set(n)).map_or(0, |i| i as u32);
    let arcs: Vec<(u32, u32, f64)> =
        pairs.iter().map(|p| (local(p.from), local(p.to), f64::from(p.references))).collect();
    let feedback = feedback_order(sets.len(), &arcs);
    let mut cuts: Vec<CycleCut> = feedback
        .back_arcs
        .iter()
        .map(|&i| pairs[i])
        .map(|p| CycleCut { from: node(p.from), to: node(p.to), references: p.references })
        .collect();
    cuts.sort_by(|a, b| b.references.cmp(&a.references).then((a.from, a.to).cmp(&(b.from, b.to))));
    Cycle {
        nodes,
        weight: pairs.iter().map(|p| u64::from(p.references)).sum(),
        cut_weight: cuts.iter().map(|c| u64::from(c.references)).sum(),
        cuts,
    }
}
