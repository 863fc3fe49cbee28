//! From predictions to an answer, with its reasons in figures.

use super::candidates::frontier::Variant;
use super::week::{FEW_EDITS, SURE, Terms};
use crate::cost::Mode;
use crate::ids::CrateId;
use crate::parse::ItemFeatures;
use crate::plan::input::PlanInput;
use crate::plan::model::{Cause, CauseKind, Saving, Settle, Verdict, VerdictKind, Week};
use crate::plan::predict::evaluate::Prediction;
use crate::plan::predict::model::Build;
use crate::simulate::Scenario;

/// On fifteen real splits, maintainers had a median 2.3 % of reference weight running against the order of their
/// crates: up to that, a plan is as clean as those that were carried out.
const CLEAN_BACK_SHARE: f64 = 0.023;
/// From this share on, something is said to dominate.
const DOMINANT: f64 = 0.6;

/// A package that isn't looked into.
pub(in crate::plan) fn fine_as_is(detail: String) -> Verdict {
    keep(Cause { kind: CauseKind::FineAsIs, detail })
}

fn keep(cause: Cause) -> Verdict {
    Verdict { kind: VerdictKind::Keep, causes: vec![cause], pays_share: None, week: None, settle: None }
}

/// The answer for a package with a candidate.
pub(in crate::plan) fn verdict(
    input: &PlanInput<'_>,
    krate: CrateId,
    variant: &Variant,
    predictions: &[Prediction],
    builds: &[Build],
    features: &ItemFeatures,
    terms: &Terms,
) -> Verdict {
    if builds.is_empty() {
        return fine_as_is("nothing was predicted: no build compiles this package".to_owned());
    }
    let judged = Judged { variant, builds, terms, week: terms.week(builds), share: terms.pays_share(builds) };
    let kind = judged.kind();
    let mut causes = judged.causes(kind);
    let limits = limits(input, krate, predictions, features);
    causes.extend(limits.into_iter().filter(|_| kind == VerdictKind::Keep));
    let settle = (kind == VerdictKind::MeasureFirst).then(|| judged.settle(input)).flatten();
    Verdict { kind, causes, pays_share: Some(judged.share), week: Some(judged.week), settle }
}

/// A plan with all that its verdict follows from.
struct Judged<'a> {
    variant: &'a Variant,
    builds: &'a [Build],
    terms: &'a Terms,
    week: Week,
    share: f64,
}

/// Seconds so many deviations from those predicted are what measuring them may come to: 95 of 100 builds are nearer. A limit
/// further off would settle nothing.
const REACH: f64 = 2.0;

impl Judged<'_> {
    /// A plan that pays for certain also has a build that gains for certain: else nobody could see the verdict come true.
    fn kind(&self) -> VerdictKind {
        match self.share {
            share if share <= 1.0 - SURE || !self.gains() => VerdictKind::Keep,
            share if share < SURE || self.best(true).is_none() => VerdictKind::MeasureFirst,
            _ if is_clean(self.variant) => VerdictKind::Split,
            _ => VerdictKind::UntangleFirst,
        }
    }

    /// Whether the medians gain anything. Where they don't, only what costs don't explain can make a case pay, and no measurement
    /// would settle that.
    fn gains(&self) -> bool {
        let counted = self.builds.iter().filter(|build| self.terms.builds(build) > 0.0);
        let median = |build: &Build| (build.saving.before_s.p50, build.saving.after_s.p50);
        self.week.after_min < self.week.before_min && counted.map(median).any(|times| self.terms.felt(times))
    }

    /// The counted build that saves most a week, of those that gain for `certain`, or of all.
    fn best(&self, certain: bool) -> Option<&Saving> {
        let counted = self.builds.iter().filter(|build| self.terms.builds(build) > 0.0);
        let savings = counted.map(|build| &build.saving).filter(|saving| saving.significant || !certain);
        // The first of equals, which `max_by` would not give.
        savings.rev().max_by(|a, b| self.week.saved_min(a).total_cmp(&self.week.saved_min(b)))
    }

    fn causes(&self, kind: VerdictKind) -> Vec<Cause> {
        let cause = |kind, detail| Cause { kind, detail };
        let mut causes = match kind {
            VerdictKind::Keep => vec![self.kept()],
            VerdictKind::MeasureFirst => vec![cause(CauseKind::Unsure, self.worth())],
            _ => vec![cause(CauseKind::Pays, self.worth())],
        };
        if kind != VerdictKind::Keep && !is_clean(self.variant) {
            causes.push(tangled(self.variant));
        }
        causes.extend(self.slower().map(|worse| cause(CauseKind::Slower, self.slows(worse))));
        if kind == VerdictKind::Keep {
            causes.extend(self.not_counted().map(|detail| cause(CauseKind::NotCounted, detail)));
        }
        causes
    }

    /// The build that gets slower by more than the noise, if any.
    fn slower(&self) -> Option<&Saving> {
        let counted = self.builds.iter().filter(|build| self.terms.builds(build) > 0.0);
        let worse =
            counted.map(|build| &build.saving).filter(|s| s.saved_pct.p90 < 0.0 && self.terms.felt_loss(s));
        worse.min_by(|a, b| saved_s(a).total_cmp(&saved_s(b)))
    }

    fn slows(&self, worse: &Saving) -> String {
        format!(
            "{} gets slower: {:.1} s to {:.1} s with {} jobs",
            worse.scenario.build_name(worse.mode),
            worse.before_s.p50,
            worse.after_s.p50,
            worse.jobs
        )
    }

    fn worth(&self) -> String {
        let week = &self.week;
        format!(
            "{} crates save {} of the {} that builds take a week ({}); from {} on {} of work come back within {:.0} \
             weeks: so it is in {} % of the cases that the errors allow",
            self.variant.candidate.crates,
            minutes(week.before_min - week.after_min),
            minutes(week.before_min),
            pace(week),
            minutes(week.asked_min),
            minutes(60.0 * week.work_h),
            week.payback_weeks,
            whole_percent(self.share)
        )
    }

    /// Why nothing is to be done, and how near it is.
    fn kept(&self) -> Cause {
        let (week, most) = (&self.week, self.best(true).or_else(|| self.best(false)));
        let Some(most) = most.filter(|most| saved_s(most) > 0.0) else {
            let counted = self.builds.iter().filter(|build| self.terms.builds(build) > 0.0);
            let best = counted.map(|build| &build.saving).max_by(|a, b| saved_s(a).total_cmp(&saved_s(b)));
            let detail = match best {
                Some(best) => format!(
                    "no build gets faster: at best {:.2} s before and {:.2} s after ({})",
                    best.before_s.p50,
                    best.after_s.p50,
                    best.scenario.build_name(best.mode)
                ),
                None => "no build gets faster".to_owned(),
            };
            return Cause { kind: CauseKind::BelowNoise, detail };
        };
        let saved_min = week.before_min - week.after_min;
        if saved_min <= 0.0
            && let Some(worse) = self.slower()
        {
            return Cause { kind: CauseKind::Slower, detail: self.slows(worse) };
        }
        let asked = format!(
            "{} a week of the {} that {} of work ask for ({})",
            minutes(saved_min),
            minutes(week.asked_min),
            minutes(60.0 * week.work_h),
            pace(week)
        );
        let share = match whole_percent(self.share) {
            0 => String::new(),
            share => format!("; it pays in {share} % of the cases that the errors allow"),
        };
        if saved_min >= week.asked_min || !most.significant {
            let gain = format!(
                "{} gains {:.0} % ({:.0} to {:.0}), {:.2} of {:.2} s",
                most.scenario.build_name(most.mode),
                most.saved_pct.p50,
                most.saved_pct.p10,
                most.saved_pct.p90,
                saved_s(most),
                most.before_s.p50,
            );
            return Cause {
                kind: CauseKind::BelowNoise,
                detail: format!("nothing sure: at best {gain}; {asked}{share}"),
            };
        }
        let kind =
            if self.variant.candidate.edits > FEW_EDITS { CauseKind::Tangled } else { CauseKind::BelowNoise };
        let gain = format!("{} gains {:.0} %", most.scenario.build_name(most.mode), most.saved_pct.p50);
        Cause { kind, detail: format!("too little for its work: {gain}, all in all {asked}{share}") }
    }

    /// What gains for certain and is no reason.
    fn not_counted(&self) -> Option<String> {
        let rest =
            self.builds.iter().filter(|build| self.terms.builds(build) == 0.0 && build.saving.significant);
        let most = rest.map(|build| &build.saving).max_by(|a, b| saved_s(a).total_cmp(&saved_s(b)))?;
        let only = if self.best(true).is_none() { "only " } else { "" };
        Some(format!(
            "{only}{} gains {:.0} % ({:.1} to {:.1} s), which is no reason by itself: it is not counted",
            most.scenario.build_name(most.mode),
            most.saved_pct.p50,
            most.before_s.p50,
            most.after_s.p50
        ))
    }

    /// What would make it sure: the seconds of a clean `cargo build`, or of the first mode, or how they fall on modules.
    fn settle(&self, input: &PlanInput<'_>) -> Option<Settle> {
        let clean =
            |build: &&Build| build.saving.scenario == Scenario::Clean && self.terms.builds(build) > 0.0;
        let of_mode = |mode| self.builds.iter().filter(clean).find(|build| build.saving.mode == mode);
        let build = of_mode(Mode::Dev).or_else(|| self.builds.iter().find(clean))?;
        let predicted_s = build.saving.before_s.p50;
        let modelled = input.costs.iter().any(|costs| costs.calibration.is_none());
        let shared_out = input.costs.iter().all(|costs| costs.measured_modules == 0);
        let commands = match (modelled, shared_out) {
            // Times of files in the target directory are read.
            (true, _) => vec!["cargo build", "split-advisor analyze"],
            (false, true) => {
                vec!["split-advisor measure --modules", "split-advisor analyze --costs costs.json"]
            }
            (false, false) => Vec::new(),
        };
        let reach =
            |factor: &f64| build.common_error > 0.0 && factor.ln().abs() <= REACH * build.common_error;
        let factor = self.terms.tipping_factor(self.builds).filter(reach);
        Some(Settle {
            commands: commands.into_iter().map(str::to_owned).collect(),
            scenario: build.saving.scenario,
            mode: build.saving.mode,
            predicted_s,
            above_s: factor.map(|factor| factor * predicted_s),
        })
    }
}

fn saved_s(saving: &Saving) -> f64 {
    saving.before_s.p50 - saving.after_s.p50
}

/// Whether a plan takes no more than those that maintainers carried out.
pub(in crate::plan) fn is_clean(variant: &Variant) -> bool {
    let candidate = &variant.candidate;
    candidate.blockers == 0 && candidate.edits <= FEW_EDITS && candidate.back_edge_share <= CLEAN_BACK_SHARE
}

/// `34 commits, 12 of them here, with 10 edits each`
fn pace(week: &Week) -> String {
    let number = |n: f64| if n < 9.95 { format!("{n:.1}") } else { format!("{n:.0}") };
    let here = if week.package_commits < 0.95 * week.commits {
        format!(", {} of them here", number(week.package_commits))
    } else {
        String::new()
    };
    let assumed = if week.counted { "" } else { " assumed" };
    format!(
        "{} commits{assumed}{here}, with {} edits each",
        number(week.commits),
        number(week.edits_per_commit)
    )
}

/// `0.4 min`, `12 min`, `3.1 h`
fn minutes(min: f64) -> String {
    match min {
        m if m.abs() < 9.95 => format!("{m:.1} min"),
        m if m.abs() < 119.5 => format!("{m:.0} min"),
        m => format!("{:.1} h", m / 60.0),
    }
}

/// A share in whole percent; never 100 or 0 for what is not all or nothing.
fn whole_percent(share: f64) -> u32 {
    let rounded = (100.0 * share).round() as u32;
    if share > 0.0 && share < 1.0 { rounded.clamp(1, 99) } else { rounded }
}

fn tangled(variant: &Variant) -> Cause {
    let candidate = &variant.candidate;
    Cause {
        kind: CauseKind::Tangled,
        detail: format!(
            "{} references in {} pairs of items run against the order ({:.1} % of those between the crates): they take {} \
             changes first",
            candidate.cut_references,
            candidate.cuts - candidate.re_exports,
            100.0 * candidate.back_edge_share,
            candidate.edits
        ),
    }
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
                    "{:.0} % of the crate's `{}` time is code generation ({:.1} of {:.1} core seconds), which runs in \
                     parallel already",
                    100.0 * share,
                    costs.mode.command(),
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
    let links = input.costs.iter().zip(predictions).map(|(costs, p)| (p.link_share, costs.mode));
    if let Some((link, mode)) = links.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(link, _)| *link >= DOMINANT)
    {
        add(
            CauseKind::LinkBound,
            format!(
                "{:.0} % of {} is linking, which a split does not shorten",
                100.0 * link,
                Scenario::Edit.build_name(mode)
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
