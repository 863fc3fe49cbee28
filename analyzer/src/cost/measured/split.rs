//! A crate's modelled seconds in two: what doesn't depend on its items, and what does.

use std::collections::BTreeMap;

use crate::cost::{Cost, Costs, Mode};
use crate::ids::{CrateId, IdVec, ItemId};

use super::phases::Compiled;
use super::ratios::{Modelled, Predicted};

/// Modelled seconds of a crate.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Split {
    fixed: Cost,
    items: Cost,
}

impl Split {
    /// Of all seconds, and those of items among them.
    fn new(all: Cost, items: Cost) -> Self {
        let of = |all: f64, items: f64| ((all - items).max(0.0), items.min(all));
        let frontend = of(all.frontend_s, items.frontend_s);
        let codegen = of(all.codegen_s, items.codegen_s);
        Self {
            fixed: Cost { frontend_s: frontend.0, codegen_s: codegen.0 },
            items: Cost { frontend_s: frontend.1, codegen_s: codegen.1 },
        }
    }

    /// The phases that there are.
    pub(super) fn phases(self, compiled: Compiled) -> Vec<Modelled> {
        let (frontend, codegen) = compiled.phases();
        let of = |phase, fixed_s, items_s| Modelled { phase, fixed_s, items_s };
        let codegen = codegen.map(|phase| of(phase, self.fixed.codegen_s, self.items.codegen_s));
        [of(frontend, self.fixed.frontend_s, self.items.frontend_s)].into_iter().chain(codegen).collect()
    }

    /// The seconds that are predicted in place of these; code generation that has no phase of its own (what a check makes
    /// of it) stays as it is.
    pub(super) fn predicted(self, predicted: &Predicted, compiled: Compiled) -> Cost {
        let mut seconds = self.phases(compiled).into_iter().map(|modelled| predicted.seconds(modelled));
        let frontend_s = seconds.next().unwrap_or_default();
        let codegen_s = seconds.next().unwrap_or(self.fixed.codegen_s + self.items.codegen_s);
        Cost { frontend_s, codegen_s }
    }
}

/// All crates in each mode and for the host. What is built for the host has items as in a `dev` build; where there is none
/// to look at, as in the first mode.
pub(super) fn splits(
    modelled: &[Costs],
    items: &IdVec<CrateId, Vec<ItemId>>,
) -> BTreeMap<Compiled, IdVec<CrateId, Split>> {
    let of_items = |costs: &Costs, krate: CrateId| {
        let mut sum = Cost::default();
        items[krate].iter().for_each(|&item| sum += costs.items[item]);
        sum
    };
    let mut all: BTreeMap<Compiled, IdVec<CrateId, Split>> = BTreeMap::new();
    for costs in modelled {
        let crates = costs.crates.iter_enumerated();
        let of = crates.map(|(krate, &all)| Split::new(all, of_items(costs, krate)));
        all.insert(Compiled::Target(costs.mode), of.collect());
    }
    let like_host = modelled.iter().find(|c| c.mode == Mode::Dev).or(modelled.first());
    if let Some(costs) = like_host {
        let crates = costs.host_crates.iter_enumerated();
        let of = crates.map(|(krate, &all)| {
            let (target, items) = (costs.crates[krate], of_items(costs, krate));
            let share = |items: f64, of: f64, all: f64| if of > 0.0 { items / of * all } else { 0.0 };
            let items = Cost {
                frontend_s: share(items.frontend_s, target.frontend_s, all.frontend_s),
                codegen_s: share(items.codegen_s, target.codegen_s, all.codegen_s),
            };
            Split::new(all, items)
        });
        let of = of.collect();
        all.insert(Compiled::Host, of);
    }
    all
}
