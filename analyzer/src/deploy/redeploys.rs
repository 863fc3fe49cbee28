//! What the repository's commits deploy again: by packages, as CI does it, and by what programs run.
//!
//! A program is deployed again today if anything changes of its own target or of a package below it by normal and build
//! dependencies; it has to be if it runs something of a source that changed, or of one that names what changed, or if more than
//! sources changed (`changed`). Tests, examples and dev-dependencies deploy nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::after_plan::{AfterPlan, Part};
use super::changed::{Changed, Changes, Code};
use crate::affected::Touched;
use crate::base::number::count;
use crate::ids::{FileId, PackageId, TargetId};
use crate::parse::FileUse;
use crate::replay::PlacedCommit;

/// Packages and files that are named. A choice.
const NAMED: usize = 5;

/// A program, or a role of one.
#[derive(Debug, Clone)]
pub(super) struct Redeployed {
    pub(super) target: TargetId,
    /// What it is built from, sorted.
    pub(super) packages: Vec<PackageId>,
    /// Packages that it runs something of, its own included, sorted.
    pub(super) running: Vec<PackageId>,
    /// What it runs something of, sorted.
    pub(super) files: Vec<FileId>,
    /// What it is built from once plans are carried out; `None` without one.
    pub(super) parts: Option<BTreeSet<Part>>,
    /// Whether it counts in what is said of all: a role's program counts already.
    pub(super) counts: bool,
}

/// How many of the replayed commits deploy something again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redeploys {
    /// By the packages that it is built from.
    pub today: u32,
    /// Since it runs something that changed.
    pub needed: u32,
    /// By packages, with the plans carried out; `None` without one.
    pub after_plan: Option<u32>,
}

/// What all commits deploy again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReplayedDeploys {
    /// The commits.
    pub replayed: u32,
    /// Commits a week that concern a build; `None` where there are too few to say.
    pub commits_per_week: Option<f64>,
    /// Programs.
    pub programs: u32,
    /// Deploys of all of them after all commits, today and needed.
    pub deploys: (u32, u32),
    /// Programs that a commit deploys again: the mean.
    pub today: f64,
    /// Those that run something that it changed.
    pub needed: f64,
    /// Those by packages with the plans carried out; `None` without one.
    pub after_plan: Option<f64>,
    /// Packages by whose changes alone most programs are deployed again that run nothing of what changed.
    pub packages: Vec<Needless<PackageId>>,
}

/// What deploys programs again that run nothing of what changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Needless<T> {
    /// What.
    pub what: T,
    /// Commits that change it.
    pub commits: u32,
    /// Programs that are built from it.
    pub programs: u32,
    /// How often one of them was deployed again for its changes alone and ran nothing of what changed.
    pub redeploys: u32,
    /// The share of all deploys that no program needed, 0 to 1.
    pub share: f64,
}

/// What commits are counted from.
pub(super) struct Replayed<'a> {
    pub(super) code: Code<'a>,
    pub(super) commits: &'a [PlacedCommit],
    pub(super) after: Option<&'a AfterPlan<'a>>,
    pub(super) commits_per_week: Option<f64>,
}

/// One commit.
struct Commit<'a> {
    touched: &'a Touched,
    changed: Changed,
    parts: Option<BTreeSet<Part>>,
}

/// What a commit means for a program today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deploy {
    /// It isn't built again.
    None,
    /// It is, and runs nothing of what changed.
    Needless,
    /// It is, and runs something of it.
    Needed,
}

impl Redeployed {
    /// Whether a commit changes its own target.
    pub(super) fn is_own(&self, touched: &Touched) -> bool {
        touched.targets.contains_key(&FileUse { target: self.target, test: false })
    }

    /// The packages that a commit changes of those that it is built from.
    pub(super) fn below(&self, touched: &Touched) -> impl Iterator<Item = PackageId> {
        let packages = touched.packages.keys().copied();
        packages.filter(|package| self.packages.binary_search(package).is_ok())
    }
}

impl Commit<'_> {
    fn of(&self, program: &Redeployed) -> Deploy {
        let is_built = program.is_own(self.touched) || program.below(self.touched).next().is_some();
        let runs = || {
            self.changed.is_more_of(program.target)
                || self.changed.concerns(&program.running)
                || self.changed.is_in(&program.files)
        };
        match is_built {
            false => Deploy::None,
            true if runs() => Deploy::Needed,
            true => Deploy::Needless,
        }
    }

    fn after(&self, program: &Redeployed, after: &AfterPlan<'_>) -> Option<bool> {
        let (needed, changed) = (program.parts.as_ref()?, self.parts.as_ref()?);
        Some(after.deploys(self.touched, changed, (program.target, needed)))
    }
}

/// What each program is deployed for, and all of them.
pub(super) fn redeploys(input: &Replayed<'_>, programs: &[Redeployed]) -> (Vec<Redeploys>, ReplayedDeploys) {
    let changes = Changes::new(input.code);
    let commits: Vec<Commit<'_>> = input
        .commits
        .par_iter()
        .map(|commit| Commit {
            touched: &commit.touched,
            changed: changes.of(&commit.touched),
            parts: input.after.map(|after| {
                after.changed(&commit.touched, &|package, path| input.code.sources(package, path))
            }),
        })
        .collect();
    let of_program = |program: &Redeployed| {
        let mut redeploys = Redeploys { after_plan: input.after.map(|_| 0), ..Redeploys::default() };
        for commit in &commits {
            let deploy = commit.of(program);
            redeploys.today += u32::from(deploy != Deploy::None);
            redeploys.needed += u32::from(deploy == Deploy::Needed);
            let after = input.after.and_then(|after| commit.after(program, after));
            if let (Some(sum), Some(true)) = (&mut redeploys.after_plan, after) {
                *sum += 1;
            }
        }
        redeploys
    };
    let each: Vec<Redeploys> = programs.par_iter().map(of_program).collect();
    let counted = || programs.iter().zip(&each).filter(|(program, _)| program.counts).map(|(_, of)| of);
    let mean = |number: &dyn Fn(&Redeploys) -> u32| {
        counted().map(|of| f64::from(number(of))).sum::<f64>() / commits.len().max(1) as f64
    };
    let all = ReplayedDeploys {
        replayed: count(commits.len()),
        commits_per_week: input.commits_per_week,
        programs: count(counted().count()),
        deploys: (counted().map(|of| of.today).sum(), counted().map(|of| of.needed).sum()),
        today: mean(&|of| of.today),
        needed: mean(&|of| of.needed),
        after_plan: input.after.map(|_| mean(&|of| of.after_plan.unwrap_or(of.today))),
        packages: needless(&commits, programs),
    };
    (each, all)
}

/// Commits after which one of two runs something that changed, the other one, and both.
pub(super) fn needed_by_two(input: &Replayed<'_>, one: &Redeployed, other: &Redeployed) -> (u32, u32, u32) {
    let changes = Changes::new(input.code);
    let of_commit = |commit: &PlacedCommit| {
        let commit = Commit { touched: &commit.touched, changed: changes.of(&commit.touched), parts: None };
        let needs = |part: &Redeployed| commit.of(part) == Deploy::Needed;
        let (one, other) = (needs(one), needs(other));
        (u32::from(one), u32::from(other), u32::from(one && other))
    };
    let add = |a: (u32, u32, u32), b: (u32, u32, u32)| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    input.commits.par_iter().map(of_commit).reduce(|| (0, 0, 0), add)
}

fn needless(commits: &[Commit<'_>], programs: &[Redeployed]) -> Vec<Needless<PackageId>> {
    let mut of_package: BTreeMap<PackageId, Needless<PackageId>> = BTreeMap::new();
    let mut all = 0;
    for program in programs.iter().filter(|program| program.counts) {
        for &package in &program.packages {
            let none = Needless { what: package, commits: 0, programs: 0, redeploys: 0, share: 0.0 };
            of_package.entry(package).or_insert(none).programs += 1;
        }
    }
    for commit in commits {
        for package in commit.touched.packages.keys() {
            of_package.entry(*package).and_modify(|of| of.commits += 1);
        }
        for program in programs.iter().filter(|program| program.counts) {
            if commit.of(program) != Deploy::Needless {
                continue;
            }
            all += 1;
            let mut below = program.below(commit.touched);
            if let (Some(only), None) = (below.next(), below.next()) {
                of_package.entry(only).and_modify(|of| of.redeploys += 1);
            }
        }
    }
    let mut found: Vec<Needless<PackageId>> =
        of_package.into_values().filter(|of| of.redeploys > 0).collect();
    found.sort_by_key(|of| (std::cmp::Reverse(of.redeploys), of.what));
    found.truncate(NAMED);
    found.iter_mut().for_each(|of| of.share = f64::from(of.redeploys) / f64::from(all.max(1)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affected::Cause;
    use crate::deploy::entry::Entries;
    use crate::deploy::links::{linked, needed_packages, running_packages};
    use crate::deploy::reach::Reach;
    use crate::ids::{CrateId, Id};
    use crate::resolve::tests::read;

    #[test]
    fn built_from_more_than_is_run() {
        let (repository, resolution) = read(
            "//- /common/lib.rs crate:common
pub mod web;
pub mod work;
//- /common/web.rs
pub fn serve() {}
//- /common/work.rs
pub fn run() {}
//- /unused/lib.rs crate:unused
pub fn f() {}
//- /extra/lib.rs crate:extra
pub fn g() {}
//- /web/main.rs crate:web kind:bin deps:common,unused
fn main() { common::web::serve() }
//- /worker/main.rs crate:worker kind:bin deps:common
fn main() { common::work::run() }
//- /lone/main.rs crate:lone kind:bin
fn main() {}",
        );
        let target = |name: &str| {
            let mut targets = repository.targets.iter_enumerated();
            targets.find(|(_, target)| target.name == name).unwrap().0
        };
        let mut uses: BTreeMap<String, Vec<FileUse>> = BTreeMap::new();
        for module in &resolution.modules {
            let used = FileUse { target: resolution.crates[module.krate].target, test: false };
            uses.entry(resolution.files[module.file].path.clone()).or_default().push(used);
        }
        let (reach, entries) = (Reach::new(&resolution), Entries::new(&resolution));
        let program = |name: &str| {
            let (target, package) = (target(name), repository.targets[target(name)].package);
            let (krate, packages) =
                (CrateId::from_index(target.index()), needed_packages(&repository, package));
            let is_linked = |other| other == krate || linked(&repository, &packages, other);
            let reached = reach.from(&entries.program(krate), &is_linked);
            let crates = reached.crates(&resolution);
            Redeployed {
                target,
                running: running_packages(&repository, &packages, package, &crates),
                packages,
                files: reached.files(&resolution),
                parts: None,
                counts: true,
            }
        };
        let file = |path: &str| BTreeSet::from([Cause::File(path.to_owned())]);
        let of_package = |name: &str, path: &str| {
            let package = repository.targets[target(name)].package;
            Touched { packages: BTreeMap::from([(package, file(path))]), ..Touched::default() }
        };
        let of_target = |name: &str, path: &str, test| {
            let used = FileUse { target: target(name), test };
            Touched { targets: BTreeMap::from([(used, file(path))]), ..Touched::default() }
        };
        let touched = [
            of_package("common", "common/web.rs"),
            of_package("common", "common/Cargo.toml"),
            of_package("unused", "unused/lib.rs"),
            of_package("unused", "unused/Cargo.toml"),
            of_target("web", "web/main.rs", false),
            of_target("web", "web/tests.rs", true),
            // What sources of `common` name as well is for `common` there: here another package changes.
            of_package("extra", "extra/Cargo.toml"),
            of_package("extra", "extra/x.txt"),
        ];
        let commits: Vec<PlacedCommit> = touched
            .into_iter()
            .map(|touched| PlacedCommit { hash: String::new(), time: 0, touched, retested: 0, relinked: 0 })
            .collect();
        let named = ["extra/Cargo.toml", "extra/x.txt", "common/Cargo.toml"].map(|path| {
            (path.to_owned(), BTreeSet::from(["common/web.rs".to_owned(), "extra/lib.rs".to_owned()]))
        });
        let mentions = BTreeMap::from(named);
        let code = Code {
            repository: &repository,
            resolution: &resolution,
            uses: &uses,
            mentions: &mentions,
            parts: None,
        };
        let input = Replayed { code, commits: &commits, after: None, commits_per_week: None };
        let (each, all) = redeploys(&input, &[program("web"), program("worker"), program("lone")]);
        let counted: Vec<(u32, u32)> = each.iter().map(|of| (of.today, of.needed)).collect();
        assert_eq!(counted, [(5, 3), (2, 1), (0, 0)]);
        assert_eq!((all.replayed, all.programs, all.today * 8.0, all.needed * 8.0), (8, 3, 7.0, 4.0));
        assert_eq!(all.deploys, (7, 4));
        let needless: Vec<(&str, u32, u32, u32)> = all
            .packages
            .iter()
            .map(|of| (&*repository.packages[of.what].name, of.commits, of.programs, of.redeploys))
            .collect();
        assert_eq!(needless, [("unused", 2, 1, 2), ("common", 2, 2, 1)]);
    }
}
