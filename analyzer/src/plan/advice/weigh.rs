//! Which candidates are worth a close look beside the one that is recommended at first sight: those that may have a better verdict.

use super::candidates::frontier::Subject;
use super::candidates::pool::Pool;
use super::verdict::is_clean;
use super::week::{SURE, Terms};
use crate::plan::model::{Candidate, Verdict, VerdictKind, Week};
use crate::plan::predict::evaluate::{Prediction, Times};
use crate::plan::predict::verdict_builds::rough;

/// Plans other than the recommended one that are judged, at most: each takes as long to predict.
const OTHERS: usize = 3;

/// How good a verdict is, less is better: its kind, and as long as it is not sure the percent of the cases in which it doesn't pay.
pub(super) fn standing(verdict: &Verdict) -> (VerdictKind, u32) {
    let share = verdict.pays_share.filter(|_| verdict.kind == VerdictKind::MeasureFirst);
    (verdict.kind, share.map_or(0, |share| (100.0 * (1.0 - share)).round() as u32))
}

/// What candidates are compared by at a rough look.
pub(super) struct Scale<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) pace: Week,
    /// Of the plan that is recommended at first sight.
    pub(super) predictions: &'a [Prediction],
    /// The package's share of the work of its workspace.
    pub(super) split_share: f64,
}

impl Scale<'_> {
    /// Whether any plan might pay: one that gains what the best of these do, were it no work.
    pub(super) fn may_pay(&self, pool: &Pool<'_>) -> bool {
        let all = pool.weighed().into_iter().map(|at| &pool.get(at).candidate);
        let most = |gain: &dyn Fn(&Candidate) -> f64| all.clone().map(gain).fold(0.0, f64::max);
        let ideal = Candidate {
            clean_saved_pct: most(&|of| of.clean_saved_pct),
            edit_saved_pct: most(&|of| of.edit_saved_pct),
            ..Candidate::default()
        };
        self.pays_share(&ideal) > 1.0 - SURE
    }

    /// Those that may stand better than the plan at `best` does, most likely first.
    pub(super) fn better_others(&self, pool: &Pool<'_>, best: usize, kind: VerdictKind) -> Vec<usize> {
        if kind == VerdictKind::Split {
            return Vec::new();
        }
        let most_effort = self.subject.options.max_effort;
        let is_allowed = |&at: &usize| {
            let variant = pool.get(at);
            let has_time = most_effort.is_none_or(|most| variant.candidate.effort() <= most);
            at != best && has_time && (kind != VerdictKind::UntangleFirst || is_clean(variant))
        };
        let share = |at: usize| (self.pays_share(&pool.get(at).candidate), at);
        let mut others: Vec<(f64, usize)> =
            pool.weighed().into_iter().filter(is_allowed).map(share).collect();
        // What a rough look keeps is kept: a close one takes a hundred times as long.
        others.retain(|&(share, _)| share > 1.0 - SURE);
        let gain = |at: usize| pool.get(at).candidate.gain();
        others.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| gain(b.1).total_cmp(&gain(a.1))));
        others.into_iter().take(OTHERS).map(|(_, at)| at).collect()
    }

    fn pays_share(&self, candidate: &Candidate) -> f64 {
        let Self { subject, pace, predictions, split_share } = *self;
        let builds = rough(subject.input, &as_in(candidate, predictions), subject.options, split_share);
        Terms::new(pace, candidate, subject.options).pays_share(&builds)
    }
}

/// Builds of another plan of the same package if all modes gain what its judged mode does.
fn as_in(candidate: &Candidate, predictions: &[Prediction]) -> Vec<Prediction> {
    let left = |before: f64, saved_pct: f64| before * (1.0 - saved_pct / 100.0);
    let of = |p: &Prediction| Prediction {
        after: Times {
            clean_s: left(p.before.clean_s, candidate.clean_saved_pct),
            edit_s: left(p.before.edit_s, candidate.edit_saved_pct),
        },
        ..p.clone()
    };
    predictions.iter().map(of).collect()
}
