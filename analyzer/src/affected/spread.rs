//! From what itself changed to what depends on it, as cargo rebuilds: it has no early cut-off.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::hits::{Hit, Hits};
use super::model::{
    Affected, AffectedDeployable, AffectedPackage, AffectedTest, Cause, Depth, Part, TestKind,
};
use crate::discover::{DependencyKind, Repository, Target, TargetKind, is_auxiliary_target};
use crate::ids::{IdVec, PackageId, TargetId};
use crate::parse::FileUse;

/// How a change reaches a package.
#[derive(Debug, Clone, Default)]
struct Reached {
    distance: u32,
    because: BTreeSet<Cause>,
}

/// Works out everything that the hits concern.
pub(super) fn spread(
    repository: &Repository,
    hits: &Hits<'_>,
    depth: Depth,
    programs: Option<&BTreeSet<TargetId>>,
) -> Affected {
    let libraries = libraries(repository, hits, depth);
    let tests = through_tests(repository, &libraries, depth);
    let spread = Spread { repository, hits, libraries, tests };
    let mut packages: Vec<AffectedPackage> =
        repository.packages.ids().filter_map(|package| spread.package(package)).collect();
    packages.sort_by_key(|affected| (affected.distance, affected.package));
    Affected {
        everything: hits.everything.clone(),
        packages,
        tests: repository.packages.ids().flat_map(|package| spread.tests(package)).collect(),
        deployables: repository
            .targets
            .ids()
            .filter_map(|target| spread.deployable(target, programs))
            .collect(),
    }
}

/// Packages of which everything is compiled again: breadth first, so that distances are the shortest.
fn libraries(repository: &Repository, hits: &Hits<'_>, depth: Depth) -> BTreeMap<PackageId, Reached> {
    let mut users: IdVec<PackageId, BTreeSet<PackageId>> =
        IdVec::from_elem(BTreeSet::new(), repository.packages.len());
    for (user, below) in dependencies(repository, |kind| kind != DependencyKind::Dev) {
        users[below].insert(user);
    }
    let mut found: BTreeMap<PackageId, Reached> = BTreeMap::new();
    let mut open: VecDeque<PackageId> = VecDeque::new();
    for (package, hit) in hits.of.iter_enumerated().filter(|(_, hit)| !hit.library.is_empty()) {
        found.insert(package, Reached { distance: 0, because: hit.library.clone() });
        open.push_back(package);
    }
    while let Some(package) = open.pop_front() {
        let distance = found[&package].distance + 1;
        if distance > depth.most() {
            continue;
        }
        for &user in &users[package] {
            let reached = found.entry(user).or_insert_with(|| {
                open.push_back(user);
                Reached { distance, because: BTreeSet::new() }
            });
            if reached.distance == distance {
                reached.because.insert(Cause::Package(package));
            }
        }
    }
    found
}

/// Packages whose tests depend on one of those.
fn through_tests(
    repository: &Repository,
    libraries: &BTreeMap<PackageId, Reached>,
    depth: Depth,
) -> BTreeMap<PackageId, Reached> {
    let mut found: BTreeMap<PackageId, Reached> = BTreeMap::new();
    for (user, below) in dependencies(repository, |kind| kind == DependencyKind::Dev) {
        let Some(distance) = libraries.get(&below).map(|reached| reached.distance + 1) else { continue };
        if libraries.contains_key(&user) || distance > depth.most() {
            continue;
        }
        let reached = found.entry(user).or_insert_with(|| Reached { distance, ..Reached::default() });
        if distance < reached.distance {
            *reached = Reached { distance, ..Reached::default() };
        }
        if distance == reached.distance {
            reached.because.insert(Cause::Package(below));
        }
    }
    found
}

/// Who depends on whom among local packages, with the features that are on.
fn dependencies(
    repository: &Repository,
    of_kind: impl Fn(DependencyKind) -> bool,
) -> impl Iterator<Item = (PackageId, PackageId)> {
    repository.packages.iter_enumerated().flat_map(move |(user, package)| {
        let declared = package.dependencies.iter().filter(|d| repository.has(d) && of_kind(d.kind));
        let below: Vec<_> = declared.filter_map(|d| d.local).map(|below| (user, below)).collect();
        below
    })
}

struct Spread<'a> {
    repository: &'a Repository,
    hits: &'a Hits<'a>,
    libraries: BTreeMap<PackageId, Reached>,
    tests: BTreeMap<PackageId, Reached>,
}

impl Spread<'_> {
    fn hit(&self, package: PackageId) -> &Hit {
        &self.hits.of[package]
    }

    fn package(&self, package: PackageId) -> Option<AffectedPackage> {
        let affected = |part, reached: &Reached| AffectedPackage {
            package,
            part,
            distance: reached.distance,
            because: reached.because.iter().cloned().collect(),
            runs_changed_code: None,
        };
        if let Some(reached) = self.libraries.get(&package) {
            return Some(affected(Part::Library, reached));
        }
        let targets = &self.hit(package).targets;
        if targets.is_empty() {
            return self.tests.get(&package).map(|reached| affected(Part::Tests, reached));
        }
        let programs = targets.keys().any(|used| self.is_program(*used));
        let because = targets.values().flatten().cloned().collect();
        let part = if programs { Part::Programs } else { Part::Tests };
        Some(affected(part, &Reached { distance: 0, because }))
    }

    fn is_program(&self, used: FileUse) -> bool {
        !used.test && self.repository.targets[used.target].kind == TargetKind::Bin
    }

    fn tests(&self, package: PackageId) -> Vec<AffectedTest> {
        let hit = self.hit(package);
        let whole =
            self.libraries.contains_key(&package) || self.tests.contains_key(&package) || !hit.run.is_empty();
        // Integration tests may start the programs.
        let programs = hit.targets.keys().any(|used| self.is_program(*used));
        let is_hit = |id: TargetId| hit.targets.keys().any(|used| used.target == id);
        let targets = self.repository.packages[package].targets.iter().copied();
        let concerned = targets.filter(|&id| {
            let kind = self.repository.targets[id].kind;
            whole || is_hit(id) || (programs && matches!(kind, TargetKind::Test | TargetKind::Bench))
        });
        concerned.flat_map(|id| tests_of(id, &self.repository.targets[id])).collect()
    }

    fn deployable(&self, id: TargetId, programs: Option<&BTreeSet<TargetId>>) -> Option<AffectedDeployable> {
        let target = &self.repository.targets[id];
        let counts = match programs {
            Some(programs) => programs.contains(&id),
            None => target.enabled && !is_auxiliary_target(self.repository, id),
        };
        if target.kind != TargetKind::Bin || !counts {
            return None;
        }
        let hit = self.hit(target.package);
        let own = hit.targets.get(&FileUse { target: id, test: false });
        let because: BTreeSet<Cause> = match self.libraries.get(&target.package) {
            Some(reached) => reached.because.clone(),
            None => own.into_iter().flatten().chain(&hit.pack).cloned().collect(),
        };
        if because.is_empty() {
            return None;
        }
        let because = because.into_iter().collect();
        Some(AffectedDeployable { target: id, because, runs_changed_code: None })
    }
}

/// What of a target `cargo test` runs.
fn tests_of(id: TargetId, target: &Target) -> Vec<AffectedTest> {
    let kind = match target.kind {
        TargetKind::Lib | TargetKind::ProcMacro => TestKind::Lib,
        TargetKind::Bin => TestKind::Bin,
        TargetKind::Test => TestKind::Test,
        TargetKind::Example => TestKind::Example,
        TargetKind::Bench => TestKind::Bench,
        TargetKind::BuildScript => return Vec::new(),
    };
    let own = (target.tested && target.enabled).then_some(kind);
    let doc = (target.doctested && target.enabled).then_some(TestKind::Doc);
    own.into_iter().chain(doc).map(|kind| AffectedTest { target: id, kind }).collect()
}
