//! Which `.rs` files change together (evolutionary coupling: Gall, Hajek, Jazayeri, "Detection of logical coupling based
//! on product release history", ICSM 1998).

use std::collections::BTreeMap;

use super::model::{CoChange, History};
use crate::ids::PathId;

/// Counts pairs over the commits that change at most `max_files` files of any kind.
pub(super) fn count(history: &History) -> Vec<CoChange> {
    let mut pairs: BTreeMap<(PathId, PathId), u32> = BTreeMap::new();
    for commit in history.commits.iter().filter(|commit| !history.is_bulk(commit)) {
        let rust: Vec<PathId> =
            commit.paths.iter().copied().filter(|p| history.paths[*p].ends_with(".rs")).collect();
        for (index, a) in rust.iter().enumerate() {
            for b in &rust[index + 1..] {
                *pairs.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    pairs.into_iter().map(|((a, b), commits)| CoChange { a, b, commits }).collect()
}
