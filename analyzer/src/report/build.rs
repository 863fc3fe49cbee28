//! From the analysis' ids to the report's names.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::boundary;
use super::commits::{ReplayedHistory, commits};
use super::files::files_of_plan;
use super::model::{
    BlockerReport, CauseCount, CostsReport, CrateCost, CutReport, DeployableReport, DirectUserReport,
    DirectUsersReport, GeneratedReport, ImplReport, LeverReport, ModeCost, MovedPathReport, PackageReport,
    PlanCrateReport, PlanEditReport, PlanItemReport, PlanReport, ReferenceSummary, Report, RepositorySummary,
    SCHEMA_VERSION, ScaledCost, Settings, TiedTypeReport, Tool, WideningReport, WorkspaceSummary,
};
pub(super) use super::numbers::{count, round};
use super::silent::silent;
use super::work::sentence;
use crate::cost::{Basis, CostSource, Costs, Scaling};
use crate::deploy::Deployable;
use crate::diagnostic::Diagnostic;
use crate::discover::{Repository, TargetKind};
use crate::ids::{EditId, Id, ItemId, MemberId, ModuleId, PlanCrateId};
use crate::plan::{
    Blocker, Candidate, Cut, DirectUser, DirectUsers, EditKind, Fix, GeneratedCode, Interval, Lever, Move,
    PackageAdvice, Plan, PlanCrate, ReExportPlace, Saving, Settle, TiedType, Verdict, Week, Widening,
};
use crate::replay::Replay;
use crate::resolve::{Confidence, ItemKind, Resolution};

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
    let mut packages: Vec<_> = input.advice.iter().map(|advice| package(input, advice)).collect();
    packages.sort_by_cached_key(rank);
    let mut deployables: Vec<_> = input.deployables.iter().map(|d| deployable(input, d)).collect();
    deployables.sort_by_cached_key(|d| {
        (d.auxiliary, Reverse(order_key(d.cost_share)), d.name.clone(), d.package.clone())
    });
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
        deployables,
        commits: input.replay.map(|(replay, looked_at)| commits(input.repository, replay, looked_at)),
        costs: costs(input.repository, input.resolution, input.costs),
        diagnostics,
    }
}

impl Tool {
    /// This program.
    pub fn current() -> Self {
        Self { name: "split-advisor".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Most worthwhile first: by verdict, then by the seconds saved; what serves the development of the rest comes last.
fn rank(package: &PackageReport) -> impl Ord + use<> {
    let significant = package.savings.iter().filter(|s| s.significant);
    let saved = significant.map(|s| order_key(s.before_s.p50 - s.after_s.p50)).max().unwrap_or(0);
    let (cost, name) = (Reverse(order_key(package.cost_share)), package.name.clone());
    (package.auxiliary, package.verdict.kind, Reverse(saved), cost, name, package.manifest.clone())
}

/// A float as a sortable integer; six digits are more than the report shows.
fn order_key(x: f64) -> i64 {
    (x * 1e6).round() as i64
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
        files: count(resolution.files.len()),
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

pub(super) fn plan(read: (&Repository, &Resolution), plan: &Plan) -> PlanReport {
    let (repository, resolution) = read;
    let files = files_of_plan(resolution, plan);
    let crate_of: BTreeMap<ItemId, PlanCrateId> = plan
        .crates
        .iter_enumerated()
        .flat_map(|(id, krate)| krate.all_items.iter().map(move |&item| (item, id)))
        .collect();
    let listed: BTreeMap<ModuleId, PlanCrateId> = plan
        .crates
        .iter_enumerated()
        .flat_map(|(id, krate)| krate.modules.iter().map(move |&module| (module, id)))
        .collect();
    // A module's own item stands for its imports, which go with most of its code: the most specific entry says where.
    let crate_name = |item: ItemId| {
        let data = &resolution.items[item];
        let above = |&module: &ModuleId| resolution.modules[module].parent;
        let home = match data.kind {
            ItemKind::Module => {
                std::iter::successors(Some(data.module), above).find_map(|module| listed.get(&module))
            }
            _ => crate_of.get(&item),
        };
        home.map(|&id| plan.crates[id].name.clone())
    };
    PlanReport {
        crates: plan
            .crates
            .iter()
            .zip(files)
            .map(|(krate, files)| plan_crate(resolution, plan, krate, files))
            .collect(),
        cuts: plan.cuts.iter().map(|c| cut(read, plan, c, (crate_name(c.from), crate_name(c.to)))).collect(),
        edits: plan.edits.ids().map(|id| edit(read, plan, id)).collect(),
        visibility: plan.visibility.iter().map(|w| visible(resolution, w)).collect(),
        statics: plan.statics.iter().map(|s| widening(resolution, s.item, s.references)).collect(),
        paths: plan
            .paths
            .iter()
            .map(|path| MovedPathReport {
                file: resolution.files[path.file].path.clone(),
                line: path.line,
                call: path.call.clone(),
                krate: plan.crates[path.krate].name.clone(),
            })
            .collect(),
        test_moves: plan.test_moves.iter().map(|t| boundary::test_move(resolution, plan, t)).collect(),
        test_support: plan.test_support.iter().map(|t| boundary::test_support(resolution, plan, t)).collect(),
        silent: plan.silent.iter().map(|change| silent(resolution, plan, change)).collect(),
        build_script: plan.build_script.iter().map(|n| boundary::build_script(resolution, plan, n)).collect(),
        facade: plan.facade.iter().map(|f| boundary::facade((repository, resolution), f)).collect(),
        blockers: plan.blockers.iter().map(|b| blocker(resolution, b)).collect(),
        note: plan.note.clone(),
    }
}

fn plan_crate(
    resolution: &Resolution,
    plan: &Plan,
    krate: &PlanCrate,
    files: Vec<String>,
) -> PlanCrateReport {
    PlanCrateReport {
        name: krate.name.clone(),
        residual: krate.residual,
        modules: krate.modules.iter().map(|&m| resolution.modules[m].path.clone()).collect(),
        items: krate.items.iter().map(|&i| resolution.items[i].path.clone()).collect(),
        files,
        lines: krate.lines,
        cost_share: round(krate.cost_share, 4),
        depends_on: krate.depends_on.iter().map(|&d| plan.crates[d].name.clone()).collect(),
        dependencies: krate.dependencies.clone(),
        features: krate.features.clone(),
    }
}

fn cut(
    read: (&Repository, &Resolution),
    plan: &Plan,
    cut: &Cut,
    (from_crate, to_crate): (Option<String>, Option<String>),
) -> CutReport {
    let resolution = read.1;
    let item = &resolution.items[cut.from];
    CutReport {
        from: item.path.clone(),
        to: resolution.items[cut.to].path.clone(),
        from_crate,
        to_crate,
        file: resolution.files[item.file].path.clone(),
        line: cut.lines.iter().copied().min().unwrap_or(item.line),
        lines: cut.lines.clone(),
        references: count(cut.lines.len()),
        // What removes a cut has a fix.
        fix: plan.edits[cut.edit].kind.fix().unwrap_or(Fix::InvertThroughTrait),
        detail: sentence(read, plan, cut.edit),
        edit: edit_name(cut.edit),
    }
}

fn edit_name(id: EditId) -> String {
    format!("e{}", id.index() + 1)
}

fn edit(read: (&Repository, &Resolution), plan: &Plan, id: EditId) -> PlanEditReport {
    let resolution = read.1;
    let edit = &plan.edits[id];
    let item = |&id: &ItemId| {
        let item = &resolution.items[id];
        let file = resolution.files[item.file].path.clone();
        PlanItemReport { item: item.path.clone(), file, line: item.line, end_line: item.end_line }
    };
    let from_crate = match &edit.kind {
        EditKind::MoveItems(Move { from, .. })
        | EditKind::MoveTests { from, .. }
        | EditKind::TestSupport { from, moves: true, .. } => Some(plan.crates[*from].name.clone()),
        _ => None,
    };
    let from = boundary::written_visibility(resolution, edit);
    PlanEditReport {
        id: edit_name(id),
        kind: edit.kind.name().to_owned(),
        krate: plan.crates[edit.krate].name.clone(),
        from_crate,
        items: match &edit.kind {
            EditKind::Widen { re_export, member, .. } => {
                let own = edit.items.iter().map(|&item| named(resolution, item, *re_export, *member));
                let item = |w: WideningReport| PlanItemReport {
                    end_line: w.line,
                    item: w.item,
                    file: w.file,
                    line: w.line,
                };
                own.map(item).collect()
            }
            _ => edit.items.iter().map(item).collect(),
        },
        lines: edit.lines,
        cuts: edit.cuts.clone(),
        to: from.is_some().then(|| "pub".to_owned()),
        from,
        detail: sentence(read, plan, id),
    }
}

fn visible(resolution: &Resolution, wide: &Widening) -> WideningReport {
    let named = named(resolution, wide.item, wide.re_export, wide.member);
    WideningReport { tests_only: wide.tests_only, references: wide.references, ..named }
}

/// What becomes visible. A re-export is named by where it stands, a member by its type.
fn named(
    resolution: &Resolution,
    item: ItemId,
    re_export: Option<ReExportPlace>,
    member: Option<MemberId>,
) -> WideningReport {
    let own = widening(resolution, item, 0);
    if let Some(member) = member {
        return boundary::member(resolution, member, own);
    }
    let Some(place) = re_export else { return own };
    let module = &resolution.modules[place.module];
    let name = if place.glob { "*" } else { &resolution.items[item].name };
    WideningReport {
        item: format!("{}::{name}", module.path),
        file: resolution.files[module.file].path.clone(),
        line: place.line,
        ..own
    }
}

fn widening(resolution: &Resolution, item: ItemId, references: u32) -> WideningReport {
    let item = &resolution.items[item];
    WideningReport {
        item: item.path.clone(),
        file: resolution.files[item.file].path.clone(),
        line: item.line,
        references,
        tests_only: false,
    }
}

fn blocker(resolution: &Resolution, blocker: &Blocker) -> BlockerReport {
    let item = &resolution.items[blocker.item];
    BlockerReport {
        cause: blocker.cause,
        item: item.path.clone(),
        file: resolution.files[item.file].path.clone(),
        line: item.line,
        detail: blocker.detail.clone(),
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

fn deployable(input: &ReportInput<'_>, deployable: &Deployable) -> DeployableReport {
    let name = |id| input.repository.packages[id].name.clone();
    DeployableReport {
        name: deployable.name.clone(),
        package: name(deployable.package),
        auxiliary: deployable.auxiliary,
        packages: deployable.packages.iter().map(|&p| name(p)).collect(),
        modules: deployable.modules.iter().map(|&m| input.resolution.modules[m].path.clone()).collect(),
        cost_share: round(deployable.cost_share, 4),
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

pub(super) fn costs(repository: &Repository, resolution: &Resolution, costs: &[Costs]) -> CostsReport {
    // The weakest source names the whole: `CostSource` is ordered best first.
    let source = costs.iter().map(|c| c.source).max().unwrap_or(CostSource::Modelled);
    CostsReport {
        source,
        modes: costs.iter().map(|c| mode_cost(repository, resolution, c)).collect(),
        ..CostsReport::default()
    }
}

fn mode_cost(repository: &Repository, resolution: &Resolution, costs: &Costs) -> ModeCost {
    let built = |kind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro | TargetKind::Bin);
    let (mut frontend_s, mut codegen_s) = (0.0, 0.0);
    let mut by_source: BTreeMap<CostSource, f64> = BTreeMap::new();
    let mut crates = Vec::new();
    let mut bases: BTreeMap<Basis, u64> = BTreeMap::new();
    for (id, krate) in resolution.crates.iter_enumerated() {
        let target = &repository.targets[krate.target];
        if built(target.kind) {
            let cost = costs.crates.get(id).copied().unwrap_or_default();
            frontend_s += cost.frontend_s;
            codegen_s += cost.codegen_s;
            let source = costs.crate_sources.get(id).copied().unwrap_or(CostSource::Modelled);
            *by_source.entry(source).or_default() += cost.total_s();
            crates.push(CrateCost {
                package: repository.packages[target.package].name.clone(),
                target: target.name.clone(),
                frontend_s: round(cost.frontend_s, 3),
                codegen_s: round(cost.codegen_s, 3),
                source,
                basis: costs.basis(id),
                error_factor: round(costs.crate_error_factor(id), 2),
            });
            *bases.entry(costs.basis(id)).or_default() += 1;
        }
    }
    if costs.calibration.is_none() {
        crates.clear();
        bases.clear();
    }
    let most = by_source.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(source, _)| source);
    ModeCost {
        mode: costs.mode,
        frontend_s: round(frontend_s, 3),
        codegen_s: round(codegen_s, 3),
        error_factor: round(costs.build_error_factor(), 2),
        source: most.unwrap_or(costs.source),
        calibration: costs.calibration.map(|factor| round(factor, 3)),
        measured_modules: costs.measured_modules as u64,
        bases,
        scaled: costs.known.scaling.iter().map(scaled_cost).collect(),
        crates,
    }
}

fn scaled_cost(scaling: &Scaling) -> ScaledCost {
    ScaledCost {
        kind: scaling.kind,
        phase: scaling.phase,
        known: scaling.known as u64,
        factor: round(scaling.factor, 2),
        error_factor: round(scaling.error_factor, 2),
    }
}

/// A directory's path, `.` for the analysed directory itself.
pub(super) fn dir(dir: &str) -> String {
    if dir.is_empty() { ".".to_owned() } else { dir.to_owned() }
}

/// Rounds an interval's ends.
pub(super) fn interval(interval: Interval, digits: i32) -> Interval {
    Interval {
        p10: round(interval.p10, digits),
        p50: round(interval.p50, digits),
        p90: round(interval.p90, digits),
    }
}

/// The path of an item's file.
pub(super) fn file_of(resolution: &Resolution, item: ItemId) -> &str {
    let file = resolution.items[item].file;
    debug_assert!(file.index() < resolution.files.len());
    &resolution.files[file].path
}
