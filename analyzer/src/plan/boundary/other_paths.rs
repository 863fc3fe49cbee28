//! Names that code takes from a module which only brings them in, where that module comes to lie in another crate.
//!
//! References end at definitions, so that such a path costs no order between crates; it has to be written anew.

use std::collections::BTreeMap;

use super::re_exports::{below, home_of};
use super::test_work::TestWork;
use crate::ids::{Id, ItemId, ModuleId, PlanCrateId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::OtherPath;
use crate::plan::partition::assemble::Assembled;
use crate::plan::partition::groups::Groups;
use crate::resolve::{ItemKind, PassedMeaning, PassedName, Resolution, Taker, Visibility};

/// One entry for each crate that takes a name from a module out of its reach, by crate, module and name. What is defined
/// above the taker is a cut, and none of these.
pub(in crate::plan) fn other_paths(
    (input, index): (&PlanInput<'_>, &Index),
    groups: &Groups,
    assembled: &Assembled,
    tests: &TestWork,
) -> Vec<OtherPath> {
    let below = below(assembled);
    let reaches = |from: PlanCrateId, to: PlanCrateId| from == to || below[from].contains(to.index());
    let taken_in = |taker: &Taker| {
        let own = || match groups.of(taker.item) {
            Some(group) => Some(assembled.of_group[group]),
            None => home_of(input, assembled, taker.item),
        };
        tests.moved(taker.item).or_else(own)
    };
    let mut found = Vec::new();
    for passed in &input.resolution.passed_names {
        let Some(&home) = assembled.of_module.get(&passed.module) else { continue };
        let mut takers: BTreeMap<PlanCrateId, Vec<Taker>> = BTreeMap::new();
        for &taker in &passed.takers {
            if let Some(krate) = taken_in(&taker).filter(|&krate| krate != home) {
                takers.entry(krate).or_default().push(taker);
            }
        }
        let sought = Sought { resolution: input.resolution, index, assembled, passed };
        for (krate, places) in takers {
            let write = match &passed.meant {
                PassedMeaning::Outside(_) if reaches(krate, home) && sought.is_shown() => continue,
                PassedMeaning::Outside(path) => path.clone(),
                PassedMeaning::Item(item) | PassedMeaning::Variant(item, _) => {
                    let defined = home_of(input, assembled, *item);
                    // A module within reach is made visible, if it isn't.
                    if reaches(krate, home) || !defined.is_some_and(|defined| reaches(krate, defined)) {
                        continue;
                    }
                    Some(sought.path_to(*item))
                }
            };
            let (module, name) = (passed.module, passed.name.clone());
            found.push(OtherPath { krate, module, name, write, places });
        }
    }
    found.sort_unstable();
    found
}

/// A name, and where it can be had.
struct Sought<'a> {
    resolution: &'a Resolution,
    index: &'a Index,
    assembled: &'a Assembled,
    passed: &'a PassedName,
}

impl Sought<'_> {
    /// Whether other crates may take it from the module.
    fn is_shown(&self) -> bool {
        self.passed.visibility == Visibility::Public && self.closed(self.passed.module) == 0
    }

    /// The path of an item that asks for the least to be made visible: its own, or one beside it that re-exports it.
    fn path_to(&self, item: ItemId) -> String {
        let data = &self.resolution.items[item];
        let home = |module: ModuleId| self.assembled.of_module.get(&module);
        let of_item = &self.assembled.of_item;
        let at = of_item.binary_search_by_key(&item, |&(other, _)| other);
        let lies = at.map_or_else(|_| home(data.module), |at| Some(&of_item[at].1));
        let own = (data.module, data.visibility);
        let re_exports = self.index.re_exports.get(&item).into_iter().flatten();
        let re_exports = re_exports.map(|&at| &self.resolution.re_exports[at]).filter(|r| !r.glob);
        let shown = re_exports.map(|r| (r.module, r.visibility)).filter(|(module, _)| home(*module) == lies);
        let price = |&(module, visibility): &(ModuleId, Visibility)| {
            let hidden = u32::from(visibility != Visibility::Public);
            (self.closed(module) + hidden, self.resolution.modules[module].path.matches("::").count())
        };
        let (module, _) = std::iter::once(own).chain(shown).min_by_key(price).unwrap_or(own);
        let variant = match &self.passed.meant {
            PassedMeaning::Variant(_, variant) => format!("::{variant}"),
            _ => String::new(),
        };
        match data.kind {
            ItemKind::Module => data.path.clone(),
            _ => format!("{}::{}{variant}", self.resolution.modules[module].path, data.name),
        }
    }

    /// Modules around one that others may not name, and itself. Those that a new crate declares afresh are public.
    fn closed(&self, module: ModuleId) -> u32 {
        let modules = &self.resolution.modules;
        let home = |at: ModuleId| self.assembled.of_module.get(&at);
        let fresh = |at: ModuleId| {
            let parent = modules[at].parent;
            parent.is_none_or(|parent| modules[parent].parent.is_none() || home(parent) != home(at))
        };
        let path = std::iter::successors(Some(module), |&at| modules[at].parent);
        path.filter(|&at| modules[at].visibility != Visibility::Public && !fresh(at)).count() as u32
    }
}
