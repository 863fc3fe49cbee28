//! Two versions of a lock file, compared package by package, and whom a changed one concerns.

use std::collections::{BTreeMap, BTreeSet};

use super::hits::Hits;
use super::model::Cause;
use crate::discover::{DependencyKind, LockedPackage, Repository};
use crate::ids::{IdVec, LockedId, PackageId, WorkspaceId};

/// The packages of a lock file.
pub(super) type Locked = IdVec<LockedId, LockedPackage>;

/// What a package of a lock file is: name, version and source. Local packages go by their name: their version is their
/// manifest's business.
type Key<'a> = (&'a str, &'a str, Option<&'a str>);

fn key(package: &LockedPackage) -> Key<'_> {
    match package.source.as_deref() {
        None => (&package.name, "", None),
        source => (&package.name, &package.version, source),
    }
}

/// The packages that are new, or that depend on others than before.
pub(super) fn changed(before: &Locked, after: &Locked) -> BTreeSet<LockedId> {
    let dependencies = |locked: &'_ Locked, package: &LockedPackage| -> BTreeSet<String> {
        package.followed.iter().map(|&id| format!("{:?}", key(&locked[id]))).collect()
    };
    let old: BTreeMap<Key<'_>, BTreeSet<String>> =
        before.iter().map(|package| (key(package), dependencies(before, package))).collect();
    let same = |package: &LockedPackage| old.get(&key(package)) == Some(&dependencies(after, package));
    // What a local package depends on is compared where it is known what for.
    let packages = after.iter_enumerated().filter(|(_, package)| package.source.is_some());
    packages.filter(|(_, package)| !same(package)).map(|(id, _)| id).collect()
}

/// Marks the packages of a workspace that depend on what changed in its lock file, through others from elsewhere or not.
pub(super) fn concern(
    repository: &Repository,
    workspace: WorkspaceId,
    (file, locked): (&str, &Locked),
    changed: &BTreeSet<LockedId>,
    hits: &mut Hits<'_>,
) {
    if changed.is_empty() {
        return;
    }
    let origin = reached(locked, changed);
    let cause = |id: LockedId, through: LockedId| {
        let package = &locked[id];
        Cause::Locked {
            file: file.to_owned(),
            package: format!("{} {}", package.name, package.version),
            through: locked[through].name.clone(),
        }
    };
    let mut local: BTreeMap<&str, &LockedPackage> = BTreeMap::new();
    for package in locked.iter().filter(|package| package.source.is_none()) {
        local.entry(&package.name).or_insert(package);
    }
    for &member in &repository.workspaces[workspace].members {
        let Some(entry) = local.get(repository.packages[member].name.as_str()) else { continue };
        for (&dependency, &from) in entry.dependencies.iter().filter_map(|id| origin.get_key_value(id)) {
            if let Some(kind) = strongest(repository, member, &locked[dependency].name) {
                hits.dependency(member, kind, &cause(from, dependency));
            }
        }
    }
}

/// What depends on the changed packages, each with the first of these that it was reached from.
fn reached(locked: &Locked, changed: &BTreeSet<LockedId>) -> BTreeMap<LockedId, LockedId> {
    let mut users: BTreeMap<LockedId, Vec<LockedId>> = BTreeMap::new();
    for (id, package) in locked.iter_enumerated() {
        package.followed.iter().for_each(|&below| users.entry(below).or_default().push(id));
    }
    let mut origin: BTreeMap<LockedId, LockedId> = changed.iter().map(|&id| (id, id)).collect();
    let mut open: Vec<LockedId> = changed.iter().copied().collect();
    let mut next = 0;
    while let Some(&id) = open.get(next) {
        next += 1;
        let from = origin[&id];
        for &user in users.get(&id).into_iter().flatten() {
            // From local packages on it spreads along their own dependencies.
            if locked[user].package.is_none() && !origin.contains_key(&user) {
                origin.insert(user, from);
                open.push(user);
            }
        }
    }
    origin
}

/// What a package has a dependency of this name for; `None` if no enabled feature switches it on.
fn strongest(repository: &Repository, package: PackageId, name: &str) -> Option<DependencyKind> {
    let mut declared =
        repository.packages[package].dependencies.iter().filter(|d| d.package == name).peekable();
    if declared.peek().is_none() {
        // The manifest names it otherwise (a patch); the lock file knows.
        return Some(DependencyKind::Normal);
    }
    let kinds: Vec<DependencyKind> = declared.filter(|d| repository.has(d)).map(|d| d.kind).collect();
    kinds.iter().copied().find(|&kind| kind != DependencyKind::Dev).or(kinds.first().copied())
}

/// Marks who depends on packages from elsewhere by name: cargo builds these otherwise.
pub(super) fn concern_names(
    repository: &Repository,
    workspace: WorkspaceId,
    (file, locked): (&str, Option<&Locked>),
    names: &BTreeSet<String>,
    hits: &mut Hits<'_>,
) {
    if names.is_empty() {
        return;
    }
    if let Some(locked) = locked {
        let named = locked.iter_enumerated().filter(|(_, package)| names.contains(&package.name));
        let named = named.filter(|(_, package)| package.source.is_some()).map(|(id, _)| id).collect();
        concern(repository, workspace, (file, locked), &named, hits);
    }
    for &member in &repository.workspaces[workspace].members {
        let package = &repository.packages[member];
        if names.contains(&package.name) {
            hits.library(member, &Cause::File(file.to_owned()));
        }
        let direct = package.dependencies.iter().filter(|d| repository.has(d) && d.local.is_none());
        for dependency in direct.filter(|d| locked.is_none() && names.contains(&d.package)) {
            hits.dependency(member, dependency.kind, &Cause::File(file.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::locked_packages;

    const R: &str = "source = 'registry+https://github.com/rust-lang/crates.io-index'";

    fn changed_names(before: &str, after: &str) -> Vec<String> {
        let lock = |text: &str| {
            let packages = text.lines().map(|line| {
                let (head, below) = line.split_once(" -> ").unwrap_or((line, ""));
                let (name, version) = head.split_once(' ').unwrap();
                let below: Vec<String> =
                    below.split_whitespace().map(|d| format!("'{}'", d.replace('@', " "))).collect();
                let source = if version == "local" { "" } else { R };
                let version = version.replace("local", "0.1.0");
                format!(
                    "[[package]]\nname='{name}'\nversion='{version}'\n{source}\ndependencies=[{}]\n",
                    below.join(",")
                )
            });
            locked_packages(&format!("version = 4\n{}", packages.collect::<String>())).unwrap()
        };
        let (before, after) = (lock(before), lock(after));
        changed(&before, &after)
            .into_iter()
            .map(|id| format!("{} {}", after[id].name, after[id].version))
            .collect()
    }

    #[test]
    fn by_package() {
        let base = "app local -> a b\na 1.0.0 -> c\nb 1.0.0\nc 1.0.0";
        for (after, expected) in [
            (base, &[][..]),
            ("app local -> a b\na 1.0.0 -> c\nb 1.0.1\nc 1.0.0", &["b 1.0.1"]),
            // Who depends on another version of something is compiled again, too.
            ("app local -> a b\na 1.0.0 -> c\nb 1.0.0\nc 1.0.1", &["a 1.0.0", "c 1.0.1"]),
            ("app local -> a b\na 1.0.0\nb 1.0.0", &["a 1.0.0"]),
            ("app local -> a\na 1.0.0 -> c\nc 1.0.0", &[]),
            ("app local -> a b c\na 1.0.0 -> c\nb 1.0.0\nc 1.0.0\nd 1.0.0", &["d 1.0.0"]),
        ] {
            assert_eq!(changed_names(base, after), expected, "{after}");
        }
    }
}
