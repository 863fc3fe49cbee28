//! Which package and target a unit is of: names, the lock file, and where versions are several, the source.

use std::collections::BTreeMap;

use super::Group;
use crate::cost::measured::{UnitTarget, UnitTargetKind};
use crate::discover::{LockedPackage, Output, Repository, StampedUnit, TargetKind};
use crate::ids::PackageId;

/// The packages that units may be of, by name.
pub(super) struct Packages<'a> {
    locked: BTreeMap<&'a str, Vec<&'a LockedPackage>>,
    own: BTreeMap<&'a str, PackageId>,
    repository: &'a Repository,
}

/// A package.
pub(super) struct Identified {
    pub(super) id: Option<PackageId>,
    /// Empty if not known.
    pub(super) version: String,
    pub(super) member: Option<bool>,
}

impl<'a> Packages<'a> {
    pub(super) fn new(group: &Group<'_>, repository: &'a Repository) -> Self {
        let mut workspaces: Vec<_> = group.iter().flat_map(|dir| dir.workspaces.iter().copied()).collect();
        workspaces.sort_unstable();
        workspaces.dedup();
        let mut locked: BTreeMap<&str, Vec<&LockedPackage>> = BTreeMap::new();
        let mut own = BTreeMap::new();
        for id in workspaces {
            for package in &repository.workspaces[id].locked {
                let same = locked.entry(&package.name).or_default();
                let known = |p: &&LockedPackage| p.version == package.version && p.source == package.source;
                if !same.iter().any(known) {
                    same.push(package);
                }
            }
            for &member in &repository.workspaces[id].members {
                own.entry(repository.packages[member].name.as_str()).or_insert(member);
            }
        }
        Self { locked, own, repository }
    }

    /// `None` for a unit of somebody else's build in the same directory.
    pub(super) fn find(&self, raw: &StampedUnit) -> Option<Identified> {
        let own = self.own.get(raw.package.as_str()).copied();
        let locked = self.locked.get(raw.package.as_str()).map_or(&[][..], Vec::as_slice);
        let elsewhere: Vec<&LockedPackage> = locked.iter().copied().filter(|p| p.source.is_some()).collect();
        let source = raw.source.as_deref();
        let external = |package: &LockedPackage| Identified {
            id: None,
            version: package.version.clone(),
            member: Some(false),
        };
        let member = |id: PackageId| Identified {
            id: Some(id),
            version: self.repository.packages[id].version.clone(),
            member: Some(true),
        };
        let by_source = source.and_then(|source| elsewhere.iter().find(|package| is_of(source, package)));
        match (own, by_source, &elsewhere[..]) {
            (_, Some(package), _) => Some(external(package)),
            (Some(id), ..) => Some(member(id)),
            (None, None, [only]) => Some(external(only)),
            // Several versions, and no source that tells which; or a package by path from outside the repository.
            (None, None, []) if locked.is_empty() => None,
            (None, None, []) => Some(external(locked[0])),
            (None, None, _) => Some(Identified { id: None, version: String::new(), member: Some(false) }),
        }
    }
}

/// Whether a source file is of a package: cargo unpacks one of a registry in `registry/src/…/NAME-VERSION`, a checkout of git in
/// `git/checkouts/…`.
fn is_of(source: &str, package: &LockedPackage) -> bool {
    let source = source.replace('\\', "/");
    if package.source.as_deref().is_some_and(|from| from.starts_with("git+")) {
        return source.contains("/git/checkouts/");
    }
    source.contains(&format!("/{}-{}/", package.name, package.version))
}

/// What a unit compiles, by its fingerprint's name, and whether that as a test.
pub(super) fn target(raw: &StampedUnit, own: Option<(&Repository, PackageId)>) -> Option<(UnitTarget, bool)> {
    let file = raw.file.strip_prefix("run-").unwrap_or(&raw.file);
    let (file, test) = match file.strip_prefix("test-") {
        Some(file) => (file, true),
        None => (file, false),
    };
    let kinds = [
        ("lib-", UnitTargetKind::Lib),
        ("bin-", UnitTargetKind::Bin),
        ("integration-test-", UnitTargetKind::Test),
        ("example-", UnitTargetKind::Example),
        ("bench-", UnitTargetKind::Bench),
        ("build-script-", UnitTargetKind::BuildScript),
    ];
    let (name, kind) = kinds.iter().find_map(|(prefix, kind)| Some((file.strip_prefix(prefix)?, *kind)))?;
    let name = name.replace('-', "_");
    let macros = match own {
        Some((repository, id)) => repository.packages[id].targets.iter().any(|&target| {
            let target = &repository.targets[target];
            target.kind == TargetKind::ProcMacro && target.crate_name == name
        }),
        None => raw.output == Output::Dynamic,
    };
    let kind = if kind == UnitTargetKind::Lib && macros { UnitTargetKind::ProcMacro } else { kind };
    Some((UnitTarget::new(kind, name), test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_name_targets() {
        let cases = [
            ("lib-a_b", "Lib a_b false"),
            ("bin-a-b", "Bin a_b false"),
            ("test-lib-a", "Lib a true"),
            ("test-integration-test-it", "Test it true"),
            ("test-bench-b", "Bench b true"),
            ("example-e", "Example e false"),
            ("build-script-build-script-build", "BuildScript build_script_build false"),
            ("run-build-script-build-script-build", "BuildScript build_script_build false"),
            ("doc-lib-a", ""),
        ];
        for (file, expected) in cases {
            let raw = StampedUnit { file: file.to_owned(), ..StampedUnit::default() };
            let found = target(&raw, None).map(|(t, test)| format!("{:?} {} {test}", t.kind, t.name));
            assert_eq!(found.unwrap_or_default(), expected, "{file}");
        }
    }
}
