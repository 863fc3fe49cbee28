//! Renames within one commit, by what the log says anyway: git would have to read contents, which a partial clone may lack.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Commit, GitObject};
use crate::ids::{IdVec, PathId};

/// Names that many files have: they say nothing of which of them went where.
const COMMON: [&str; 5] = ["mod.rs", "lib.rs", "main.rs", "Cargo.toml", "build.rs"];

/// Pairs of a path that is gone and a path that is new, where no other of the commit has the same content, or else the same
/// name. By path.
pub(super) fn renames(commit: &Commit, paths: &IdVec<PathId, String>) -> Vec<(PathId, PathId)> {
    let (mut gone, mut new): (Vec<Side<'_>>, Vec<Side<'_>>) = (Vec::new(), Vec::new());
    for (&path, objects) in commit.paths.iter().zip(&commit.objects) {
        match objects {
            [Some(GitObject::Blob(hash)), None] => gone.push((path, hash)),
            [None, Some(GitObject::Blob(hash))] => new.push((path, hash)),
            _ => {}
        }
    }
    if gone.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut found = pairs(&gone, &new);
    let unknown = |sides: Vec<Side<'_>>, known: BTreeSet<PathId>| -> Vec<PathId> {
        sides.into_iter().map(|(path, _)| path).filter(|path| !known.contains(path)).collect()
    };
    let gone = unknown(gone, found.iter().map(|&(from, _)| from).collect());
    let new = unknown(new, found.iter().map(|&(_, to)| to).collect());
    let named = |sides: &[PathId]| -> Vec<(PathId, &str)> {
        let named = sides.iter().map(|&path| (path, paths[path].rsplit('/').next().unwrap_or_default()));
        named.filter(|(_, name)| !COMMON.contains(name)).collect()
    };
    found.extend(pairs(&named(&gone), &named(&new)));
    found.sort_unstable();
    found
}

/// A path with what it may be known by.
type Side<'a> = (PathId, &'a str);

/// Pairs of the two that alone have a key.
fn pairs(gone: &[Side<'_>], new: &[Side<'_>]) -> Vec<(PathId, PathId)> {
    let (gone, new) = (alone(gone), alone(new));
    gone.into_iter().filter_map(|(key, from)| Some((from?, (*new.get(key)?)?))).collect()
}

fn alone<'a>(sides: &[Side<'a>]) -> BTreeMap<&'a str, Option<PathId>> {
    let mut of: BTreeMap<&str, Option<PathId>> = BTreeMap::new();
    for &(path, key) in sides {
        of.entry(key).and_modify(|other| *other = None).or_insert(Some(path));
    }
    of
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AuthorId;

    /// `path before after` by line, `-` for nothing.
    fn shown(text: &str) -> String {
        let (mut paths, mut objects) = (IdVec::new(), Vec::new());
        let blob = |text: &str| (text != "-").then(|| GitObject::Blob(text.to_owned()));
        for line in text.split(';') {
            let fields: Vec<&str> = line.split_whitespace().collect();
            paths.push(fields[0].to_owned());
            objects.push([blob(fields[1]), blob(fields[2])]);
        }
        let commit = Commit {
            hash: String::new(),
            time: 0,
            author: AuthorId(0),
            paths: paths.ids().collect(),
            objects,
        };
        let pairs = renames(&commit, &paths);
        let shown: Vec<String> =
            pairs.iter().map(|&(from, to)| format!("{}>{}", paths[from], paths[to])).collect();
        shown.join(" ")
    }

    #[test]
    fn by_content_then_by_name() {
        for (commit, expected) in [
            ("a.rs 1 2", ""),
            ("a.rs 1 -;b.rs - 1", "a.rs>b.rs"),
            ("a.rs 1 -;b.rs - 2", ""),
            // Edited on the way: the name says so, unless many have it.
            ("a/x.rs 1 -;b/x.rs - 2", "a/x.rs>b/x.rs"),
            ("a/mod.rs 1 -;b/mod.rs - 2", ""),
            ("a/mod.rs 1 -;b/mod.rs - 1", "a/mod.rs>b/mod.rs"),
            // Two that are alike say nothing, but their names may.
            ("a/x.rs 0 -;a/y.rs 0 -;b/x.rs - 0;b/y.rs - 0", "a/x.rs>b/x.rs a/y.rs>b/y.rs"),
            ("a/x.rs 1 -;c/x.rs 2 -;b/x.rs - 3", ""),
            // A copy is no rename.
            ("a.rs 1 1;b.rs - 1", ""),
        ] {
            assert_eq!(shown(commit), expected, "{commit}");
        }
    }
}
