//! Users of a package that depend on the crates of a plan themselves, in place of the one that re-exports them.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{CrateId, Id, ItemId, PackageId, PlanCrateId, UnitId};
use crate::plan::index::{Index, references_to};
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::Assembled;
use crate::simulate::Units;

/// Which crates of the plan each other crate uses.
pub(in crate::plan) fn used_parts(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    assembled: &Assembled,
    counts: &dyn Fn(PlanCrateId, bool) -> bool,
) -> BTreeMap<CrateId, BTreeSet<PlanCrateId>> {
    let of_item: BTreeMap<ItemId, PlanCrateId> = assembled.of_item.iter().copied().collect();
    let items: BTreeSet<ItemId> = of_item.keys().copied().collect();
    let mut used: BTreeMap<CrateId, BTreeSet<PlanCrateId>> = BTreeMap::new();
    for reference in references_to(input, &items).filter(|reference| !reference.test) {
        let from = index.crate_of[reference.from];
        let to = of_item.get(&reference.to).filter(|&&to| from != krate && counts(to, reference.structural));
        if let Some(&to) = to {
            used.entry(from).or_default().insert(to);
        }
    }
    for borrowed in &input.resolution.borrowed_names {
        let from = index.crate_of[borrowed.taker.item];
        let to = assembled.of_module.get(&borrowed.module).filter(|&&to| from != krate && counts(to, true));
        if let Some(&to) = to.filter(|_| !borrowed.taker.test) {
            used.entry(from).or_default().insert(to);
        }
    }
    used
}

/// Who depends on which crates of the plan where it is not on the residual one: users of crates that it can't re-export
/// as it lies below them, and with `all` everybody on what is used.
pub(in crate::plan) fn direct_users(
    (input, index): (&PlanInput<'_>, &Index),
    (krate, assembled): (CrateId, &Assembled),
    (units, unit): (&Units, UnitId),
    all: bool,
) -> BTreeMap<UnitId, Vec<usize>> {
    let residual = assembled.residual();
    let mut direct = BTreeMap::new();
    if !all && residual.index() + 1 == assembled.crates.len() {
        return direct;
    }
    let counts = |to: PlanCrateId, structural: bool| all || (structural && to > residual);
    for (user, used) in used_parts(input, index, krate, assembled, &counts) {
        let facade = (!all).then_some(residual.index());
        for user in units.compiling(user).filter(|&user| user != unit) {
            direct.insert(user, facade.into_iter().chain(used.iter().map(|part| part.index())).collect());
        }
    }
    direct
}

/// The other packages that use some crates of the plan and not all, with those crates: who gains by depending on them.
pub(in crate::plan) fn users_of_parts(
    input: &PlanInput<'_>,
    index: &Index,
    krate: CrateId,
    assembled: &Assembled,
) -> BTreeMap<PackageId, BTreeSet<PlanCrateId>> {
    let package_of = |krate: CrateId| input.repository.targets[input.resolution.crates[krate].target].package;
    let mut users: BTreeMap<PackageId, BTreeSet<PlanCrateId>> = BTreeMap::new();
    for (user, parts) in used_parts(input, index, krate, assembled, &|_, _| true) {
        if package_of(user) != package_of(krate) {
            users.entry(package_of(user)).or_default().extend(parts);
        }
    }
    let holding = assembled.crates.iter().filter(|krate| krate.lines > 0).count();
    users.retain(|_, parts| parts.len() < holding);
    users
}
