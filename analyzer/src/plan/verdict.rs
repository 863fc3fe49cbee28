//! From predictions to an answer, with its reasons in figures.

use super::evaluate::Prediction;
use super::forecast::without_lto;
use super::frontier::Variant;
use super::input::{PlanInput, PlanOptions};
use super::model::{Cause, CauseKind, Saving, Scenario, Verdict, VerdictKind};
use super::uncertainty::{Spread, Times, seconds, shares};
use super::what_if::{Forecast, Outcome};
use crate::cost::{Costs, Mode};
use crate::ids::{CrateId, WorkspaceId};
use crate::parse::ItemFeatures;

/// On fifteen real splits, maintainers had a median 2.3 % of reference weight running against the order of their
/// crates: up to that, a plan is as clean as those that were carried out.
const CLEAN_BACK_SHARE: f64 = 0.023;
/// Pairs of items cut by hand in an afternoon: a matter of taste.
const FEW_CUTS: u32 = 12;
/// From this share on, something is said to dominate.
const DOMINANT: f64 = 0.6;

/// Before and after in each scenario and mode, simulated with the costs off by as much as they may be.
pub(super) fn savings(forecasts: Vec<Forecast>) -> Vec<Saving> {
    let saving = |forecast: Forecast| Saving {
        scenario: forecast.scenario,
        mode: forecast.mode,
        jobs: forecast.jobs,
        before_s: forecast.before.time_s,
        after_s: forecast.after.time_s,
        saved_pct: forecast.saved_pct,
        significant: forecast.outcome == Outcome::Faster,
        without_lto: forecast.without_lto,
    };
    forecasts.into_iter().map(saving).collect()
}

/// The same where a look at the medians tells that nothing is gained: with intervals that take in only what costs don't
/// explain. In the order of [`savings`].
pub(super) fn rough_savings(
    input: &PlanInput<'_>,
    workspace: WorkspaceId,
    predictions: &[Prediction],
    options: &PlanOptions,
) -> Vec<Saving> {
    let of = |scenario, times: Times, costs: &Costs| {
        let spread = Spread::rough(times, scenario);
        let (before_s, after_s) = seconds(costs, times, &spread);
        Saving {
            scenario,
            mode: costs.mode,
            jobs: options.jobs,
            before_s,
            after_s,
            saved_pct: shares(times, &spread),
            significant: false,
            without_lto: without_lto(input, workspace, costs),
        }
    };
    let both = |(costs, p): (&Costs, &Prediction)| {
        [
            of(Scenario::Clean, (p.before.clean_s, p.after.clean_s), costs),
            of(Scenario::Edit, (p.before.edit_s, p.after.edit_s), costs),
        ]
    };
    input.costs.iter().zip(predictions).flat_map(both).collect()
}

/// Whether the medians of a plan say that a build changes by more than the noise, for the better or the worse.
pub(super) fn matters(predictions: &[Prediction], options: &PlanOptions) -> bool {
    let large = |before: f64, after: f64| {
        let change_s = (before - after).abs();
        change_s >= options.noise_floor_s && 100.0 * change_s >= options.noise_floor_pct * before
    };
    predictions
        .iter()
        .any(|p| large(p.before.clean_s, p.after.clean_s) || large(p.before.edit_s, p.after.edit_s))
}

/// A package that isn't looked into.
pub(super) fn fine_as_is(detail: String) -> Verdict {
    Verdict { kind: VerdictKind::Keep, causes: vec![Cause { kind: CauseKind::FineAsIs, detail }] }
}

/// The answer for a package with a candidate.
pub(super) fn verdict(
    input: &PlanInput<'_>,
    krate: CrateId,
    variant: &Variant,
    predictions: &[Prediction],
    savings: &[Saving],
    features: &ItemFeatures,
    options: &PlanOptions,
) -> Verdict {
    let mut causes = Vec::new();
    let kind = match (slower(savings, options), best(savings, asked_s(variant, options))) {
        (Some(worse), _) => {
            causes.push(Cause { kind: CauseKind::Slower, detail: slows(worse, variant) });
            VerdictKind::Keep
        }
        (None, None) => {
            causes.push(below_noise(savings, options));
            VerdictKind::Keep
        }
        (None, Some(best)) if is_clean(variant) => {
            causes.push(Cause { kind: CauseKind::Pays, detail: pays(best, variant) });
            VerdictKind::Split
        }
        (None, Some(best)) if saved_s(best) >= asked_s(variant, options) => {
            causes.push(Cause { kind: CauseKind::Pays, detail: pays(best, variant) });
            causes.push(tangled(variant));
            VerdictKind::UntangleFirst
        }
        (None, Some(best)) => {
            causes.push(not_worth_it(best, variant, options));
            VerdictKind::Keep
        }
    };
    let limits = limits(input, krate, predictions, features);
    causes.extend(limits.into_iter().filter(|_| kind == VerdictKind::Keep));
    Verdict { kind, causes }
}

fn saved_s(saving: &Saving) -> f64 {
    saving.before_s.p50 - saving.after_s.p50
}

/// The saving above the noise that is worth most seconds: in a build that people wait for daily (check and dev) if that is
/// worth the work, `asked_s` seconds, and else in any. A release build after an edit is no reason by itself: who edits
/// builds without optimisation, and what ships is built clean.
fn best(savings: &[Saving], asked_s: f64) -> Option<&Saving> {
    let most = |counts: &dyn Fn(&Saving) -> bool| {
        let sure = savings.iter().filter(|s| s.significant && counts(s));
        // The first of equals, which `max_by` would not give.
        sure.rev().max_by(|a, b| saved_s(a).total_cmp(&saved_s(b)))
    };
    most(&|s| s.mode != Mode::Release)
        .filter(|daily| saved_s(daily) >= asked_s)
        .or_else(|| most(&|s| s.mode != Mode::Release || s.scenario != Scenario::Edit))
}

/// Seconds that a plan has to save: the floor, and as much again for every [`FEW_CUTS`] cuts by hand.
pub(super) fn asked_s(variant: &Variant, options: &PlanOptions) -> f64 {
    options.noise_floor_s * (1.0 + f64::from(variant.candidate.hard_cuts()) / f64::from(FEW_CUTS))
}

/// The build that gets slower by more than the noise, if any.
fn slower<'a>(savings: &'a [Saving], options: &PlanOptions) -> Option<&'a Saving> {
    savings
        .iter()
        .filter(|s| s.saved_pct.p50 < -options.noise_floor_pct && -saved_s(s) >= options.noise_floor_s)
        .min_by(|a, b| saved_s(a).total_cmp(&saved_s(b)))
}

fn is_clean(variant: &Variant) -> bool {
    let candidate = &variant.candidate;
    candidate.blockers == 0
        && candidate.hard_cuts() <= FEW_CUTS
        && candidate.back_edge_share <= CLEAN_BACK_SHARE
}

fn pays(best: &Saving, variant: &Variant) -> String {
    format!(
        "{} crates save {:.0} % of {} ({:.1} s to {:.1} s with {} jobs)",
        variant.candidate.crates,
        best.saved_pct.p50,
        build_name(best),
        best.before_s.p50,
        best.after_s.p50,
        best.jobs
    )
}

fn slows(worse: &Saving, variant: &Variant) -> String {
    format!(
        "{} crates would rather make {} slower: {:.1} s to {:.1} s with {} jobs",
        variant.candidate.crates,
        build_name(worse),
        worse.before_s.p50,
        worse.after_s.p50,
        worse.jobs
    )
}

fn not_worth_it(best: &Saving, variant: &Variant, options: &PlanOptions) -> Cause {
    let candidate = &variant.candidate;
    Cause {
        kind: CauseKind::Tangled,
        detail: format!(
            "{} pairs of items to untangle for {:.1} s of {:.1} s ({}): they refer to each other against the order, and \
             {} not worth the work",
            candidate.hard_cuts(),
            saved_s(best),
            best.before_s.p50,
            build_name(best),
            match asked_s(variant, options) {
                asked if asked < best.before_s.p50 => format!("below {asked:.1} s that is"),
                _ => "whatever that build saved is".to_owned(),
            }
        ),
    }
}

/// The build that a saving is about.
fn build_name(saving: &Saving) -> String {
    let command = mode_name(saving.mode);
    match saving.scenario {
        Scenario::Edit => format!("{command} after an edit"),
        Scenario::Clean => format!("a clean {command}"),
        Scenario::Cold => format!("a cold {command}"),
    }
}

fn tangled(variant: &Variant) -> Cause {
    let candidate = &variant.candidate;
    Cause {
        kind: CauseKind::Tangled,
        detail: format!(
            "{} references in {} pairs of items run against the order ({:.1} % of those between the crates) and \
             have to go first",
            candidate.cut_references,
            candidate.hard_cuts(),
            100.0 * candidate.back_edge_share
        ),
    }
}

fn below_noise(savings: &[Saving], options: &PlanOptions) -> Cause {
    let counts = |s: &&Saving| !s.without_lto && (s.mode != Mode::Release || s.scenario != Scenario::Edit);
    let best = savings.iter().filter(counts).max_by(|a, b| saved_s(a).total_cmp(&saved_s(b)));
    let detail = match best {
        None => "nothing was predicted: no build compiles this package".to_owned(),
        Some(best) if saved_s(best) <= 0.0 => format!(
            "nothing to save: {:.2} s before, {:.2} s after the best plan found ({})",
            best.before_s.p50,
            best.after_s.p50,
            build_name(best),
        ),
        Some(best) => {
            let (least_s, least_pct) = (options.noise_floor_s, options.noise_floor_pct);
            let (saved_s, before_s, pct) = (saved_s(best), best.before_s.p50, best.saved_pct);
            let build = build_name(best);
            if saved_s < least_s || pct.p50 < least_pct {
                format!(
                    "{saved_s:.2} s of {before_s:.2} s to save ({build}): less than {least_s:.1} s or {least_pct:.0} % is \
                     no gain that anybody notices"
                )
            } else {
                format!(
                    "nothing sure: {saved_s:.2} s of {before_s:.2} s, 80 % interval {:.0} to {:.0} % ({build})",
                    pct.p10, pct.p90
                )
            }
        }
    };
    Cause { kind: CauseKind::BelowNoise, detail }
}

/// What limits the gain, whatever the plan.
fn limits(
    input: &PlanInput<'_>,
    krate: CrateId,
    predictions: &[Prediction],
    features: &ItemFeatures,
) -> Vec<Cause> {
    let mut causes = Vec::new();
    let mut add = |kind, detail| causes.push(Cause { kind, detail });
    let of = |mode: Mode| input.costs.iter().zip(predictions).find(|(costs, _)| costs.mode == mode);
    if let Some((costs, _)) = of(Mode::Dev).or_else(|| of(Mode::Release)) {
        let cost = costs.crates[krate];
        let share = cost.codegen_s / cost.total_s().max(f64::MIN_POSITIVE);
        if share >= DOMINANT {
            add(
                CauseKind::LlvmBound,
                format!(
                    "{:.0} % of the crate's {} time is code generation ({:.1} of {:.1} core seconds), which runs in \
                     parallel already",
                    100.0 * share,
                    mode_name(costs.mode),
                    cost.codegen_s,
                    cost.total_s()
                ),
            );
        }
    }
    if let Some(chain) = predictions.iter().map(|p| p.chain_share).reduce(f64::max).filter(|c| *c >= DOMINANT)
    {
        add(
            CauseKind::SerialChain,
            format!("the new crates would wait for each other for {:.0} % of the build", 100.0 * chain),
        );
    }
    if let Some(link) = predictions.iter().map(|p| p.link_share).reduce(f64::max).filter(|l| *l >= DOMINANT) {
        add(
            CauseKind::LinkBound,
            format!(
                "{:.0} % of a rebuild after an edit is linking, which a split does not shorten",
                100.0 * link
            ),
        );
    }
    let generic = f64::from(features.generic_fns) / f64::from(features.fns.max(1));
    if generic >= DOMINANT {
        add(
            CauseKind::GenericHeavy,
            format!(
                "{} of {} functions are generic and compiled where they are used, whatever the crate",
                features.generic_fns, features.fns
            ),
        );
    }
    causes
}

/// What cargo calls it.
fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Check => "`cargo check`",
        Mode::Dev => "`cargo build`",
        Mode::Release => "`cargo build --release`",
        Mode::Test => "`cargo test --no-run`",
    }
}
