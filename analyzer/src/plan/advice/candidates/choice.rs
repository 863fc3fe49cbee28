//! Which of several candidates is given: where nothing is asked for, and where a number of crates is.

use std::cmp::Reverse;

use super::frontier::{Variant, least_lines, smallest};
use crate::plan::input::PlanOptions;
use crate::plan::partition::search::SearchKind;

/// A plan that takes no more than this share of the natural one's effort is preferred to it, if it gains no less than
/// [`AS_GOOD`] of what that does. Both are choices.
const MUCH_LESS_EFFORT: f64 = 0.5;
const AS_GOOD: f64 = 0.95;
/// A plan of no more than this share of its crates is another plan, not a cheaper one. A choice.
const SAME_PLAN: f64 = 0.5;

/// What is given for a number of crates. A crate shaved off only to make up the number doesn't count, nor one that only people can
/// part: rather fewer crates, unless too few remain.
pub(in crate::plan::advice) fn of_number(variants: &[&Variant], wanted: u32) -> Option<usize> {
    let distance = |v: &Variant| {
        let ((worth, tiny), apart) = (v.worth(), v.apart());
        let all = worth.abs_diff(wanted);
        let is_enough = f64::from(apart) > SAME_PLAN * f64::from(wanted);
        let parted = if is_enough { apart.abs_diff(wanted) } else { wanted };
        (all.max(parted) + tiny, all + tiny, worth + tiny)
    };
    let gain = |v: &Variant| v.candidate.gain();
    (0..variants.len()).min_by(|&a, &b| {
        let (a, b) = (variants[a], variants[b]);
        distance(a).cmp(&distance(b)).then_with(|| gain(b).total_cmp(&gain(a)))
    })
}

/// What is given unasked: what the structure suggests, else what gains most beyond what its effort would have to gain (the knee of the
/// frontier: Satopää et al., *Finding a "Kneedle" in a Haystack*, 2011).
pub(in crate::plan::advice) fn recommended(variants: &[&Variant], options: &PlanOptions) -> Option<usize> {
    let allowed: Vec<usize> = (0..variants.len())
        .filter(|&i| options.max_effort.is_none_or(|most| variants[i].candidate.effort() <= most))
        .collect();
    // What the structure suggests is what a maintainer would do; the knee is for when another plan gains where that
    // gains nothing.
    let gain = |i: usize| variants[i].candidate.gain();
    let most = allowed.iter().map(|&i| gain(i)).fold(0.0, f64::max);
    let best = |&i: &usize| {
        variants[i].way == SearchKind::Natural && (gain(i) > 0.0 || most < options.noise_floor_pct)
    };
    if let Some(natural) = allowed.iter().copied().find(best) {
        return Some(cheaper(variants, &allowed, natural).unwrap_or(natural));
    }
    let most_effort = allowed.iter().map(|&i| variants[i].candidate.effort()).fold(1.0, f64::max);
    let most_gain = allowed.iter().map(|&i| variants[i].candidate.gain()).fold(1.0, f64::max);
    let height = |i: usize| {
        let candidate = &variants[i].candidate;
        candidate.gain() / most_gain - candidate.effort() / most_effort
    };
    allowed.into_iter().max_by(|&a, &b| height(a).total_cmp(&height(b)).then_with(|| b.cmp(&a)))
}

/// The least work that gains as good as what the natural variant does, if that is much less work for much the same plan.
fn cheaper(variants: &[&Variant], allowed: &[usize], natural: usize) -> Option<usize> {
    let candidate = |i: usize| &variants[i].candidate;
    let own = candidate(natural);
    let found = allowed.iter().copied().filter(|&i| {
        own.gain() > 0.0
            && candidate(i).gain() >= AS_GOOD * own.gain()
            && candidate(i).effort() <= MUCH_LESS_EFFORT * own.effort()
            && f64::from(candidate(i).crates) > SAME_PLAN * f64::from(own.crates)
    });
    found.min_by(|&a, &b| candidate(a).effort().total_cmp(&candidate(b).effort()).then_with(|| a.cmp(&b)))
}

/// Where a variant has come to the number of crates of another, by what was taken out of its crates: of the two what the structure
/// suggests, else what gains more. The places of those that are kept.
pub(in crate::plan::advice) fn one_of_each_number(variants: &[&Variant]) -> Vec<usize> {
    let rank = |of: &Variant| (of.way == SearchKind::Natural, of.candidate.gain(), !of.common);
    let is_kept = |of: &Variant| {
        let rival = |one: &&&Variant| one.candidate.crates == of.candidate.crates && one.common != of.common;
        !variants.iter().filter(rival).any(|one| rank(one) > rank(of))
    };
    (0..variants.len()).filter(|&at| is_kept(variants[at])).collect()
}

/// Whether of two with one number of crates this one leaves less to people, unless its crates are none worth the name: whoever asks
/// for a number means to have it.
pub(in crate::plan::advice) fn leaves_less(one: &Variant, than: &Variant) -> bool {
    let lines = one.assembled.crates.iter().map(|krate| krate.lines).sum();
    let least = least_lines(&one.assembled.crates);
    let is_as_large = least >= least_lines(&than.assembled.crates) || f64::from(least) >= smallest(lines);
    than.by_hand.len() > one.by_hand.len() && is_as_large
}

/// Of plans that were merged the largest of each number of crates: those that come first.
pub(in crate::plan::advice) fn by_size(of: &Variant) -> (u32, usize, Reverse<u32>) {
    (of.candidate.crates, of.by_hand.len(), Reverse(least_lines(&of.assembled.crates)))
}
