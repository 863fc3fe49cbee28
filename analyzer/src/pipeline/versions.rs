//! Manifests and lock files of two commits, put together for each workspace that a change concerns.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Table;

use crate::affected::{LockVersion, Version, WorkspaceVersions};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::discover::{
    DiscoverOptions, Repository, follow_locked, locked_packages, manifest_table, workspace_features,
};
use crate::history::{ChangedFile, Changes, GitObject};
use crate::ids::WorkspaceId;

/// What a change made of the workspaces.
#[derive(Debug, Default)]
pub(super) struct Versions {
    /// Those with a changed manifest or lock file.
    pub(super) workspaces: Vec<WorkspaceVersions>,
    /// Directories of packages that are no more.
    pub(super) removed: BTreeSet<String>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Where versions are read from.
pub(super) struct Reader<'a> {
    pub(super) repository: &'a Repository,
    /// The text of an object.
    pub(super) text: &'a (dyn Fn(&GitObject) -> Option<Cow<'a, str>> + Sync),
    /// The manifest at a path as it is in the directory.
    pub(super) now: &'a (dyn Fn(&str) -> Option<Arc<Table>> + Sync),
    /// How features are chosen, if they are to be compared.
    pub(super) features: Option<&'a DiscoverOptions>,
}

/// Reads the versions that the two commits have.
pub(super) fn versions(repository: &Repository, changes: &Changes, options: &DiscoverOptions) -> Versions {
    let reader = Reader {
        repository,
        text: &|object| changes.text(object).map(Cow::Owned),
        now: &|path| manifest_table(repository, path).map(Arc::new),
        features: Some(options),
    };
    reader.versions(&changes.files)
}

impl Reader<'_> {
    /// Of what differs between two commits.
    pub(super) fn versions(&self, files: &[ChangedFile]) -> Versions {
        let mut found = Versions::default();
        let repository = self.repository;
        let (manifests, locks): (Vec<&ChangedFile>, Vec<&ChangedFile>) = files
            .iter()
            .filter(|file| !file.is_submodule())
            .filter(|file| matches!(name(&file.path), "Cargo.toml" | "Cargo.lock"))
            .partition(|file| name(&file.path) == "Cargo.toml");
        let there: BTreeSet<&str> = repository.packages.iter().map(|package| package.dir.as_str()).collect();
        for file in manifests.iter().filter(|file| file.after.is_none() && !there.contains(dir(&file.path))) {
            let before = self.manifest(file.before.as_ref());
            if before.is_none_or(|table| table.contains_key("package") || table.contains_key("project")) {
                found.removed.insert(dir(&file.path).to_owned());
            }
        }
        for id in repository.workspaces.ids() {
            if let Some(versions) = self.workspace(id, &manifests, &locks, &mut found.diagnostics) {
                found.workspaces.push(versions);
            }
        }
        found
    }

    /// `None` if nothing of it has changed.
    fn workspace(
        &self,
        id: WorkspaceId,
        manifests: &[&ChangedFile],
        locks: &[&ChangedFile],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<WorkspaceVersions> {
        let workspace = &self.repository.workspaces[id];
        let members = workspace.members.iter().map(|&member| self.repository.packages[member].dir.as_str());
        let dirs: BTreeSet<&str> = members.chain([workspace.dir.as_str()]).collect();
        // A package that is no member any more may have been one.
        let packages = self.repository.packages.iter().map(|package| package.dir.as_str());
        let all: BTreeSet<&str> =
            dirs.iter().copied().chain(packages.filter(|dir| is_inside(dir, &workspace.dir))).collect();
        let own = |file: &&&ChangedFile| {
            let gone = file.after.is_none() && self.nearest(&file.path) == Some(id);
            dirs.contains(dir(&file.path)) || gone
        };
        let manifests: Vec<&ChangedFile> = manifests.iter().filter(own).copied().collect();
        let lock = locks.iter().find(|file| dir(&file.path) == workspace.dir).copied();
        if manifests.is_empty() && lock.is_none() {
            return None;
        }
        let (mut before, mut after) = (Version::default(), Version::default());
        // Without features the others matter only as far as they inherit from a root that changed.
        let root = manifests.iter().any(|file| dir(&file.path) == workspace.dir);
        let all =
            if root || self.features.is_some() { all } else { BTreeSet::from([workspace.dir.as_str()]) };
        if !manifests.is_empty() {
            (before.manifests, after.manifests) = self.manifests(&all, &manifests, diagnostics);
            let features = |version: &Version| {
                let options = self.features?;
                workspace_features(&self.repository.root, &workspace.dir, &version.manifests, options)
            };
            (before.features, after.features) = (features(&before), features(&after));
        }
        let now = || match workspace.locked.is_empty() {
            true => LockVersion::Absent,
            false => LockVersion::Packages(workspace.locked.clone()),
        };
        match lock {
            Some(file) => {
                before.lock = self.linked(self.lock(file.before.as_ref()), id);
                after.lock = self.linked(self.lock(file.after.as_ref()), id);
                if matches!(before.lock, LockVersion::Unreadable) {
                    diagnostics.push(unreadable(&file.path));
                }
            }
            None => (before.lock, after.lock) = (now(), now()),
        }
        let changed = manifests.into_iter().chain(lock).map(|file| file.path.clone()).collect();
        Some(WorkspaceVersions { workspace: id, changed, before, after })
    }

    /// The workspace whose directory is the nearest above a path.
    fn nearest(&self, path: &str) -> Option<WorkspaceId> {
        let workspaces = self.repository.workspaces.iter_enumerated();
        let around = workspaces.filter(|(_, workspace)| is_inside(path, &workspace.dir));
        around.max_by_key(|(_, workspace)| workspace.dir.len()).map(|(id, _)| id)
    }

    /// The manifests in `dirs`, before and after.
    fn manifests(
        &self,
        dirs: &BTreeSet<&str>,
        changed: &[&ChangedFile],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (BTreeMap<String, Arc<Table>>, BTreeMap<String, Arc<Table>>) {
        let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
        for &place in dirs.iter().filter(|place| !changed.iter().any(|file| dir(&file.path) == **place)) {
            let path = if place.is_empty() { "Cargo.toml".to_owned() } else { format!("{place}/Cargo.toml") };
            if let Some(table) = (self.now)(&path) {
                before.insert(place.to_owned(), Arc::clone(&table));
                after.insert(place.to_owned(), table);
            }
        }
        for file in changed {
            let place = dir(&file.path);
            match self.manifest(file.before.as_ref()) {
                Some(table) => drop(before.insert(place.to_owned(), table)),
                None if file.before.is_some() => diagnostics.push(unreadable(&file.path)),
                None => {}
            }
            if let Some(table) = self.manifest(file.after.as_ref()) {
                after.insert(place.to_owned(), table);
            }
        }
        (before, after)
    }

    fn manifest(&self, object: Option<&GitObject>) -> Option<Arc<Table>> {
        (self.text)(object?)?.parse().ok().map(Arc::new)
    }

    fn lock(&self, object: Option<&GitObject>) -> LockVersion {
        let Some(object) = object else { return LockVersion::Absent };
        let packages = (self.text)(object).and_then(|text| locked_packages(&text));
        packages.map_or(LockVersion::Unreadable, LockVersion::Packages)
    }

    /// Knows local packages by their names, as discovery does, and what builds take of the others.
    fn linked(&self, mut lock: LockVersion, id: WorkspaceId) -> LockVersion {
        if let LockVersion::Packages(packages) = &mut lock {
            let members = &self.repository.workspaces[id].members;
            for locked in packages.iter_mut().filter(|locked| locked.source.is_none()) {
                let same =
                    |member: &&crate::ids::PackageId| self.repository.packages[**member].name == locked.name;
                locked.package = members.iter().find(same).copied();
            }
            if self.features.is_some() {
                follow_locked(self.repository, packages);
            }
        }
        lock
    }
}

/// Said of a manifest or lock file that can't be compared.
fn unreadable(path: &str) -> Diagnostic {
    let message = "can't be compared with what it was (a partial clone lacks it, or it was broken): all that it may concern \
                   counts as affected";
    Diagnostic::new(Severity::Warning, Code::NoHistory, message).at(path)
}

/// Whether a path lies below a directory.
fn is_inside(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn dir(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
