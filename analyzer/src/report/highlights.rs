//! What of a report is said first, once for all formats.

use std::cmp::Reverse;

use super::commits::{CommitsReport, ReplayedBuildReport};
use super::model::{
    CostsReport, CutReport, DeployCommitsReport, DeploySplitReport, DeployableReport, LeverReport,
    PackageReport, PlanEditReport, PlanReport, Report,
};
use crate::base::number::count;
use crate::cost::Mode;
use crate::plan::{CauseKind, Saving, Scenario, VerdictKind};
use crate::replay::{ReplayedScenario, TogetherPair};

/// A package's name, with its directory where others have the same: `app (one/app)`.
pub fn package_label(report: &Report, package: &PackageReport) -> String {
    let same = report.packages.iter().filter(|other| other.name == package.name).count();
    match package.manifest.strip_suffix("/Cargo.toml") {
        Some(dir) if same > 1 => format!("{} ({dir})", package.name),
        _ if same > 1 => format!("{} (.)", package.name),
        _ => package.name.clone(),
    }
}

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

/// The split that a package's verdict rests on where that is for the deploys that it saves.
pub fn deploy_split<'a>(report: &'a Report, package: &PackageReport) -> Option<&'a DeploySplitReport> {
    package.verdict.causes.first().filter(|cause| cause.kind == CauseKind::Deploys)?;
    report.deploys.iter().flat_map(|deploys| &deploys.splits).find(|of| of.manifest == package.manifest)
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

/// What helps without a split, most useful first. What cargo does for everybody is said once, not for each workspace.
pub fn useful_levers(report: &Report) -> Vec<&LeverReport> {
    let mut by_default = 0;
    let new = |lever: &&LeverReport| {
        by_default += u32::from(lever.by_default);
        !lever.by_default || by_default == 1
    };
    report.levers.iter().filter(new).collect()
}

/// The builds that a sentence about commits names: in the first mode whose edits are counted, an edit's and CI's.
pub fn commit_builds(commits: &CommitsReport) -> Option<(&ReplayedBuildReport, &ReplayedBuildReport)> {
    let of = |scenario| commits.builds.iter().filter(move |build| build.scenario == scenario);
    let edit = of(ReplayedScenario::Edit).next()?;
    Some((edit, of(ReplayedScenario::Ci).find(|ci| ci.mode == edit.mode)?))
}

/// The pair of files that change together which a plan parts, with how many there are: others are no reason to act by themselves.
pub fn parted_together(commits: &CommitsReport) -> Option<(&TogetherPair, usize)> {
    let parted = || commits.together.iter().flat_map(|together| &together.pairs).filter(|pair| pair.parted);
    Some((parted().next()?, parted().count()))
}

/// What to run for seconds that are this machine's, where all are modelled.
pub fn real_seconds(costs: &CostsReport) -> Option<&'static [&'static str]> {
    let modelled = !costs.modes.is_empty() && costs.modes.iter().all(|mode| mode.calibration.is_none());
    modelled.then_some(REAL_SECONDS)
}

/// The second finds the times of files that the first leaves in the target directory.
const REAL_SECONDS: &[&str] = &["cargo build", "split-advisor analyze"];

/// A plan's work beside moving whole modules, counted as it is done: one item that moves may remove many dependencies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Items to move, `impl`s that follow their type aside.
    pub moves: u32,
    /// Dependencies against the order that these moves remove.
    pub cut_by_moves: u32,
    /// Other changes of code.
    pub changes: u32,
    /// Dependencies that they remove.
    pub cut_by_changes: u32,
    /// Re-exports to drop.
    pub re_exports: u32,
}

impl WorkCounts {
    /// Of one plan.
    pub fn of(plan: &PlanReport) -> Self {
        let mut counts = Self::default();
        for edit in &plan.edits {
            let cuts = count(edit.cuts.len());
            match edit.kind.as_str() {
                "move-items" => {
                    let items = edit.items.iter().filter(|item| !item.item.ends_with('>')).count();
                    counts.moves += count(items.max(1));
                    counts.cut_by_moves += cuts;
                }
                "drop-re-export" => counts.re_exports += edit.lines,
                // What boundaries ask for is counted in lists of its own.
                _ if edit.cuts.is_empty() => {}
                _ => {
                    counts.changes += 1;
                    counts.cut_by_changes += cuts;
                }
            }
        }
        counts
    }
}

/// The crates of a plan that hold code. The package that stays may hold nothing of its own: it goes on under its name and
/// re-exports the others.
pub fn holding_crates(plan: &PlanReport) -> usize {
    plan.crates.iter().filter(|krate| !krate.residual || krate.lines > 0).count()
}

/// The work that removes dependencies against the order, with the first of them: what removes most comes first.
pub fn cutting(plan: &PlanReport) -> impl Iterator<Item = (&PlanEditReport, &CutReport)> {
    plan.edits.iter().filter_map(|edit| Some((edit, plan.cuts.get(*edit.cuts.first()? as usize)?)))
}

/// Whether deploys are worth a word: a deployment file names a program, or one answers requests or takes messages, or a split pays by
/// the deploys that it saves. A tool that people install is deployed by nobody.
pub fn has_services(report: &Report) -> bool {
    let mut splits = report.deploys.iter().flat_map(|deploys| &deploys.splits);
    if splits.any(|split| split.verdict != VerdictKind::Keep) {
        return true;
    }
    let is_service = |of: &DeployableReport| is_named(of) || serves(of);
    report.deployables.iter().any(|of| !of.auxiliary && is_service(of))
}

fn serves(of: &DeployableReport) -> bool {
    of.does.iter().any(|kind| kind.serves())
}

/// Whether a deployment file names it.
fn is_named(of: &DeployableReport) -> bool {
    of.evidence.iter().any(|evidence| evidence.kind.is_some())
}

/// Programs that are deployed, then their roles, with how often: those first that were deployed most often without running anything
/// that had changed. A role that runs nothing of its own is one where a deployment file starts it. Of roles those that are started, then
/// those that serve, come before what goes on inside, and of these the largest.
pub fn most_needless_deploys(report: &Report) -> Vec<(&DeployableReport, DeployCommitsReport)> {
    let worth = |of: &&DeployableReport| of.role.is_none() || !of.own_files.is_empty() || is_named(of);
    let real = report.deployables.iter().filter(|of| !of.auxiliary).filter(worth);
    let mut found: Vec<(&DeployableReport, DeployCommitsReport)> =
        real.filter_map(|of| Some((of, of.commits?))).collect();
    let needless = |of: &DeployCommitsReport| of.redeployed_today.saturating_sub(of.needed);
    found.sort_by_key(|(of, commits)| {
        let often = (Reverse(needless(commits)), Reverse(commits.redeployed_today));
        let standing = of.role.is_some().then(|| (!is_named(of), !serves(of), Reverse(of.files.len())));
        (of.kind, standing, often, of.name.clone(), of.package.clone())
    });
    found
}
