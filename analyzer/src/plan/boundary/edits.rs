//! What a plan's boundaries need, as work: what becomes visible, tests, files and build scripts that move, paths to keep.

use std::collections::{BTreeMap, BTreeSet};

use super::re_exports::home_of;
use crate::ids::{FileId, ItemId, PackageId, PlanCrateId};
use crate::plan::edit::{BoundaryEdit, BoundaryEditKind};
use crate::plan::input::PlanInput;
use crate::plan::model::{
    BuildScriptNeed, FacadePath, MovedPath, OtherPath, Plan, TestMove, TestSupport, Widening,
};
use crate::plan::partition::assemble::Assembled;
use crate::plan::sharers::Sharer;
use crate::resolve::{Item, ItemKind, Resolution};

/// One piece of work for each finding, in the order of the plan's lists.
pub(in crate::plan) fn boundary_edits(
    input: &PlanInput<'_>,
    package: PackageId,
    (assembled, sharers): (&Assembled, &[Sharer]),
    plan: &Plan,
) -> Vec<BoundaryEdit> {
    let links = &input.repository.packages[package].links;
    let residual = assembled.residual();
    let home = |item| home_of(input, assembled, item).unwrap_or(residual);
    let around = Around { resolution: input.resolution, assembled };
    let widen = |wide| widen(input.resolution, wide, &home);
    let support = |support| test_support(support, &home);
    let keep = |kept: &FacadePath| {
        let kind = BoundaryEditKind::KeepPath { path: kept.path.clone(), users: kept.users.clone() };
        BoundaryEdit { kind, krate: residual, items: vec![kept.item], lines: 1 }
    };
    let visible = plan.visibility.iter().map(widen);
    let tests = plan.test_moves.iter().map(move_tests).chain(plan.test_support.iter().map(support));
    let files = plan.paths.iter().map(|path| around.move_file(path));
    let all = visible.chain(tests).chain(around.build_scripts(&plan.build_script, links.as_ref()));
    let paths = plan.other_paths.iter().map(other_path);
    let shared = share_files(input, sharers);
    all.chain(plan.facade.iter().map(keep)).chain(paths).chain(shared).chain(files).collect()
}

/// One for each other target and new crate.
fn share_files(input: &PlanInput<'_>, sharers: &[Sharer]) -> Vec<BoundaryEdit> {
    let of = |sharer: &Sharer, krate: PlanCrateId| {
        let own = sharer.files.iter().filter(|(_, homes)| homes.first() == Some(&krate));
        let files: Vec<FileId> = own.map(|(&file, _)| file).collect();
        let modules = input.resolution.modules.iter();
        let own = modules.filter(|module| module.krate == sharer.krate && files.contains(&module.file));
        let items = own.map(|module| module.item).collect();
        let lines = files.len() as u32;
        let kind = BoundaryEditKind::ShareFiles { user: sharer.krate, files };
        BoundaryEdit { kind, krate, items, lines }
    };
    let all = sharers.iter().flat_map(|sharer| {
        let crates: BTreeSet<PlanCrateId> =
            sharer.files.values().filter_map(|homes| homes.first().copied()).collect();
        crates.into_iter().map(|krate| of(sharer, krate)).collect::<Vec<_>>()
    });
    all.collect()
}

fn widen(resolution: &Resolution, wide: &Widening, home: &dyn Fn(ItemId) -> PlanCrateId) -> BoundaryEdit {
    let item = &resolution.items[wide.item];
    let is_macro = item.kind == ItemKind::Macro && wide.re_export.is_none();
    let kind = if is_macro && !item.macro_export {
        BoundaryEditKind::ExportMacro { references: wide.references }
    } else {
        BoundaryEditKind::Widen {
            re_export: wide.re_export,
            member: wide.member,
            references: wide.references,
            tests_only: wide.tests_only,
        }
    };
    // A re-export lies where its module does.
    let stands = wide.re_export.map_or(wide.item, |place| resolution.modules[place.module].item);
    BoundaryEdit { kind, krate: home(stands), items: vec![wide.item], lines: 1 }
}

fn move_tests(test: &TestMove) -> BoundaryEdit {
    BoundaryEdit {
        kind: BoundaryEditKind::MoveTests { from: test.from, cause: test.cause },
        krate: test.to,
        items: vec![test.item],
        lines: test.lines.len() as u32,
    }
}

fn test_support(support: &TestSupport, home: &dyn Fn(ItemId) -> PlanCrateId) -> BoundaryEdit {
    let (from, moves) = (support.from, support.to.is_some());
    let krate = support.to.unwrap_or_else(|| home(support.item));
    let (references, member) = (support.references, support.member);
    let kind = if support.bound {
        BoundaryEditKind::TestFeature { member, users: support.users.clone(), references }
    } else {
        BoundaryEditKind::TestSupport { from, moves, needs_above: support.needs_above, references }
    };
    BoundaryEdit { kind, krate, items: vec![support.item], lines: support.references }
}

fn other_path(path: &OtherPath) -> BoundaryEdit {
    let mut items: Vec<ItemId> = path.places.iter().map(|place| place.item).collect();
    items.dedup();
    let (module, name, write) = (path.module, path.name.clone(), path.write.clone());
    let kind = BoundaryEditKind::OtherPath { module, name, write };
    BoundaryEdit { kind, krate: path.krate, items, lines: path.places.len() as u32 }
}

/// Finds the items around calls.
struct Around<'a> {
    resolution: &'a Resolution,
    assembled: &'a Assembled,
}

impl Around<'_> {
    fn move_file(&self, path: &MovedPath) -> BoundaryEdit {
        let items = self.item(path.file, path.line, path.krate).into_iter().collect();
        let kind = BoundaryEditKind::MoveFile { call: path.call.clone(), line: path.line };
        BoundaryEdit { kind, krate: path.krate, items, lines: 1 }
    }

    /// One for each crate that needs a build script.
    fn build_scripts(&self, needs: &[BuildScriptNeed], links: Option<&String>) -> Vec<BoundaryEdit> {
        let mut of_crate: BTreeMap<PlanCrateId, Vec<&BuildScriptNeed>> = BTreeMap::new();
        for need in needs {
            of_crate.entry(need.krate).or_default().push(need);
        }
        let edit = |(krate, needs): (PlanCrateId, Vec<&BuildScriptNeed>)| {
            let mut calls: Vec<String> = needs.iter().map(|need| need.call.clone()).collect();
            calls.dedup();
            let items = needs.iter().filter_map(|need| self.item(need.file, need.line, krate));
            let mut items: Vec<ItemId> = items.collect();
            items.dedup();
            let kind = BoundaryEditKind::BuildScript { calls, links: links.cloned() };
            BoundaryEdit { kind, krate, items, lines: needs.len() as u32 }
        };
        of_crate.into_iter().map(edit).collect()
    }

    /// The item of a crate that a line is part of: its module's where it stands between items.
    fn item(&self, file: FileId, line: u32, krate: PlanCrateId) -> Option<ItemId> {
        let holds = |item: &Item| item.file == file && (item.line..=item.end_line).contains(&line);
        let is_module = |item: &Item| item.kind == ItemKind::Module;
        let own = self.assembled.of_item.iter().filter(|&&(_, home)| home == krate).map(|&(id, _)| id);
        let found = own
            .clone()
            .find(|&id| holds(&self.resolution.items[id]) && !is_module(&self.resolution.items[id]));
        let module = || {
            let modules = self.assembled.of_module.iter().filter(|&(_, &home)| home == krate);
            let in_file = modules.map(|(&module, _)| &self.resolution.modules[module]);
            in_file.filter(|module| module.file == file).map(|module| module.item).next()
        };
        found.or_else(module)
    }
}
