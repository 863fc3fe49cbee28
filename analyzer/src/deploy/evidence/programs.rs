//! Which programs of the repository a name or a command of cargo means.

use std::collections::{BTreeMap, BTreeSet};

use super::commands::cargo::{CargoCommand, Does};
use super::commands::shell::{joined, tidy};
use crate::discover::{Repository, TargetKind, above};
use crate::ids::{PackageId, TargetId, WorkspaceId};

/// The repository's programs, by name.
pub(super) struct Programs<'a> {
    repository: &'a Repository,
    by_name: BTreeMap<&'a str, Vec<TargetId>>,
    /// Directories that hold sources, with all above them.
    directories: BTreeSet<&'a str>,
}

/// What is meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) targets: Vec<TargetId>,
    /// Whether they were chosen by name, or there is no other: not all of a workspace.
    pub(super) chosen: bool,
    /// Names that no package here builds.
    pub(super) foreign: Vec<String>,
    /// Names that several do.
    pub(super) ambiguous: Vec<String>,
}

impl<'a> Programs<'a> {
    pub(super) fn new(repository: &'a Repository) -> Self {
        let mut by_name: BTreeMap<&str, Vec<TargetId>> = BTreeMap::new();
        for (id, target) in repository.targets.iter_enumerated().filter(|(_, t)| t.kind == TargetKind::Bin) {
            by_name.entry(&target.name).or_default().push(id);
        }
        let sources = repository.rust_files.iter().map(String::as_str);
        let manifests = repository.packages.iter().map(|package| package.manifest.as_str());
        let directories = sources.chain(manifests).flat_map(above).collect();
        Self { repository, by_name, directories }
    }

    pub(super) fn repository(&self) -> &'a Repository {
        self.repository
    }

    pub(super) fn name(&self, target: TargetId) -> &'a str {
        &self.repository.targets[target].name
    }

    /// Whether a directory of the repository holds sources.
    pub(super) fn holds_sources(&self, dir: &str) -> bool {
        self.directories.contains(tidy(dir).as_str())
    }

    /// The programs of a name, which may be a path to one.
    pub(super) fn named(&self, path: &str) -> &[TargetId] {
        let name = path.rsplit('/').next().unwrap_or(path);
        let name = name.strip_suffix(".exe").unwrap_or(name);
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The one program of a name; of several that in or nearest to a directory's workspace.
    pub(super) fn one(&self, name: &str, dir: &str) -> Option<TargetId> {
        match self.named(name) {
            [] => None,
            [one] => Some(*one),
            several => match self.nearest(several, dir).as_slice() {
                [one] => Some(*one),
                _ => None,
            },
        }
    }

    /// All programs of a package.
    pub(super) fn of_package(&self, name: &str) -> Vec<TargetId> {
        let packages = self.repository.packages.iter_enumerated().filter(|(_, package)| package.name == name);
        packages.flat_map(|(id, _)| self.bins(id)).collect()
    }

    /// What a command of cargo means that runs in a directory of the repository.
    pub(super) fn of_cargo(&self, cargo: &CargoCommand, dir: Option<&str>) -> Selected {
        let dir = dir.unwrap_or_default();
        let manifest = cargo.manifest.as_deref().map(|path| path.strip_suffix("Cargo.toml").unwrap_or(path));
        // A path from the top of a container leads into what was copied there, which `dir` is in.
        let place = manifest.map_or(Some(dir.to_owned()), |path| {
            let path = if path.is_empty() { "." } else { path };
            let inside = path.strip_prefix('/').map(|path| self.longest_known(path));
            inside.or_else(|| joined(Some(dir), path))
        });
        let place = place.unwrap_or_default();
        if cargo.nothing || cargo.does == Does::Cook {
            return Selected { chosen: true, ..Selected::default() };
        }
        let mut found = Selected { chosen: true, ..Selected::default() };
        for name in &cargo.bins {
            self.choose(name, &cargo.packages, &place, &mut found);
        }
        if !cargo.bins.is_empty() || cargo.does == Does::Deploy {
            return found;
        }
        for name in &cargo.packages {
            let own = self.of_package(name);
            let near = self.nearest(&own, &place);
            if own.is_empty() && !self.repository.packages.iter().any(|package| package.name == *name) {
                found.foreign.push(name.clone());
            }
            found.targets.extend(near);
        }
        if cargo.packages.is_empty() && !cargo.unknown {
            found = self.all(&place, cargo.workspace);
        }
        found.targets.sort_unstable();
        found.targets.dedup();
        found
    }

    fn choose(&self, name: &str, packages: &[String], place: &str, found: &mut Selected) {
        let of_name = self.named(name);
        let package = |target: &&TargetId| {
            let package = self.repository.targets[**target].package;
            packages.contains(&self.repository.packages[package].name)
        };
        let own: Vec<TargetId> = of_name.iter().filter(package).copied().collect();
        let candidates = if own.is_empty() { of_name } else { &own };
        match self.nearest(candidates, place).as_slice() {
            [] => found.foreign.push(name.to_owned()),
            [one] => found.targets.push(*one),
            _ => found.ambiguous.push(name.to_owned()),
        }
    }

    /// Those in the package of a directory, else in its workspace, else all of them.
    fn nearest(&self, targets: &[TargetId], dir: &str) -> Vec<TargetId> {
        let package_of = |target: TargetId| self.repository.targets[target].package;
        let package = self.package_at(dir);
        let in_package = targets.iter().copied().filter(|&target| Some(package_of(target)) == package);
        let in_package: Vec<TargetId> = in_package.collect();
        if !in_package.is_empty() && in_package.len() < targets.len() {
            return in_package;
        }
        let workspace = self.workspace_at(dir);
        let of = |target: TargetId| self.repository.packages[package_of(target)].workspace;
        let near: Vec<TargetId> =
            targets.iter().copied().filter(|&target| Some(of(target)) == workspace).collect();
        if near.is_empty() { targets.to_vec() } else { near }
    }

    /// What cargo builds in a directory without being told more.
    fn all(&self, dir: &str, workspace: bool) -> Selected {
        if let Some(package) = self.package_at(dir).filter(|_| !workspace) {
            return Selected { targets: self.bins(package), chosen: true, ..Selected::default() };
        }
        let Some(id) = self.workspace_at(dir) else { return Selected::default() };
        let members = self.repository.workspaces[id].members.iter();
        let targets: Vec<TargetId> = members.flat_map(|&package| self.bins(package)).collect();
        Selected { chosen: targets.len() == 1, targets, ..Selected::default() }
    }

    fn bins(&self, package: PackageId) -> Vec<TargetId> {
        let targets = self.repository.packages[package].targets.iter().copied();
        targets.filter(|&target| self.repository.targets[target].kind == TargetKind::Bin).collect()
    }

    fn package_at(&self, dir: &str) -> Option<PackageId> {
        let dir = tidy(dir);
        let is_own = |at: &str| {
            self.repository.packages.iter_enumerated().find(|(_, p)| p.dir == at).map(|(id, _)| id)
        };
        is_own(&dir)
    }

    /// The workspace around a directory.
    fn workspace_at(&self, dir: &str) -> Option<WorkspaceId> {
        let dir = tidy(dir);
        let mut dirs = std::iter::once(dir.as_str()).chain(above(&dir));
        dirs.find_map(|at| {
            let package = self.repository.packages.iter().find(|package| package.dir == at);
            let workspace = || self.repository.workspaces.iter_enumerated().find(|(_, w)| w.dir == at);
            package.map(|package| package.workspace).or_else(|| workspace().map(|(id, _)| id))
        })
    }

    /// The directory of the workspace around a directory; the root without one.
    pub(super) fn workspace_dir(&self, dir: &str) -> String {
        self.workspace_at(dir).map(|id| self.repository.workspaces[id].dir.clone()).unwrap_or_default()
    }

    /// The longest end of a path that is a directory of the repository.
    fn longest_known(&self, path: &str) -> String {
        let path = tidy(path);
        let ends =
            std::iter::successors(Some(path.as_str()), |path| path.split_once('/').map(|(_, rest)| rest));
        ends.filter(|end| self.holds_sources(end)).map(str::to_owned).next().unwrap_or_default()
    }
}

/// The program at the end of a path to what cargo has built: `target/release/web`, `target/lambda/resize/bootstrap.zip`.
pub(super) fn built_at(path: &str) -> Option<&str> {
    let parts: Vec<&str> = path.split('/').collect();
    let at = parts.iter().position(|part| *part == "target")?;
    let name = match parts[at + 1..] {
        ["lambda", name, ..] => name,
        // `target/<profile>/<name>`, or with a triple between.
        [profile, name] if !profile.is_empty() => name,
        [triple, _, name]
            if triple.matches('-').count() >= 2 || triple.starts_with('$') || triple.contains('\u{1}') =>
        {
            name
        }
        _ => return None,
    };
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let fine = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    fine.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_builds_name_programs() {
        for (path, expected) in [
            ("target/release/web", Some("web")),
            ("/app/target/x86_64-unknown-linux-musl/release/web", Some("web")),
            ("./target/$T/release/web.exe", Some("web")),
            ("target/lambda/resize/bootstrap.zip", Some("resize")),
            ("target/lambda/resize", Some("resize")),
            ("target/release/", None),
            ("target/release", None),
            ("target/release/*.so", None),
            ("target/doc/web/index.html", None),
            ("out/web", None),
        ] {
            assert_eq!(built_at(path), expected, "{path}");
        }
    }
}
