//! What the pieces cost in each mode, and which units their package is.

use super::model::{BenchMode, Parts};
use crate::cost::{Cost, Costs, Mode};
use crate::ids::{CrateId, Id, IdVec, PlanCrateId, UnitId, WorkspaceId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::partition::assemble::Assembled;
use crate::plan::predict::direct::used_parts;
use crate::plan::predict::inherit::{Inherited, package_of_units};
use crate::plan::predict::split::{CODEGEN_EXPONENT, PARTED_CHECK, Work, harness_costs};
use crate::simulate::clean_units;

/// Tenths of microseconds in a second.
const TICKS: f64 = 1e7;

/// One mode; `None` if its build doesn't compile the crate.
pub(super) fn mode(
    (input, index): (&PlanInput<'_>, &Index),
    costs: &Costs,
    (workspace, krate): (WorkspaceId, CrateId),
    assembled: &Assembled,
) -> Option<BenchMode> {
    let units = clean_units((input.repository, input.resolution), costs, workspace);
    let first = units.first_of(krate)?;
    let work = Work::of_unit(costs, krate, assembled, &units);
    let mut parts = vec![part(first, work.whole, &work.own)];
    if let Some(host) = units.host_of_crate.get(krate).copied().flatten() {
        parts.push(part(host, costs.host_crates[krate], &IdVec::new()));
    }
    let harness = units.harness_beside(krate).map(|unit| {
        let whole = costs.harnesses.get(krate).copied().unwrap_or_default();
        part(unit, whole, &harness_costs(costs, assembled))
    });
    let users = used_parts(input, index, krate, assembled, &|_, _| true).into_keys();
    let of_user = |user: CrateId| units.compiling(user).map(|unit| unit.0).collect();
    let packages = package_of_units(input, &units);
    Some(BenchMode {
        mode: costs.mode,
        parts,
        harness,
        users: users.map(of_user).collect(),
        packages: packages.into_iter().map(|(unit, package)| (unit.0, package.0)).collect(),
        crate_s: costs.overhead.crate_s,
        per_dependency_s: costs.overhead.per_dependency_s,
        parted: if costs.mode == Mode::Check { 1.0 + PARTED_CHECK } else { 1.0 },
        codegen_exponent: CODEGEN_EXPONENT,
    })
}

fn part(unit: UnitId, whole: Cost, own: &IdVec<PlanCrateId, Cost>) -> Parts {
    let ticks = |seconds: f64| (seconds * TICKS).round() as u64;
    Parts {
        unit: unit.0,
        whole_s: (whole.frontend_s, whole.codegen_s),
        own: own.iter().flat_map(|cost| [ticks(cost.frontend_s), ticks(cost.codegen_s)]).collect(),
    }
}

/// The packages of the repository that each piece needs.
pub(super) fn needs(
    (input, index): (&PlanInput<'_>, &Index),
    krate: CrateId,
    assembled: &Assembled,
) -> Vec<Vec<u32>> {
    let inherited = Inherited::new(input, index, &Default::default(), krate, assembled);
    assembled
        .crates
        .ids()
        .map(|id| inherited.used_by(id.index()).map(|package| package.0).collect())
        .collect()
}
