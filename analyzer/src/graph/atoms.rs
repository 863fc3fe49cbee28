//! Atoms: items that no split may separate.

use std::collections::BTreeSet;

use petgraph::unionfind::UnionFind;

use super::condense::condense;
use super::model::{Atom, AtomOptions, Atoms, ItemGraph, Tie, TieCause};
use super::orphan::{Home, home, in_crates};
use crate::ids::{AtomId, CrateId, Id, IdVec, ItemId};
use crate::resolve::{ImplHeader, Item, ItemKind, RefKind, Resolution};

/// Groups the items of the crates to be split (all targets of one package, say, or its library alone).
///
/// Joined are: an inherent `impl` with its type; a trait `impl` with the only one of trait, type and type
/// arguments that is local; what one call of a macro writes; items that reach each other by non-test references other than imports, as far as
/// [`AtomOptions`] says. An `impl` with several possible homes is not joined: see
/// [`impl_choices`](super::impl_choices).
pub fn atoms(resolution: &Resolution, graph: &ItemGraph, crates: &[CrateId], options: &AtomOptions) -> Atoms {
    let mut joined = Joined::impls(resolution, crates);
    joined.join_calls(resolution);
    joined.join_cycles(resolution, graph, options);
    let mut atoms = joined.into_atoms();
    atoms.soft_ties = textual_macros(resolution, &atoms);
    atoms
}

/// Items joined so far, with the reasons.
pub(super) struct Joined {
    sets: UnionFind<u32>,
    ties: Vec<Tie>,
    /// Whether the item belongs to the crates to be split.
    member: Vec<bool>,
}

impl Joined {
    /// Joins impls to what the language ties them to.
    pub(super) fn impls(resolution: &Resolution, crates: &[CrateId]) -> Self {
        let member: Vec<bool> =
            resolution.items.ids().map(|item| in_crates(resolution, item, crates)).collect();
        let mut joined = Self { sets: UnionFind::new(resolution.items.len()), ties: Vec::new(), member };
        for (imp, item) in resolution.items.iter_enumerated() {
            let Some(header) = item.imp.as_ref().filter(|_| joined.member[imp.index()]) else { continue };
            if let Home::With(host, cause) = home(resolution, item, header, crates) {
                joined.join(imp, host, cause);
            }
        }
        joined.join_overlaps(resolution);
        joined.join_overlapping_arguments(resolution);
        joined
    }

    /// Joins `impl<T: A> B for T` to `A` where `B` is implemented for a type from elsewhere, too. A type of the package is known
    /// not to be an `A` where its own crate says so.
    fn join_overlaps(&mut self, resolution: &Resolution) {
        let headers = || {
            let headers =
                resolution.items.iter_enumerated().filter_map(|(id, item)| Some((id, item.imp.as_ref()?)));
            headers.filter(|(id, header)| self.member[id.index()] && header.trait_item.is_some())
        };
        let all_of = |header: &ImplHeader| !header.bound_items.is_empty();
        let beside: BTreeSet<ItemId> = headers()
            .filter(|(_, header)| {
                header.covered && header.self_item.is_none() && header.unseen_items.is_empty()
            })
            .filter_map(|(_, header)| header.trait_item)
            .collect();
        let blanket = headers().filter(|(_, header)| all_of(header));
        let pairs: Vec<(ItemId, ItemId)> = blanket
            .filter(|(_, header)| header.trait_item.is_some_and(|item| beside.contains(&item)))
            .flat_map(|(imp, header)| header.bound_items.iter().map(move |&bound| (imp, bound)))
            .filter(|(_, bound)| self.member[bound.index()])
            .collect();
        for (imp, bound) in pairs {
            self.join(imp, bound, TieCause::Overlap);
        }
    }

    /// Joins `impl<T: Into<A>> From<T> for B` to `A` where another `impl` is of the same trait for `B`, over a type from elsewhere: what
    /// of those is no `Into<A>` is known in the crate of `A` alone.
    fn join_overlapping_arguments(&mut self, resolution: &Resolution) {
        let of_type = |item: &Item| {
            let header = item.imp.as_ref().filter(|header| header.is_trait)?;
            let name = item.name.strip_prefix("impl ")?.split(['<', ' ']).next()?;
            Some((header.self_item?, name.to_owned()))
        };
        let members = || resolution.items.iter_enumerated().filter(|(id, _)| self.member[id.index()]);
        // Of a type of the package its own crate knows what it is not.
        let foreign = |item: &&Item| {
            let empty =
                |header: &ImplHeader| header.argument_items.is_empty() && header.argument_bounds.is_empty();
            item.imp.as_ref().is_some_and(empty)
        };
        let others: BTreeSet<(ItemId, String)> =
            members().map(|(_, item)| item).filter(foreign).filter_map(of_type).collect();
        let several = |item: &Item| of_type(item).is_some_and(|key| others.contains(&key));
        let bounds =
            |item: &Item| item.imp.as_ref().map_or_else(Vec::new, |header| header.argument_bounds.clone());
        let pairs: Vec<(ItemId, ItemId)> = members()
            .filter(|(_, item)| several(item))
            .flat_map(|(id, item)| bounds(item).into_iter().map(move |bound| (id, bound)))
            .filter(|(_, bound)| self.member[bound.index()])
            .collect();
        for (imp, bound) in pairs {
            self.join(imp, bound, TieCause::Overlap);
        }
    }

    /// Joins what one call of a macro writes: a call is moved as a whole.
    fn join_calls(&mut self, resolution: &Resolution) {
        let written = resolution
            .items
            .iter_enumerated()
            .filter(|(id, item)| item.by_macro && item.kind != ItemKind::Module && self.member[id.index()])
            .map(|(id, item)| (item.module, item.file, item.line, item.end_line, id));
        let mut written: Vec<_> = written.collect();
        written.sort_unstable();
        for pair in written.windows(2) {
            let [(.., a), (.., b)] = [pair[0], pair[1]];
            let call = |at: usize| (pair[at].0, pair[at].1, pair[at].2, pair[at].3);
            if call(0) == call(1) {
                self.join(a, b, TieCause::MacroCall);
            }
        }
    }

    fn join(&mut self, a: ItemId, b: ItemId, cause: TieCause) {
        if self.sets.union(a.0, b.0) {
            self.ties.push(Tie { a, b, cause });
        }
    }

    /// The SCCs of more than one set, each as its items, sorted. Sets count as one node: an `impl` that refers
    /// to something holds its type too.
    pub(super) fn cycles(&self, graph: &ItemGraph) -> Vec<Vec<ItemId>> {
        let arcs = structural_arcs(graph, &self.member)
            .map(|(from, to)| (self.sets.find(from), self.sets.find(to)))
            .filter(|(from, to)| from != to);
        let condensation = condense(graph.node_count(), arcs);
        let mut cycles: Vec<Vec<ItemId>> = vec![Vec::new(); condensation.sccs.len()];
        for item in 0..graph.node_count() as u32 {
            let scc = condensation.scc_of[self.sets.find(item) as usize] as usize;
            if condensation.sccs[scc].len() > 1 {
                cycles[scc].push(ItemId(item));
            }
        }
        cycles.retain(|items| !items.is_empty());
        cycles.sort_unstable();
        cycles
    }

    /// The set of an item, named by one of its members.
    pub(super) fn set_of(&self, item: ItemId) -> u32 {
        self.sets.find(item.0)
    }

    fn join_cycles(&mut self, resolution: &Resolution, graph: &ItemGraph, options: &AtomOptions) {
        for items in self.cycles(graph) {
            let module = resolution.items[items[0]].module;
            let one_module = items.iter().all(|&item| resolution.items[item].module == module);
            if (one_module && options.join_within_modules) || items.len() <= options.max_cycle_items {
                for pair in items.windows(2) {
                    self.join(pair[0], pair[1], TieCause::Cycle);
                }
            }
        }
    }

    fn into_atoms(self) -> Atoms {
        let mut atom_of_set: Vec<Option<AtomId>> = vec![None; self.member.len()];
        let mut of_item: IdVec<ItemId, Option<AtomId>> = IdVec::from_elem(None, self.member.len());
        let mut atoms: IdVec<AtomId, Atom> = IdVec::new();
        for item in of_item.ids().filter(|item| self.member[item.index()]) {
            let atom = *atom_of_set[self.sets.find(item.0) as usize]
                .get_or_insert_with(|| atoms.push(Atom { items: Vec::new(), ties: Vec::new() }));
            atoms[atom].items.push(item);
            of_item[item] = Some(atom);
        }
        for tie in self.ties {
            if let Some(atom) = of_item[tie.a] {
                atoms[atom].ties.push(tie);
            }
        }
        Atoms { of_item, atoms, soft_ties: Vec::new() }
    }
}

/// Pairs of items with references that count for cycles, both within the crates to be split.
pub(super) fn structural_arcs<'a>(
    graph: &'a ItemGraph,
    member: &'a [bool],
) -> impl Iterator<Item = (u32, u32)> + 'a {
    graph
        .raw_edges()
        .iter()
        .filter(|edge| edge.weight.structural > 0)
        .map(|edge| (edge.source().index() as u32, edge.target().index() as u32))
        .filter(|&(from, to)| member[from as usize] && member[to as usize])
}

fn textual_macros(resolution: &Resolution, atoms: &Atoms) -> Vec<Tie> {
    let textual = |item: ItemId| {
        let item = &resolution.items[item];
        item.kind == ItemKind::Macro && !item.macro_export
    };
    let mut ties: Vec<Tie> = resolution
        .references
        .iter()
        .filter(|r| !r.test && r.kind == RefKind::Macro && textual(r.to))
        .filter(|r| atoms.of_item[r.from].is_some() && atoms.of_item[r.to].is_some())
        .map(|r| Tie { a: r.from, b: r.to, cause: TieCause::TextualMacro })
        .collect();
    ties.sort_unstable();
    ties.dedup();
    ties
}
