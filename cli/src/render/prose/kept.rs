//! Why packages stay as they are: how near a split came, and what limits their builds.

use split_analyzer::cost::Mode;
use split_analyzer::plan::{CauseKind, Saving, Scenario, VerdictKind};
use split_analyzer::report::{PackageReport, Report, nearest};

use super::words::{counted, minutes, seconds, sentence};

/// The answer where nothing is to be split.
pub(crate) fn headline(report: &Report, first: &PackageReport) -> String {
    if report.packages.len() == 1 {
        let reason = first.verdict.causes.first().map(|c| sentence(&c.detail)).unwrap_or_default();
        return format!("Keep `{}` in one piece. {reason}", first.name);
    }
    // What would pay comes first, but for what lies among tests, fixtures and examples.
    let others_pay = report.packages.iter().any(|p| p.verdict.kind != VerdictKind::Keep);
    let all = report.packages.iter().filter(|p| !others_pay || !p.auxiliary).count();
    let aside = if others_pay { ", tests, fixtures and examples aside" } else { "" };
    let near = nearest(report).and_then(saved_of_asked);
    let near = near.map_or_else(String::new, |(name, near)| format!(" The nearest is `{name}`: it {near}."));
    // Other packages hold nothing but tests, benchmarks or examples.
    let some = (report.packages.len() as u64) < u64::from(report.repository.packages);
    let with = if some && !others_pay { " with a library or a program" } else { "" };
    format!(
        "Keep it as it is: no split of any of the {}{with} would pay{aside}.{near}",
        counted(all as u64, "package")
    )
}

/// Why one package is kept, for the row of a table: how near it came, where that is known.
pub(crate) fn because(package: &PackageReport) -> String {
    // What helps is said beside the table.
    let mut causes = package.verdict.causes.iter();
    let first = causes.clone().find(|c| c.kind != CauseKind::DirectUsers).or_else(|| causes.next());
    let weighed = first.is_some_and(|c| matches!(c.kind, CauseKind::BelowNoise | CauseKind::Tangled));
    let weighed = weighed.then(|| saved_of_asked(package).map(|(_, near)| near).or_else(|| at_best(package)));
    weighed.flatten().unwrap_or_else(|| first.map(|cause| cause.detail.clone()).unwrap_or_default())
}

/// What a package's plan may gain, where all of its builds together gain nothing a week.
fn at_best(package: &PackageReport) -> Option<String> {
    package.verdict.week.as_ref()?;
    let saved_s = |saving: &Saving| saving.before_s.p50 - saving.after_s.p50;
    let waited_for = |s: &&Saving| (s.scenario, s.mode) != (Scenario::Edit, Mode::Release);
    let best = package.savings.iter().filter(waited_for).max_by(|a, b| saved_s(a).total_cmp(&saved_s(b)))?;
    let (before, after) = (seconds(best.before_s.p50), seconds(best.after_s.p50));
    if saved_s(best) <= 0.0 || before == after {
        return Some("no build gets noticeably faster".to_owned());
    }
    let build = best.scenario.build_name(best.mode);
    Some(format!("nothing sure: at best {build} takes {after} in place of {before}"))
}

/// A package's name, and what its best plan saves of what it would have to. `None` where it saves nothing.
fn saved_of_asked(package: &PackageReport) -> Option<(&str, String)> {
    let week = package.verdict.week.as_ref()?;
    let saved_min = week.before_min - week.after_min;
    if saved_min <= 0.0 {
        return None;
    }
    let (saved, asked) = (minutes(saved_min), minutes(week.asked_min));
    let near = if saved_min < LEAST_SHOWN_MIN {
        format!("saves next to nothing of the {asked} a week that would pay for its work")
    } else if saved_min < week.asked_min {
        let number = saved.split_once(' ').map_or(&*saved, |(number, _)| number);
        let same_unit =
            saved.split_once(' ').map(|(_, unit)| unit) == asked.split_once(' ').map(|(_, unit)| unit);
        let saved = if same_unit { number } else { &saved };
        format!("saves {saved} of the {asked} a week that would pay for its work")
    } else {
        let share = package.verdict.pays_share.unwrap_or_default();
        format!(
            "saves {saved} a week where {asked} would do, but in only {:.0} % of the cases that the errors allow",
            100.0 * share
        )
    };
    Some((&package.name, near))
}

/// Less is shown as `0.0 min`.
const LEAST_SHOWN_MIN: f64 = 0.05;

/// What limits the builds of the package that costs most, whatever its plan.
pub(crate) fn limits(report: &Report) -> Option<String> {
    let is_limit = |kind| {
        matches!(
            kind,
            CauseKind::LlvmBound
                | CauseKind::SerialChain
                | CauseKind::LinkBound
                | CauseKind::GenericHeavy
                | CauseKind::InherentImpls
        )
    };
    let dearest = report.packages.iter().max_by(|a, b| a.cost_share.total_cmp(&b.cost_share))?;
    // The headline of a single package has its first cause.
    let said = usize::from(report.packages.len() == 1);
    let limits: Vec<_> =
        dearest.verdict.causes.iter().skip(said).filter(|cause| is_limit(cause.kind)).collect();
    let texts: Vec<String> = limits.iter().map(|cause| cause.detail.clone()).collect();
    (!texts.is_empty()).then(|| format!("of `{}`: {}.", dearest.name, texts.join("; ")))
}

/// What comes of the other targets of the package that costs most, of those that have some.
pub(crate) fn targets(report: &Report) -> Option<String> {
    let of = |package: &PackageReport| {
        let cause = package.verdict.causes.iter().find(|cause| cause.kind == CauseKind::OtherTargets)?;
        Some((package.cost_share, format!("of `{}`: {}.", package.name, cause.detail)))
    };
    let found = report.packages.iter().filter_map(of);
    found.rev().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, sentence)| sentence)
}

/// The package whose users gain most by depending on its parts, unless the headline has said so.
pub(crate) fn hub(report: &Report) -> Option<String> {
    let said = usize::from(report.packages.len() == 1);
    let saved = |package: &PackageReport| {
        package.direct_users.as_ref().map(|direct| direct.edit_work_before_s - direct.edit_work_after_s)
    };
    let hubs = report.packages.iter().filter_map(|package| Some((saved(package)?, package)));
    let (_, most) = hubs.rev().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut causes = most.verdict.causes.iter().skip(said);
    let cause = causes.find(|cause| cause.kind == CauseKind::DirectUsers)?;
    Some(format!("of `{}`: {}.", most.name, cause.detail))
}
