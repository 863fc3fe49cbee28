//! Options of an analysis.

use std::path::PathBuf;

use super::progress::OnStage;
use crate::budget::Budget;
use crate::cost::Mode;
use crate::cost::import::{CostInput, TestTimes};
use crate::discover::{BuiltOptions, DiscoverOptions};
use crate::error::{Error, Result};
use crate::history::HistoryOptions;
use crate::plan::PlanOptions;
use crate::simulate::Cache;

/// Options of [`analyze`](crate::analyze) and [`read`](crate::read).
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory to analyse, or a `Cargo.toml`.
    pub path: PathBuf,
    /// Features, target triple, exclusions.
    pub discover: DiscoverOptions,
    /// How much of git's log is read.
    pub history: HistoryOptions,
    /// Plan this package only (its name, or its directory where several have the name), and give its best plan
    /// whatever the verdict.
    pub package: Option<String>,
    /// Of that package (or the only one), plan this target, in the place of the one with the best plan.
    pub target: Option<WantedTarget>,
    /// Give a plan of this many crates, whatever the verdict.
    pub crates: Option<u32>,
    /// Recommend no plan of more [effort](crate::plan::Candidate::effort) than this.
    pub max_effort: Option<f64>,
    /// A saving of fewer seconds counts as none: [`PlanOptions::noise_floor_s`].
    pub min_saving_s: f64,
    /// How many commits are replayed: the latest that concern a build. None for 0.
    pub commits: usize,
    /// Commits a week, in the place of those that git counts: [`PlanOptions::commits_per_week`].
    pub commits_per_week: Option<f64>,
    /// [`PlanOptions::edits_per_commit`].
    pub edits_per_commit: f64,
    /// What CI keeps of earlier builds in the replay of commits.
    pub cache: Cache,
    /// [`PlanOptions::payback_weeks`].
    pub payback_weeks: f64,
    /// Parallel jobs of the predicted builds.
    pub jobs: u32,
    /// What cargo does in the predicted builds; the first one's costs are used for shares.
    pub modes: Vec<Mode>,
    /// Files with measured or imported seconds, used in the place of modelled ones.
    pub costs: Vec<CostInput>,
    /// How long tests ran: then [`what_if`](crate::what_if()) says which of them run after an edit.
    pub test_times: Option<TestTimes>,
    /// Where to look for what earlier builds have left, for seconds that no file of [`costs`](Self::costs) has. `None` leaves
    /// them out.
    pub built: Option<BuiltOptions>,
    /// Seed of everything random.
    pub seed: u64,
    /// What the analysis may use, and how it is stopped.
    pub budget: Budget,
    /// Called at the start of each stage.
    pub on_stage: OnStage,
}

/// A target of a package, to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedTarget {
    /// Its library.
    Lib,
    /// The binary of this name.
    Bin(String),
}

/// Commits that are replayed: enough for their ninetieth percentile to rest on fifty of them, few enough for the packages of today to
/// be those that they were made in. A choice.
const COMMITS: usize = 500;

impl Default for Options {
    fn default() -> Self {
        let plan = PlanOptions::default();
        Self {
            path: PathBuf::from("."),
            discover: DiscoverOptions::default(),
            history: HistoryOptions::default(),
            package: None,
            target: None,
            crates: None,
            max_effort: None,
            min_saving_s: plan.noise_floor_s,
            commits: COMMITS,
            commits_per_week: plan.commits_per_week,
            edits_per_commit: plan.edits_per_commit,
            cache: Cache::Crate,
            payback_weeks: plan.payback_weeks,
            jobs: plan.jobs,
            modes: vec![Mode::Check, Mode::Dev, Mode::Release],
            costs: Vec::new(),
            test_times: None,
            built: Some(BuiltOptions::default()),
            seed: plan.seed,
            budget: Budget::default(),
            on_stage: OnStage::default(),
        }
    }
}

impl Options {
    /// Whether the numbers are in their ranges.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for one that is not.
    pub(crate) fn check(&self) -> Result<()> {
        let limits = [
            ("effort", self.max_effort.unwrap_or(0.0), "a number of edits, zero or more,"),
            ("saving", self.min_saving_s, "a number of seconds, zero or more,"),
        ];
        match limits.into_iter().find(|(_, number, _)| !(number.is_finite() && *number >= 0.0)) {
            Some((option, value, expected)) => {
                Err(Error::InvalidOption { option, value: value.to_string(), expected })
            }
            None => Ok(()),
        }
    }

    /// The defaults, for a directory.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }
}
