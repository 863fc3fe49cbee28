//! A workspace before and after: manifests by section, members, features, the lock file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Table;

use super::Input;
use super::hits::Hits;
use super::lock::{self, Locked};
use super::manifests::{Difference, differences, root_differences};
use super::model::Cause;
use crate::discover::{Repository, WorkspaceFeatures, in_dir};
use crate::ids::{PackageId, WorkspaceId};
use crate::parse::FileUse;

/// Two versions of a workspace of which a manifest or the lock file has changed.
#[derive(Debug)]
pub(crate) struct WorkspaceVersions {
    /// The workspace as it is now.
    pub(crate) workspace: WorkspaceId,
    /// Changed manifests and the lock file, if it changed: paths relative to the analysed directory.
    pub(crate) changed: BTreeSet<String>,
    /// Before the change.
    pub(crate) before: Version,
    /// After it.
    pub(crate) after: Version,
}

/// One version of a workspace.
#[derive(Debug, Default)]
pub(crate) struct Version {
    /// The manifests by directory; those that can't be read are missing.
    pub(crate) manifests: BTreeMap<String, Arc<Table>>,
    /// The lock file.
    pub(crate) lock: LockVersion,
    /// The features that are on.
    pub(crate) features: Option<WorkspaceFeatures>,
}

impl Version {
    fn manifest(&self, dir: &str) -> Option<&Table> {
        self.manifests.get(dir).map(Arc::as_ref)
    }
}

/// A lock file.
#[derive(Debug, Default)]
pub(crate) enum LockVersion {
    /// There is none.
    #[default]
    Absent,
    /// It can't be read, or not by us.
    Unreadable,
    /// Its packages.
    Packages(Locked),
}

impl LockVersion {
    fn packages(&self) -> Option<&Locked> {
        match self {
            Self::Packages(packages) => Some(packages),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// Marks what the differences between two versions of a workspace concern.
pub(super) fn compare(input: &Input<'_>, versions: &WorkspaceVersions, hits: &mut Hits<'_>) {
    let repository = input.repository;
    let dir = &repository.workspaces[versions.workspace].dir;
    let compare = Compare {
        input,
        repository,
        versions,
        root_file: in_dir(dir, "Cargo.toml"),
        lock_file: in_dir(dir, "Cargo.lock"),
        roots: (versions.before.manifest(dir), versions.after.manifest(dir)),
    };
    if versions.changed.contains(&compare.lock_file) {
        compare.lock(hits);
    }
    if versions.changed.iter().any(|path| *path != compare.lock_file) {
        compare.root(hits);
        compare.members(hits);
        compare.features(hits);
    }
}

struct Compare<'a> {
    input: &'a Input<'a>,
    repository: &'a Repository,
    versions: &'a WorkspaceVersions,
    root_file: String,
    lock_file: String,
    roots: (Option<&'a Table>, Option<&'a Table>),
}

impl Compare<'_> {
    fn everybody(&self, file: &str, hits: &mut Hits<'_>) {
        let is_member = |id: PackageId| self.repository.packages[id].workspace == self.versions.workspace;
        hits.all(&Cause::File(file.to_owned()), is_member);
    }

    fn lock(&self, hits: &mut Hits<'_>) {
        match (&self.versions.before.lock, &self.versions.after.lock) {
            (LockVersion::Packages(before), LockVersion::Packages(after)) => {
                let changed = lock::changed(before, after);
                let place = (self.lock_file.as_str(), after);
                lock::concern(self.repository, self.versions.workspace, place, &changed, hits);
            }
            // Nobody knows what was built before.
            _ => self.everybody(&self.lock_file, hits),
        }
    }

    fn root(&self, hits: &mut Hits<'_>) {
        if !self.versions.changed.contains(&self.root_file) {
            return;
        }
        match self.roots {
            (Some(before), Some(after)) => {
                let found = root_differences(before, after);
                if found.everybody {
                    self.everybody(&self.root_file, hits);
                }
                self.names(&self.root_file, &found.packages, hits);
            }
            _ => self.everybody(&self.root_file, hits),
        }
    }

    fn names(&self, file: &str, names: &BTreeSet<String>, hits: &mut Hits<'_>) {
        let lock = self.versions.after.lock.packages();
        lock::concern_names(self.repository, self.versions.workspace, (file, lock), names, hits);
    }

    /// Every member, since any may inherit from the root.
    fn members(&self, hits: &mut Hits<'_>) {
        for &member in &self.repository.workspaces[self.versions.workspace].members {
            let package = &self.repository.packages[member];
            let own = self.versions.changed.contains(&package.manifest);
            let cause = Cause::File(if own { package.manifest.clone() } else { self.root_file.clone() });
            let (before, after) = (&self.versions.before, &self.versions.after);
            let found = match (before.manifest(&package.dir), after.manifest(&package.dir)) {
                (Some(before), Some(after)) => differences((before, self.roots.0), (after, self.roots.1)),
                // It is new, or can't be compared.
                _ if own => BTreeSet::from([Difference::Package]),
                _ => BTreeSet::new(),
            };
            for difference in found {
                match difference {
                    Difference::Package => hits.library(member, &cause),
                    Difference::Tests => hits.tests(member, &cause),
                    Difference::Targets(kind) => hits.kind(member, kind, &cause),
                    Difference::Naming(variable) => self.naming(member, variable, &cause, hits),
                }
            }
        }
    }

    /// The targets of a package whose sources name a variable.
    fn naming(&self, member: PackageId, variable: &str, cause: &Cause, hits: &mut Hits<'_>) {
        let sources = self.input.mentions.get(variable).into_iter().flatten();
        let uses: BTreeSet<FileUse> =
            sources.filter_map(|source| self.input.uses.get(source)).flatten().copied().collect();
        for used in uses.into_iter().filter(|used| self.repository.targets[used.target].package == member) {
            hits.target(used, cause);
        }
    }

    /// Features that a manifest switches on elsewhere, and who is a member.
    fn features(&self, hits: &mut Hits<'_>) {
        let (Some(before), Some(after)) = (&self.versions.before.features, &self.versions.after.features)
        else {
            return;
        };
        let none = String::new();
        let first = self.versions.changed.iter().find(|path| **path != self.lock_file).unwrap_or(&none);
        for (id, package) in self.repository.packages.iter_enumerated() {
            if before.members.get(&package.dir) != after.members.get(&package.dir) {
                let own = self.versions.changed.contains(&package.manifest);
                hits.library(id, &Cause::File(if own { &package.manifest } else { first }.clone()));
            }
        }
        let explicit =
            |asked: Option<&BTreeSet<String>>| asked.is_some_and(|a| a.iter().any(|f| f != "default"));
        let names: BTreeSet<&String> = before.asked.keys().chain(after.asked.keys()).collect();
        let otherwise =
            names.into_iter().filter(|name| match (before.asked.get(*name), after.asked.get(*name)) {
                (Some(old), Some(new)) => old != new,
                // What nobody named before may have been built all the same, with its default features.
                (old, new) => explicit(old) || explicit(new),
            });
        self.names(first, &otherwise.cloned().collect(), hits);
    }
}
