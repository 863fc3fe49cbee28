//! Packages whose split saves deploys: those that several programs are built from, each running only a part.
//!
//! Such a package costs a deploy of each of its programs with each commit that changes it. Its files are put in parts by who runs them
//! (`merge`), the parts become crates as those of any plan do, cuts priced as always, and the commits are counted again with
//! every program built from the crates that it uses (`after_plan`). It pays if the minutes that the saved deploys take a week give
//! its work back in time, as the minutes of builds have to.

mod advise;
mod merge;
mod model;
mod shared;

pub(crate) use advise::add_deploy_splits;
pub use model::{DeploySplit, SplitPart, SplitWeek};

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::after_plan::{AfterPlan, Part};
use super::changed::Code;
use super::deployed::{DeploySeconds, Standing};
use super::model::Deployable;
use super::redeploys::{self, Redeployed, Redeploys, redeploys};
use super::services::{ServicesInput, counts, redeployed};
use crate::base::number::count;
use crate::discover::TargetKind;
use crate::ids::{FileId, PackageId, TargetId};
use crate::plan::{Apart, PackageAdvice, PlanOptions, Separable, Separator, VerdictKind};
use crate::replay::PlacedCommit;
use shared::Shared;

/// Packages that are tried, those that could save most first. A choice: each takes about as long as planning a package.
const TRIED: usize = 5;

/// The commits, and where they find files.
struct Replayed<'a> {
    code: Code<'a>,
    commits: &'a [PlacedCommit],
    of_path: BTreeMap<&'a str, FileId>,
}

/// The programs that are deployed.
struct Programs {
    all: Vec<Redeployed>,
    today: Vec<Redeploys>,
    /// Seconds that a deploy of each takes.
    deploy_s: Vec<f64>,
    /// Whether these are assumed for one of them.
    assumed: bool,
}

/// A split worked out, with what it takes to carry it out.
pub(crate) struct FoundSplit<'a> {
    pub(crate) split: DeploySplit,
    separable: &'a Separable<'a>,
    apart: Apart,
}

/// The packages whose split saves deploys, those first that save most, each given to `use_each`.
pub(crate) fn deploy_splits(
    input: &ServicesInput<'_>,
    programs: &[Deployable],
    standing: &Standing,
    options: &PlanOptions,
    use_each: &mut dyn FnMut(&FoundSplit<'_>),
) -> Vec<DeploySplit> {
    let Some(commits_per_week) = input.commits_per_week.filter(|_| !input.commits.is_empty()) else {
        return Vec::new();
    };
    let programs: Vec<&Deployable> = programs.iter().filter(|program| counts(input, program)).collect();
    let candidates = shared_packages(input, &programs, options);
    if candidates.is_empty() {
        return Vec::new();
    }
    let programs = Programs::new(input, &programs, standing);
    let files = input.plan.resolution.files.iter_enumerated();
    let replayed = Replayed {
        code: input.code(),
        commits: input.commits,
        of_path: files.map(|(id, file)| (file.path.as_str(), id)).collect(),
    };
    let separator = Separator::new(&input.plan, options, &candidates);
    let judge = Judge { input, replayed: &replayed, programs: &programs, options, commits_per_week };
    let look = |package: PackageId| {
        let separable = separator.separable(package)?;
        let shared = Shared::new(&replayed, &programs.all, package, separable.files())?;
        let most = judge.minutes(shared.most(&programs.deploy_s));
        (most >= options.least_asked_min()).then_some((most, shared, separable))
    };
    let mut worth: Vec<(f64, Shared, Separable<'_>)> = candidates.into_par_iter().filter_map(look).collect();
    worth.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.package.cmp(&b.1.package)));
    worth.truncate(TRIED);
    let best = |(_, shared, separable): &(f64, Shared, Separable<'_>)| judge.best(shared, separable);
    let best: Vec<Option<(DeploySplit, Apart)>> = worth.par_iter().map(best).collect();
    let found = worth.iter().zip(best).filter_map(|((.., separable), best)| {
        let (split, apart) = best?;
        Some(FoundSplit { split, separable, apart })
    });
    let mut found: Vec<FoundSplit<'_>> = found.collect();
    found.sort_by(|a, b| {
        let minutes = |of: &FoundSplit<'_>| of.split.week.saved_min;
        minutes(b).total_cmp(&minutes(a)).then(a.split.package.cmp(&b.split.package))
    });
    found.iter().for_each(use_each);
    found.into_iter().map(|found| found.split).collect()
}

/// Packages that several programs of others are built from.
fn shared_packages(
    input: &ServicesInput<'_>,
    programs: &[&Deployable],
    options: &PlanOptions,
) -> Vec<PackageId> {
    let mut users: BTreeMap<PackageId, u32> = BTreeMap::new();
    for program in programs {
        for &package in program.packages.iter().filter(|&&package| package != program.package) {
            *users.entry(package).or_default() += 1;
        }
    }
    let wanted = |package: &PackageId| options.package.is_none_or(|only| only == *package);
    let several = users.into_iter().filter(|&(_, users)| users > 1).map(|(package, _)| package);
    several.filter(|package| wanted(package) && !is_procedural(input, *package)).collect()
}

/// Procedural macros run in the compiler: whoever uses them is compiled again, whatever he runs.
fn is_procedural(input: &ServicesInput<'_>, package: PackageId) -> bool {
    let repository = input.plan.repository;
    let targets = repository.packages[package].targets.iter();
    targets.into_iter().any(|&target| repository.targets[target].kind == TargetKind::ProcMacro)
}

impl Programs {
    fn new(input: &ServicesInput<'_>, programs: &[&Deployable], standing: &Standing) -> Self {
        let all: Vec<Redeployed> = programs.iter().map(|program| redeployed(program)).collect();
        let replayed = redeploys::Replayed {
            code: input.code(),
            commits: input.commits,
            after: None,
            commits_per_week: input.commits_per_week,
        };
        let (today, _) = redeploys(&replayed, &all);
        let said =
            |program: &&Deployable| standing.deploy_s(&standing.name_of(program.target, &program.name));
        let seconds: Vec<DeploySeconds> = programs.iter().map(said).collect();
        Self {
            all,
            today,
            deploy_s: seconds.iter().map(|of| of.seconds).collect(),
            assumed: seconds.iter().any(|of| of.assumed),
        }
    }
}

/// What splits are judged by.
struct Judge<'a> {
    input: &'a ServicesInput<'a>,
    replayed: &'a Replayed<'a>,
    programs: &'a Programs,
    options: &'a PlanOptions,
    commits_per_week: f64,
}

impl Judge<'_> {
    /// What is counted over all commits, in minutes a week.
    fn minutes(&self, seconds: f64) -> f64 {
        self.week(seconds) / 60.0
    }

    fn week(&self, sum: f64) -> f64 {
        sum / self.replayed.commits.len().max(1) as f64 * self.commits_per_week
    }

    /// The division that saves most beyond what it has to; `None` where none saves anything.
    fn best(&self, shared: &Shared, separable: &Separable<'_>) -> Option<(DeploySplit, Apart)> {
        let mut best: Option<(f64, DeploySplit, Apart)> = None;
        for labels in merge::divisions(shared, &self.programs.deploy_s) {
            let Some(apart) = separable.apart(&labels).filter(|apart| self.is_allowed(apart)) else {
                continue;
            };
            let Some(split) = self.judged(shared.package, separable, &apart) else { continue };
            let net = split.week.saved_min - split.week.asked_min;
            // The coarser of equals, which come later.
            if best.as_ref().is_none_or(|(most, ..)| net >= *most) {
                best = Some((net, split, apart));
            }
        }
        let (_, split, apart) = best?;
        Some((DeploySplit { plan: separable.plan(&apart), ..split }, apart))
    }

    fn is_allowed(&self, apart: &Apart) -> bool {
        self.options.max_effort.is_none_or(|most| apart.candidate.effort() <= most)
    }

    fn judged(&self, package: PackageId, separable: &Separable<'_>, apart: &Apart) -> Option<DeploySplit> {
        let sketch: PackageAdvice = separable.sketch(apart);
        let after = AfterPlan::new(&self.input.plan, &[&sketch])?;
        let needs: Vec<BTreeSet<Part>> =
            self.programs.all.iter().map(|program| after.program(program.target)).collect();
        let mut deploys = vec![0; needs.len()];
        for commit in self.replayed.commits {
            let changed =
                after.changed(&commit.touched, &|package, path| self.replayed.code.sources(package, path));
            for ((sum, program), needed) in deploys.iter_mut().zip(&self.programs.all).zip(&needs) {
                *sum += u32::from(after.deploys(&commit.touched, &changed, (program.target, needed)));
            }
        }
        let saved =
            self.programs.today.iter().zip(&deploys).map(|(of, &after)| of.today as f64 - f64::from(after));
        let saved: Vec<f64> = saved.collect();
        let seconds: f64 =
            saved.iter().zip(&self.programs.deploy_s).map(|(often, seconds)| often * seconds).sum();
        let often: f64 = saved.iter().sum();
        if seconds <= 0.0 || often <= 0.0 {
            return None;
        }
        let week = SplitWeek {
            deploys: self.week(often),
            saved_min: self.minutes(seconds),
            deploy_s: seconds / often,
            assumed: self.programs.assumed,
            asked_min: apart.terms.asked_min,
            work_h: apart.terms.work_h,
            payback_weeks: apart.terms.payback_weeks,
        };
        let plan = sketch.plan?;
        let part = |krate| SplitPart {
            krate,
            programs: self.programs_of(package, Part::Of(package, krate), &needs),
        };
        let of_all = |number: &dyn Fn(&Redeploys) -> u32| self.programs.today.iter().map(number).sum();
        Some(DeploySplit {
            package,
            kind: kind(&week, apart),
            candidate: apart.candidate.clone(),
            parts: plan.crates.ids().map(part).collect(),
            programs: count(
                self.programs.all.iter().filter(|of| of.packages.binary_search(&package).is_ok()).count(),
            ),
            today: of_all(&|of| of.today),
            after: deploys.iter().sum(),
            needed: of_all(&|of| of.needed),
            week,
            plan,
        })
    }

    /// Programs of other packages that need a part.
    fn programs_of(&self, package: PackageId, part: Part, needs: &[BTreeSet<Part>]) -> Vec<TargetId> {
        let repository = self.input.plan.repository;
        let programs = self.programs.all.iter().zip(needs);
        let needing = programs.filter(|(program, needs)| {
            repository.targets[program.target].package != package && needs.contains(&part)
        });
        let mut found: Vec<TargetId> = needing.map(|(program, _)| program.target).collect();
        found.sort_unstable();
        found
    }
}

fn kind(week: &SplitWeek, apart: &Apart) -> VerdictKind {
    match week.saved_min >= week.asked_min {
        true if apart.clean => VerdictKind::Split,
        true => VerdictKind::UntangleFirst,
        false => VerdictKind::Keep,
    }
}
