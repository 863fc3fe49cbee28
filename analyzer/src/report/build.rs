//! From the analysis' ids to the report's names.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::candidates::candidates;
use super::commits::{ReplayedHistory, commits};
use super::deployables::{Names, deployables, deploys};
use super::model::{
    CauseCount, DirectUserReport, DirectUsersReport, GeneratedReport, ImplReport, LeverReport,
    OtherTargetReport, OtherTargetStanding, PackageReport, PlannedTargetReport, ReferenceSummary, Report,
    RepositorySummary, SCHEMA_VERSION, Settings, TiedTypeReport, Tool, WorkspaceSummary,
};
use super::numbers::{dir, interval, order_key, round};
use super::plans::manifests::manifest_edit;
use super::plans::named_plan::plan;
use super::seconds::costs::costs;
use crate::base::number::count;
use crate::cost::Costs;
use crate::deploy::{Candidate as CandidateService, DeploySplit, Deployable, ReplayedDeploys};
use crate::diagnostic::Diagnostic;
use crate::discover::{Repository, TargetKind};
use crate::ids::{CrateId, ItemId};
use crate::plan::{
    Candidate, CauseKind, DirectUser, DirectUsers, GeneratedCode, Lever, OtherTarget, PackageAdvice, Saving,
    Settle, TargetStanding, TiedType, Verdict, VerdictKind, Week,
};
use crate::replay::Replay;
use crate::resolve::{Confidence, Resolution};

/// What a report is made from: the results of the stages before it.
#[derive(Debug, Clone, Copy)]
pub struct ReportInput<'a> {
    /// From discovery.
    pub repository: &'a Repository,
    /// From resolution.
    pub resolution: &'a Resolution,
    /// The costs of each mode.
    pub costs: &'a [Costs],
    /// From planning, in any order.
    pub advice: &'a [PackageAdvice],
    /// From planning, in any order.
    pub deployables: &'a [Deployable],
    /// Parts of programs that could be services of their own.
    pub candidate_services: &'a [CandidateService],
    /// From the replay of commits.
    pub deploys: Option<&'a ReplayedDeploys>,
    /// Packages whose split saves deploys.
    pub deploy_splits: &'a [DeploySplit],
    /// From the replay of commits, with what was looked at for it.
    pub replay: Option<(&'a Replay, ReplayedHistory)>,
    /// From planning.
    pub levers: &'a [Lever],
    /// Of all stages.
    pub diagnostics: &'a [Diagnostic],
    /// What was asked for.
    pub settings: &'a Settings,
}

/// Builds the report.
pub fn build(input: &ReportInput<'_>) -> Report {
    let ranked = |advice| (saved_min(input.deploy_splits, advice), package(input, advice));
    let mut packages: Vec<(f64, PackageReport)> = input.advice.iter().map(ranked).collect();
    packages.sort_by_cached_key(|(saved_min, package)| rank(*saved_min, package));
    let packages = packages.into_iter().map(|(_, package)| package).collect();
    let names = Names {
        repository: input.repository,
        resolution: input.resolution,
        replayed: input.deploys.map_or(0, |deploys| deploys.replayed),
    };
    let mut diagnostics = input.diagnostics.to_vec();
    diagnostics.sort();
    diagnostics.dedup();
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool::current(),
        settings: input.settings.clone(),
        repository: repository(input.repository, input.resolution),
        packages,
        levers: input.levers.iter().map(|l| lever(input, l)).collect(),
        deployables: deployables(names, input.deployables),
        candidate_services: candidates(names, input.candidate_services),
        deploys: input.deploys.map(|of| deploys(names, of, input.deploy_splits)),
        other_binaries: Vec::new(),
        commits: input.replay.map(|(replay, looked_at)| commits(input.repository, replay, looked_at)),
        costs: costs(input.repository, input.resolution, input.costs),
        structure: None,
        builds: Vec::new(),
        diagnostics,
    }
}

impl Tool {
    /// This program.
    pub fn current() -> Self {
        Self { name: "split-advisor".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Minutes a week that what is advised for a package saves, of its builds or of the deploys that its verdict rests on; 0 where it isn't
/// known.
fn saved_min(splits: &[DeploySplit], advice: &PackageAdvice) -> f64 {
    let verdict = &advice.verdict;
    let by_deploys = verdict.causes.first().is_some_and(|cause| cause.kind == CauseKind::Deploys);
    let split = splits.iter().filter(|_| by_deploys).find(|split| split.package == advice.package);
    let builds = || verdict.week.map(|week| week.before_min - week.after_min);
    split.map(|split| split.week.saved_min).or_else(builds).unwrap_or(0.0)
}

/// Most worthwhile first: by verdict, then by the minutes a week where these are known, then by the seconds saved; what serves the
/// development of the rest comes last.
fn rank(saved_min: f64, package: &PackageReport) -> impl Ord + use<> {
    let significant = package.savings.iter().filter(|s| s.significant);
    let saved = significant.map(|s| order_key(s.before_s.p50 - s.after_s.p50)).max().unwrap_or(0);
    let (cost, name) = (Reverse(order_key(package.cost_share)), package.name.clone());
    let advised = matches!(package.verdict.kind, VerdictKind::Split | VerdictKind::UntangleFirst);
    let week = Reverse(if advised { order_key(saved_min) } else { 0 });
    (package.auxiliary, package.verdict.kind, week, Reverse(saved), cost, name, package.manifest.clone())
}

fn repository(repository: &Repository, resolution: &Resolution) -> RepositorySummary {
    let workspaces = repository.workspaces.iter().map(|workspace| WorkspaceSummary {
        dir: dir(&workspace.dir),
        packages: count(workspace.members.len()),
        locked: count(workspace.locked.len()),
    });
    RepositorySummary {
        workspaces: workspaces.collect(),
        packages: count(repository.packages.len()),
        targets: count(repository.targets.len()),
        files: count(resolution.files.iter().filter(|file| !file.unread).count()),
        lines: resolution.files.iter().map(|f| u64::from(f.lines)).sum(),
        modules: count(resolution.modules.len()),
        items: count(resolution.items.len()),
        references: references(resolution),
    }
}

fn references(resolution: &Resolution) -> ReferenceSummary {
    let mut causes = BTreeMap::new();
    for unresolved in &resolution.unresolved {
        *causes.entry(unresolved.cause).or_insert(0_u64) += 1;
    }
    let mut by_cause: Vec<_> = causes.into_iter().map(|(cause, count)| CauseCount { cause, count }).collect();
    by_cause.sort_by_key(|c| (Reverse(c.count), c.cause));
    let resolved = resolution.references.len() as u64;
    let external = resolution.external_references as u64;
    let unresolved = resolution.unresolved.len() as u64;
    let all = resolved + external + unresolved;
    ReferenceSummary {
        resolved,
        guessed: resolution.references.iter().filter(|r| r.confidence == Confidence::Guess).count() as u64,
        external,
        unresolved,
        unresolved_by_cause: by_cause,
        followed_share: if all == 0 { 1.0 } else { round((resolved + external) as f64 / all as f64, 4) },
    }
}

fn package(input: &ReportInput<'_>, advice: &PackageAdvice) -> PackageReport {
    let package = &input.repository.packages[advice.package];
    PackageReport {
        name: package.name.clone(),
        manifest: package.manifest.clone(),
        target: Some(planned_target(input, advice.krate)),
        other_targets: advice.other_targets.iter().map(|other| other_target(input, other)).collect(),
        auxiliary: advice.auxiliary,
        lines: advice.lines,
        cost_share: round(advice.cost_share, 4),
        verdict: verdict(&advice.verdict),
        plan: advice.plan.as_ref().map(|p| plan((input.repository, input.resolution), p)),
        frontier: advice.frontier.iter().map(candidate).collect(),
        savings: advice.savings.iter().map(saving).collect(),
        tied_types: advice.tied_types.iter().map(|tied| tied_type(input.resolution, tied)).collect(),
        direct_users: advice.direct_users.as_ref().map(|direct| direct_users(input.repository, direct)),
        generated: advice.generated.as_ref().map(|found| generated(input.resolution, found)),
    }
}

fn planned_target(input: &ReportInput<'_>, krate: CrateId) -> PlannedTargetReport {
    let target = &input.repository.targets[input.resolution.crates[krate].target];
    let kind = if target.kind == TargetKind::Bin { "bin" } else { "lib" };
    PlannedTargetReport { kind: kind.to_owned(), name: target.name.clone() }
}

fn other_target(input: &ReportInput<'_>, other: &OtherTarget) -> OtherTargetReport {
    let (standing, verdict, best) = match &other.standing {
        TargetStanding::Judged { verdict, candidate } => {
            (OtherTargetStanding::Judged, Some(*verdict), candidate.as_ref().map(self::candidate))
        }
        TargetStanding::NotJudged => (OtherTargetStanding::NotJudged, None, None),
        TargetStanding::UsesLibrary => (OtherTargetStanding::UsesLibrary, None, None),
    };
    OtherTargetReport {
        target: planned_target(input, other.krate),
        modules: other.modules,
        lines: other.lines,
        standing,
        verdict,
        candidate: best,
    }
}

fn generated(resolution: &Resolution, found: &GeneratedCode) -> GeneratedReport {
    let path = |file| resolution.files[file].path.as_str();
    GeneratedReport {
        lines: found.lines,
        share: round(found.share, 4),
        files: found.files.iter().map(|&file| path(file).to_owned()).collect(),
        includes: found.includes.iter().map(|&(file, line)| format!("{}:{line}", path(file))).collect(),
    }
}

fn tied_type(resolution: &Resolution, tied: &TiedType) -> TiedTypeReport {
    let item = &resolution.items[tied.item];
    let imp = |&imp: &ItemId| {
        let imp = &resolution.items[imp];
        let lines = imp.end_line + 1 - imp.line;
        ImplReport { file: resolution.files[imp.file].path.clone(), line: imp.line, lines }
    };
    TiedTypeReport {
        item: item.path.clone(),
        file: resolution.files[item.file].path.clone(),
        line: item.line,
        lines: tied.lines,
        impls: tied.files.iter().flatten().map(imp).collect(),
    }
}

fn direct_users(repository: &Repository, direct: &DirectUsers) -> DirectUsersReport {
    let user = |user: &DirectUser| DirectUserReport {
        package: repository.packages[user.package].name.clone(),
        crates: user.crates.clone(),
        manifest: Some(manifest_edit(repository, user.package, &user.manifest)),
    };
    DirectUsersReport {
        users: direct.users.iter().map(user).collect(),
        mode: direct.mode,
        edit_work_before_s: round(direct.edit_work_before_s, 3),
        edit_work_facade_s: round(direct.edit_work_facade_s, 3),
        edit_work_after_s: round(direct.edit_work_after_s, 3),
        counted: direct.counted,
    }
}

fn verdict(verdict: &Verdict) -> Verdict {
    let week = |week: Week| Week {
        commits: round(week.commits, 1),
        package_commits: round(week.package_commits, 1),
        before_min: round(week.before_min, 1),
        after_min: round(week.after_min, 1),
        asked_min: round(week.asked_min, 1),
        work_h: round(week.work_h, 1),
        ..week
    };
    let settle = |settle: Settle| Settle {
        predicted_s: round(settle.predicted_s, 3),
        above_s: settle.above_s.map(|s| round(s, 3)),
        ..settle
    };
    Verdict {
        pays_share: verdict.pays_share.map(|share| round(share, 2)),
        week: verdict.week.map(week),
        settle: verdict.settle.clone().map(settle),
        ..verdict.clone()
    }
}

fn candidate(candidate: &Candidate) -> Candidate {
    Candidate {
        back_edge_share: round(candidate.back_edge_share, 4),
        clean_saved_pct: round(candidate.clean_saved_pct, 1),
        edit_saved_pct: round(candidate.edit_saved_pct, 1),
        ..candidate.clone()
    }
}

fn saving(saving: &Saving) -> Saving {
    Saving {
        before_s: interval(saving.before_s, 3),
        after_s: interval(saving.after_s, 3),
        saved_pct: interval(saving.saved_pct, 1),
        ..saving.clone()
    }
}

fn lever(input: &ReportInput<'_>, lever: &Lever) -> LeverReport {
    LeverReport {
        workspace: dir(&input.repository.workspaces[lever.workspace].dir),
        packages: lever.packages.iter().map(|&p| input.repository.packages[p].name.clone()).collect(),
        kind: lever.kind,
        profile: lever.profile.clone(),
        by_default: lever.by_default,
        detail: lever.detail.clone(),
        saved_pct: lever.saved_pct.map(|pct| interval(pct, 1)),
        edit_saved_pct: lever.edit_saved_pct.map(|pct| interval(pct, 1)),
    }
}
