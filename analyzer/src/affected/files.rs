//! Whose a changed path is.

use std::collections::{BTreeMap, BTreeSet};

use super::hits::Hits;
use super::model::Cause;
use super::rules::{self, Stray};
use super::{Input, Strays};
use crate::discover::{DependencyKind, TargetKind, above};
use crate::history::ChangedFile;
use crate::ids::PackageId;
use crate::parse::FileUse;

/// The changed paths that no target compiles: some source may name them.
pub(crate) fn unlinked<'a>(files: &'a [ChangedFile], uses: &BTreeMap<String, Vec<FileUse>>) -> Vec<&'a str> {
    files.iter().map(|file| file.path.as_str()).filter(|path| !uses.contains_key(*path)).collect()
}

/// Marks what each changed path concerns.
pub(super) fn place(input: &Input<'_>, hits: &mut Hits<'_>) {
    let repository = input.repository;
    let owners = repository.packages.iter_enumerated().map(|(id, package)| (package.dir.as_str(), id));
    let place = Owners { input, owners: owners.collect() };
    for file in input.files.iter().filter(|file| !input.rules.ignores(&file.path)) {
        place.file(file, hits);
    }
}

struct Owners<'a> {
    input: &'a Input<'a>,
    owners: BTreeMap<&'a str, PackageId>,
}

impl Owners<'_> {
    fn file(&self, file: &ChangedFile, hits: &mut Hits<'_>) {
        let (path, cause) = (file.path.as_str(), Cause::File(file.path.clone()));
        if let Some(dir) = rules::concerns_all_below(path)
            && hits.all(&cause, |id| is_below(&self.input.repository.packages[id].dir, dir)) > 0
        {
            return;
        }
        if file.is_submodule() {
            return self.submodule(path, &cause, hits);
        }
        let owner = self.owner(path);
        let scripts = self.input.whole_scripts;
        let run_again = match owner {
            Owner::Package(package) => Some(package),
            _ => None,
        };
        let run_again = run_again.filter(|&own| scripts.runs_after(self.input.repository, own, path));
        if let Some(package) = run_again {
            hits.library(package, &cause);
        }
        if self.is_of_workspace(path) {
            return;
        }
        // A source that is gone is no longer what the others call.
        if let Some(package) = run_again.filter(|&own| !path.ends_with(".rs") && !scripts.reads(own)) {
            hits.said_again(package, path);
        }
        // A package of another workspace may be what tests around it read: a fixture.
        for package in self.around(path, owner) {
            hits.run(package, &cause);
        }
        if let Some(uses) = self.input.uses.get(path).filter(|_| file.after.is_some()) {
            return uses.iter().for_each(|&used| hits.target(used, &cause));
        }
        let named = self.named(path, &cause, hits);
        match owner {
            Owner::Package(package) => self.unlinked(package, path, named, &cause, hits),
            Owner::Removed => {}
            Owner::Nobody if path.starts_with("../") => self.outside(path, &cause, hits),
            Owner::Nobody => self.nobodys(path, named, &cause, hits),
        }
    }

    /// Manifests and lock files that cargo reads are compared by what they say.
    fn is_of_workspace(&self, path: &str) -> bool {
        let repository = self.input.repository;
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_root = || repository.workspaces.iter().any(|workspace| workspace.dir == dir);
        match name {
            "Cargo.toml" => self.owners.contains_key(dir) || self.input.removed.contains(dir) || is_root(),
            "Cargo.lock" => is_root(),
            _ => false,
        }
    }

    fn owner(&self, path: &str) -> Owner {
        for dir in above(path) {
            if let Some(&package) = self.owners.get(dir) {
                return Owner::Package(package);
            }
            if self.input.removed.contains(dir) {
                return Owner::Removed;
            }
        }
        Owner::Nobody
    }

    /// Packages around a path that belong to another workspace than its own package.
    fn around(&self, path: &str, owner: Owner) -> Vec<PackageId> {
        let Owner::Package(own) = owner else { return Vec::new() };
        let packages = &self.input.repository.packages;
        let around = above(path).filter_map(|dir| self.owners.get(dir).copied());
        around.filter(|&other| packages[other].workspace != packages[own].workspace).collect()
    }

    /// Anything in a submodule may have changed.
    fn submodule(&self, path: &str, cause: &Cause, hits: &mut Hits<'_>) {
        let inside = hits.all(cause, |id| is_below(&self.input.repository.packages[id].dir, path));
        let named = self.named(path, cause, hits);
        match self.owner(path) {
            Owner::Package(package) => {
                hits.run(package, cause);
                if self.input.whole_scripts.runs_after(self.input.repository, package, path) {
                    hits.library(package, cause);
                }
            }
            Owner::Nobody if inside == 0 && !path.starts_with("../") => {
                self.nobodys(path, named, cause, hits)
            }
            Owner::Removed | Owner::Nobody => {}
        }
    }

    /// Marks the targets whose sources name the path; whether there are any.
    fn named(&self, path: &str, cause: &Cause, hits: &mut Hits<'_>) -> bool {
        let sources = self.input.mentions.get(path);
        let uses = sources.into_iter().flatten().filter_map(|source| self.input.uses.get(source));
        let uses: BTreeSet<FileUse> = uses.flatten().copied().collect();
        uses.iter().for_each(|&used| hits.target(used, cause));
        !uses.is_empty()
    }

    /// A path in a package that no target compiles: data, or a source that is gone.
    fn unlinked(&self, package: PackageId, path: &str, named: bool, cause: &Cause, hits: &mut Hits<'_>) {
        if path.ends_with(".rs") && !named {
            let dir = &self.input.repository.packages[package].dir;
            let inside = path.strip_prefix(dir.as_str()).unwrap_or(path).trim_start_matches('/');
            return match likely(inside) {
                Likely::Library => hits.library(package, cause),
                Likely::Targets(kind) => {
                    hits.kind(package, kind, cause);
                    hits.run(package, cause);
                }
            };
        }
        if !self.input.rules.is_neutral(path) {
            // Whatever its tests read when they run.
            hits.run(package, cause);
        }
    }

    /// A path in no package: whoever reads it, nothing says so.
    fn nobodys(&self, path: &str, named: bool, cause: &Cause, hits: &mut Hits<'_>) {
        if self.input.strays == Strays::Nobody || named {
            return;
        }
        match self.input.rules.stray(path) {
            Stray::Nobodys => {}
            Stray::Runner => {
                self.around_it(path).into_iter().for_each(|package| hits.runner(package, cause));
            }
            Stray::Everybodys => {
                let around = self.around_it(path);
                hits.all(cause, |id| around.contains(&id));
            }
        }
    }

    /// The packages of the workspaces that a path lies in; all packages if it is in none.
    fn around_it(&self, path: &str) -> BTreeSet<PackageId> {
        let repository = self.input.repository;
        let around = |id: &PackageId| {
            let workspace = &repository.workspaces[repository.packages[*id].workspace];
            is_below(path, &workspace.dir)
        };
        let found: BTreeSet<PackageId> = repository.packages.ids().filter(around).collect();
        if found.is_empty() { repository.packages.ids().collect() } else { found }
    }

    /// A path outside of the analysed directory: of a package there, or of one that such a package may depend on.
    fn outside(&self, path: &str, cause: &Cause, hits: &mut Hits<'_>) {
        let outside = self.input.outside;
        let exact = outside.iter().any(|dependency| is_below(path, &dependency.dir));
        let concerns_code = path.ends_with(".rs") || path.ends_with("/Cargo.toml");
        for dependency in outside {
            if is_below(path, &dependency.dir) || (!exact && concerns_code) {
                let kind = if dependency.dev { DependencyKind::Dev } else { DependencyKind::Normal };
                hits.dependency(dependency.user, kind, cause);
            }
        }
    }
}

/// Who has a path.
#[derive(Debug, Clone, Copy)]
enum Owner {
    Package(PackageId),
    /// A package that is no more: whoever depended on it has another manifest now.
    Removed,
    Nobody,
}

/// What a source that nothing leads to was part of.
enum Likely {
    Library,
    Targets(TargetKind),
}

/// By cargo's layout (the Cargo Book, "Package Layout"); `inside` is relative to the package.
fn likely(inside: &str) -> Likely {
    let first = inside.split('/').next().unwrap_or_default();
    match first {
        "tests" => Likely::Targets(TargetKind::Test),
        "benches" => Likely::Targets(TargetKind::Bench),
        "examples" => Likely::Targets(TargetKind::Example),
        _ if inside == "src/main.rs" || inside.starts_with("src/bin/") => Likely::Targets(TargetKind::Bin),
        _ => Likely::Library,
    }
}

/// Whether a path is `dir` or lies below it; everything but what begins with `../` lies below `""`.
fn is_below(path: &str, dir: &str) -> bool {
    let ups = |path: &str| path.split('/').take_while(|part| *part == "..").count();
    if dir.is_empty() || dir.split('/').all(|part| part == "..") {
        // What lies above the analysed directory holds all of it.
        return ups(path) <= ups(dir);
    }
    path.strip_prefix(dir).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_a_directory() {
        for (path, dir, expected) in [
            ("a/b", "", true),
            ("a/b", "a", true),
            ("a", "a", true),
            ("ab", "a", false),
            ("../a", "", false),
            ("a", "..", true),
            ("../b/x", "..", true),
            ("../../x", "..", false),
            ("../b/x", "../b", true),
        ] {
            assert_eq!(is_below(path, dir), expected, "{path} in {dir}");
        }
    }
}
