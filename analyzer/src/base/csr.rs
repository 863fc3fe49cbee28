//! What many nodes have, in compressed sparse rows: a weighted directed graph, or lists of anything.

use std::marker::PhantomData;
use std::ops::Range;

use super::ids::Id;

/// For each node, its neighbours with the weight of the arc, sorted.
#[derive(Debug, Clone)]
pub(crate) struct Rows<I, W> {
    starts: Vec<u32>,
    arcs: Vec<(I, W)>,
    marker: PhantomData<fn(I) -> I>,
}

impl<I, W> Default for Rows<I, W> {
    fn default() -> Self {
        Self { starts: vec![0], arcs: Vec::new(), marker: PhantomData }
    }
}

impl<I: Id, W: Copy> Rows<I, W> {
    /// From arcs `(from, to, weight)`, in any order; parallel arcs are added up.
    pub(crate) fn new(
        nodes: usize,
        arcs: impl IntoIterator<Item = (I, I, W)>,
        add: impl Fn(W, W) -> W,
    ) -> Self {
        let mut sorted: Vec<(I, I, W)> = arcs.into_iter().collect();
        sorted.sort_by_key(|&(from, to, _)| (from, to));
        let mut rows = Self::default();
        rows.starts.clear();
        rows.arcs.reserve(sorted.len());
        let mut next = sorted.into_iter().peekable();
        for node in (0..nodes).map(I::from_index) {
            let start = rows.arcs.len();
            rows.starts.push(start as u32);
            while let Some((_, to, weight)) = next.next_if(|&(from, ..)| from == node) {
                match rows.arcs[start..].last_mut() {
                    Some(last) if last.0 == to => last.1 = add(last.1, weight),
                    _ => rows.arcs.push((to, weight)),
                }
            }
        }
        rows.starts.push(rows.arcs.len() as u32);
        rows
    }

    /// Changes every weight.
    pub(crate) fn reweight(&mut self, weight: impl Fn(I, I, W) -> W) {
        for node in self.nodes() {
            let row = self.range(node);
            for arc in &mut self.arcs[row] {
                arc.1 = weight(node, arc.0, arc.1);
            }
        }
    }

    /// The neighbours of a node.
    pub(crate) fn row(&self, node: I) -> &[(I, W)] {
        &self.arcs[self.range(node)]
    }

    fn range(&self, node: I) -> Range<usize> {
        self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize
    }

    fn nodes(&self) -> impl Iterator<Item = I> + use<I, W> {
        (0..self.starts.len() - 1).map(I::from_index)
    }

    /// All arcs, sorted.
    pub(crate) fn arcs(&self) -> impl Iterator<Item = (I, I, W)> + '_ {
        self.nodes().flat_map(|node| self.row(node).iter().map(move |&(to, weight)| (node, to, weight)))
    }
}

/// For each node some values.
#[derive(Debug, Clone)]
pub(crate) struct Lists<I, T> {
    starts: Vec<u32>,
    values: Vec<T>,
    marker: PhantomData<fn(I) -> I>,
}

impl<I: Id, T: Copy> Lists<I, T> {
    /// From pairs in any order; those of a node stay in theirs.
    pub(crate) fn new(nodes: usize, mut pairs: Vec<(I, T)>) -> Self {
        pairs.sort_by_key(|(node, _)| node.index());
        let mut starts = Vec::with_capacity(nodes + 1);
        let mut next = 0;
        for node in 0..nodes {
            starts.push(next as u32);
            next += pairs[next..].iter().take_while(|(of, _)| of.index() == node).count();
        }
        starts.push(next as u32);
        Self { starts, values: pairs.into_iter().map(|(_, value)| value).collect(), marker: PhantomData }
    }

    /// The values of a node.
    pub(crate) fn of(&self, node: I) -> &[T] {
        &self.values[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ItemId;

    #[test]
    fn lists_keep_the_order_of_each_node() {
        let node = ItemId::from_index;
        let lists = Lists::new(4, vec![(node(2), 'c'), (node(0), 'b'), (node(2), 'a')]);
        let all: Vec<&[char]> = (0..4).map(|at| lists.of(node(at))).collect();
        assert_eq!(all, [&['b'][..], &[], &['c', 'a'], &[]]);
    }
}
