//! Types that tie modules together: inherent `impl`s of one type in many modules. They may not leave the crate of their
//! type (E0116), so that no split can part these modules, whatever else holds them.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::words::and_more;
use crate::ids::{CrateId, FileId, ItemId, ModuleId};
use crate::plan::index::{Index, item_lines};
use crate::plan::input::PlanInput;
use crate::plan::model::{Cause, CauseKind, TiedType};
use crate::resolve::Resolution;

/// Of fewer files an `impl` is moved to its type rather than made something else. A choice.
const FEW_FILES: usize = 3;
/// A smaller share of the crate's lines is nothing that holds a split up. A choice: what doesn't count in it anyway.
const SMALL_SHARE: f64 = 0.1;
/// Files that a sentence names.
const NAMED: usize = 3;

/// The types of a crate that tie modules together, those with most lines first.
pub(super) fn tied_types(input: &PlanInput<'_>, index: &Index, krate: CrateId) -> Vec<TiedType> {
    let resolution = input.resolution;
    let mut found: BTreeMap<ItemId, BTreeMap<FileId, Vec<ItemId>>> = BTreeMap::new();
    for &id in &index.items[krate] {
        let item = &resolution.items[id];
        let of = item.imp.as_ref().filter(|imp| !imp.is_trait && !item.test).and_then(|imp| imp.self_item);
        if let Some(of) = of.filter(|&of| index.crate_of[of] == krate && elsewhere(resolution, of, id)) {
            found.entry(of).or_default().entry(item.file).or_default().push(id);
        }
    }
    let all: u32 = index.items[krate].iter().map(|&item| index.own_lines[item]).sum();
    let least = SMALL_SHARE * f64::from(all);
    let mut tied: Vec<TiedType> = found
        .into_iter()
        .filter(|(_, files)| files.len() >= FEW_FILES)
        .map(|(item, files)| of_files(resolution, item, files))
        .filter(|tied| f64::from(tied.lines) >= least)
        .collect();
    tied.sort_by_key(|tied| (std::cmp::Reverse(tied.lines), tied.item));
    tied
}

fn of_files(resolution: &Resolution, item: ItemId, files: BTreeMap<FileId, Vec<ItemId>>) -> TiedType {
    let lines = |impls: &[ItemId]| impls.iter().map(|&imp| item_lines(&resolution.items[imp])).sum::<u32>();
    let all = files.values().map(|impls| lines(impls)).sum();
    let mut impls: Vec<Vec<ItemId>> = files.into_values().collect();
    impls.sort_by_key(|impls| (std::cmp::Reverse(lines(impls)), impls[0]));
    TiedType { item, lines: all, files: impls }
}

/// Whether an `impl` is written in another module than its type, and not in one below it, where it belongs to it: in a
/// crate's root everything is below.
fn elsewhere(resolution: &Resolution, of: ItemId, imp: ItemId) -> bool {
    let (home, own) = (resolution.items[of].module, resolution.items[imp].module);
    let around =
        |module: ModuleId| std::iter::successors(Some(module), |&module| resolution.modules[module].parent);
    let is_root = resolution.modules[home].parent.is_none();
    if is_root { own != home } else { around(own).all(|module| module != home) }
}

/// A sentence on the type that ties most.
pub(super) fn cause(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    tied: &[TiedType],
) -> Option<Cause> {
    let first = tied.first()?;
    let resolution = input.resolution;
    let place = |impls: &Vec<ItemId>| {
        let imp = &resolution.items[impls[0]];
        format!("{}:{}", resolution.files[imp.file].path, imp.line)
    };
    let named: Vec<String> = first.files.iter().map(place).collect();
    let all: u32 = index.items[krate].iter().map(|&item| index.own_lines[item]).sum();
    let share = 100.0 * f64::from(first.lines) / f64::from(all.max(1));
    let others: BTreeSet<&str> =
        tied[1..].iter().map(|tied| resolution.items[tied.item].name.as_str()).collect();
    let others = match others.len() {
        0 => String::new(),
        1 => format!("; so has {}", others.iter().map(|name| format!("`{name}`")).collect::<String>()),
        n => format!("; so have {n} other types"),
    };
    let detail = format!(
        "`{}` has inherent impls in {} files ({}), {share:.0} % of the lines, which only its own crate may hold: as \
         extension traits or free functions they could be split{others}",
        resolution.items[first.item].name,
        first.files.len(),
        and_more(&named, NAMED),
    );
    Some(Cause { kind: CauseKind::InherentImpls, detail })
}
