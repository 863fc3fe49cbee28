//! Which targets a file belongs to: those from whose root files `mod x;` and `include!` lead to it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::load::SourceTree;
use crate::discover::Repository;
use crate::ids::TargetId;

/// A target that compiles a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileUse {
    /// The target.
    pub target: TargetId,
    /// Whether it does so for its tests only: below a `#[cfg(test)] mod x;`.
    pub test: bool,
}

/// The targets of every file that one leads to, sorted.
pub fn file_uses(repository: &Repository, sources: &SourceTree) -> BTreeMap<String, Vec<FileUse>> {
    let mut named: FxHashMap<&str, Vec<(&str, bool)>> = FxHashMap::default();
    for link in &sources.links {
        named.entry(&link.from).or_default().push((&link.to, link.test));
    }
    let mut uses: BTreeMap<String, Vec<FileUse>> = BTreeMap::new();
    for (target, data) in repository.targets.iter_enumerated() {
        // Whether each file is reached for tests only.
        let mut reached: BTreeMap<&str, bool> = BTreeMap::new();
        let mut open = vec![(data.src.as_str(), false)];
        while let Some((file, test)) = open.pop() {
            if reached.get(file).is_some_and(|&known| !known || test) {
                continue;
            }
            reached.insert(file, test);
            open.extend(named.get(file).into_iter().flatten().map(|&(to, only)| (to, test || only)));
        }
        for (file, test) in reached {
            uses.entry(file.to_owned()).or_default().push(FileUse { target, test });
        }
    }
    uses
}
