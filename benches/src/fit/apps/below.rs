//! What a recorded call of rustc loads.

use std::collections::{BTreeMap, BTreeSet};

use crate::fit::apps::wrapper::Call;

/// What lies below each call, by the hashes of `--extern`.
pub(crate) struct Below<'a> {
    calls: &'a [Call],
    by_hash: BTreeMap<&'a str, usize>,
}

impl<'a> Below<'a> {
    pub(crate) fn new(calls: &'a [Call]) -> Self {
        Self { calls, by_hash: calls.iter().enumerate().map(|(i, c)| (c.hash.as_str(), i)).collect() }
    }

    fn next(&self, call: usize) -> impl Iterator<Item = usize> {
        self.calls[call].externs.iter().filter_map(|hash| self.by_hash.get(hash.as_str()).copied())
    }

    pub(crate) fn direct(&self, call: usize) -> Vec<String> {
        let names: BTreeSet<String> = self.next(call).map(|i| self.calls[i].package.clone()).collect();
        names.into_iter().collect()
    }

    pub(crate) fn count(&self, call: usize) -> usize {
        let mut found = BTreeSet::new();
        let mut open = vec![call];
        while let Some(next) = open.pop() {
            open.extend(self.next(next).filter(|&i| found.insert(i)).collect::<Vec<_>>());
        }
        found.len()
    }
}
