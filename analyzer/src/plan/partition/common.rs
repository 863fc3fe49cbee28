//! What several clusters use, taken out of those that mainly do something else, into one below them.
//!
//! The search puts a small module into the crate of one of its users, since a crate of its own costs more than that saves. Where
//! that happens to several, the features that a plan parts depend on each other again, by what has nothing to do with them.

use std::collections::{BTreeMap, BTreeSet};

use super::blocks::Blocks;
use super::layering::Layering;
use crate::ids::{BlockId, IdVec, LevelId};

/// The modules below one top-level module that lie in one cluster.
type Part = (LevelId, usize);

/// The layering with a cluster for what is used by others than those beside it. `None` where clusters don't come to depend on fewer by
/// that.
pub(in crate::plan) fn with_common(layering: &Layering, blocks: &Blocks) -> Option<Layering> {
    let part = |block: BlockId| (layering.cluster[block], blocks.top[block]);
    let used: BTreeSet<Part> = arcs(layering, blocks).map(|(_, to)| part(to)).collect();
    let parts: BTreeSet<Part> =
        blocks.ids().map(part).filter(|&(cluster, _)| cluster < layering.top()).collect();
    let is_mixed = |cluster: LevelId| {
        parts
            .iter()
            .any(|part| part.0 == cluster && !used.contains(part) && layering.lines_of(cluster, part.1) > 0.0)
    };
    let mut common: BTreeSet<Part> = used.iter().copied().filter(|part| is_mixed(part.0)).collect();
    // What needs something that has to stay above can't go.
    loop {
        let &(low, _) = common.first()?;
        let held = |block: BlockId| {
            let stays = |to: BlockId| !common.contains(&part(to)) && layering.cluster[to] >= low;
            blocks
                .out
                .row(block)
                .iter()
                .any(|&(to, weight)| stays(to) && weight.references + weight.tied > 0.0)
                || blocks.into.row(block).iter().any(|&(from, weight)| stays(from) && weight.tied > 0.0)
        };
        let held: BTreeSet<Part> =
            blocks.ids().filter(|&block| common.contains(&part(block)) && held(block)).map(part).collect();
        if held.is_empty() {
            break;
        }
        common.retain(|part| !held.contains(part));
    }
    let &(low, _) = common.first()?;
    let needed = |is_left: &dyn Fn(Part) -> bool| {
        let left = arcs(layering, blocks).filter(|&(_, to)| is_left(part(to)));
        left.map(|(from, to)| (layering.cluster[from], layering.cluster[to])).collect::<BTreeSet<_>>().len()
    };
    if needed(&|part| !common.contains(&part)) == needed(&|_| true) {
        return None;
    }
    let level = |block: BlockId| match (common.contains(&part(block)), layering.cluster[block]) {
        (true, _) => low,
        (false, cluster) if cluster < low => cluster,
        (false, cluster) => LevelId(cluster.0 + 1),
    };
    Some(Layering::new(dense(blocks.ids().map(level).collect()), blocks))
}

/// References between blocks of different clusters below the topmost, which depends on all of them in any case.
fn arcs(layering: &Layering, blocks: &Blocks) -> impl Iterator<Item = (BlockId, BlockId)> {
    let cluster = |block: BlockId| layering.cluster[block];
    let between = move |from: BlockId, to: BlockId| {
        cluster(from) != cluster(to) && cluster(from).max(cluster(to)) < layering.top()
    };
    let references = blocks.out.arcs().filter(|(_, _, weight)| weight.references > 0.0);
    references.map(|(from, to, _)| (from, to)).filter(move |&(from, to)| between(from, to))
}

/// The same clusters without numbers that none has.
fn dense(cluster: IdVec<BlockId, LevelId>) -> IdVec<BlockId, LevelId> {
    let numbers: BTreeSet<LevelId> = cluster.iter().copied().collect();
    let number: BTreeMap<LevelId, LevelId> = numbers.into_iter().zip((0..).map(LevelId)).collect();
    cluster.iter().map(|of| number[of]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{CrateId, Id};
    use crate::plan::index::Index;
    use crate::plan::input::Prices;
    use crate::plan::partition::groups::Groups;
    use crate::plan::tests::World;

    /// The clusters after, each with its modules, of a crate whose modules lie in the clusters that are given.
    fn after(text: &str, clusters: &[(&str, u32)]) -> Option<Vec<String>> {
        let world = World::new(text);
        let (input, prices) = (world.input(), Prices::default());
        let index = Index::new(&world.repository, &world.resolution);
        let groups = Groups::new(&input, &index, CrateId(0));
        let blocks = Blocks::new(&input, &index, CrateId(0), &groups, &prices);
        let name = |block: BlockId| {
            let path = &world.resolution.modules[blocks.module[block]].path;
            path.strip_prefix("app::").unwrap_or("crate").to_owned()
        };
        let of =
            |block: BlockId| clusters.iter().find(|(module, _)| *module == name(block)).map_or(9, |of| of.1);
        let numbers: BTreeSet<u32> = blocks.ids().map(of).collect();
        let place =
            |block| LevelId::from_index(numbers.iter().position(|&number| number == of(block)).unwrap());
        let layering = Layering::new(blocks.ids().map(place).collect(), &blocks);
        let found = with_common(&layering, &blocks)?;
        let held =
            |cluster: LevelId| found.members(cluster).into_iter().map(name).collect::<Vec<_>>().join(" ");
        Some((0..found.len()).map(LevelId::from_index).map(held).collect())
    }

    #[test]
    fn what_others_use_of_a_feature_s_crate_goes_below_all_features() {
        let text = |words: &str, more: &str| {
            format!(
                "fn main 10 -> admin::run api::run web::run
                 mod words
                 fn hash 100{words}
                 mod limits
                 fn limit 100
                 mod admin
                 fn run 900 -> words::hash
                 mod api
                 fn run 900 -> words::hash
                 mod web
                 fn run 900 -> words::hash limits::limit
                 {more}"
            )
        };
        let lumped = [("words", 0), ("admin", 0), ("api", 1), ("limits", 1), ("web", 2)];
        let expected = ["words limits", "admin", "api", "web", "crate"].map(str::to_owned).to_vec();
        assert_eq!(after(&text("", ""), &lumped), Some(expected));
        // It needs the feature that it is with: both stay.
        let bound = after(&text(" -> admin::run", ""), &lumped);
        let expected = ["words admin", "limits", "api", "web", "crate"].map(str::to_owned).to_vec();
        assert_eq!(bound, Some(expected));
        // The feature itself is used too: nobody depends on less.
        let used = text("", "mod shop\nfn run 900 -> admin::run web::run words::hash");
        let clusters = [("words", 0), ("admin", 0), ("api", 1), ("limits", 2), ("web", 2), ("shop", 3)];
        assert_eq!(after(&used, &clusters), None);
        // All of a crate is what others use: that is what crates are for.
        let apart = [("words", 0), ("limits", 0), ("admin", 1), ("api", 2), ("web", 3)];
        assert_eq!(after(&text("", ""), &apart), None);
        // Only what stays on top uses it.
        let alone = [("limits", 0), ("words", 0), ("admin", 1), ("api", 1), ("web", 1)];
        assert_eq!(after(&text("", ""), &alone), None);
    }
}
