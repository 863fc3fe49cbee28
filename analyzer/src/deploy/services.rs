//! Programs and their roles among the commits of the past: how often each is deployed again, and whose it is.

use std::collections::{BTreeMap, BTreeSet};

use super::after_plan::AfterPlan;
use super::candidates::{Candidate, CandidateRedeploys};
use super::changed::Code;
use super::model::{Deployable, Running};
use super::redeploys::{Redeployed, Redeploys, Replayed, ReplayedDeploys, needed_by_two, redeploys};
use crate::history::CodeOwners;
use crate::ids::{FileId, PackageId, TargetId};
use crate::parse::FileUse;
use crate::plan::{PackageAdvice, PlanInput};
use crate::replay::{PlacedCommit, is_carried_out};

/// Who owns a smaller share of the lines isn't named. A choice.
const LEAST_LINES: f64 = 0.1;

/// What programs are replayed with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServicesInput<'a> {
    pub(crate) plan: PlanInput<'a>,
    /// The programs that are deployed, as far as is known.
    pub(crate) deployed: &'a BTreeSet<TargetId>,
    /// From planning.
    pub(crate) advice: &'a [PackageAdvice],
    /// The commits, newest first, placed among the packages of today.
    pub(crate) commits: &'a [PlacedCommit],
    /// Whose files are, if the repository says so.
    pub(crate) code_owners: Option<&'a CodeOwners>,
    /// The targets that compile each file.
    pub(crate) uses: &'a BTreeMap<String, Vec<FileUse>>,
    /// The sources that name a changed file.
    pub(crate) mentions: &'a BTreeMap<String, BTreeSet<String>>,
    /// Commits a week that concern a build; `None` where there are too few to say.
    pub(crate) commits_per_week: Option<f64>,
}

impl<'a> ServicesInput<'a> {
    /// What places changes.
    pub(super) fn code(&self) -> Code<'a> {
        Code {
            repository: self.plan.repository,
            resolution: self.plan.resolution,
            uses: self.uses,
            mentions: self.mentions,
            parts: None,
        }
    }
}

/// Whether a program counts in what commits deploy: where it lies says nothing if something deploys it.
pub(super) fn counts(input: &ServicesInput<'_>, program: &Deployable) -> bool {
    input.deployed.contains(&program.target)
}

/// Notes at each program and role how often it is deployed again, and whose it is; what all commits deploy, if there are
/// commits and programs.
pub(crate) fn replay_deploys(
    input: &ServicesInput<'_>,
    programs: &mut [Deployable],
    candidates: &mut [Candidate],
) -> Option<ReplayedDeploys> {
    if let Some(owners) = input.code_owners {
        each(programs).for_each(|running| running.owners = owned_by(input, owners, running));
    }
    if input.commits.is_empty() || !programs.iter().any(|program| counts(input, program)) {
        return None;
    }
    let advice: Vec<&PackageAdvice> = input.advice.iter().filter(|advice| is_carried_out(advice)).collect();
    let after = AfterPlan::new(&input.plan, &advice);
    let replayed = Replayed {
        code: input.code(),
        commits: input.commits,
        after: after.as_ref(),
        commits_per_week: input.commits_per_week,
    };
    let with_roles = |program: &Deployable| {
        let parts = || after.as_ref().map(|after| after.program(program.target));
        let own = Redeployed { parts: parts(), counts: counts(input, program), ..redeployed(program) };
        // What a role is built into is its program.
        let roles =
            program.roles.iter().map(|role| Redeployed { parts: parts(), ..part(program, &role.running) });
        std::iter::once(own).chain(roles).collect::<Vec<_>>()
    };
    let all: Vec<Redeployed> = programs.iter().flat_map(with_roles).collect();
    let (of_each, deploys) = redeploys(&replayed, &all);
    replay_candidates(&replayed, programs, &of_each, candidates);
    each(programs).zip(of_each).for_each(|(running, of)| running.redeploys = Some(of));
    Some(deploys)
}

/// Notes at each candidate how often it would be deployed again, and the rest, and both.
fn replay_candidates(
    replayed: &Replayed<'_>,
    programs: &[Deployable],
    of_each: &[Redeploys],
    candidates: &mut [Candidate],
) {
    let mut at = 0;
    let mut of_program: BTreeMap<TargetId, (&Deployable, Redeploys)> = BTreeMap::new();
    for program in programs {
        of_program.insert(program.target, (program, of_each[at]));
        at += 1 + program.roles.len();
    }
    let side = |program: &Deployable, running: &[PackageId], files: &[FileId]| Redeployed {
        running: running.to_vec(),
        files: files.to_vec(),
        ..part(program, &Running::default())
    };
    for candidate in candidates {
        let Some(&(program, today)) = of_program.get(&candidate.program) else { continue };
        let own = side(program, &candidate.running, &candidate.files);
        let rest = side(program, &candidate.rest_running, &candidate.rest_files);
        let (own, rest, both) = needed_by_two(replayed, &own, &rest);
        candidate.redeploys = Some(CandidateRedeploys { program: today, candidate: own, rest, both });
    }
}

/// Each program with its roles behind it.
fn each(programs: &mut [Deployable]) -> impl Iterator<Item = &mut Running> {
    programs.iter_mut().flat_map(|program| {
        let roles = program.roles.iter_mut().map(|role| &mut role.running);
        std::iter::once(&mut program.running).chain(roles)
    })
}

/// A program as commits deploy it.
pub(super) fn redeployed(program: &Deployable) -> Redeployed {
    Redeployed { counts: true, ..part(program, &program.running) }
}

/// A part of a program, which is built into it and doesn't count by itself.
fn part(program: &Deployable, running: &Running) -> Redeployed {
    Redeployed {
        target: program.target,
        packages: program.packages.clone(),
        running: running.packages.clone(),
        files: running.files.clone(),
        parts: None,
        counts: false,
    }
}

fn owned_by(input: &ServicesInput<'_>, owners: &CodeOwners, running: &Running) -> Vec<String> {
    let files: &[FileId] = if running.own_files.is_empty() { &running.files } else { &running.own_files };
    let mut lines: BTreeMap<&str, f64> = BTreeMap::new();
    let mut all = 0.0;
    for &file in files {
        let file = &input.plan.resolution.files[file];
        all += f64::from(file.lines);
        for owner in owners.of(&file.path) {
            *lines.entry(owner).or_default() += f64::from(file.lines);
        }
    }
    let mut owned: Vec<(&str, f64)> =
        lines.into_iter().filter(|&(_, own)| own >= LEAST_LINES * all).collect();
    // Equals stay in the order of their names.
    owned.sort_by(|a, b| b.1.total_cmp(&a.1));
    owned.into_iter().map(|(owner, _)| owner.to_owned()).collect()
}
