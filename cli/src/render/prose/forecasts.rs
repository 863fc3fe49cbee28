//! Sentences about a described split that the terminal and Markdown share. Plain text: the format escapes them.

use split_analyzer::cost::Mode;
use split_analyzer::plan::{Outcome, Scenario};
use split_analyzer::report::{ForecastReport, WhatIfReport};

use super::provenance;
use super::simulation;
use super::words::{change_s, counted, percent, percent_range, seconds, sentence};

/// The answer in one or two sentences.
pub(crate) fn headline(report: &WhatIfReport) -> String {
    if !report.predicted {
        return format!("This plan can't be done as it is, for {}.", reasons(report));
    }
    let packages: Vec<String> = report
        .packages
        .iter()
        .map(|p| format!("`{}` in {}", p.name, counted(p.plan.crates.len() as u64, "crate")))
        .collect();
    let subject = packages.join(", ");
    if report.forecasts.is_empty() {
        return format!("{subject}: there is no build to predict among those asked for.");
    }
    let mut parts: Vec<String> = Vec::new();
    if let Some(best) = extreme(report, Outcome::Faster) {
        parts.push(format!(
            "{} takes {} less time ({}; 80 % interval {}).",
            build(best),
            percent(best.saved_pct.p50),
            change_s(best.before.time_s.p50, best.after.time_s.p50),
            percent_range(best.saved_pct),
        ));
    }
    if let Some(worst) = extreme(report, Outcome::Slower) {
        let text = format!(
            "{} gets slower: {} ({} more).",
            build(worst),
            change_s(worst.before.time_s.p50, worst.after.time_s.p50),
            percent(-worst.saved_pct.p50),
        );
        parts.push(if parts.is_empty() { text } else { sentence(&text) });
    }
    if parts.is_empty() {
        parts.push("no build gets faster or slower by more than the noise.".to_owned());
    }
    format!("{subject}: {}", parts.join(" "))
}

/// Why the run ends as a failure.
pub(crate) fn refused(report: &WhatIfReport) -> String {
    format!("the plan is refused for {}", reasons(report))
}

fn reasons(report: &WhatIfReport) -> String {
    counted(report.refusals.len() as u64, "reason")
}

/// The build with this outcome that changes by most seconds; one that people wait for daily (check, dev) if there is
/// one.
fn extreme(report: &WhatIfReport, outcome: Outcome) -> Option<&ForecastReport> {
    let change = |f: &ForecastReport| (f.before.time_s.p50 - f.after.time_s.p50).abs();
    let most = |daily: bool| {
        let such = report.forecasts.iter().filter(|f| f.outcome == outcome);
        // The first of equals, which `max_by` would not give.
        such.filter(|f| (f.mode != Mode::Release) == daily)
            .rev()
            .max_by(|a, b| change(a).total_cmp(&change(b)))
    };
    most(true).or_else(|| most(false))
}

/// `a clean cargo check with 8 jobs`
pub(crate) fn build(forecast: &ForecastReport) -> String {
    let what = forecast.scenario.build_name(forecast.mode);
    format!("{what} with {}", counted(forecast.jobs, "job"))
}

/// `40→28 s −30 %`; without a percentage where nothing is above the noise.
pub(crate) fn change(forecast: &ForecastReport) -> String {
    let seconds = change_s(forecast.before.time_s.p50, forecast.after.time_s.p50);
    match forecast.outcome {
        Outcome::Faster => format!("{seconds} −{}", percent(forecast.saved_pct.p50)),
        Outcome::Slower => format!("{seconds} +{}", percent(-forecast.saved_pct.p50)),
        Outcome::None => seconds,
    }
}

/// Which tests run after an edit, before and after; the crates in the order of their edits.
pub(crate) fn tests(report: &WhatIfReport) -> Option<String> {
    const CRATES: usize = 5;
    let runs = report.test_runs.as_ref()?;
    let mut edits: Vec<_> = runs.edits.iter().collect();
    edits.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let shown: Vec<String> = edits
        .iter()
        .take(CRATES)
        .map(|e| format!("`{}` {}", e.krate, change_s(e.before_s, e.after_s)))
        .collect();
    let rest = edits.len().saturating_sub(CRATES);
    let rest = if rest > 0 { format!(" (+{rest})") } else { String::new() };
    let unknown = if runs.unknown_s > 0.0 {
        format!("; {} are of tests whose crate was not found", seconds(runs.unknown_s))
    } else {
        String::new()
    };
    Some(format!(
        "an edit lets {} of the {} of tests run, by crate: {}{rest}{unknown}",
        change_s(runs.before_s, runs.after_s),
        seconds(runs.total_s),
        shown.join(", ")
    ))
}

/// The build whose critical paths are shown: of the daily ones the clean one with most jobs.
pub(crate) fn shown(report: &WhatIfReport) -> Option<&ForecastReport> {
    let rank = |f: &&ForecastReport| (f.scenario == Scenario::Clean, f.mode == Mode::Dev, f.jobs);
    report.forecasts.iter().rev().max_by_key(rank)
}

/// What a build waits for, first to last.
pub(crate) fn chain(path: &[split_analyzer::report::CriticalUnit], time_s: f64) -> String {
    match simulation::longest_units(path) {
        Some(chain) => format!("{}: {chain}", seconds(time_s)),
        None => "nothing".to_owned(),
    }
}

/// Edits of single crates, the likeliest first.
pub(crate) fn edits(report: &WhatIfReport) -> Option<String> {
    const CRATES: usize = 5;
    let of_edits = |f: &&ForecastReport| f.scenario == Scenario::Edit && f.mode != Mode::Release;
    let forecast =
        report.forecasts.iter().filter(of_edits).rev().max_by_key(|f| (f.mode == Mode::Check, f.jobs))?;
    let mut edits: Vec<_> = forecast.edits.iter().collect();
    edits.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let shown: Vec<String> = edits
        .iter()
        .take(CRATES)
        .map(|e| {
            let large = (e.before_s - e.after_s).abs() >= report.settings.noise_floor_s;
            let sure = if large && e.outcome == Outcome::None { ", nothing sure" } else { "" };
            format!(
                "`{}` ({} of edits) {}{sure}",
                e.krate,
                percent(100.0 * e.weight),
                change_s(e.before_s, e.after_s)
            )
        })
        .collect();
    let more = edits.len().saturating_sub(CRATES);
    let rest = if more > 0 { format!(" (+{more})") } else { String::new() };
    let what = format!("{}, {}", forecast.mode.command(), counted(forecast.jobs, "job"));
    (!shown.is_empty()).then(|| format!("{what}: {}{rest}", shown.join(", ")))
}

/// The floor, and where the seconds come from.
pub(crate) fn provenance(report: &WhatIfReport) -> String {
    let settings = &report.settings;
    format!(
        "A change counts from {} and {} on. {}",
        percent(settings.noise_floor_pct),
        seconds(settings.noise_floor_s),
        provenance::source_of_seconds(&report.costs)
    )
}

/// What to do about a refused plan.
pub(crate) fn way_out(report: &WhatIfReport) -> Option<String> {
    let curable = !report.predicted && report.refusals.iter().all(|r| r.kind.can_be_cut());
    curable.then(|| "--assume-cuts predicts the plan as if that were done.".to_owned())
}
