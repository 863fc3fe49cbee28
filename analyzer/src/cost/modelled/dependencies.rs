//! How many packages a package's code depends on.

use std::collections::BTreeMap;

use crate::discover::{DependencyKind, Repository};
use crate::ids::{Id, IdVec, LockedId, PackageId, WorkspaceId};

/// For each package, how many packages its code depends on, directly or not.
///
/// From the lock file where there is one (an upper bound: features and platforms are not resolved there),
/// else the declared dependencies, followed through local packages.
pub fn dependency_counts(repository: &Repository) -> IdVec<PackageId, usize> {
    let mut starts: BTreeMap<PackageId, (WorkspaceId, LockedId)> = BTreeMap::new();
    for (workspace, data) in repository.workspaces.iter_enumerated() {
        for (id, locked) in data.locked.iter_enumerated() {
            if let Some(package) = locked.package.filter(|&p| repository.packages[p].workspace == workspace) {
                starts.entry(package).or_insert((workspace, id));
            }
        }
    }
    let mut locked: IdVec<WorkspaceId, Counted> =
        repository.workspaces.ids().map(|workspace| locked(repository, workspace)).collect();
    let mut declared = declared(repository);
    let count = |package: PackageId| match starts.get(&package) {
        Some(&(workspace, start)) => locked[workspace].from(start.index()),
        None => declared.from(package.index()),
    };
    repository.packages.ids().map(count).collect()
}

/// A directed graph of which one kind of nodes is counted.
struct Counted {
    next: Vec<Vec<usize>>,
    /// Nodes from here on count.
    first: usize,
    /// When each node was last seen: by which of the counts.
    seen: Vec<usize>,
    counts: usize,
}

impl Counted {
    fn new(next: Vec<Vec<usize>>, first: usize) -> Self {
        Self { first, seen: vec![0; next.len()], counts: 0, next }
    }

    /// The nodes that can be reached from one, itself not counted.
    fn from(&mut self, start: usize) -> usize {
        self.counts += 1;
        let (mut stack, mut count) = (vec![start], 0);
        self.seen[start] = self.counts;
        while let Some(node) = stack.pop() {
            for &to in &self.next[node] {
                if std::mem::replace(&mut self.seen[to], self.counts) != self.counts {
                    count += usize::from(to >= self.first);
                    stack.push(to);
                }
            }
        }
        count
    }
}

/// The packages of a lock file. Dev-dependencies and disabled ones stand there too: left out is what the manifest of a
/// local package doesn't switch on for its normal build.
fn locked(repository: &Repository, workspace: WorkspaceId) -> Counted {
    let locked = &repository.workspaces[workspace].locked;
    let next = locked.iter().map(|own| {
        let mut on: Option<Vec<&str>> =
            own.package.map(|p| normal(repository, p).map(|(name, _)| name).collect());
        if let Some(names) = &mut on {
            names.sort_unstable();
        }
        let on = |to: &&LockedId| {
            on.as_ref().is_none_or(|names| names.binary_search(&&*locked[**to].name).is_ok())
        };
        own.dependencies.iter().filter(on).map(|to| to.index()).collect()
    });
    Counted::new(next.collect(), 0)
}

/// The local packages, and behind them the names that they declare, which count.
fn declared(repository: &Repository) -> Counted {
    let local = repository.packages.len();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut next: Vec<Vec<usize>> = Vec::new();
    for package in repository.packages.ids() {
        let mut own = Vec::new();
        for (name, at) in normal(repository, package) {
            let new = local + names.len();
            own.push(*names.entry(name).or_insert(new));
            own.extend(at.map(Id::index));
        }
        next.push(own);
    }
    next.resize(local + names.len(), Vec::new());
    Counted::new(next, local)
}

/// What a package depends on in its normal build: by name, and where it is local.
pub(super) fn normal(
    repository: &Repository,
    package: PackageId,
) -> impl Iterator<Item = (&str, Option<PackageId>)> {
    let declared = repository.packages[package].dependencies.iter();
    let normal = declared.filter(|d| d.enabled && d.kind == DependencyKind::Normal);
    normal.map(|dependency| (&*dependency.package, dependency.local))
}
