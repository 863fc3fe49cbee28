//! What of a report is said first, once for all formats.

use super::model::{CostsReport, PackageReport, Report};
use crate::cost::Mode;
use crate::plan::{Saving, Scenario, VerdictKind};

/// The saving that an answer names: of those above the noise the one that saves most minutes a week; where nothing counts,
/// most seconds.
pub fn best_saving(package: &PackageReport) -> Option<&Saving> {
    let worth = |saving: &Saving| saving.before_s.p50 - saving.after_s.p50;
    let minutes = |saving: &Saving| match &package.verdict.week {
        Some(week) => week.saved_min(saving),
        // A release build after an edit is no reason by itself.
        None if (saving.scenario, saving.mode) == (Scenario::Edit, Mode::Release) => 0.0,
        None => worth(saving),
    };
    let savings = package.savings.iter().filter(|s| s.significant && s.saved_pct.p50 > 0.0);
    // The first of equals, which `max_by` would not give.
    savings.rev().max_by(|a, b| minutes(a).total_cmp(&minutes(b)).then_with(|| worth(a).total_cmp(&worth(b))))
}

/// Of the packages that are kept, the one that comes nearest to what a plan has to save a week.
pub fn nearest(report: &Report) -> Option<&PackageReport> {
    let near = |package: &PackageReport| {
        let week = package
            .verdict
            .week
            .filter(|_| package.verdict.kind == VerdictKind::Keep && !package.auxiliary)?;
        let saved_min = week.before_min - week.after_min;
        (saved_min > 0.0 && week.asked_min > 0.0).then(|| saved_min / week.asked_min)
    };
    let packages = report.packages.iter().filter_map(|package| Some((near(package)?, package)));
    packages.rev().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, package)| package)
}

/// What to run for seconds that are this machine's, where all are modelled.
pub fn real_seconds(costs: &CostsReport) -> Option<&'static [&'static str]> {
    let modelled = !costs.modes.is_empty() && costs.modes.iter().all(|mode| mode.calibration.is_none());
    modelled.then_some(REAL_SECONDS)
}

/// The second finds the times of files that the first leaves in the target directory.
const REAL_SECONDS: &[&str] = &["cargo build", "split-advisor analyze"];
