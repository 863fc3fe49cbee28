//! Re-exports that would make a lower crate depend on a higher one.
//!
//! Whoever names an item by a re-export refers to its definition, so that no reference runs against the order; but the
//! `pub use` itself stays behind in the lower crate, and there it can't name what lies above.

use fixedbitset::FixedBitSet;

use crate::ids::{Id, IdVec, ItemId, PlanCrateId};
use crate::plan::input::PlanInput;
use crate::plan::model::{Cut, Fix};
use crate::plan::partition::assemble::Assembled;
use crate::resolve::{ItemKind, ReExport};

/// Names that a sentence shows: the rest is counted. A choice.
const NAMED: usize = 3;

/// One cut for each pair of a module and a module of which it re-exports something from above, ordered by the two.
pub(in crate::plan) fn re_exports(input: &PlanInput<'_>, assembled: &Assembled) -> Vec<Cut> {
    let below = below(assembled);
    let mut upward: Vec<&ReExport> =
        input.resolution.re_exports.iter().filter(|r| runs_up(input, assembled, &below, r)).collect();
    // Items of one module may come to lie in several crates.
    let target = |r: &ReExport| (input.resolution.items[r.to].module, home_of(input, assembled, r.to));
    upward.sort_by_key(|r| (r.module, target(r), r.line, r.to));
    upward
        .chunk_by(|a, b| (a.module, target(a)) == (b.module, target(b)))
        .map(|run| Cut {
            from: input.resolution.modules[run[0].module].item,
            to: run[0].to,
            lines: run.iter().map(|r| r.line).collect(),
            fix: Fix::ReExport,
            detail: detail(input, assembled, run),
        })
        .collect()
}

/// For each crate, those that it depends on, directly or not. Dependencies have lower ids.
fn below(assembled: &Assembled) -> IdVec<PlanCrateId, FixedBitSet> {
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

fn detail(input: &PlanInput<'_>, assembled: &Assembled, run: &[&ReExport]) -> String {
    let resolution = input.resolution;
    let names: Vec<String> = run.iter().take(NAMED).map(|r| name(input, r)).collect();
    let more = run.len() - names.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let module = &resolution.modules[run[0].module].path;
    let facade = &assembled.crates[assembled.residual()].name;
    let above = home_of(input, assembled, run[0].to).map_or(facade, |id| &assembled.crates[id].name);
    let users = if above == facade {
        String::new()
    } else {
        format!(", code of the new crates imports from `{above}`")
    };
    format!(
        "drop the re-export of {}{rest}, which lie{} above: for its users `{facade}` keeps a module `{module}` that \
         re-exports both{users}",
        names.join(", "),
        if run.len() == 1 { "s" } else { "" },
    )
}

/// What a line of source would say.
fn name(input: &PlanInput<'_>, re_export: &ReExport) -> String {
    let item = &input.resolution.items[re_export.to];
    if re_export.glob { format!("`{}::*`", item.name) } else { format!("`{}`", item.name) }
}
