//! Dependencies that only one of two reports has.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Change, NeedChange};
use crate::report::{Report, StructureReport};

/// Dependencies of packages (`true`) and modules.
type Needs<'a> = BTreeSet<(bool, &'a str, &'a str)>;

fn needs_of(structure: &StructureReport) -> Needs<'_> {
    let mut needs = Needs::new();
    for module in &structure.modules {
        for &to in &module.needs {
            let Some(to) = structure.modules.get(to as usize) else { continue };
            needs.insert((false, &module.path, &to.path));
            if module.package != to.package {
                needs.insert((true, &module.package, &to.package));
            }
        }
    }
    needs
}

/// The cycle of each module that is part of one.
fn cycles_of(structure: &StructureReport) -> BTreeMap<&str, usize> {
    let path = |&module: &u32| structure.modules.get(module as usize).map(|module| module.path.as_str());
    let cycles = structure.cycles.iter().enumerate();
    cycles.flat_map(|(at, cycle)| cycle.modules.iter().filter_map(path).map(move |path| (path, at))).collect()
}

pub(super) fn needs(old: &Report, new: &Report) -> Vec<NeedChange> {
    // Without both nothing can be said.
    let (Some(old), Some(new)) = (&old.structure, &new.structure) else { return Vec::new() };
    let (old, new) = ((needs_of(old), cycles_of(old)), (needs_of(new), cycles_of(new)));
    type Side<'a> = (Needs<'a>, BTreeMap<&'a str, usize>);
    let only = |change, here: &Side<'_>, there: &Side<'_>| -> Vec<NeedChange> {
        let is_cycle =
            |side: &Side<'_>, from, to| side.1.get(from).is_some_and(|at| side.1.get(to) == Some(at));
        let missing = here.0.difference(&there.0);
        missing
            .map(|&(of_packages, from, to)| NeedChange {
                change,
                of_packages,
                from: from.to_owned(),
                to: to.to_owned(),
                closes_cycle: !of_packages && is_cycle(here, from, to) && !is_cycle(there, from, to),
            })
            .collect()
    };
    let mut changes = only(Change::Gained, &new, &old);
    changes.extend(only(Change::Lost, &old, &new));
    changes.sort_by(|a, b| {
        let key = |c: &NeedChange| (!c.of_packages, c.change, !c.closes_cycle);
        key(a).cmp(&key(b)).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    changes
}
