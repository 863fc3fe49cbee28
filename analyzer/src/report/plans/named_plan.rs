//! A plan with names in place of ids.

use std::collections::BTreeMap;

use super::boundary;
use super::files::files_of_plan;
use super::manifests::manifest_edit;
use super::silent::silent;
use super::work::{boundary_sentence, sentence};
use crate::base::number::count;
use crate::discover::Repository;
use crate::ids::{EditId, Id, ItemId, MemberId, ModuleId, PlanCrateId};
use crate::plan::{
    Blocker, BoundaryEdit, BoundaryEditKind, Cut, EditKind, Plan, PlanCrate, ReExportPlace, Widening,
};
use crate::report::model::{
    BlockerReport, CutReport, MovedPathReport, PlanCrateReport, PlanEditReport, PlanItemReport, PlanReport,
    WideningReport,
};
use crate::report::numbers::round;
use crate::resolve::{ItemKind, Resolution};

pub(in crate::report) fn plan(read: (&Repository, &Resolution), plan: &Plan) -> PlanReport {
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
        edits: edits(read, plan),
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
        test_support: plan
            .test_support
            .iter()
            .map(|t| boundary::test_support(plan, t, named(resolution, t.item, None, t.member)))
            .collect(),
        silent: plan.silent.iter().map(|change| silent(resolution, plan, change)).collect(),
        build_script: plan.build_script.iter().map(|n| boundary::build_script(resolution, plan, n)).collect(),
        facade: plan.facade.iter().map(|f| boundary::facade((repository, resolution), f)).collect(),
        other_paths: plan.other_paths.iter().map(|p| boundary::other_path(resolution, plan, p)).collect(),
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
        impls: krate.impls.iter().map(|&i| resolution.items[i].path.clone()).collect(),
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
        fix: plan.edits[cut.edit].kind.fix(),
        detail: sentence(read, plan, cut.edit),
        edit: edit_name(cut.edit.index()),
    }
}

/// `e1`, `e2`…: what removes cuts, and what boundaries ask for after it.
fn edit_name(position: usize) -> String {
    format!("e{}", position + 1)
}

fn edits(read: (&Repository, &Resolution), plan: &Plan) -> Vec<PlanEditReport> {
    let cutting = plan.edits.ids().map(|id| edit(read, plan, id));
    let first = plan.edits.len();
    let asked = plan.boundary_edits.iter().enumerate();
    cutting.chain(asked.map(|(at, edit)| boundary_edit(read, plan, (first + at, edit)))).collect()
}

fn edit(read: (&Repository, &Resolution), plan: &Plan, id: EditId) -> PlanEditReport {
    let edit = &plan.edits[id];
    let from_crate = match &edit.kind {
        EditKind::MoveItems(movement) => Some(plan.crates[movement.from].name.clone()),
        _ => None,
    };
    PlanEditReport {
        id: edit_name(id.index()),
        kind: edit.kind.name().to_owned(),
        krate: plan.crates[edit.krate].name.clone(),
        from_crate,
        items: edit.items.iter().map(|&item| edited(read.1, item)).collect(),
        lines: edit.lines,
        cuts: edit.cuts.clone(),
        from: None,
        to: None,
        manifest: None,
        detail: sentence(read, plan, id),
    }
}

fn boundary_edit(
    read: (&Repository, &Resolution),
    plan: &Plan,
    (position, edit): (usize, &BoundaryEdit),
) -> PlanEditReport {
    let resolution = read.1;
    let from_crate = match &edit.kind {
        BoundaryEditKind::MoveTests { from, .. }
        | BoundaryEditKind::TestSupport { from, moves: true, .. } => Some(plan.crates[*from].name.clone()),
        _ => None,
    };
    let line_of = |item: ItemId, re_export: Option<ReExportPlace>, member: Option<MemberId>| {
        let named = named(resolution, item, re_export, member);
        PlanItemReport { end_line: named.line, item: named.item, file: named.file, line: named.line }
    };
    let item = |&item: &ItemId| match &edit.kind {
        BoundaryEditKind::Widen { re_export, member, .. } => line_of(item, *re_export, *member),
        BoundaryEditKind::TestFeature { member: Some(member), .. } => line_of(item, None, Some(*member)),
        _ => edited(resolution, item),
    };
    let from = boundary::written_visibility(resolution, edit);
    PlanEditReport {
        id: edit_name(position),
        kind: edit.kind.name().to_owned(),
        krate: plan.crates[edit.krate].name.clone(),
        from_crate,
        items: edit.items.iter().map(item).collect(),
        lines: edit.lines,
        cuts: Vec::new(),
        to: from.is_some().then(|| "pub".to_owned()),
        from,
        manifest: match &edit.kind {
            BoundaryEditKind::UserManifest { user, manifest } => Some(manifest_edit(read.0, *user, manifest)),
            _ => None,
        },
        detail: boundary_sentence(read, plan, edit),
    }
}

fn edited(resolution: &Resolution, item: ItemId) -> PlanItemReport {
    let item = &resolution.items[item];
    let file = resolution.files[item.file].path.clone();
    PlanItemReport { item: item.path.clone(), file, line: item.line, end_line: item.end_line }
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
