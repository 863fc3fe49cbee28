//! What the repository's own commits compile again: `commits` of `analyze`.

mod owners;

use serde::{Deserialize, Serialize};

use self::owners::{owners, together};
use super::numbers::round;
use crate::cost::Mode;
use crate::discover::Repository;
use crate::ids::PackageId;
use crate::replay::{
    Costly, Distribution, Repeated, RepeatedWork, Replay, ReplayedMinutes, ReplayedScenario,
};
use crate::simulate::Cache;

pub use self::owners::{CrateOwnersReport, OwnersReport, PartedWorkReport, TogetherReport};

/// What the latest commits that concern a build make cargo compile again, simulated with the packages of today.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CommitsReport {
    /// How many commits were replayed: those that compile something of what is there today.
    pub replayed: u32,
    /// How many commits were looked at for these, merges aside.
    pub looked_at: u32,
    /// Commits that change sources or manifests of which nothing is there any more: they are left out.
    pub of_nothing: u32,
    /// Sources that these commits changed and that are no more: each counts as a change of the library that it lay in.
    pub gone_files: u32,
    /// Commits of which something could not be placed in one crate of a plan: it counts as a change of all of them.
    #[serde(default)]
    pub unplaced: u32,
    /// When the oldest of them was committed, in seconds since 1970.
    pub first_time: i64,
    /// And the newest.
    pub last_time: i64,
    /// Commits a week that concern a build; absent where there are too few to say.
    pub per_week: Option<f64>,
    /// Edits for each commit, assumed or given.
    pub edits_per_commit: f64,
    /// What CI keeps of earlier builds: each crate whose inputs are the same, unless something else was asked for.
    #[serde(default = "kept_by_ci")]
    pub cache: Cache,
    /// Packages that the builds compile.
    pub packages: u32,
    /// Packages of which a commit compiles something again.
    pub packages_rebuilt: Distribution,
    /// The same with the plans carried out, where each crate of a plan counts by itself. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages_rebuilt_planned: Option<Distribution>,
    /// Targets whose tests a commit makes worth running again.
    pub tests: Distribution,
    /// Programs that a commit changes.
    pub programs: Distribution,
    /// Test programs that a commit makes build and run again, by what `cargo test` compiles. Absent without tests, or where no `dev`
    /// build is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retests: Option<RepeatedReport>,
    /// Programs that a commit links again. Absent without programs, or where only checks are looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relinks: Option<RepeatedReport>,
    /// The packages whose plans are carried out in all that is `planned`.
    pub plans: Vec<String>,
    /// How long the builds take.
    pub builds: Vec<ReplayedBuildReport>,
    /// Minutes a week, at the repository's own pace. Absent where it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<ReplayedWeek>,
    /// The files whose changes cost most, each by itself.
    pub files: Vec<CostlyFileReport>,
    /// The packages whose changes cost most, each by itself.
    pub costly_packages: Vec<CostlyPackageReport>,
    /// Files whose change makes (nearly) everything be compiled again, where such commits are at least half of the cost.
    pub everything: Vec<CostlyFileReport>,
    /// Share of the cost that comes from commits of which one file alone makes everything be compiled again, 0 to 1.
    pub everything_share: f64,
    /// Whose the crates of the plans are, by CODEOWNERS and by the commits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owners: Option<OwnersReport>,
    /// Files that change together though no code ties them, or that a plan would part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<TogetherReport>,
}

/// Seconds of one kind of build after a commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayedBuildReport {
    /// `edit`: by somebody who has built before, incremental where the profile is. `ci`: by CI that keeps what `cache` says; what
    /// is compiled again is compiled in full.
    pub scenario: ReplayedScenario,
    /// check, dev, release, test.
    pub mode: Mode,
    /// Today.
    pub today: Distribution,
    /// With the plans carried out. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<Distribution>,
}

/// What commits make run or link again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepeatedReport {
    /// `test` for test programs; of programs, the first mode that links: dev, release.
    pub mode: Mode,
    /// Today.
    pub today: RepeatedWorkReport,
    /// With the plans carried out, where each crate of a plan has a test program if it has tests. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<RepeatedWorkReport>,
}

/// How much of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RepeatedWorkReport {
    /// The programs that there are.
    pub all: u32,
    /// Those that a commit concerns.
    pub programs: Distribution,
    /// Of tests, seconds that CI takes to build them (running them not included); of programs, core seconds of linking.
    pub seconds: Distribution,
    /// Minutes a week: of tests, those of CI; of programs, those of CI and of every edit. Absent where the pace isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week_min: Option<f64>,
}

/// Minutes a week of all these builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReplayedWeek {
    /// Of edits, each built in every mode but `release`, today.
    pub edits_min: f64,
    /// Of CI, which builds each commit in every mode, today.
    pub ci_min: f64,
    /// Of edits, with the plans carried out. Absent without a plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits_planned_min: Option<f64>,
    /// Of CI, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci_planned_min: Option<f64>,
}

/// A file whose changes cost much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostlyFileReport {
    /// Its path.
    pub path: String,
    /// Commits that changed it.
    pub commits: u32,
    /// Packages that a change of it alone compiles again, at most.
    pub packages: u32,
    /// Seconds that CI takes in the first mode after a change of it alone: the mean.
    pub ci_s: f64,
    /// What its changes cost by themselves, as a share of what all commits cost, 0 to 1. A commit may change several files, so that
    /// shares don't sum up.
    pub share: f64,
}

/// A package whose changes cost much.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostlyPackageReport {
    /// Its name.
    pub name: String,
    /// Its manifest.
    pub manifest: String,
    /// Commits that changed it.
    pub commits: u32,
    /// Packages that a change of it alone compiles again, at most.
    pub packages: u32,
    /// Seconds that CI takes in the first mode after a change of it alone: the mean.
    pub ci_s: f64,
    /// What its changes cost by themselves, as a share of what all commits cost, 0 to 1.
    pub share: f64,
}

/// What was looked at for a replay.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReplayedHistory {
    /// [`CommitsReport::looked_at`].
    pub looked_at: u32,
    /// [`CommitsReport::of_nothing`].
    pub of_nothing: u32,
    /// [`CommitsReport::gone_files`].
    pub gone_files: u32,
}

pub(super) fn commits(repository: &Repository, replay: &Replay, history: ReplayedHistory) -> CommitsReport {
    let package = |id: PackageId| &repository.packages[id];
    let week = |today: ReplayedMinutes| ReplayedWeek {
        edits_min: round(today.edits_min, 1),
        ci_min: round(today.ci_min, 1),
        edits_planned_min: replay.week_planned.map(|planned| round(planned.edits_min, 1)),
        ci_planned_min: replay.week_planned.map(|planned| round(planned.ci_min, 1)),
    };
    CommitsReport {
        replayed: replay.commits,
        looked_at: history.looked_at,
        of_nothing: history.of_nothing,
        gone_files: history.gone_files,
        unplaced: replay.unplaced,
        first_time: replay.span.0,
        last_time: replay.span.1,
        per_week: replay.commits_per_week.map(|commits| round(commits, 1)),
        edits_per_commit: round(replay.edits_per_commit, 1),
        cache: replay.cache,
        packages: replay.packages,
        packages_rebuilt: rounded(replay.rebuilt),
        packages_rebuilt_planned: replay.rebuilt_planned.map(rounded),
        tests: rounded(replay.retested),
        programs: rounded(replay.relinked),
        retests: replay.retests.as_ref().map(repeated),
        relinks: replay.relinks.as_ref().map(repeated),
        plans: replay.planned.iter().map(|planned| package(planned.package).name.clone()).collect(),
        builds: replay
            .builds
            .iter()
            .map(|build| ReplayedBuildReport {
                scenario: build.scenario,
                mode: build.mode,
                today: rounded(build.today),
                planned: build.planned.map(rounded),
            })
            .collect(),
        week: replay.week.map(week),
        files: replay.files.iter().map(file).collect(),
        costly_packages: replay
            .costly_packages
            .iter()
            .map(|costly| CostlyPackageReport {
                name: package(costly.what).name.clone(),
                manifest: package(costly.what).manifest.clone(),
                commits: costly.commits,
                packages: costly.packages,
                ci_s: round(costly.ci_s, 2),
                share: round(costly.share, 4),
            })
            .collect(),
        everything: replay.everything.iter().map(file).collect(),
        everything_share: round(replay.everything_share, 4),
        owners: replay.owners.as_ref().map(|of| owners(repository, of)),
        together: replay.together.as_ref().map(together),
    }
}

fn repeated(of: &Repeated) -> RepeatedReport {
    let work = |work: RepeatedWork| RepeatedWorkReport {
        all: work.all,
        programs: rounded(work.programs),
        seconds: rounded(work.seconds),
        week_min: work.week_min.map(|minutes| round(minutes, 1)),
    };
    RepeatedReport { mode: of.mode, today: work(of.today), planned: of.planned.map(work) }
}

fn kept_by_ci() -> Cache {
    Cache::Crate
}

fn file(costly: &Costly<String>) -> CostlyFileReport {
    CostlyFileReport {
        path: costly.what.clone(),
        commits: costly.commits,
        packages: costly.packages,
        ci_s: round(costly.ci_s, 2),
        share: round(costly.share, 4),
    }
}

fn rounded(distribution: Distribution) -> Distribution {
    Distribution {
        p50: round(distribution.p50, 2),
        p90: round(distribution.p90, 2),
        mean: round(distribution.mean, 2),
    }
}
