//! Deploys a week, and what a pipeline carries in a day.

use super::model::{DeployNumbers, DeployableKind, DeployableReport, DeploysReport, PipelineReport, Report};
use super::numbers::round;
use crate::deploy::Standing;
use crate::replay::ReplayedScenario;

const DAY_S: f64 = 86_400.0;

/// Deploys a week, from what an average commit deploys.
pub(super) fn week(deploys: &DeploysReport) -> Option<DeployNumbers> {
    let commits = deploys.per_week?;
    let a_week = |deploys_in_all: u32| {
        round(f64::from(deploys_in_all) / f64::from(deploys.replayed.max(1)) * commits, 1)
    };
    Some(DeployNumbers {
        today: a_week(deploys.deploys_today),
        needed: a_week(deploys.deploys_needed),
        after_plan: deploys.after_plan.map(|per_commit| round(per_commit * commits, 1)),
    })
}

/// Adds what the pipeline carries, where the names of what is deployed are known.
pub(crate) fn add_pipeline(report: &mut Report, standing: &Standing) {
    let Some(commits) = &report.commits else { return };
    let ci = || commits.builds.iter().filter(|build| build.scenario == ReplayedScenario::Ci);
    if ci().next().is_none() {
        return;
    }
    let build_s: f64 = ci().map(|build| build.today.mean).sum();
    let planned: Option<f64> = ci().map(|build| Some(build.planned?.mean)).sum();
    let seconds = |of: &DeployableReport| standing.deploy_s(&of.name);
    let programs = report.deployables.iter().filter(|of| of.kind == DeployableKind::Binary);
    let programs: Vec<&DeployableReport> = programs.filter(|of| of.commits.is_some()).collect();
    let assumed = programs.iter().any(|of| seconds(of).assumed);
    let spent = |number: &dyn Fn(&DeployableReport) -> Option<u32>| -> Option<f64> {
        let each = programs.iter().map(|of| Some(f64::from(number(of)?) * seconds(of).seconds));
        each.sum()
    };
    let replayed = programs.first().and_then(|of| of.commits).map_or(0, |of| of.replayed);
    let Some(deploys) = report.deploys.as_mut().filter(|_| replayed > 0) else { return };
    let per_commit = |number: &dyn Fn(&DeployableReport) -> Option<u32>| {
        spent(number).map(|seconds| seconds / f64::from(replayed))
    };
    let today = per_commit(&|of| of.commits.map(|of| of.redeployed_today)).unwrap_or(0.0);
    let needed = per_commit(&|of| of.commits.map(|of| of.needed)).unwrap_or(0.0);
    let after = per_commit(&|of| of.commits.and_then(|of| of.after_plan));
    let carried = |build: f64, deploy: f64| DAY_S / (build + deploy).max(1.0);
    let after_commits = after.map(|deploy| carried(planned.unwrap_or(build_s), deploy));
    let commits_a_day = DeployNumbers {
        today: carried(build_s, today),
        needed: carried(build_s, needed),
        after_plan: after_commits,
    };
    let deploys_a_day = DeployNumbers {
        today: round(commits_a_day.today * deploys.redeployed_today, 1),
        needed: round(commits_a_day.needed * deploys.needed, 1),
        after_plan: after_commits
            .zip(deploys.after_plan)
            .map(|(commits, deploys)| round(commits * deploys, 1)),
    };
    let mean = match programs.len() {
        0 => 0.0,
        n => programs.iter().map(|of| seconds(of).seconds).sum::<f64>() / n as f64,
    };
    let commits_a_day = DeployNumbers {
        today: round(commits_a_day.today, 1),
        needed: round(commits_a_day.needed, 1),
        after_plan: commits_a_day.after_plan.map(|of| round(of, 1)),
    };
    deploys.pipeline = Some(PipelineReport {
        build_s: round(build_s, 1),
        build_planned_s: planned.map(|of| round(of, 1)),
        deploy_s: round(mean, 1),
        deploy_s_assumed: assumed,
        commits_a_day,
        deploys_a_day,
    });
}
