//! Which dependencies of a package each crate of its plan waits for: a new crate starts when *its* dependencies are
//! ready, not all that the package had.

use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use crate::ids::{CrateId, Id, ItemId, PackageId, UnitId};
use crate::plan::index::Index;
use crate::plan::input::PlanInput;
use crate::plan::model::PlanCrate;
use crate::plan::partition::assemble::Assembled;
use crate::simulate::{UnitGraph, Units};

/// Who needs which local packages, for one package that is split.
pub(in crate::plan) struct Inherited {
    /// The local packages that each crate of the plan mentions or refers to.
    used: Vec<FixedBitSet>,
    /// The local package that a unit compiles.
    package_of: BTreeMap<UnitId, PackageId>,
    residual: usize,
}

impl Inherited {
    /// What is mentioned counts by file, what is referred to by item: a name that comes through a prelude is mentioned
    /// nowhere, and what a macro writes is referred to by nobody.
    pub(in crate::plan) fn new(
        input: &PlanInput<'_>,
        index: &Index,
        units: &Units,
        krate: CrateId,
        assembled: &Assembled,
    ) -> Self {
        let package =
            |krate: CrateId| input.repository.targets[input.resolution.crates[krate].target].package;
        let own = package(krate);
        let mut used: Vec<FixedBitSet> =
            assembled.crates.iter().map(|new| mentioned(input, own, new)).collect();
        for &(item, id) in &assembled.of_item {
            for other in referred_to(input, item).map(|to| package(index.crate_of[to])) {
                if other != own {
                    used[id.index()].insert(other.index());
                }
            }
        }
        Self { used, package_of: package_of_units(input, units), residual: assembled.residual().index() }
    }

    /// The local packages that a crate of the plan mentions or refers to.
    pub(in crate::plan) fn used_by(&self, at: usize) -> impl Iterator<Item = PackageId> + '_ {
        self.used[at].ones().map(PackageId::from_index)
    }

    /// Of the dependencies of `unit`, those of each crate of the plan; `None` for all of them.
    ///
    /// Runs of build scripts and packages from elsewhere are inherited by all. The residual crate keeps what nobody
    /// seems to use, and all of it if it links.
    pub(in crate::plan) fn of(&self, graph: &UnitGraph, unit: UnitId) -> Vec<Option<Vec<UnitId>>> {
        let old = &graph.units[unit];
        let uses = |crate_at: usize, dependency: UnitId| {
            self.package_of
                .get(&dependency)
                .is_none_or(|package| self.used[crate_at].contains(package.index()))
        };
        let unused = |dependency: UnitId| !(0..self.used.len()).any(|other| uses(other, dependency));
        (0..self.used.len())
            .map(|at| {
                let residual = at == self.residual;
                let all = old.dependencies.iter().map(|&(dependency, _)| dependency);
                (!(residual && old.links()))
                    .then(|| all.filter(|&d| uses(at, d) || residual && unused(d)).collect())
            })
            .collect()
    }
}

/// The local package that each unit compiles.
pub(in crate::plan) fn package_of_units(input: &PlanInput<'_>, units: &Units) -> BTreeMap<UnitId, PackageId> {
    let package = |krate: CrateId| input.repository.targets[input.resolution.crates[krate].target].package;
    let compiled = input
        .resolution
        .crates
        .ids()
        .flat_map(|krate| units.compiling(krate).map(move |unit| (unit, krate)).collect::<Vec<_>>());
    compiled.map(|(unit, krate)| (unit, package(krate))).collect()
}

/// The local packages among those that the files of a new crate mention.
fn mentioned(input: &PlanInput<'_>, own: PackageId, new: &PlanCrate) -> FixedBitSet {
    let declared = &input.repository.packages[own].dependencies;
    let of_need = |package: &str| declared.iter().find(|d| d.package == package).and_then(|d| d.local);
    let mut packages = FixedBitSet::with_capacity(input.repository.packages.len());
    let needs = new.dependencies.iter().filter(|need| !need.dev);
    needs.filter_map(|need| of_need(&need.package)).for_each(|package| packages.insert(package.index()));
    packages
}

/// What an item refers to outside of tests.
fn referred_to(input: &PlanInput<'_>, item: ItemId) -> impl Iterator<Item = ItemId> {
    input
        .graph
        .edges(NodeIndex::new(item.index()))
        .filter(|edge| edge.weight().weight > edge.weight().test_weight)
        .map(|edge| input.graph[edge.target()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::IdVec;
    use crate::simulate::{Awaited, Unit};

    /// Unit 0 is split; it depends on 1 and 2, which compile packages 1 and 2, and on 3, a run of its build script.
    fn graph(link_s: f64) -> UnitGraph {
        let mut units: IdVec<UnitId, Unit> = IdVec::from_elem(Unit::default(), 4);
        units[UnitId(0)].dependencies = [1, 2, 3].map(|unit| (UnitId(unit), Awaited::Metadata)).to_vec();
        units[UnitId(0)].link_s = link_s;
        UnitGraph { units }
    }

    #[test]
    fn each_crate_waits_for_what_it_uses() {
        // Packages used by the new crate and by the residual one; whether the old unit links; what each waits for.
        type Case<'a> = ([&'a [u32]; 2], bool, [Option<&'a [u32]>; 2]);
        let cases: [Case<'_>; 4] = [
            ([&[1], &[2]], false, [Some(&[1, 3]), Some(&[2, 3])]),
            ([&[1, 2], &[]], false, [Some(&[1, 2, 3]), Some(&[3])]),
            // What nobody seems to use stays with the residual crate.
            ([&[1], &[1]], false, [Some(&[1, 3]), Some(&[1, 2, 3])]),
            // A binary links everything.
            ([&[1], &[]], true, [Some(&[1, 3]), None]),
        ];
        for (used, links, expected) in cases {
            let inherited = Inherited {
                used: used.iter().map(|packages| packages.iter().map(|&p| p as usize).collect()).collect(),
                package_of: BTreeMap::from([1, 2].map(|i| (UnitId(i), PackageId(i)))),
                residual: 1,
            };
            let found = inherited.of(&graph(if links { 1.0 } else { 0.0 }), UnitId(0));
            let expected =
                expected.map(|units| units.map(|units| units.iter().map(|&u| UnitId(u)).collect::<Vec<_>>()));
            assert_eq!(found, expected, "{used:?} {links}");
        }
    }
}
