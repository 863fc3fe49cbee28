//! What a plan's boundaries need, as work: what becomes visible, tests, files and build scripts that move, paths to keep.

use std::collections::BTreeMap;

use super::re_exports::home_of;
use crate::ids::{FileId, ItemId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind};
use crate::plan::input::PlanInput;
use crate::plan::model::{BuildScriptNeed, FacadePath, MovedPath, Plan, TestMove, TestSupport, Widening};
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{Item, ItemKind, Resolution};

/// One piece of work for each finding, in the order of the plan's lists. None of it removes a cut.
pub(in crate::plan) fn boundary_edits(
    input: &PlanInput<'_>,
    assembled: &Assembled,
    plan: &Plan,
) -> Vec<Edit> {
    let residual = assembled.residual();
    let home = |item| home_of(input, assembled, item).unwrap_or(residual);
    let around = Around { resolution: input.resolution, assembled };
    let widen = |wide| widen(input.resolution, wide, &home);
    let support = |support| test_support(support, &home);
    let keep = |kept: &FacadePath| {
        let kind = EditKind::KeepPath { path: kept.path.clone(), users: kept.users.clone() };
        Edit { kind, krate: residual, items: vec![kept.item], lines: 1, cuts: Vec::new() }
    };
    let visible = plan.visibility.iter().map(widen);
    let tests = plan.test_moves.iter().map(move_tests).chain(plan.test_support.iter().map(support));
    let files = plan.paths.iter().filter_map(|path| around.move_file(path));
    let all = visible.chain(tests).chain(around.build_scripts(&plan.build_script));
    all.chain(plan.facade.iter().map(keep)).chain(files).collect()
}

fn widen(resolution: &Resolution, wide: &Widening, home: &dyn Fn(ItemId) -> PlanCrateId) -> Edit {
    let item = &resolution.items[wide.item];
    let is_macro = item.kind == ItemKind::Macro && wide.re_export.is_none();
    let kind = if is_macro && !item.macro_export {
        EditKind::ExportMacro { references: wide.references }
    } else {
        EditKind::Widen {
            re_export: wide.re_export,
            member: wide.member,
            references: wide.references,
            tests_only: wide.tests_only,
        }
    };
    // A re-export lies where its module does.
    let stands = wide.re_export.map_or(wide.item, |place| resolution.modules[place.module].item);
    Edit { kind, krate: home(stands), items: vec![wide.item], lines: 1, cuts: Vec::new() }
}

fn move_tests(test: &TestMove) -> Edit {
    Edit {
        kind: EditKind::MoveTests { from: test.from, cause: test.cause },
        krate: test.to,
        items: vec![test.item],
        lines: test.lines.len() as u32,
        cuts: Vec::new(),
    }
}

fn test_support(support: &TestSupport, home: &dyn Fn(ItemId) -> PlanCrateId) -> Edit {
    let (from, moves) = (support.from, support.to.is_some());
    let krate = support.to.unwrap_or_else(|| home(support.item));
    let kind = EditKind::TestSupport { from, moves, references: support.references };
    Edit { kind, krate, items: vec![support.item], lines: support.references, cuts: Vec::new() }
}

/// Finds the items around calls.
struct Around<'a> {
    resolution: &'a Resolution,
    assembled: &'a Assembled,
}

impl Around<'_> {
    fn move_file(&self, path: &MovedPath) -> Option<Edit> {
        let item = self.item(path.file, path.line, path.krate)?;
        let kind = EditKind::MoveFile { call: path.call.clone(), line: path.line };
        Some(Edit { kind, krate: path.krate, items: vec![item], lines: 1, cuts: Vec::new() })
    }

    /// One for each crate that needs a build script.
    fn build_scripts(&self, needs: &[BuildScriptNeed]) -> Vec<Edit> {
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
            let kind = EditKind::BuildScript { calls };
            Edit { kind, krate, items, lines: needs.len() as u32, cuts: Vec::new() }
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
