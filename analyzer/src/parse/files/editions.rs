//! The edition that a file is read by.

use crate::discover::Edition;

/// The packages' directories with their editions, innermost last.
pub(in crate::parse) struct Editions<'a>(Vec<(&'a str, Edition)>);

impl<'a> Editions<'a> {
    pub(in crate::parse) fn new(packages: impl Iterator<Item = (&'a str, Edition)>) -> Self {
        let mut editions: Vec<_> = packages.collect();
        editions.sort_by_key(|(dir, _)| (dir.len(), *dir));
        Self(editions)
    }

    /// The edition of the package that a file lies in: what is a keyword depends on it. Of a file outside of all
    /// packages, the one that most code is written in.
    pub(in crate::parse) fn of(&self, path: &str) -> Edition {
        let holds =
            |dir: &str| dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
        let innermost = self.0.iter().rev().find(|(dir, _)| holds(dir));
        innermost.map_or(Edition::E2021, |(_, edition)| *edition)
    }
}
