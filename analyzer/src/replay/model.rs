//! What a replay takes, and what comes out of it.

use serde::{Deserialize, Serialize};

use crate::affected::Touched;
use crate::cost::Mode;
use crate::ids::PackageId;
use crate::simulate::Cache;

/// A commit of the past among the packages of today.
#[derive(Debug, Clone)]
pub(crate) struct PlacedCommit {
    /// Its hash.
    pub(crate) hash: String,
    /// When, in seconds since 1970.
    pub(crate) time: i64,
    /// What it concerns by itself.
    pub(crate) touched: Touched,
    /// Targets whose tests it makes worth running again.
    pub(crate) retested: u32,
    /// Programs that it changes.
    pub(crate) relinked: u32,
}

/// How often commits and edits happen.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Pace {
    /// Commits a week that concern a build; `None` where there are too few to say.
    pub(crate) commits_per_week: Option<f64>,
    /// Edits for each commit.
    pub(crate) edits_per_commit: f64,
}

/// What the repository's commits make cargo compile again.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// How many commits were replayed.
    pub commits: u32,
    /// The oldest and the newest of them, in seconds since 1970.
    pub span: (i64, i64),
    /// Commits a week that concern a build; `None` where there are too few to say.
    pub commits_per_week: Option<f64>,
    /// Edits for each commit.
    pub edits_per_commit: f64,
    /// What CI keeps of earlier builds.
    pub cache: Cache,
    /// Packages that any of the builds compiles.
    pub packages: u32,
    /// Packages of which something is compiled again.
    pub rebuilt: Distribution,
    /// The same with the plans carried out, where each crate of a plan counts.
    pub rebuilt_planned: Option<Distribution>,
    /// Targets whose tests are worth running again.
    pub retested: Distribution,
    /// Programs that have to be deployed again, where they are.
    pub relinked: Distribution,
    /// Test programs that are built and run again; `None` where nothing says what a `dev` build costs, or without a test.
    pub retests: Option<Repeated>,
    /// Programs that are linked again; `None` where only checks are looked at, or without a program.
    pub relinks: Option<Repeated>,
    /// How long the builds take, edits first.
    pub builds: Vec<ReplayedBuild>,
    /// Each commit, newest first.
    pub each: Vec<ReplayedCommit>,
    /// What all of it takes a week; `None` where the pace isn't known.
    pub week: Option<ReplayedMinutes>,
    /// The same with the plans carried out.
    pub week_planned: Option<ReplayedMinutes>,
    /// The files whose changes cost most by themselves.
    pub files: Vec<Costly<String>>,
    /// The packages whose changes do.
    pub costly_packages: Vec<Costly<PackageId>>,
    /// Files that make everything be compiled again, where these changes are most of the cost.
    pub everything: Vec<Costly<String>>,
    /// Share of the cost that comes from changes which compile everything again, 0 to 1.
    pub everything_share: f64,
    /// Commits of which something could not be placed in one crate of a plan: it counts as a change of all of them.
    pub unplaced: u32,
    /// Of each package whose plan is carried out.
    pub planned: Vec<PlannedCommits>,
    /// Whose the crates are.
    pub owners: Option<Owners>,
    /// What changes together.
    pub together: Option<Together>,
}

/// Whose the crates of the plans are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Owners {
    /// The file that says whose files are; `None` without one.
    pub file: Option<String>,
    /// Lines of it that are no rule.
    pub skipped: u32,
    /// Replayed commits that change packages, or parts of them, of several owners. `None` where nothing says whose files are.
    pub crossing: Option<u32>,
    /// The same with the plans carried out: of a planned package the crates count that a commit changes.
    pub crossing_planned: Option<u32>,
    /// The crates of all plans.
    pub crates: Vec<CrateOwners>,
    /// Pairs of crates of one plan that the same commits change, most often first.
    pub parted: Vec<PartedWork>,
}

/// Whose a crate of a plan is.
#[derive(Debug, Clone, PartialEq)]
pub struct CrateOwners {
    /// The package that is split.
    pub package: PackageId,
    /// The crate's name.
    pub krate: String,
    /// Who owns at least a tenth of its lines, most first.
    pub owners: Vec<OwnerShare>,
    /// Commits of the history that change its files.
    pub commits: u32,
    /// How many people wrote them.
    pub authors: u32,
    /// The share that the one of them wrote who wrote most, 0 to 1.
    pub main_author_share: f64,
}

/// An owner's share of the lines of a crate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OwnerShare {
    /// As the file says it: `@team`.
    pub owner: String,
    /// 0 to 1; a file may have several owners.
    pub share: f64,
}

/// Two crates of a plan that the same commits change: the boundary cuts through work that is done at once.
#[derive(Debug, Clone, PartialEq)]
pub struct PartedWork {
    /// The package that is split.
    pub package: PackageId,
    /// The two crates.
    pub crates: [String; 2],
    /// Who owns both; empty where nothing says whose files are.
    pub owners: Vec<String>,
    /// Commits that change both, bulk commits aside.
    pub commits: u32,
    /// Their share of the commits of the one that changes less often, 0 to 1.
    pub share: f64,
}

/// Files that change together, and what counts as such.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// Commits that have to change both.
    pub least_commits: u32,
    /// Their least share of the commits of the one that changes less often, 0 to 1.
    pub least_share: f64,
    /// Commits that change more files than this are left out.
    pub bulk_files: u32,
    /// How many these are.
    pub bulk_commits: u32,
    /// How many pairs there are.
    pub found: u32,
    /// The strongest of them: those that a plan parts first, then by commits.
    pub pairs: Vec<TogetherPair>,
}

/// Two files that change together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TogetherPair {
    /// Their paths.
    pub files: [String; 2],
    /// Commits that change both, bulk commits aside.
    pub commits: u32,
    /// Their share of the commits of the one that changes less often, 0 to 1.
    pub share: f64,
    /// Whether one refers to the other.
    pub tied: bool,
    /// Whether a plan takes them apart.
    pub parted: bool,
}

/// How a build after a commit is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReplayedScenario {
    /// By somebody who has built before: incremental where the profile is.
    Edit,
    /// By CI, which keeps what did not change unless something else is said: what is compiled again is compiled in full.
    Ci,
}

/// Seconds of one kind of build, over the commits.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedBuild {
    /// How it is done.
    pub scenario: ReplayedScenario,
    /// What cargo does.
    pub mode: Mode,
    /// Today.
    pub today: Distribution,
    /// With the plans carried out.
    pub planned: Option<Distribution>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayedCommit {
    /// Its hash.
    pub hash: String,
    /// Seconds of its builds today, in the order of [`Replay::builds`].
    pub today_s: Vec<f64>,
    /// With the plans carried out.
    pub planned_s: Option<Vec<f64>>,
    /// Whether something of it could not be placed in one crate of a plan.
    pub unplaced: bool,
}

/// What commits make run or link again.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeated {
    /// What is called for it.
    pub mode: Mode,
    /// Today.
    pub today: RepeatedWork,
    /// With the plans carried out.
    pub planned: Option<RepeatedWork>,
}

/// How much of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RepeatedWork {
    /// All programs that there are.
    pub all: u32,
    /// Those that a commit concerns.
    pub programs: Distribution,
    /// Of tests, seconds that CI takes to build them; of programs, core seconds of linking.
    pub seconds: Distribution,
    /// Minutes a week: of tests, CI's; of programs, those of every edit and of CI. `None` where the pace isn't known.
    pub week_min: Option<f64>,
}

/// Minutes a week.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReplayedMinutes {
    /// Of edits, each built in every mode but `release`.
    pub edits_min: f64,
    /// Of CI, which builds each commit in every mode.
    pub ci_min: f64,
}

/// How a number is distributed over the commits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Distribution {
    /// The median.
    pub p50: f64,
    /// One in ten is above.
    pub p90: f64,
    /// The mean.
    pub mean: f64,
}

/// What changes often, or costs much when it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Costly<T> {
    /// What.
    pub what: T,
    /// Commits that changed it.
    pub commits: u32,
    /// Packages that its change alone makes cargo compile again: of the change that takes most.
    pub packages: u32,
    /// Seconds that a CI build in the first mode takes after its change alone: the mean.
    pub ci_s: f64,
    /// What all its changes cost by themselves, as a share of what all commits cost, 0 to 1. Shares don't sum up: a commit may
    /// change several.
    pub share: f64,
}

/// The commits that change a package with a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedCommits {
    /// The package.
    pub package: PackageId,
    /// Commits that change it.
    pub commits: u32,
    /// Of these, commits of which something could not be placed in one crate of the plan: it counts as a change of all.
    pub unplaced: u32,
    /// What cargo does.
    pub mode: Mode,
    /// Seconds of an edit's build after one of them, today and with the plan; `None` where only release builds are looked at.
    pub edit: Option<(Distribution, Distribution)>,
    /// Seconds of a CI build, today and with the plan.
    pub ci: (Distribution, Distribution),
}

impl Distribution {
    /// Of some numbers, by the nearest rank; zeros without any.
    pub(crate) fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut numbers: Vec<f64> = numbers.into_iter().collect();
        if numbers.is_empty() {
            return Self::default();
        }
        numbers.sort_by(f64::total_cmp);
        let count = numbers.len();
        let rank = |percent: usize| numbers[(count * percent).div_ceil(100).max(1) - 1];
        Self { p50: rank(50), p90: rank(90), mean: numbers.iter().sum::<f64>() / count as f64 }
    }
}

impl PlannedCommits {
    /// One sentence with the figures; `of` are the commits that were replayed.
    pub(crate) fn reason(&self, of: u32) -> String {
        let command = self.mode.command();
        let verb = if self.commits == 1 { "changes" } else { "change" };
        let seconds = |(today, planned): (Distribution, Distribution)| {
            format!(
                "a median {:.1} s today and {:.1} s with the plan (one in ten {:.1} s and {:.1} s)",
                today.p50, planned.p50, today.p90, planned.p90
            )
        };
        let unplaced = match self.unplaced {
            0 => String::new(),
            n => format!(" ({n} of them not in one crate of the plan for sure: these count for all crates)"),
        };
        let edit = self.edit.map_or_else(String::new, |edit| format!("incrementally {}, ", seconds(edit)));
        let ci = seconds(self.ci);
        format!(
            "{} of the last {of} commits {verb} it{unplaced}: `{command}` after one takes {edit}in full {ci}",
            self.commits
        )
    }
}
