//! What a commit changes, as crates: of today, and of the plans.

use std::collections::{BTreeMap, BTreeSet};

use crate::affected::{Cause, Touched};
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, Id, PackageId, PlanCrateId, TargetId};
use crate::parse::FileUse;
use crate::plan::Placements;

/// A crate that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Changed {
    /// All of it.
    Crate(CrateId),
    /// What of it is compiled for its tests alone.
    Harness(CrateId),
    /// Beside all of it today, a crate that a plan makes of it.
    Part(CrateId, PlanCrateId),
}

/// What changes together.
pub(super) type ChangedSet = BTreeSet<Changed>;

/// What is known of who compiles what.
pub(super) struct Owners<'a> {
    pub(super) repository: &'a Repository,
    pub(super) uses: &'a BTreeMap<String, Vec<FileUse>>,
    pub(super) mentions: &'a BTreeMap<String, BTreeSet<String>>,
    pub(super) placements: BTreeMap<CrateId, Placements>,
}

/// Of one cause of one commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) changed: ChangedSet,
    /// Planned crates of which all parts count, since it isn't known which changed.
    pub(super) unplaced: BTreeSet<CrateId>,
}

impl Owners<'_> {
    /// What each file of a commit changes by itself, with the package that it changes.
    pub(super) fn of_commit(&self, touched: &Touched) -> Vec<(String, PackageId, Placed)> {
        let mut found = Vec::new();
        for (&package, causes) in &touched.packages {
            for cause in causes {
                let (path, placed) = match cause {
                    Cause::File(path) => (path, self.of_file(package, path)),
                    Cause::Locked { file, through, .. } => (file, self.through(package, through)),
                    Cause::Package(_) => continue,
                };
                found.push((path.clone(), package, placed));
            }
        }
        for (&used, causes) in &touched.targets {
            let package = self.repository.targets[used.target].package;
            let placed = self.of_use(used);
            for cause in causes {
                if let Cause::File(file) | Cause::Locked { file, .. } = cause {
                    found.push((file.clone(), package, placed.clone()));
                }
            }
        }
        found
    }

    fn of_use(&self, used: FileUse) -> Placed {
        let krate = CrateId::from_index(used.target.index());
        let own = matches!(self.repository.targets[used.target].kind, TargetKind::Lib | TargetKind::Bin);
        match used.test && own {
            true => Placed { changed: BTreeSet::from([Changed::Harness(krate)]), ..Placed::default() },
            false => self.krate(krate, None),
        }
    }

    /// A file that concerns all of a package: a source of its library or build script, what these name, or a manifest.
    fn of_file(&self, package: PackageId, path: &str) -> Placed {
        let sources: Vec<&str> = match self.uses.contains_key(path) {
            true => vec![path],
            false => self.mentions.get(path).into_iter().flatten().map(String::as_str).collect(),
        };
        let mut placed = Placed::default();
        for source in sources {
            for krate in self.compiling(package, source) {
                placed.add(self.krate(krate, Some(source)));
            }
        }
        if !placed.changed.is_empty() {
            return placed;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        let kind = |kind| self.target(package, kind);
        match name {
            "Cargo.toml" | "Cargo.lock" => self.whole(package),
            // It is no more: of the library, as long as nothing else is known.
            _ if path.ends_with(".rs") => match kind(TargetKind::Lib).or_else(|| kind(TargetKind::ProcMacro))
            {
                Some(krate) => self.krate(krate, Some(path)),
                None => self.whole(package),
            },
            // In the package, it is for its build script to look at; elsewhere it says how everything is built.
            _ if self.is_inside(package, path) && !is_setting(path) => match kind(TargetKind::BuildScript) {
                Some(krate) => self.krate(krate, None),
                None => self.whole(package),
            },
            _ => self.whole(package),
        }
    }

    fn is_inside(&self, package: PackageId, path: &str) -> bool {
        let dir = &self.repository.packages[package].dir;
        dir.is_empty() || path.strip_prefix(dir.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The crates of a package that compile a source for all who depend on it.
    fn compiling(&self, package: PackageId, source: &str) -> impl Iterator<Item = CrateId> {
        let uses = self.uses.get(source).into_iter().flatten().filter(move |used| {
            let target = &self.repository.targets[used.target];
            let all =
                matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::BuildScript);
            target.package == package && all && !used.test
        });
        uses.map(|used| CrateId::from_index(used.target.index()))
    }

    fn target(&self, package: PackageId, kind: TargetKind) -> Option<CrateId> {
        let is = |&target: &TargetId| self.repository.targets[target].kind == kind;
        let targets = self.repository.packages[package].targets.iter().copied();
        targets.into_iter().find(|target| is(target)).map(|target| CrateId::from_index(target.index()))
    }

    /// Everything of a package.
    fn whole(&self, package: PackageId) -> Placed {
        let mut placed = Placed::default();
        for target in &self.repository.packages[package].targets {
            placed.add(self.krate(CrateId::from_index(target.index()), None));
        }
        placed
    }

    /// What a changed dependency concerns of a package.
    fn through(&self, package: PackageId, dependency: &str) -> Placed {
        let mut placed = Placed::default();
        for target in &self.repository.packages[package].targets {
            placed.add(self.parts(CrateId::from_index(target.index()), |plan| plan.needing(dependency)));
        }
        placed
    }

    /// A crate, and of a planned one the parts that a source goes to.
    fn krate(&self, krate: CrateId, source: Option<&str>) -> Placed {
        self.parts(krate, |plan| plan.of(source?))
    }

    /// A crate, and of a planned one some parts; all where it isn't known which.
    fn parts(&self, krate: CrateId, which: impl Fn(&Placements) -> Option<BTreeSet<PlanCrateId>>) -> Placed {
        let mut placed = Placed { changed: BTreeSet::from([Changed::Crate(krate)]), ..Placed::default() };
        let Some(placements) = self.placements.get(&krate) else { return placed };
        let parts = which(placements).unwrap_or_else(|| {
            placed.unplaced.insert(krate);
            placements.all()
        });
        placed.changed.extend(parts.into_iter().map(|part| Changed::Part(krate, part)));
        placed
    }
}

impl Placed {
    pub(super) fn add(&mut self, other: Self) {
        self.changed.extend(other.changed);
        self.unplaced.extend(other.unplaced);
    }
}

/// Whether a path says how everything below is built.
fn is_setting(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with("rust-toolchain") || path.split('/').any(|part| part == ".cargo")
}
