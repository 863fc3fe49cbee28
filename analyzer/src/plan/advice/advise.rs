//! One piece of advice per package, packages in parallel.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::candidates::frontier::{Subject, Variant};
use super::candidates::pool::Pool;
use super::generated::{self, generated_code};
use super::hub::{Direct, is_hub};
use super::targets::others::{of_targets, wanted_targets};
use super::tied::{self, tied_types};
use super::verdict::{fine_as_is, verdict};
use super::week::{SURE, Terms, pace};
use super::weigh::{Scale, standing};
use crate::bug::caught_anywhere;
use crate::diagnostic::Diagnostic;
use crate::discover::{TargetKind, is_auxiliary_dir};
use crate::ids::{CrateId, FileId, Id, IdVec, PackageId, PlanCrateId, WorkspaceId};
use crate::parse::ItemFeatures;
use crate::plan::boundary::user_manifests::user_edits;
use crate::plan::index::Index;
use crate::plan::input::{PlanInput, PlanOptions, WhatIfOptions};
use crate::plan::model::{Cause, DirectUsers, PackageAdvice, PlanCrate, Verdict, VerdictKind, Week};
use crate::plan::partition::groups::Groups;
use crate::plan::predict::evaluate::{Builds, Prediction, Users};
use crate::plan::predict::forecast::forecasts;
use crate::plan::predict::model::Build;
use crate::plan::predict::pair::Split;
use crate::plan::predict::verdict_builds::{described, rough};
use crate::plan::targets::{Size, kind};
use crate::simulate::Scenario;

/// Advises on every package with a library or a binary, in their order; on one package if the options name one.
///
/// A package that a mistake of ours leaves without advice is a diagnostic.
pub fn advise(input: &PlanInput<'_>, options: &PlanOptions) -> (Vec<PackageAdvice>, Vec<Diagnostic>) {
    let index = Index::new(input.repository, input.resolution);
    let total = workspace_cost(input);
    let packages: Vec<PackageId> = input
        .repository
        .packages
        .ids()
        .filter(|&package| options.package.is_none_or(|only| only == package))
        .filter(|&package| index.targets.planned(package).is_some())
        .collect();
    let mut workspaces: Vec<WorkspaceId> = packages
        .iter()
        .filter(|&&package| worth_a_look(input, &index, package, options))
        .map(|&package| input.repository.packages[package].workspace)
        .collect();
    workspaces.sort_unstable();
    workspaces.dedup();
    let builds: BTreeMap<WorkspaceId, Builds> = workspaces
        .into_par_iter()
        .map(|workspace| (workspace, Builds::new(input, workspace, options.jobs)))
        .collect();
    let advise = |package: PackageId| {
        let data = &input.repository.packages[package];
        let advice = caught_anywhere(|| {
            #[cfg(test)]
            crate::bug::trip(&data.name, "plan");
            let builds = builds
                .get(&data.workspace)
                .filter(|_| !options.cancel.is_cancelled())
                .filter(|_| worth_a_look(input, &index, package, options));
            let targets = wanted_targets(input, &index, package, options);
            let mut advice = match builds {
                Some(builds) => {
                    let of_crate = |krate| planned(input, &index, options, builds, (package, krate));
                    of_targets((input, &index), options, package, &targets, of_crate)
                }
                None => unplanned((package, targets[0]), fine_as_is(small(input, &index, package, options))),
            };
            advice.auxiliary = is_auxiliary_dir(&data.dir);
            advice.lines = package_lines(input, &index, package);
            advice.cost_share = package_cost(input, package) / total;
            advice.generated = generated_code(input, &index, advice.krate);
            let generated = advice.generated.as_ref().and_then(|found| generated::cause(input, found));
            advice.verdict.causes.splice(0..0, generated);
            advice
        });
        advice.map_err(|bug| bug.diagnostic(&format!("planning `{}`", data.name)).at(data.manifest.clone()))
    };
    let advised: Vec<Result<PackageAdvice, Diagnostic>> = packages.into_par_iter().map(advise).collect();
    let (mut advice, mut problems) = (Vec::new(), Vec::new());
    for one in advised {
        match one {
            Ok(one) => advice.push(one),
            Err(problem) => problems.push(problem),
        }
    }
    (advice, problems)
}

fn planned(
    input: &PlanInput<'_>,
    index: &Index,
    options: &PlanOptions,
    builds: &Builds,
    (package, krate): (PackageId, CrateId),
) -> PackageAdvice {
    let groups = Groups::new(input, index, krate);
    let subject = Subject { input, index, options, builds, package, krate, groups };
    let mut pool = Pool::new(&subject);
    let asked_for = match options.crates {
        Some(wanted) => pool.of_number(wanted),
        None => pool.recommended(),
    };
    let Some(mut best) = asked_for else {
        let tied_types = tied_types(input, index, krate);
        let mut verdict = fine_as_is(no_candidate(&subject, &pool));
        verdict.causes.extend(tied::cause(input, index, krate, &tied_types));
        return PackageAdvice { tied_types, ..unplanned((package, krate), verdict) };
    };
    let features = features(input, index, krate);
    let pace = pace(input, index, krate, options);
    let judge = |variant: &Variant| {
        let terms = Terms::new(pace, &variant.candidate, options);
        let (predictions, builds) = predict(&subject, variant, &terms);
        let verdict = verdict(input, krate, variant, &predictions, &builds, &features, &terms);
        Judged { predictions, builds, verdict }
    };
    let mut judged = judge(pool.get(best));
    if options.crates.is_none() {
        let scale = Scale {
            subject: &subject,
            pace,
            predictions: &judged.predictions,
            split_share: split_share(&subject),
        };
        if options.package == Some(package) || scale.may_pay(&pool) {
            pool.deepen();
        }
        // What the structure suggests may not pay for its cuts where another plan does.
        let others = scale.better_others(&pool, best, judged.verdict.kind);
        let others: Vec<_> = others.into_par_iter().map(|at| (at, judge(pool.get(at)))).collect();
        let better = others.into_iter().min_by_key(|(_, other)| standing(&other.verdict));
        if let Some((other, its)) =
            better.filter(|(_, its)| standing(&its.verdict) < standing(&judged.verdict))
        {
            (best, judged) = (other, its);
        }
    }
    let Judged { mut builds, mut verdict, .. } = judged;
    let best_variant = pool.get(best);
    let mut direct_users = None;
    let by_users = with_direct_users(&subject, best_variant, &verdict, (pace, &features));
    if let Some(ByUsers { found, cause, judged }) = by_users {
        if let Some(judged) = judged {
            (builds, verdict) = (judged.builds, judged.verdict);
        }
        // What a small package is worth lies in its users alone.
        let small = package_lines(input, index, package) < options.min_lines;
        let at = usize::from(!small && !found.counted).min(verdict.causes.len());
        verdict.causes.insert(at, cause);
        direct_users = Some(found);
    }
    let tied_types = tied_types(input, index, krate);
    if verdict.kind != VerdictKind::Split {
        // Where most of the code hangs on one type, that is the reason; else one of several.
        let lines = tied_types.first().map_or(0, |tied| tied.lines);
        let most = 2 * lines > package_lines(input, index, package);
        let at = usize::from(!most).min(verdict.causes.len());
        verdict.causes.splice(at..at, tied::cause(input, index, krate, &tied_types));
    }
    if input.costs.is_empty() {
        verdict = fine_as_is("no costs were given, so no saving can be predicted".to_owned());
    }
    let asked = options.package == Some(package) || options.crates.is_some();
    let mut plan = (verdict.kind != VerdictKind::Keep || asked).then(|| subject.plan(best_variant));
    if let (Some(plan), Some(direct)) = (&mut plan, direct_users.as_ref().filter(|direct| direct.counted)) {
        let manifests = direct.users.iter().map(|user| (user.package, user.manifest.clone()));
        plan.boundary_edits.extend(user_edits(manifests.collect(), &best_variant.assembled));
    }
    let (mut variants, best) = pool.into_frontier(best);
    variants[best].candidate.recommended = true;
    PackageAdvice {
        plan,
        frontier: variants.iter().map(|variant| variant.candidate.clone()).collect(),
        layouts: variants.into_iter().map(|variant| layout(variant.assembled.crates)).collect(),
        savings: builds.into_iter().map(|build| build.saving).collect(),
        tied_types,
        direct_users,
        ..unplanned((package, krate), verdict)
    }
}

/// What a plan's crates name.
pub(super) fn layout(mut crates: IdVec<PlanCrateId, PlanCrate>) -> IdVec<PlanCrateId, PlanCrate> {
    for krate in crates.iter_mut() {
        (krate.all_items, krate.unlinked) = Default::default();
    }
    crates
}

/// A plan with its builds and the verdict on it.
struct Judged {
    predictions: Vec<Prediction>,
    builds: Vec<Build>,
    verdict: Verdict,
}

fn no_candidate(subject: &Subject<'_>, pool: &Pool<'_>) -> String {
    let least = pool.weighed().into_iter().map(|at| pool.get(at).candidate.effort()).reduce(f64::min);
    if let (Some(least), Some(most)) = (least, subject.options.max_effort) {
        return format!(
            "the easiest plan takes an effort of {least:.1}, and no more than {most:.1} is allowed"
        );
    }
    let targets = &subject.index.targets;
    let modules = targets.sizes[subject.krate].modules;
    match (modules, largest_other(subject)) {
        (0 | 1, Some(other)) => {
            let Size { lines, modules: its } = targets.sizes[other];
            let name = &subject.input.resolution.crates[other].name;
            let own = if modules == 0 { "no module with code" } else { "a single module with code" };
            format!(
                "its library has {own}; its binary `{name}` has {its} modules of {lines} lines, which could be crates if \
                 they were in the library: a new crate can't use the library of the package that uses it"
            )
        }
        (0, None) => {
            "it has no modules: all of its code is in its root, and only modules become crates".to_owned()
        }
        (1, None) => {
            "it has no modules that could be crates: beside its root there is a single one with code"
                .to_owned()
        }
        (modules, _) => {
            format!(
                "no way was found to make crates of its {modules} modules: each that was tried leaves all of them in one"
            )
        }
    }
}

/// The binary with most modules beside the planned library, if it has several.
fn largest_other(subject: &Subject<'_>) -> Option<CrateId> {
    let targets = &subject.index.targets;
    let planned = kind(subject.input.repository, subject.krate);
    let others = targets.all(subject.package).iter().copied().filter(|&krate| krate != subject.krate);
    others
        .filter(|&krate| planned == TargetKind::Lib && targets.sizes[krate].modules > 1)
        .max_by_key(|&krate| targets.sizes[krate])
}

/// The package's share of the work of its workspace.
fn split_share(subject: &Subject<'_>) -> f64 {
    let workspace =
        &subject.input.repository.workspaces[subject.input.repository.packages[subject.package].workspace];
    let all: f64 = workspace.members.iter().map(|&member| package_cost(subject.input, member)).sum();
    if all > 0.0 { package_cost(subject.input, subject.package) / all } else { 1.0 }
}

/// All modes, for one variant.
fn predict(subject: &Subject<'_>, variant: &Variant, terms: &Terms) -> (Vec<Prediction>, Vec<Build>) {
    let input = subject.input;
    let predictions =
        subject.builds.predictions((input, subject.index), subject.krate, &variant.assembled, Users::Facade);
    let rough = rough(input, &predictions, subject.options, split_share(subject));
    let asked = subject.options.package == Some(subject.package) || subject.options.crates.is_some();
    // What a rough look keeps is kept: a close one takes a hundred times as long.
    if !asked && terms.pays_share(&rough) <= 1.0 - SURE {
        return (predictions, rough);
    }
    (predictions, close_look(subject, variant, false))
}

/// The builds with their intervals.
pub(super) fn close_look(subject: &Subject<'_>, variant: &Variant, direct_users: bool) -> Vec<Build> {
    let input = subject.input;
    let split = Split {
        package: subject.package,
        krate: subject.krate,
        assembled: variant.assembled.clone(),
        direct_users,
    };
    let options = WhatIfOptions {
        scenarios: vec![Scenario::Clean, Scenario::Edit],
        jobs: vec![subject.options.jobs],
        assume_cuts: true,
        direct_users,
        noise_floor_pct: subject.options.noise_floor_pct,
        noise_floor_s: subject.options.noise_floor_s,
    };
    let mut forecasts = forecasts(input, subject.index, &[split], &options);
    forecasts.sort_by_key(|forecast| (forecast.mode, forecast.scenario));
    described(input, forecasts)
}

/// A plan judged with its users on its crates themselves.
struct ByUsers {
    found: DirectUsers,
    cause: Cause,
    /// Where the plan pays this way only.
    judged: Option<Rejudged>,
}

/// The builds of a plan, and the verdict that they give.
struct Rejudged {
    builds: Vec<Build>,
    verdict: Verdict,
}

/// What a plan gains if its users depend on its crates themselves, with a sentence; where that pays and the plan by itself
/// doesn't, also its builds and the verdict that counts on it.
fn with_direct_users(
    subject: &Subject<'_>,
    variant: &Variant,
    verdict_without: &Verdict,
    (pace, features): (Week, &ItemFeatures),
) -> Option<ByUsers> {
    let direct = Direct::new(subject, variant)?;
    let terms = Terms::new(pace, &direct.candidate, subject.options);
    let mut found = direct.found(subject, variant, &terms)?;
    let cause = direct.cause(subject, &found)?;
    let (input, krate) = (subject.input, subject.krate);
    let rough = rough(input, &direct.predictions, subject.options, split_share(subject));
    let mut judged = None;
    // What is to be weighed or done anyway is so without a change of other packages.
    if verdict_without.kind == VerdictKind::Keep && terms.pays_share(&rough) > 1.0 - SURE {
        let builds = close_look(subject, variant, true);
        let verdict = verdict(input, krate, variant, &direct.predictions, &builds, features, &terms);
        found.counted = verdict.kind < verdict_without.kind;
        judged = found.counted.then_some(Rejudged { builds, verdict });
    }
    Some(ByUsers { found, cause, judged })
}

pub(super) fn unplanned((package, krate): (PackageId, CrateId), verdict: Verdict) -> PackageAdvice {
    PackageAdvice {
        package,
        krate,
        other_targets: Vec::new(),
        auxiliary: false,
        lines: 0,
        cost_share: 0.0,
        verdict,
        plan: None,
        frontier: Vec::new(),
        layouts: Vec::new(),
        savings: Vec::new(),
        tied_types: Vec::new(),
        direct_users: None,
        generated: None,
    }
}

fn worth_a_look(input: &PlanInput<'_>, index: &Index, package: PackageId, options: &PlanOptions) -> bool {
    options.package == Some(package)
        || options.crates.is_some()
        || package_lines(input, index, package) >= options.min_lines
        || package_cost(input, package) >= options.min_cost_s
        || is_hub(input, index, package, &|user| package_cost(input, user), options)
}

fn small(input: &PlanInput<'_>, index: &Index, package: PackageId, options: &PlanOptions) -> String {
    let lines = package_lines(input, index, package);
    let noun = if lines == 1 { "line" } else { "lines" };
    format!("too small to gain from a split: {lines} {noun}, below {}", options.min_lines)
}

/// Crates of a package that a build compiles: libraries and binaries, those with features that are off left out.
fn built_crates(input: &PlanInput<'_>, package: PackageId) -> impl Iterator<Item = CrateId> {
    let repository = input.repository;
    repository.packages[package]
        .targets
        .iter()
        .filter(|&&t| {
            let target = &repository.targets[t];
            target.enabled && matches!(target.kind, TargetKind::Lib | TargetKind::Bin | TargetKind::ProcMacro)
        })
        .map(|t| CrateId::from_index(t.index()))
}

/// Lines of a package's code outside of tests; those of a file that several targets compile count once.
fn package_lines(input: &PlanInput<'_>, index: &Index, package: PackageId) -> u32 {
    let mut of_files: BTreeMap<FileId, u32> = BTreeMap::new();
    for krate in built_crates(input, package) {
        let mut own: BTreeMap<FileId, u32> = BTreeMap::new();
        for &item in index.items.get(krate).into_iter().flatten() {
            *own.entry(input.resolution.items[item].file).or_default() += index.own_lines[item];
        }
        for (file, lines) in own {
            let most = of_files.entry(file).or_default();
            *most = lines.max(*most);
        }
    }
    of_files.values().sum()
}

pub(in crate::plan) fn package_cost(input: &PlanInput<'_>, package: PackageId) -> f64 {
    let Some(costs) = input.costs.first() else { return 0.0 };
    built_crates(input, package).filter_map(|krate| costs.crates.get(krate)).map(|cost| cost.total_s()).sum()
}

fn workspace_cost(input: &PlanInput<'_>) -> f64 {
    let total: f64 = input.repository.packages.ids().map(|package| package_cost(input, package)).sum();
    if total > 0.0 { total } else { 1.0 }
}

fn features(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> ItemFeatures {
    let mut sum = ItemFeatures::default();
    for &item in &index.items[krate] {
        let item = &input.resolution.items[item];
        if !item.test {
            sum += item.features;
        }
    }
    sum
}
