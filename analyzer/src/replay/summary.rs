//! From commits to medians, minutes a week, and what costs most.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Input;
use super::again::Again;
use super::builds::{Builds, CommitBuilds, Rebuild, Taken};
use super::model::{
    Costly, Distribution, PlacedCommit, PlannedCommits, Repeated, RepeatedWork, Replay, ReplayedBuild,
    ReplayedCommit, ReplayedMinutes, ReplayedScenario,
};
use crate::base::number::count;
use crate::cost::Mode;
use crate::ids::PackageId;

/// Files and packages that are named: a choice.
const NAMED: usize = 10;
/// From this share of the packages on a change is said to compile everything again: of a workspace some package mostly is of no
/// use to the rest. A choice.
const EVERYTHING: f64 = 0.9;
/// From this share of the cost on such changes dominate.
const DOMINANT: f64 = 0.5;

pub(super) fn summary(input: &Input<'_>, builds: &Builds) -> Replay {
    let summary = Summary { input, builds };
    let placed = |number: &dyn Fn(&PlacedCommit) -> u32| {
        Distribution::of(input.commits.iter().map(|commit| f64::from(number(commit))))
    };
    let of_commits = |number: &dyn Fn(&Taken) -> f64| summary.distribution(false, number).unwrap_or_default();
    let times = || input.commits.iter().map(|commit| commit.time);
    let files = summary.files();
    let everything_share = summary.everything_share();
    Replay {
        commits: count(input.commits.len()),
        span: (times().min().unwrap_or_default(), times().max().unwrap_or_default()),
        commits_per_week: input.pace.commits_per_week,
        edits_per_commit: input.pace.edits_per_commit,
        cache: input.cache,
        packages: builds.packages,
        rebuilt: of_commits(&|taken| f64::from(taken.packages)),
        rebuilt_planned: summary.distribution(true, &|taken| f64::from(taken.packages)),
        retested: placed(&|commit| commit.retested),
        relinked: placed(&|commit| commit.relinked),
        retests: summary.retests(),
        relinks: summary.relinks(),
        builds: summary.builds(),
        each: summary.each(),
        week: summary.week(false),
        week_planned: summary.week(true),
        everything: match everything_share >= DOMINANT {
            true => files
                .iter()
                .filter(|file| summary.is_everything(file.packages))
                .take(NAMED)
                .cloned()
                .collect(),
            false => Vec::new(),
        },
        everything_share,
        files: files.into_iter().take(NAMED).collect(),
        costly_packages: summary.packages(),
        owners: None,
        together: None,
        unplaced: count(builds.commits.iter().filter(|commit| !commit.unplaced.is_empty()).count()),
        planned: builds.planned.iter().map(|&package| summary.planned(package)).collect(),
    }
}

/// A figure of what is done again.
type Figure<'a, N> = &'a dyn Fn(&Again) -> N;

struct Summary<'a> {
    input: &'a Input<'a>,
    builds: &'a Builds,
}

impl Summary<'_> {
    fn rebuild(&self, position: usize) -> &Rebuild {
        &self.builds.rebuilds[position]
    }

    /// What each commit takes; nothing for what is planned without a plan.
    fn taken(&self, planned: bool) -> impl Iterator<Item = &Taken> {
        let rebuilds = self.builds.commits.iter().map(|commit| self.rebuild(commit.all));
        rebuilds
            .filter_map(move |rebuild| if planned { rebuild.planned.as_ref() } else { Some(&rebuild.today) })
    }

    fn distribution(&self, planned: bool, number: &dyn Fn(&Taken) -> f64) -> Option<Distribution> {
        let mut taken = self.taken(planned).map(number).peekable();
        taken.peek()?;
        Some(Distribution::of(taken))
    }

    fn builds(&self) -> Vec<ReplayedBuild> {
        let of_kind = |(at, &(scenario, mode)): (usize, &(ReplayedScenario, Mode))| ReplayedBuild {
            scenario,
            mode,
            today: self.distribution(false, &|taken| taken.seconds[at]).unwrap_or_default(),
            planned: self.distribution(true, &|taken| taken.seconds[at]),
        };
        self.builds.kinds.iter().enumerate().map(of_kind).collect()
    }

    fn each(&self) -> Vec<ReplayedCommit> {
        let of_commit = |(commit, builds): (&PlacedCommit, &CommitBuilds)| {
            let rebuild = self.rebuild(builds.all);
            ReplayedCommit {
                hash: commit.hash.clone(),
                today_s: rebuild.today.seconds.clone(),
                planned_s: rebuild.planned.as_ref().map(|planned| planned.seconds.clone()),
                unplaced: !builds.unplaced.is_empty(),
            }
        };
        self.input.commits.iter().zip(&self.builds.commits).map(of_commit).collect()
    }

    /// Seconds of one kind of builds after a change.
    fn seconds(&self, taken: &Taken, wanted: ReplayedScenario) -> f64 {
        let kinds = self.builds.kinds.iter().zip(&taken.seconds);
        kinds.filter(|((scenario, _), _)| *scenario == wanted).map(|(_, seconds)| seconds).sum()
    }

    /// Seconds of all builds that a commit leads to.
    fn cost(&self, taken: &Taken) -> f64 {
        self.input.pace.edits_per_commit * self.seconds(taken, ReplayedScenario::Edit)
            + self.seconds(taken, ReplayedScenario::Ci)
    }

    fn all_cost(&self) -> f64 {
        self.taken(false).map(|taken| self.cost(taken)).sum()
    }

    fn week(&self, planned: bool) -> Option<ReplayedMinutes> {
        let mean = |scenario| Some(self.distribution(planned, &|taken| self.seconds(taken, scenario))?.mean);
        let commits = self.input.pace.commits_per_week?;
        Some(ReplayedMinutes {
            edits_min: commits * self.input.pace.edits_per_commit * mean(ReplayedScenario::Edit)? / 60.0,
            ci_min: commits * mean(ReplayedScenario::Ci)? / 60.0,
        })
    }

    fn retests(&self) -> Option<Repeated> {
        let all = self.builds.repeated.tests.filter(|&[today, _]| today > 0)?;
        let work = |planned: bool| {
            let all = all[usize::from(planned)];
            self.repeated(planned, all, (&|again| again.tests, &|again| again.test_s), 1.0)
        };
        Some(Repeated { mode: Mode::Test, today: work(false)?, planned: work(true) })
    }

    fn relinks(&self) -> Option<Repeated> {
        let (all, mode) = self.builds.repeated.programs.filter(|&(all, _)| all > 0)?;
        // A developer builds after every edit, but no release.
        let edits = if mode == Mode::Release { 0.0 } else { self.input.pace.edits_per_commit };
        let work = |planned: bool| {
            self.repeated(planned, all, (&|again| again.programs, &|again| again.link_s), 1.0 + edits)
        };
        Some(Repeated { mode, today: work(false)?, planned: work(true) })
    }

    /// `times` is how often it happens for each commit.
    fn repeated(
        &self,
        planned: bool,
        all: u32,
        (programs, seconds): (Figure<'_, u32>, Figure<'_, f64>),
        times: f64,
    ) -> Option<RepeatedWork> {
        let seconds = self.distribution(planned, &|taken| seconds(&taken.again))?;
        let of_week = |commits: f64| commits * times * seconds.mean / 60.0;
        Some(RepeatedWork {
            all,
            programs: self.distribution(planned, &|taken| f64::from(programs(&taken.again)))?,
            seconds,
            week_min: self.input.pace.commits_per_week.map(of_week),
        })
    }

    fn is_everything(&self, packages: u32) -> bool {
        self.builds.packages > 1 && f64::from(packages) >= EVERYTHING * f64::from(self.builds.packages)
    }

    /// The share of the cost of commits of which one file alone compiles everything again.
    fn everything_share(&self) -> f64 {
        let forces = |commit: &&CommitBuilds| {
            commit.files.iter().any(|&(_, at)| self.is_everything(self.rebuild(at).today.packages))
        };
        let commits = self.builds.commits.iter().filter(forces);
        let forced: f64 = commits.map(|commit| self.cost(&self.rebuild(commit.all).today)).sum();
        let all = self.all_cost();
        if all > 0.0 { forced / all } else { 0.0 }
    }

    fn files(&self) -> Vec<Costly<String>> {
        self.costly(self.builds.commits.iter().flat_map(|commit| commit.files.iter().cloned()))
    }

    fn packages(&self) -> Vec<Costly<PackageId>> {
        let changed = self.builds.commits.iter().flat_map(|commit| commit.packages.iter().copied());
        self.costly(changed).into_iter().take(NAMED).collect()
    }

    /// Most costly first.
    fn costly<T: Ord + Clone>(&self, changes: impl Iterator<Item = (T, usize)>) -> Vec<Costly<T>> {
        let first_ci = self.builds.kinds.iter().position(|(scenario, _)| *scenario == ReplayedScenario::Ci);
        let mut sums: BTreeMap<T, (u32, u32, f64, f64)> = BTreeMap::new();
        for (what, at) in changes {
            let taken = &self.rebuild(at).today;
            let sum = sums.entry(what).or_default();
            sum.0 += 1;
            sum.1 = sum.1.max(taken.packages);
            sum.2 += first_ci.and_then(|at| taken.seconds.get(at)).copied().unwrap_or_default();
            sum.3 += self.cost(taken);
        }
        let all = self.all_cost();
        let costly = |(what, (commits, packages, ci_s, cost)): (T, (u32, u32, f64, f64))| Costly {
            what,
            commits,
            packages,
            ci_s: ci_s / f64::from(commits.max(1)),
            share: if all > 0.0 { cost / all } else { 0.0 },
        };
        let mut found: Vec<Costly<T>> = sums.into_iter().map(costly).filter(|c| c.share > 0.0).collect();
        // Equals stay in the order of their names.
        found.sort_by_key(|costly| Reverse((costly.share * 1e9) as u64));
        found
    }

    fn planned(&self, package: PackageId) -> PlannedCommits {
        let changing: Vec<&CommitBuilds> = self
            .builds
            .commits
            .iter()
            .filter(|commit| commit.packages.iter().any(|&(other, _)| other == package))
            .collect();
        let mode = self.builds.kinds.first().map_or(Mode::Check, |&(_, mode)| mode);
        let of = |scenario| {
            let at = self.builds.kinds.iter().position(|&kind| kind == (scenario, mode))?;
            let seconds = |taken: &Taken| taken.seconds.get(at).copied();
            let both = changing.iter().filter_map(|commit| {
                let rebuild = self.rebuild(commit.all);
                Some((seconds(&rebuild.today)?, seconds(rebuild.planned.as_ref()?)?))
            });
            let (today, planned): (Vec<f64>, Vec<f64>) = both.unzip();
            Some((Distribution::of(today), Distribution::of(planned)))
        };
        PlannedCommits {
            package,
            commits: count(changing.len()),
            unplaced: count(changing.iter().filter(|commit| commit.unplaced.contains(&package)).count()),
            mode,
            edit: of(ReplayedScenario::Edit),
            ci: of(ReplayedScenario::Ci).unwrap_or_default(),
        }
    }
}
