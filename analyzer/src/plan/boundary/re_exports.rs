//! Re-exports that would make a lower crate depend on a higher one.
//!
//! Whoever names an item by a re-export refers to its definition, so that no reference runs against the order; but the
//! `pub use` itself stays behind in the lower crate, and there it can't name what lies above.

use fixedbitset::FixedBitSet;

use crate::ids::{EditId, Id, IdVec, ItemId, PlanCrateId};
use crate::plan::edit::{Edit, EditKind};
use crate::plan::input::PlanInput;
use crate::plan::model::Cut;
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{ItemKind, ReExport};

/// One cut, with the work that removes it, for each pair of a module and a module of which it re-exports something from above, ordered by the two.
pub(in crate::plan) fn re_exports(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<(Cut, Edit)> {
    let below = below(assembled);
    let mut upward: Vec<&ReExport> =
        input.resolution.re_exports.iter().filter(|r| runs_up(input, assembled, &below, r)).collect();
    // Items of one module may come to lie in several crates.
    let target = |r: &ReExport| (input.resolution.items[r.to].module, home_of(input, assembled, r.to));
    upward.sort_by_key(|r| (r.module, target(r), r.line, r.to));
    upward
        .chunk_by(|a, b| (a.module, target(a)) == (b.module, target(b)))
        .map(|run| (cut(input, run), edit(input, assembled, run)))
        .collect()
}

/// For each crate, those that it depends on, directly or not. Dependencies have lower ids.
pub(in crate::plan) fn below(assembled: &Assembled) -> IdVec<PlanCrateId, FixedBitSet> {
    let mut below: IdVec<PlanCrateId, FixedBitSet> = IdVec::default();
    for krate in &assembled.crates {
        let mut own = FixedBitSet::with_capacity(assembled.crates.len());
        for &id in &krate.depends_on {
            own.insert(id.index());
            own.union_with(&below[id]);
        }
        below.push(own);
    }
    below
}

/// Whether a re-export names something of a crate that needs the re-exporting one. Between two crates that don't need each
/// other it is one dependency more.
fn runs_up(
    input: &PlanInput<'_>,
    assembled: &Assembled,
    below: &IdVec<PlanCrateId, FixedBitSet>,
    re_export: &ReExport,
) -> bool {
    let home = assembled.of_module.get(&re_export.module).copied();
    let target = home_of(input, assembled, re_export.to);
    !re_export.test && home.zip(target).is_some_and(|(home, target)| below[target].contains(home.index()))
}

/// The crate of an item; a module's own goes where the module does.
pub(in crate::plan) fn home_of(
    input: &PlanInput<'_>,
    assembled: &Assembled,
    item: ItemId,
) -> Option<PlanCrateId> {
    let data = &input.resolution.items[item];
    if data.kind == ItemKind::Module {
        return assembled.of_module.get(&data.module).copied();
    }
    let at = assembled.of_item.binary_search_by_key(&item, |&(item, _)| item).ok()?;
    Some(assembled.of_item[at].1)
}

fn cut(input: &PlanInput<'_>, run: &[&ReExport]) -> Cut {
    Cut {
        from: input.resolution.modules[run[0].module].item,
        to: run[0].to,
        lines: run.iter().map(|r| r.line).collect(),
        // Known once the work is part of a plan.
        edit: EditId(0),
    }
}

fn edit(input: &PlanInput<'_>, assembled: &Assembled, run: &[&ReExport]) -> Edit {
    let residual = assembled.residual();
    let krate = assembled.of_module.get(&run[0].module).copied().unwrap_or(residual);
    let kind = EditKind::DropReExport {
        module: run[0].module,
        globs: run.iter().filter(|r| r.glob).map(|r| r.to).collect(),
        above: home_of(input, assembled, run[0].to).unwrap_or(residual),
    };
    Edit { kind, krate, items: run.iter().map(|r| r.to).collect(), lines: run.len() as u32, cuts: Vec::new() }
}
