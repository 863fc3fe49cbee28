//! What a plan is worth: the minutes a week that its builds save at the repository's own pace, against the work that
//! it takes. The one place that says which build counts, how often, and when a plan pays.
//!
//! An edit is built once in each mode but `release`, whose rebuilds nobody is taken to wait for: who edits builds without
//! optimisation. A commit is one run of CI, which builds clean in each mode. A plan pays if it saves, over all of these
//! builds, what gives its work back in time ([`PlanOptions::payback_weeks`]), and if one of them gets faster by more than
//! the noise.

use std::collections::BTreeSet;

use crate::cost::Mode;
use crate::history::History;
use crate::ids::{CrateId, PathId};
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::{Candidate, Saving, Week};
use crate::plan::predict::model::Build;
use crate::plan::predict::uncertainty::{MACHINES, SAMPLES, Times, speed};
use crate::simulate::Scenario;

/// Edits by hand that take an afternoon. What a plan takes beside them (new packages, their manifests, review) is counted as
/// another afternoon. A matter of taste.
pub(in crate::plan) const FEW_EDITS: u32 = 12;
const AFTERNOON_H: f64 = 4.0;
/// A plan pays for certain, or certainly not, in this share of the cases: as four of five builds keep within the intervals.
pub(in crate::plan) const SURE: f64 = 0.8;
/// Of fewer commits the pace is off by more than a third (a count's relative error is one over its root).
const ENOUGH_COMMITS: usize = 10;
/// The pace without a history: five commits a working day. An assumption; [`PlanOptions::commits_per_week`] is for those who
/// know better.
const ASSUMED_COMMITS: f64 = 25.0;
const WEEK_S: f64 = 7.0 * 24.0 * 3600.0;

/// What is asked of a plan.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Terms {
    week: Week,
    noise_floor_s: f64,
    noise_floor_pct: f64,
}

impl Week {
    /// How many builds of this kind a week has.
    pub fn builds(&self, scenario: Scenario, mode: Mode) -> f64 {
        match (scenario, mode) {
            (Scenario::Edit, Mode::Release) => 0.0,
            (Scenario::Edit, _) => self.package_commits * self.edits_per_commit,
            (Scenario::Clean, _) => self.commits,
            // Beside a clean one it builds what no plan changes.
            (Scenario::Cold, _) => 0.0,
        }
    }

    /// Minutes that a saving amounts to; negative where the build gets slower.
    pub fn saved_min(&self, saving: &Saving) -> f64 {
        self.builds(saving.scenario, saving.mode) * (saving.before_s.p50 - saving.after_s.p50) / 60.0
    }
}

/// The pace of a package.
pub(in crate::plan) fn pace(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    options: &PlanOptions,
) -> Week {
    let counted = input.history.and_then(commits_per_week);
    let commits = options.commits_per_week.or(counted).unwrap_or(ASSUMED_COMMITS);
    Week {
        commits,
        counted: options.commits_per_week.is_none() && counted.is_some(),
        package_commits: commits * package_share(input, index, krate),
        edits_per_commit: options.edits_per_commit,
        before_min: 0.0,
        after_min: 0.0,
        asked_min: 0.0,
        work_h: 0.0,
        payback_weeks: options.payback_weeks,
    }
}

impl PlanOptions {
    /// Minutes a week that the least work there is has to save.
    pub(crate) fn least_asked_min(&self) -> f64 {
        60.0 * AFTERNOON_H / self.payback_weeks
    }
}

/// From the oldest commit to the newest; those of a single week are that week's.
pub(crate) fn commits_per_week(history: &History) -> Option<f64> {
    let commits = &history.commits;
    let times = || commits.iter().map(|commit| commit.time);
    let weeks = (times().max()? - times().min()?) as f64 / WEEK_S;
    (commits.len() >= ENOUGH_COMMITS).then(|| (commits.len() - 1) as f64 / weeks.max(1.0))
}

/// The share of the commits that change the crate's own files; all of them without a history.
fn package_share(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> f64 {
    let Some(history) = input.history.filter(|history| history.commits.len() >= ENOUGH_COMMITS) else {
        return 1.0;
    };
    let items = &input.resolution.items;
    let files: BTreeSet<_> = index.items[krate].iter().map(|&item| items[item].file).collect();
    let paths: BTreeSet<PathId> =
        files.iter().filter_map(|&file| history.path_id(&input.resolution.files[file].path)).collect();
    let changing =
        history.commits.iter().filter(|commit| commit.paths.iter().any(|path| paths.contains(path)));
    changing.count() as f64 / history.commits.len() as f64
}

impl Terms {
    pub(in crate::plan) fn new(pace: Week, candidate: &Candidate, options: &PlanOptions) -> Self {
        let work_h = AFTERNOON_H * (1.0 + candidate.effort() / f64::from(FEW_EDITS));
        let asked_min = 60.0 * work_h / pace.payback_weeks;
        Self {
            week: Week { work_h, asked_min, ..pace },
            noise_floor_s: options.noise_floor_s,
            noise_floor_pct: options.noise_floor_pct,
        }
    }

    /// The week's medians.
    pub(in crate::plan) fn week(&self, builds: &[Build]) -> Week {
        let minutes = |seconds: &dyn Fn(&Saving) -> f64| {
            let all = builds.iter().map(|build| self.builds(build) * seconds(&build.saving) / 60.0);
            all.sum::<f64>() + 0.0
        };
        let (before_min, after_min) = (minutes(&|s| s.before_s.p50), minutes(&|s| s.after_s.p50));
        Week { before_min, after_min, ..self.week }
    }

    /// How often a week a build counts.
    pub(in crate::plan) fn builds(&self, build: &Build) -> f64 {
        self.week.builds(build.saving.scenario, build.saving.mode)
    }

    /// Whether a saving is more than the noise.
    pub(in crate::plan) fn felt(&self, (before, after): Times) -> bool {
        let saved = before - after;
        saved >= self.noise_floor_s && 100.0 * saved >= self.noise_floor_pct * before
    }

    /// Whether a build gets slower by more than the noise.
    pub(in crate::plan) fn felt_loss(&self, saving: &Saving) -> bool {
        let (before, lost) = (saving.before_s.p50, saving.after_s.p50 - saving.before_s.p50);
        lost >= self.noise_floor_s && 100.0 * lost >= self.noise_floor_pct * before
    }

    /// Whether the plan pays in one sampled case, on a machine (and by a model) that takes so many times as long for each build.
    fn pays(&self, builds: &[Build], case: usize, slower: &dyn Fn(&Build) -> f64) -> bool {
        let (mut saved_s, mut felt) = (0.0, false);
        for build in builds {
            let (factor, often) = (slower(build), self.builds(build));
            let Some(&(before, after)) = build.cases.get(case).filter(|_| often > 0.0) else { continue };
            saved_s += often * factor * (before - after);
            felt |= self.felt((factor * before, factor * after));
        }
        felt && saved_s >= 60.0 * self.week.asked_min
    }

    /// In what share of the cases the plan pays: 0 to 1.
    pub(in crate::plan) fn pays_share(&self, builds: &[Build]) -> f64 {
        let pays = |case: u32, machine: u32| {
            let deviations = speed(case, machine);
            self.pays(builds, case as usize, &|build| (build.common_error * deviations).exp())
        };
        let paying = |case: u32| (0..MACHINES).filter(move |&machine| pays(case, machine));
        let all = (0..SAMPLES).map(|case| paying(case).count()).sum::<usize>();
        all as f64 / f64::from(SAMPLES * MACHINES)
    }

    /// How many times as long as predicted all builds have to take for the plan to pay in half of the cases. `None` if that
    /// is not for seconds to say.
    pub(in crate::plan) fn tipping_factor(&self, builds: &[Build]) -> Option<f64> {
        /// No machine is further off, and no model.
        const FAR: f64 = 20.0;
        let half = |factor: f64| {
            let paying = (0..SAMPLES as usize).filter(|&case| self.pays(builds, case, &|_| factor));
            2 * paying.count() >= SAMPLES as usize
        };
        if half(FAR.recip()) || !half(FAR) {
            return None;
        }
        let (mut low, mut high) = (-FAR.ln(), FAR.ln());
        for _ in 0..24 {
            let middle = f64::midpoint(low, high);
            if half(middle.exp()) { high = middle } else { low = middle }
        }
        Some(high.exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::model::Interval;
    use crate::plan::predict::model::Build;

    fn terms(asked_min: f64) -> Terms {
        let week = Week {
            commits: 20.0,
            counted: true,
            package_commits: 6.0,
            edits_per_commit: 10.0,
            before_min: 0.0,
            after_min: 0.0,
            asked_min,
            work_h: 4.0,
            payback_weeks: 52.0,
        };
        Terms { week, noise_floor_s: 0.1, noise_floor_pct: 5.0 }
    }

    /// The same in every case but for the machine.
    fn build(scenario: Scenario, mode: Mode, (before, after): Times, common_error: f64) -> Build {
        let interval = |s| Interval { p10: s, p50: s, p90: s };
        let saving = Saving {
            scenario,
            mode,
            jobs: 8,
            before_s: interval(before),
            after_s: interval(after),
            saved_pct: interval(100.0 * (before - after) / before),
            significant: true,
            without_lto: false,
        };
        Build { saving, common_error, cases: vec![(before, after); SAMPLES as usize] }
    }

    #[test]
    fn each_build_counts_as_often_as_it_happens() {
        let (check, dev, release) = (Mode::Check, Mode::Dev, Mode::Release);
        let cases = [
            (Scenario::Edit, check, 60.0),
            (Scenario::Edit, dev, 60.0),
            (Scenario::Edit, release, 0.0),
            (Scenario::Clean, check, 20.0),
            (Scenario::Clean, release, 20.0),
            (Scenario::Cold, dev, 0.0),
        ];
        for (scenario, mode, builds) in cases {
            assert_eq!(terms(1.0).week.builds(scenario, mode), builds, "{scenario:?} {mode:?}");
        }
        let all = [
            build(Scenario::Edit, dev, (3.0, 2.0), 0.0),
            build(Scenario::Clean, dev, (9.0, 10.5), 0.0),
            build(Scenario::Edit, release, (9.0, 1.0), 0.0),
        ];
        // 60 edits save a second each, 20 clean builds lose half as much.
        let week = terms(1.0).week(&all);
        assert_eq!((week.before_min, week.after_min), (6.0, 5.5));
    }

    #[test]
    fn a_plan_pays_from_what_is_asked_for_on_if_somebody_notices() {
        let edit = |times| [build(Scenario::Edit, Mode::Dev, times, 0.0)];
        // A minute a week.
        assert_eq!(terms(0.9).pays_share(&edit((3.0, 2.0))), 1.0);
        assert_eq!(terms(1.1).pays_share(&edit((3.0, 2.0))), 0.0);
        assert_eq!(terms(0.9).pays_share(&edit((30.0, 29.0))), 0.0, "3 %");
        assert_eq!(terms(0.0).pays_share(&edit((0.2, 0.12))), 0.0, "0.08 s");
        assert_eq!(terms(0.9).pays_share(&[]), 0.0);
    }

    #[test]
    fn how_fast_the_machine_is_tips_the_scales() {
        let error = 1.5_f64.ln();
        let edit = [build(Scenario::Edit, Mode::Dev, (3.0, 2.0), error)];
        let share = terms(1.0).pays_share(&edit);
        assert!((share - 0.5).abs() < 0.05, "{share}");
        // One standard deviation.
        let share = terms(1.5).pays_share(&edit);
        assert!((share - 0.159).abs() < 0.04, "{share}");
        for asked_min in [0.5, 1.5] {
            let factor = terms(asked_min).tipping_factor(&edit).unwrap();
            assert!((factor / asked_min - 1.0).abs() < 1e-3, "{factor}");
        }
        assert_eq!(terms(1e3).tipping_factor(&edit), None, "out of reach");
        let slower = [build(Scenario::Edit, Mode::Dev, (2.0, 3.0), error)];
        assert_eq!(terms(1.0).tipping_factor(&slower), None, "on no machine");
    }
}
