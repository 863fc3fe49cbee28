//! What itself changed: parts of packages, each with its causes.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Cause;
use crate::discover::{DependencyKind, Repository, TargetKind};
use crate::ids::{IdVec, PackageId, TargetId};
use crate::parse::FileUse;

/// The causes of one package.
#[derive(Debug, Clone, Default)]
pub(super) struct Hit {
    /// Of all of it, and of what depends on it.
    pub(super) library: BTreeSet<Cause>,
    /// Of single targets; those that are compiled again for their tests alone are marked.
    pub(super) targets: BTreeMap<FileUse, BTreeSet<Cause>>,
    /// Of running its tests again: nothing is compiled.
    pub(super) run: BTreeSet<Cause>,
    /// The paths among its causes after which cargo runs a build script again that reads none of them.
    pub(super) said_again: BTreeSet<String>,
    /// Of packing its programs again: nothing is compiled either.
    pub(super) pack: BTreeSet<Cause>,
}

/// The causes of all packages.
#[derive(Debug)]
pub(super) struct Hits<'a> {
    repository: &'a Repository,
    pub(super) of: IdVec<PackageId, Hit>,
    /// The first cause that concerned every package.
    pub(super) everything: Option<Cause>,
}

impl<'a> Hits<'a> {
    pub(super) fn new(repository: &'a Repository) -> Self {
        let of = IdVec::from_elem(Hit::default(), repository.packages.len());
        Self { repository, of, everything: None }
    }

    /// All of a package.
    pub(super) fn library(&mut self, package: PackageId, cause: &Cause) {
        self.of[package].library.insert(cause.clone());
    }

    /// What its build script says again after a change of this path is what it said before.
    pub(super) fn said_again(&mut self, package: PackageId, path: &str) {
        self.of[package].said_again.insert(path.to_owned());
    }

    /// Its tests are run again.
    pub(super) fn run(&mut self, package: PackageId, cause: &Cause) {
        self.of[package].run.insert(cause.clone());
    }

    /// What runs its tests and packs its programs changed.
    pub(super) fn runner(&mut self, package: PackageId, cause: &Cause) {
        self.run(package, cause);
        self.of[package].pack.insert(cause.clone());
    }

    /// A target; for a library that is all of its package.
    pub(super) fn target(&mut self, used: FileUse, cause: &Cause) {
        let target = &self.repository.targets[used.target];
        let whole = matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::BuildScript);
        if whole && !used.test {
            return self.library(target.package, cause);
        }
        self.of[target.package].targets.entry(used).or_default().insert(cause.clone());
    }

    /// The targets of a kind.
    pub(super) fn kind(&mut self, package: PackageId, kind: TargetKind, cause: &Cause) {
        for target in self.targets(package, |own| own == kind) {
            self.target(FileUse { target, test: false }, cause);
        }
    }

    /// Everything that is compiled for tests.
    pub(super) fn tests(&mut self, package: PackageId, cause: &Cause) {
        for target in self.targets(package, |kind| kind != TargetKind::BuildScript) {
            self.target(FileUse { target, test: true }, cause);
        }
    }

    /// What a dependency of this kind concerns of who has it.
    pub(super) fn dependency(&mut self, user: PackageId, kind: DependencyKind, cause: &Cause) {
        match kind {
            DependencyKind::Dev => self.tests(user, cause),
            DependencyKind::Normal | DependencyKind::Build => self.library(user, cause),
        }
    }

    /// All packages that `concerns` holds for; how many.
    pub(super) fn all(&mut self, cause: &Cause, concerns: impl Fn(PackageId) -> bool) -> usize {
        let concerned: Vec<PackageId> = self.repository.packages.ids().filter(|&id| concerns(id)).collect();
        for &package in &concerned {
            self.library(package, cause);
        }
        if concerned.len() == self.repository.packages.len() && self.everything.is_none() {
            self.everything = Some(cause.clone());
        }
        concerned.len()
    }

    fn targets(&self, package: PackageId, is: impl Fn(TargetKind) -> bool) -> Vec<TargetId> {
        let targets = self.repository.packages[package].targets.iter().copied();
        targets.filter(|&target| is(self.repository.targets[target].kind)).collect()
    }
}
