//! Blocks: modules as the structural search sees them, small inline ones, those that a macro writes and tests folded into their parent.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use crate::base::csr::Rows;
use crate::base::random::Random;
use crate::ids::{BlockId, CrateId, GroupId, Id, IdVec, ModuleId, PathId};
use crate::plan::index::{Index, item_lines};
use crate::plan::input::{PlanInput, Prices};

/// An inline module of fewer lines belongs to the file around it: nobody makes a crate of it.
const SMALL_INLINE_LINES: u32 = 150;

/// What an impl adds to the affinity of its module and that of its nearest host, in references of its own: the orphan
/// rule weighs more than one of them.
const HOST_AFFINITY: f64 = 3.0;

/// What a reference that nothing could remove counts for in others: as a blocker does among the edits of a plan. A choice
/// (`benches/README.md`, "What nothing lets part").
const TIE: f64 = 10.0;

/// Two files that changed together in fewer commits did so by chance.
const FEW_COMMITS: u32 = 3;

/// What couples two blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::plan) struct Weight {
    /// References, as counted.
    pub(in crate::plan) references: f64,
    /// References, damped: many from one place, and those to what everybody uses, say less.
    pub(in crate::plan) affinity: f64,
    /// Impls written here that the orphan rule would drag along if their nearest host left for another crate.
    pub(in crate::plan) tied: f64,
}

impl Weight {
    fn add(self, other: Self) -> Self {
        Self {
            references: self.references + other.references,
            affinity: self.affinity + other.affinity,
            tied: self.tied + other.tied,
        }
    }
}

/// The blocks of a crate. Block 0 holds the root module: it stays on top, with the package's name.
pub(in crate::plan) struct Blocks {
    /// The module of each block.
    pub(in crate::plan) module: IdVec<BlockId, ModuleId>,
    /// The block around it; `None` below the crate's root.
    pub(in crate::plan) parent: IdVec<BlockId, Option<BlockId>>,
    /// The top-level module each block is in, numbered from 0; the root counts as one.
    pub(in crate::plan) top: IdVec<BlockId, usize>,
    /// Number of top-level modules.
    pub(in crate::plan) tops: usize,
    /// Non-test lines.
    pub(in crate::plan) lines: IdVec<BlockId, f64>,
    /// References to other blocks.
    pub(in crate::plan) out: Rows<BlockId, Weight>,
    /// The same, reversed.
    pub(in crate::plan) into: Rows<BlockId, Weight>,
    /// The block of each group.
    pub(in crate::plan) of_group: IdVec<GroupId, BlockId>,
}

impl Blocks {
    /// What the root module is in.
    pub(in crate::plan) const ROOT: BlockId = BlockId(0);

    pub(in crate::plan) fn new(
        input: &PlanInput<'_>,
        index: &Index,
        krate: CrateId,
        groups: &Groups,
        prices: &Prices,
    ) -> Self {
        let resolution = input.resolution;
        let mut own_lines: IdVec<ModuleId, u32> = IdVec::from_elem(0, resolution.modules.len());
        for &item in &index.items[krate] {
            let item = &resolution.items[item];
            own_lines[item.module] += item_lines(item);
        }
        let mut blocks = Self {
            module: IdVec::new(),
            parent: IdVec::new(),
            top: IdVec::new(),
            tops: 0,
            lines: IdVec::new(),
            out: Rows::default(),
            into: Rows::default(),
            of_group: IdVec::new(),
        };
        // Sorted, as modules come in the order of their ids.
        let mut block_of: Vec<(ModuleId, BlockId)> = Vec::new();
        for &id in &index.modules[krate] {
            let module = &resolution.modules[id];
            let around = module.parent.and_then(|parent| find(&block_of, parent));
            let by_macro = resolution.items[module.item].by_macro;
            let small = module.inline && own_lines[id] < SMALL_INLINE_LINES;
            let block = match around {
                Some(block) if module.test || by_macro || small => block,
                _ => blocks.push(id, around.filter(|&block| block != Self::ROOT)),
            };
            block_of.push((id, block));
        }
        blocks.of_group =
            groups.module.iter().map(|&module| find(&block_of, module).unwrap_or(Self::ROOT)).collect();
        blocks.peel_root(groups, resolution.crates[krate].root);
        for (group, &block) in blocks.of_group.iter_enumerated() {
            blocks.lines[block] += f64::from(groups.lines[group]);
        }
        let co_changes = co_changes(input, prices.co_change, &block_of);
        blocks.link(groups, co_changes.into_iter());
        blocks
    }

    /// All blocks, in order: those around others come first.
    pub(in crate::plan) fn ids(&self) -> impl DoubleEndedIterator<Item = BlockId> + use<> {
        self.module.ids()
    }

    /// Number of blocks.
    pub(in crate::plan) fn len(&self) -> usize {
        self.module.len()
    }

    /// Makes what couples two blocks more or less by a random factor of up to `share`.
    pub(in crate::plan) fn jitter(&mut self, share: f64, seed: u64) {
        let scaled = |from: BlockId, to: BlockId, weight: Weight| {
            let pair = u64::from(from.0) << 32 | u64::from(to.0);
            let factor = 1.0 + share * (2.0 * Random::new(seed ^ pair).unit() - 1.0);
            Weight { references: factor * weight.references, affinity: factor * weight.affinity, ..weight }
        };
        self.out.reweight(scaled);
        self.into.reweight(|to, from, weight| scaled(from, to, weight));
    }

    /// Makes references dearer that nothing could remove, were they to run against the order.
    pub(in crate::plan) fn tie(&mut self, ties: &BTreeSet<(BlockId, BlockId)>) {
        let tied = |from: BlockId, to: BlockId, weight: Weight| match ties.contains(&(from, to)) {
            true => Weight { references: weight.references + TIE, ..weight },
            false => weight,
        };
        self.out.reweight(tied);
        self.into.reweight(|to, from, weight| tied(from, to, weight));
    }

    fn push(&mut self, module: ModuleId, parent: Option<BlockId>) -> BlockId {
        let top = parent.map_or(self.tops, |parent| self.top[parent]);
        self.top.push(top);
        self.tops += usize::from(parent.is_none());
        self.parent.push(parent);
        self.lines.push(0.0);
        self.module.push(module)
    }

    /// What the root module defines, others use, and itself uses nothing of theirs (an error type in `lib.rs`) is
    /// a block of its own, free to go below.
    fn peel_root(&mut self, groups: &Groups, root: ModuleId) {
        let in_root = |blocks: &Self, group: GroupId| blocks.of_group[group] == Self::ROOT;
        // The root itself stays; a module folded into it that a build script writes may go.
        let is_root = |g: GroupId| groups.is_module[g] && groups.module[g] == root;
        let is_free = |g: GroupId| in_root(self, g) && !is_root(g);
        let mut free: IdVec<GroupId, bool> = groups.ids().map(is_free).collect();
        loop {
            let bound: Vec<GroupId> = groups
                .ids()
                .filter(|&g| free[g])
                .filter(|&g| groups.out.row(g).iter().any(|&(to, _)| !free[to]))
                .collect();
            if bound.is_empty() {
                break;
            }
            for group in bound {
                free[group] = false;
            }
        }
        let mut stack: Vec<GroupId> = groups
            .ids()
            .filter(|&g| free[g])
            .filter(|&g| groups.into.row(g).iter().any(|&(from, _)| !in_root(self, from)))
            .collect();
        if stack.is_empty() {
            return;
        }
        let block = self.push(root, None);
        while let Some(group) = stack.pop() {
            if in_root(self, group) {
                self.of_group[group] = block;
                stack.extend(groups.out.row(group).iter().map(|&(to, _)| to));
            }
        }
    }

    fn link(&mut self, groups: &Groups, co_changes: impl Iterator<Item = (BlockId, BlockId, Weight)>) {
        let block = |group: GroupId| self.of_group[group];
        let mut arcs = Vec::new();
        let mut users: Vec<BlockId> = Vec::new();
        for to in groups.ids() {
            users.clear();
            users.extend(groups.into.row(to).iter().map(|&(from, _)| block(from)));
            users.sort_unstable();
            users.dedup();
            // What `n` blocks use binds each of them by 1/n (`benches/README.md`, "Splits that maintainers made").
            let fame = users.len().max(1) as f64;
            for &(from, references) in groups.into.row(to) {
                if block(from) != block(to) {
                    let references = f64::from(references);
                    let affinity = (1.0 + references.ln()) / fame;
                    arcs.push((block(from), block(to), Weight { references, affinity, tied: 0.0 }));
                }
            }
        }
        for imp in groups.ids() {
            if let Some(host) = self.nearest_host(groups, imp) {
                arcs.push((block(imp), host, Weight { references: 0.0, affinity: HOST_AFFINITY, tied: 1.0 }));
            }
        }
        arcs.extend(co_changes);
        self.out = Rows::new(self.len(), arcs.iter().copied(), Weight::add);
        self.into = Rows::new(self.len(), arcs.iter().map(|&(f, t, w)| (t, f, w)), Weight::add);
    }

    /// The block of the host that an impl is written next to, if it is not written beside any: parted from it, the
    /// impl would have to move.
    fn nearest_host(&self, groups: &Groups, imp: GroupId) -> Option<BlockId> {
        let own = self.of_group[imp];
        let hosts = groups.hosts[imp].iter().map(|&host| self.of_group[host]);
        if hosts.clone().any(|host| host == own) {
            return None;
        }
        let above = |block: BlockId| std::iter::successors(Some(block), |&b| self.parent[b]);
        let shared = |host: BlockId| above(host).filter(|&b| above(own).any(|a| a == b)).count();
        hosts.max_by_key(|&host| (shared(host), std::cmp::Reverse(host))).filter(|&host| shared(host) > 0)
    }
}

/// What the history says of files that change together, between the blocks of their modules.
fn co_changes(
    input: &PlanInput<'_>,
    price: f64,
    block_of: &[(ModuleId, BlockId)],
) -> Vec<(BlockId, BlockId, Weight)> {
    let Some(history) = input.history.filter(|_| price > 0.0) else { return Vec::new() };
    let resolution = input.resolution;
    // A file's own module comes first, those inline in it later.
    let mut of_path: BTreeMap<PathId, BlockId> = BTreeMap::new();
    for &(module, block) in block_of {
        let path = &resolution.files[resolution.modules[module].file].path;
        if let Some(path) = history.path_id(path) {
            of_path.entry(path).or_insert(block);
        }
    }
    let mut arcs = Vec::new();
    for pair in history.co_changes.iter().filter(|pair| pair.commits >= FEW_COMMITS) {
        let (Some(&a), Some(&b)) = (of_path.get(&pair.a), of_path.get(&pair.b)) else { continue };
        if a != b {
            let either = history.changes[pair.a] + history.changes[pair.b] - pair.commits;
            let affinity = price * f64::from(pair.commits) / f64::from(either.max(1));
            arcs.push((a, b, Weight { references: 0.0, affinity, tied: 0.0 }));
        }
    }
    arcs
}

fn find(block_of: &[(ModuleId, BlockId)], module: ModuleId) -> Option<BlockId> {
    block_of.binary_search_by_key(&module.index(), |&(m, _)| m.index()).ok().map(|i| block_of[i].1)
}
