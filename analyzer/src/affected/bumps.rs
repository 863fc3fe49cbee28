//! Lock files of the past: what of them changed, by their text, and whom that concerns today. They are large and there are many,
//! so that they are compared as text, entry by entry, and not read as tables.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::hits::Hits;
use super::lock::{self, Locked};
use crate::discover::{Repository, in_dir};
use crate::ids::{LockedId, WorkspaceId};

/// The packages from elsewhere that a change of a lock file has brought or changed.
#[derive(Debug, Clone)]
pub(crate) struct Bump {
    /// Whose lock file it is.
    pub(crate) workspace: WorkspaceId,
    /// Names and versions.
    pub(crate) packages: BTreeSet<(String, String)>,
}

/// The packages from elsewhere, as names and versions, that a lock file has and an older one had not, or with other
/// dependencies.
pub(crate) fn bumped(before: &str, after: &str) -> BTreeSet<(String, String)> {
    // Most entries are the same to the letter.
    let same: HashSet<&str> = entries(before).collect();
    let mut new: Vec<Entry<'_>> =
        entries(after).filter(|entry| !same.contains(entry)).filter_map(Entry::new).collect();
    new.retain(|entry| entry.source.is_some());
    if new.is_empty() {
        return BTreeSet::new();
    }
    let names: HashSet<&str> = new.iter().map(|entry| entry.name).collect();
    let old = same.into_iter().filter(|entry| value(entry, "name").is_some_and(|name| names.contains(name)));
    let known: BTreeSet<Entry<'_>> = old.filter_map(Entry::new).collect();
    let changed = new.into_iter().filter(|entry| !known.contains(entry));
    changed.map(|entry| (entry.name.to_owned(), entry.version.to_owned())).collect()
}

fn entries(lock: &str) -> impl Iterator<Item = &str> {
    let (_, packages) = lock.split_once("[[package]]").unwrap_or_default();
    packages.split("[[package]]").map(str::trim)
}

/// What an entry says under a key.
fn value<'a>(entry: &'a str, key: &str) -> Option<&'a str> {
    let line = entry.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
    Some(line.trim().trim_matches('"'))
}

/// An entry as far as it matters. Versions of what it depends on are there only where a lock file has several; they have entries
/// of their own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entry<'a> {
    name: &'a str,
    version: &'a str,
    source: Option<&'a str>,
    dependencies: BTreeSet<&'a str>,
}

impl<'a> Entry<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let listed = text.split_once("dependencies").map_or("", |(_, rest)| rest);
        let listed = listed.split(']').next().unwrap_or_default().split('"').skip(1).step_by(2);
        Some(Self {
            name: value(text, "name")?,
            version: value(text, "version")?,
            source: value(text, "source"),
            dependencies: listed.filter_map(|named| named.split(' ').next()).collect(),
        })
    }
}

/// Marks who depends on the changed packages today. Of several versions of one name those count that cargo takes for the same;
/// what is no longer depended on concerns nobody.
pub(super) fn concern(repository: &Repository, bump: &Bump, hits: &mut Hits<'_>) {
    if bump.packages.is_empty() {
        return;
    }
    let workspace = &repository.workspaces[bump.workspace];
    let mut of_name: BTreeMap<&str, Vec<LockedId>> = BTreeMap::new();
    for (id, package) in workspace.locked.iter_enumerated().filter(|(_, package)| package.source.is_some()) {
        of_name.entry(&package.name).or_default().push(id);
    }
    let mut changed = BTreeSet::new();
    for (name, version) in &bump.packages {
        let named = of_name.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        let same = named.iter().filter(|&&id| line(&workspace.locked[id].version) == line(version));
        changed.extend(same.clone().copied());
        if same.count() == 0 {
            changed.extend(named);
        }
    }
    let file = in_dir(&workspace.dir, "Cargo.lock");
    let locked: &Locked = &workspace.locked;
    lock::concern(repository, bump.workspace, (&file, locked), &changed, hits);
}

/// The part of a version that has to be the same for cargo to take another for it: up to the first number that isn't 0.
fn line(version: &str) -> &str {
    let numbers = version.split(['+', '-']).next().unwrap_or_default();
    let mut end = 0;
    for part in numbers.split('.') {
        end += part.len();
        if part != "0" {
            break;
        }
        end += 1;
    }
    version.get(..end).unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_by_entry() {
        let lock = |packages: &[&str]| {
            let entry = |text: &&str| {
                let (head, below) = text.split_once(" -> ").unwrap_or((text, ""));
                let (name, version) = head.split_once(' ').unwrap();
                let local = version.strip_suffix("-local");
                let source = local.map_or("source = \"registry+x\"\nchecksum = \"c\"\n", |_| "");
                let below: Vec<String> =
                    below.split(", ").filter(|d| !d.is_empty()).map(|d| format!(" \"{d}\",\n")).collect();
                let below = if below.is_empty() {
                    String::new()
                } else {
                    format!("dependencies = [\n{}]\n", below.concat())
                };
                let version = local.unwrap_or(version);
                format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}{below}\n")
            };
            format!("# by cargo\nversion = 4\n\n{}", packages.iter().map(entry).collect::<String>())
        };
        let base = ["app 0.1.0-local -> a, b", "a 1.0.0 -> c", "b 1.0.0", "c 1.0.0"];
        let cases: [(&[&str], &[&str]); 7] = [
            (&base, &[]),
            (&["app 0.1.0-local -> a, b", "a 1.0.0 -> c", "b 1.0.1", "c 1.0.0"], &["b 1.0.1"]),
            (&["app 0.2.0-local -> a, b", "a 1.0.0 -> c", "b 1.0.0", "c 1.0.0"], &[]),
            (&["app 0.1.0-local -> a", "a 1.0.0 -> c", "c 1.0.0"], &[]),
            (&["a 1.0.0", "c 1.0.0"], &["a 1.0.0"]),
            // A second version of c: whoever depends on the first now says which.
            (&["a 1.0.0 -> c 1.0.0", "c 1.0.0", "c 2.0.0"], &["c 2.0.0"]),
            (&[], &[]),
        ];
        for (after, expected) in cases {
            let found = bumped(&lock(&base), &lock(after));
            let found: Vec<String> =
                found.iter().map(|(name, version)| format!("{name} {version}")).collect();
            assert_eq!(found, expected, "{after:?}");
        }
        assert_eq!(bumped("", &lock(&base)).len(), 3, "no lock file before");
        for odd in
            ["", "[[package]]", "[[package]]\nname = \"a\"\n[[package]]\nversion", "\"dependencies\"]["]
        {
            assert_eq!(bumped(&lock(&base), odd), BTreeSet::new());
            assert_eq!(bumped(odd, odd), BTreeSet::new());
        }
    }

    #[test]
    fn versions_that_cargo_takes_for_one_another() {
        for (one, other, same) in [
            ("1.2.3", "1.9.0", true),
            ("1.2.3", "2.0.0", false),
            ("0.2.3", "0.2.9", true),
            ("0.2.3", "0.3.0", false),
            ("0.0.3", "0.0.4", false),
            ("1.0.0-rc.1", "1.0.0+x", true),
            ("10.0.0", "1.0.0", false),
        ] {
            assert_eq!(line(one) == line(other), same, "{one} {other}");
        }
        assert_eq!(line(""), "");
        assert_eq!(line("0"), "0");
    }
}
