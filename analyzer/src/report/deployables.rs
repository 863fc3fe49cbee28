//! Programs, their roles and what commits deploy again, with names.

use std::cmp::Reverse;

use super::model::{
    DeployCommitsReport, DeploySplitCrateReport, DeploySplitReport, DeploySplitWeek, DeployableKind,
    DeployableReport, DeploysReport, EntryReport, EvidenceReport, NeedlessReport, PlanCrateReport,
    RouteReport, TopicReport,
};
use super::numbers::{order_key, round};
use super::plans::named_plan::plan;
use crate::deploy::{
    Activity, DeploySplit, Deployable, Needless, Redeploys, ReplayedDeploys, Role, Route, Running, SplitPart,
};
use crate::discover::Repository;
use crate::ids::{DefinitionId, FileId, PackageId, TargetId};
use crate::resolve::{DefinitionKind, ItemKind, Resolution};

/// Where names come from.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) repository: &'a Repository,
    pub(super) resolution: &'a Resolution,
    /// How many commits were replayed.
    pub(super) replayed: u32,
}

/// The programs and their roles; `replayed` commits were counted.
pub(crate) fn deployable_reports(
    (repository, resolution): (&Repository, &Resolution),
    replayed: u32,
    found: &[Deployable],
) -> Vec<DeployableReport> {
    deployables(Names { repository, resolution, replayed }, found)
}

/// What all commits deploy, and the splits that save deploys.
pub(crate) fn deploys_report(
    (repository, resolution): (&Repository, &Resolution),
    of: &ReplayedDeploys,
    splits: &[DeploySplit],
) -> DeploysReport {
    deploys(Names { repository, resolution, replayed: of.replayed }, of, splits)
}

/// Those that are deployed first, each by its share of the cost, with its roles behind it.
pub(super) fn deployables(names: Names<'_>, found: &[Deployable]) -> Vec<DeployableReport> {
    let mut programs: Vec<&Deployable> = found.iter().collect();
    let package = |of: &Deployable| &names.repository.packages[of.package].name;
    programs.sort_by_cached_key(|of| {
        let share = round(of.running.cost_share, 4);
        (of.auxiliary, Reverse(order_key(share)), of.name.clone(), package(of).clone())
    });
    let with_roles = |of: &Deployable| {
        let roles = of.roles.iter().map(|role| of_role(names, of, &role.role, &role.running));
        std::iter::once(program(names, of)).chain(roles).collect::<Vec<_>>()
    };
    programs.into_iter().flat_map(with_roles).collect()
}

fn program(names: Names<'_>, of: &Deployable) -> DeployableReport {
    let name = |id: PackageId| names.repository.packages[id].name.clone();
    let Activity { kinds, routes, routes_not_understood, topics } = &of.running.activity;
    DeployableReport {
        name: of.name.clone(),
        kind: DeployableKind::Binary,
        package: name(of.package),
        manifest: names.repository.packages[of.package].manifest.clone(),
        target: of.name.clone(),
        role: None,
        role_kind: None,
        services: Vec::new(),
        evidence: Vec::new(),
        entry: of.entry.map(|entry| entry_of(names, entry)),
        auxiliary: of.auxiliary,
        packages: of.packages.iter().map(|&package| name(package)).collect(),
        modules: of.modules.iter().map(|&module| names.resolution.modules[module].path.clone()).collect(),
        files: files(names, &of.running.files),
        own_files: files(names, &of.running.own_files),
        cost_share: round(of.running.cost_share, 4),
        commands_of_tool: of.commands.clone(),
        does: kinds.clone(),
        routes: routes.iter().map(|of| route(names, of)).collect(),
        routes_not_understood: *routes_not_understood,
        topics: topics
            .iter()
            .map(|topic| TopicReport {
                name: topic.name.clone(),
                file: path(names, topic.file),
                line: topic.line,
            })
            .collect(),
        commits: of.running.redeploys.map(|of| commits(names.replayed, of)),
        owners: of.running.owners.clone(),
    }
}

pub(super) fn route(names: Names<'_>, of: &Route) -> RouteReport {
    RouteReport {
        method: Some(of.method.clone()).filter(|method| !method.is_empty()),
        path: of.path.clone(),
        handler: of.handler.map(|handler| entry_of(names, handler)),
        file: path(names, of.file),
        line: of.line,
    }
}

fn of_role(names: Names<'_>, of: &Deployable, role: &Role, running: &Running) -> DeployableReport {
    let what = role.evidence.clone();
    let own = Deployable {
        running: running.clone(),
        modules: Vec::new(),
        roles: Vec::new(),
        commands: Vec::new(),
        ..of.clone()
    };
    DeployableReport {
        name: format!("{} {}", of.name, role.name),
        kind: DeployableKind::Role,
        role: Some(role.name.clone()),
        role_kind: Some(role.kind),
        evidence: vec![EvidenceReport { file: path(names, role.file), line: role.line, what, kind: None }],
        entry: Some(match role.entry {
            Some(entry) => entry_of(names, entry),
            None => EntryReport { file: path(names, role.file), line: role.line, ..entry_of(names, role.of) },
        }),
        ..program(names, &own)
    }
}

pub(super) fn path(names: Names<'_>, file: FileId) -> String {
    names.resolution.files[file].path.clone()
}

pub(super) fn files(names: Names<'_>, files: &[FileId]) -> Vec<String> {
    files.iter().map(|&file| path(names, file)).collect()
}

/// `web::main`; of an associated function with its type: `web::Server::run`.
pub(super) fn entry_of(names: Names<'_>, id: DefinitionId) -> EntryReport {
    let resolution = names.resolution;
    let definition = &resolution.uses.definitions[id];
    let item = &resolution.items[definition.item];
    let name = match (definition.kind, item.kind) {
        (DefinitionKind::Item, _) => item.path.clone(),
        (_, ItemKind::Impl) => {
            format!("{}::{}::{}", resolution.modules[item.module].path, item.subject(), definition.name)
        }
        _ => format!("{}::{}", item.path, definition.name),
    };
    EntryReport { item: name, file: path(names, item.file), line: definition.line }
}

fn commits(replayed: u32, of: Redeploys) -> DeployCommitsReport {
    let Redeploys { today, needed, after_plan } = of;
    DeployCommitsReport { replayed, redeployed_today: today, needed, after_plan }
}

pub(super) fn deploys(names: Names<'_>, of: &ReplayedDeploys, splits: &[DeploySplit]) -> DeploysReport {
    let repository = names.repository;
    let needless = |of: &Needless<PackageId>| NeedlessReport {
        package: repository.packages[of.what].name.clone(),
        manifest: repository.packages[of.what].manifest.clone(),
        commits: of.commits,
        programs: of.programs,
        redeploys: of.redeploys,
        share: round(of.share, 4),
    };
    let report = DeploysReport {
        replayed: of.replayed,
        per_week: of.commits_per_week.map(|commits| round(commits, 1)),
        programs: of.programs,
        deploys_today: of.deploys.0,
        deploys_needed: of.deploys.1,
        redeployed_today: round(of.today, 2),
        needed: round(of.needed, 2),
        after_plan: of.after_plan.map(|after| round(after, 2)),
        week: None,
        pipeline: None,
        needless: of.packages.iter().map(needless).collect(),
        splits: splits.iter().map(|split| deploy_split(names, of.replayed, split)).collect(),
    };
    DeploysReport { week: super::pace::week(&report), ..report }
}

fn deploy_split(names: Names<'_>, replayed: u32, of: &DeploySplit) -> DeploySplitReport {
    let plan = plan((names.repository, names.resolution), &of.plan);
    let target = |&target: &TargetId| names.repository.targets[target].name.clone();
    let krate = |(krate, part): (PlanCrateReport, &SplitPart)| DeploySplitCrateReport {
        name: krate.name,
        modules: krate.modules,
        lines: krate.lines,
        programs: part.programs.iter().map(target).collect(),
    };
    let mean = |deploys: u32| round(f64::from(deploys) / f64::from(replayed.max(1)), 2);
    DeploySplitReport {
        package: names.repository.packages[of.package].name.clone(),
        manifest: names.repository.packages[of.package].manifest.clone(),
        verdict: of.kind,
        programs: of.programs,
        crates: plan.crates.into_iter().zip(&of.parts).map(krate).collect(),
        cuts: plan.cuts,
        edits: of.candidate.edits,
        blockers: of.candidate.blockers,
        redeployed_today: mean(of.today),
        after_split: mean(of.after),
        needed: mean(of.needed),
        week: DeploySplitWeek {
            deploys: round(of.week.deploys, 1),
            saved_min: round(of.week.saved_min, 1),
            deploy_s: round(of.week.deploy_s, 1),
            deploy_s_assumed: of.week.assumed,
            asked_min: round(of.week.asked_min, 1),
            work_h: round(of.week.work_h, 1),
            payback_weeks: of.week.payback_weeks,
        },
    }
}
