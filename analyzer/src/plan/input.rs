//! What planning reads, and what the user can ask of it.

use crate::budget::CancelToken;
use crate::cost::Costs;
use crate::discover::Repository;
use crate::graph::ItemGraph;
use crate::history::History;
use crate::ids::{CrateId, PackageId};
use crate::resolve::Resolution;
use crate::simulate::Scenario;

/// Everything known of the repository when plans are made.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// Packages, targets, profiles.
    pub repository: &'a Repository,
    /// Modules, items, references.
    pub resolution: &'a Resolution,
    /// The item graph of `resolution`.
    pub graph: &'a ItemGraph,
    /// Costs, one entry per mode to predict; the first is used for shares.
    pub costs: &'a [Costs],
    /// What changed in the past; without it, edits are weighted by lines.
    pub history: Option<&'a History>,
}

/// What is asked of the planner.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOptions {
    /// Plan this package only, and give its best plan whatever the verdict.
    pub package: Option<PackageId>,
    /// Of its package, plan this target: its library or a binary.
    pub krate: Option<CrateId>,
    /// Give a plan of this many crates (the one that keeps the package's name included), whatever the verdict.
    pub crates: Option<u32>,
    /// Parallel jobs of the builds predicted.
    pub jobs: u32,
    /// Recommend nothing that takes more than this much [`Candidate::effort`](super::Candidate::effort).
    pub max_effort: Option<f64>,
    /// Packages below this many non-test lines are left alone, unless asked for by name, or costing more than
    /// [`min_cost_s`](Self::min_cost_s) all the same (macros may write what their lines don't show).
    ///
    /// A crate of 3000 lines checks in about a second; whatever is gained by splitting it drowns in the noise.
    pub min_lines: u32,
    /// Core seconds of the first mode from which on a package of few lines is looked at, and seconds that a lever has to save:
    /// what people wait without losing their thread (Nielsen, *Usability Engineering*, 1993).
    pub min_cost_s: f64,
    /// A saving below this many percent is reported as none, whatever the costs' error.
    pub noise_floor_pct: f64,
    /// A saving of fewer seconds is reported as none.
    ///
    /// A tenth of a second is what people take for nothing (Nielsen, *Usability Engineering*, 1993), and what a stopwatch
    /// can't tell from noise: the same dev build of 0.5 s, twelve times on 2 cores, took 0.44 to 0.55 s, and the same
    /// check of 0.2 s 0.17 to 0.27 s (`benches/README.md`). What a saving is worth is for the week to say.
    pub noise_floor_s: f64,
    /// Commits a week, in the place of those that git counts.
    pub commits_per_week: Option<f64>,
    /// Edits for each commit: how often its author builds on the way. An assumption.
    pub edits_per_commit: f64,
    /// Within how many weeks a plan has to give back its work. A choice.
    pub payback_weeks: f64,
    /// What structure is worth.
    pub prices: Prices,
    /// Seed of everything random.
    pub seed: u64,
    /// Once it is cancelled no other package is planned: what comes out is of no use then.
    pub cancel: CancelToken,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            package: None,
            krate: None,
            crates: None,
            jobs: 8,
            max_effort: None,
            min_lines: 3_000,
            noise_floor_pct: 5.0,
            min_cost_s: 1.0,
            noise_floor_s: 0.1,
            commits_per_week: None,
            edits_per_commit: 10.0,
            payback_weeks: 52.0,
            prices: Prices::default(),
            seed: 0,
            cancel: CancelToken::default(),
        }
    }
}

/// Prices of the structural search: what one whole unit of each term is worth against the others.
///
/// They are a matter of taste, not physics: a random search over them on splits that maintainers really made
/// (`benches/README.md`) found a broad plateau, of which these are a point in the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// For all reference weight running from a lower crate to a higher one.
    pub back: f64,
    /// The share of references against the order up to which they count once; at twice that share twice, and so on.
    pub easy_back_share: f64,
    /// For all coupling (damped reference weight) lying between crates.
    pub cut: f64,
    /// For every module being in another crate than the module around it.
    pub tree: f64,
    /// For everything being in one crate (the sum of squared shares of lines).
    pub lump: f64,
    /// How much of that isn't charged where the lines are of one top-level module, 0 to 1.
    pub kin: f64,
    /// How much of the residual crate is priced as rebuilt by every change, 0 to 1.
    pub residual: f64,
    /// For each crate.
    pub krate: f64,
    /// For a crate of hardly any lines; nothing from a thousand lines on.
    pub small: f64,
    /// What two files that always change together add to their affinity, in references; in proportion where they don't
    /// always. None: on splits that maintainers made it made plans worse (`benches/README.md`).
    pub co_change: f64,
    /// By how large a share what couples two modules is more or less than counted, at random by [`PlanOptions::seed`]: to
    /// see how far a plan hangs on ties. None.
    pub jitter: f64,
    /// For moving an item on its own, in references that would have to be cut.
    pub item_move: f64,
    /// For each hundred lines of an item moved on its own, likewise.
    pub item_move_100_lines: f64,
}

impl Default for Prices {
    fn default() -> Self {
        Self {
            back: 1.0,
            easy_back_share: 0.0011,
            cut: 0.15,
            tree: 0.9,
            lump: 1.0,
            kin: 0.95,
            residual: 1.0,
            krate: 0.001,
            small: 0.012,
            co_change: 0.0,
            jitter: 0.0,
            item_move: 1.0,
            item_move_100_lines: 1.0,
        }
    }
}

/// What is asked about a described split.
#[derive(Debug, Clone, PartialEq)]
pub struct WhatIfOptions {
    /// What is built.
    pub scenarios: Vec<Scenario>,
    /// Numbers of parallel jobs.
    pub jobs: Vec<u32>,
    /// Predict in spite of references against the order of the crates and of impls in the wrong crate, as if these
    /// had been cut and moved first; they are listed in the plan.
    pub assume_cuts: bool,
    /// Other packages depend on those of the new crates that they use, in place of the package that re-exports them all.
    pub direct_users: bool,
    /// A saving below this many percent is reported as none; see
    /// [`PlanOptions`](crate::plan::PlanOptions::noise_floor_pct).
    pub noise_floor_pct: f64,
    /// A saving of fewer seconds is reported as none; see
    /// [`PlanOptions`](crate::plan::PlanOptions::noise_floor_s).
    pub noise_floor_s: f64,
}

impl Default for WhatIfOptions {
    fn default() -> Self {
        let plan = crate::plan::PlanOptions::default();
        Self {
            scenarios: vec![Scenario::Cold, Scenario::Clean, Scenario::Edit],
            jobs: vec![1, 2, 4, 8],
            assume_cuts: false,
            direct_users: false,
            noise_floor_pct: plan.noise_floor_pct,
            noise_floor_s: plan.noise_floor_s,
        }
    }
}
