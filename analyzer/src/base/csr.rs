//! A weighted directed graph in compressed sparse rows.

/// For each node, its neighbours with the weight of the arc, sorted.
#[derive(Debug, Clone)]
pub(crate) struct Rows<W> {
    starts: Vec<u32>,
    arcs: Vec<(u32, W)>,
}

impl<W> Default for Rows<W> {
    fn default() -> Self {
        Self { starts: vec![0], arcs: Vec::new() }
    }
}

impl<W: Copy> Rows<W> {
    /// From arcs `(from, to, weight)`, in any order; parallel arcs are added up.
    pub(crate) fn new(
        nodes: usize,
        arcs: impl IntoIterator<Item = (u32, u32, W)>,
        add: impl Fn(W, W) -> W,
    ) -> Self {
        let mut sorted: Vec<(u32, u32, W)> = arcs.into_iter().collect();
        sorted.sort_by_key(|&(from, to, _)| (from, to));
        let mut rows = Self { starts: Vec::with_capacity(nodes + 1), arcs: Vec::with_capacity(sorted.len()) };
        let mut next = sorted.into_iter().peekable();
        for node in 0..nodes as u32 {
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
    pub(crate) fn reweight(&mut self, weight: impl Fn(u32, u32, W) -> W) {
        for node in 0..self.starts.len() as u32 - 1 {
            let row = self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize;
            for arc in &mut self.arcs[row] {
                arc.1 = weight(node, arc.0, arc.1);
            }
        }
    }

    /// The neighbours of a node.
    pub(crate) fn row(&self, node: u32) -> &[(u32, W)] {
        &self.arcs[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    /// All arcs, sorted.
    pub(crate) fn arcs(&self) -> impl Iterator<Item = (u32, u32, W)> + '_ {
        (0..self.starts.len() as u32 - 1)
            .flat_map(|node| self.row(node).iter().map(move |&(to, weight)| (node, to, weight)))
    }
}
