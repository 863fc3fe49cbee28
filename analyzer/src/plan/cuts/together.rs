//! Crates that stay one as long as references against their order are left, since these are work for people: what a tool makes of a
//! plan has fewer crates than the plan then.

use crate::graph::{Condensation, condense};
use crate::ids::{GroupId, Id, IdVec, LevelId, PlanCrateId};
use crate::plan::model::PlanCrate;
use crate::plan::partition::place::Placement;

/// What becomes of a plan's crates.
pub(in crate::plan) struct Together {
    found: Condensation,
}

impl Together {
    /// Of crates and references that are left, each from the crate that refers to the other.
    pub(in crate::plan) fn new(
        crates: &IdVec<PlanCrateId, PlanCrate>,
        left: impl Iterator<Item = (PlanCrateId, PlanCrateId)>,
    ) -> Self {
        let depends = crates
            .iter_enumerated()
            .flat_map(|(from, krate)| krate.depends_on.iter().map(move |&to| (from, to)));
        let arcs = depends.chain(left).map(|(from, to)| (from.index() as u32, to.index() as u32));
        Self { found: condense(crates.len(), arcs) }
    }

    /// How many crates come of it.
    pub(in crate::plan) fn len(&self) -> usize {
        self.found.sccs.len()
    }

    /// Lines of each, and whether the crate that keeps the name is part of it.
    pub(in crate::plan) fn sizes<'a>(
        &'a self,
        crates: &'a IdVec<PlanCrateId, PlanCrate>,
    ) -> impl Iterator<Item = (u32, bool)> + 'a {
        self.found.sccs.iter().map(|members| {
            let members = members.iter().map(|&at| &crates[PlanCrateId::from_index(at as usize)]);
            members.fold((0, false), |(lines, residual), krate| {
                (lines + krate.lines, residual || krate.residual)
            })
        })
    }

    /// Everything in the crates that come of it.
    pub(in crate::plan) fn placement(&self, of_group: &IdVec<GroupId, PlanCrateId>) -> Placement {
        let crates = self.len();
        let level = |krate: &PlanCrateId| {
            // Dependents come first there, and what keeps the name depends on all others.
            LevelId::from_index(crates - 1 - self.found.scc_of[krate.index()] as usize)
        };
        Placement::described(of_group.iter().map(level).collect(), crates, LevelId::from_index(crates - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn krate(lines: u32, residual: bool, depends_on: &[u32]) -> PlanCrate {
        let depends_on = depends_on.iter().map(|&at| PlanCrateId(at)).collect();
        PlanCrate { lines, residual, depends_on, ..PlanCrate::default() }
    }

    #[test]
    fn what_lies_between_stays_with_both_ends() {
        let crates: IdVec<PlanCrateId, PlanCrate> = vec![
            krate(10, false, &[]),
            krate(20, false, &[0]),
            krate(30, false, &[1]),
            krate(40, true, &[0, 1, 2]),
        ]
        .into();
        let sizes = |left: &[(u32, u32)]| {
            let left = left.iter().map(|&(from, to)| (PlanCrateId(from), PlanCrateId(to)));
            Together::new(&crates, left).sizes(&crates).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[]), [(40, true), (30, false), (20, false), (10, false)]);
        assert_eq!(sizes(&[(1, 2)]), [(40, true), (50, false), (10, false)]);
        assert_eq!(sizes(&[(1, 3)]), [(90, true), (10, false)]);
        // Each group goes where its crate goes, what keeps the name on top.
        let of_group = (0..4).map(PlanCrateId).collect();
        let left = std::iter::once((PlanCrateId(1), PlanCrateId(2)));
        let placement = Together::new(&crates, left).placement(&of_group);
        assert_eq!(placement.level.into_vec(), [0, 1, 1, 2].map(LevelId));
        assert_eq!((placement.crates, placement.residual), (3, LevelId(2)));
    }
}
