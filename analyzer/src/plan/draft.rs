//! One package's plan, written out: its crates, what runs against their order, and all work that it takes.

use super::boundary::build_script::build_script_needs;
use super::boundary::edits::boundary_edits;
use super::boundary::facade::facade_paths;
use super::boundary::manifest::fill_needs;
use super::boundary::other_paths::other_paths;
use super::boundary::re_exports::re_exports;
use super::boundary::silent::silent_changes;
use super::boundary::test_work::TestWork;
use super::boundary::visibility::{moved_paths, shared_statics, widenings};
use super::cuts::blockers::blockers;
use super::cuts::choose::{Choice, choose};
use super::cuts::methods::follow_methods;
use super::cuts::together::Together;
use super::cuts::work::work;
use super::edit::Edit;
use super::index::{Index, has_library};
use super::input::PlanInput;
use super::model::{Cut, Plan, PlanCrate, Widening};
use super::partition::assemble::Assembled;
use super::partition::groups::Groups;
use super::partition::place::Placement;
use super::partition::placed::placed;
use super::sharers::sharers;
use crate::ids::{CrateId, EditId, IdVec, PackageId, PlanCrateId};

/// What is planned: a placement of one package, and its crates.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Placed<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) index: &'a Index,
    pub(in crate::plan) package: PackageId,
    pub(in crate::plan) krate: CrateId,
    pub(in crate::plan) groups: &'a Groups,
    pub(in crate::plan) placement: &'a Placement,
    pub(in crate::plan) assembled: &'a Assembled,
}

/// A placement with the edits of its cuts, and where everything lies once these are made: boundaries are judged there.
pub(in crate::plan) struct Draft<'a> {
    placed: Placed<'a>,
    pub(in crate::plan) choice: Choice<'a>,
    cuts: Vec<Cut>,
    edits: IdVec<EditId, Edit>,
    after: Assembled,
    pub(in crate::plan) tests: TestWork,
}

impl<'a> Draft<'a> {
    pub(in crate::plan) fn new(placed: Placed<'a>) -> Self {
        let Placed { input, package, groups, placement, assembled, .. } = placed;
        let choice = choose(input, groups, placement);
        let (cuts, edits) = work(input, groups, placement, assembled, &choice);
        let mut after = assembled.after(groups, &edits);
        follow_methods(input, groups, (&cuts, &edits), &mut after);
        let tests = TestWork::new(input, groups, &after, has_library(input.repository, package));
        Self { placed, choice, cuts, edits, after, tests }
    }

    /// The plan, without a note.
    pub(in crate::plan) fn plan(&self) -> Plan {
        let Placed { input, index, package, krate, groups, assembled, .. } = self.placed;
        let (after, tests) = (&self.after, &self.tests);
        let mut plan = Plan {
            crates: self.crates(),
            cuts: self.cuts.clone(),
            edits: self.edits.clone(),
            visibility: self.visibility(),
            statics: shared_statics(input, groups, after),
            paths: moved_paths(input, after),
            test_moves: tests.moves.clone(),
            test_support: tests.support.clone(),
            build_script: build_script_needs(input, package, after),
            facade: Vec::new(),
            other_paths: other_paths((input, index), groups, after, tests),
            silent: silent_changes(input, package, after),
            blockers: blockers(input, &self.choice),
            boundary_edits: Vec::new(),
            note: None,
        };
        for (cut, edit) in self.re_exports() {
            plan.add(cut, edit);
        }
        for edit in placed(input, groups, assembled) {
            plan.edits.push(edit);
        }
        let sharers = sharers(input, index, (package, krate), assembled);
        plan.facade = facade_paths((input, index), package, &plan);
        plan.boundary_edits = boundary_edits(input, package, (after, &sharers), &plan);
        plan
    }

    /// What has to become visible.
    pub(in crate::plan) fn visibility(&self) -> Vec<Widening> {
        let Placed { input, index, groups, .. } = self.placed;
        widenings((input, index), groups, &self.after, &self.tests)
    }

    /// Re-exports that lead up.
    pub(in crate::plan) fn re_exports(&self) -> Vec<(Cut, Edit)> {
        re_exports(self.placed.input, &self.after)
    }

    /// The crates that stay one while the references that only people can remove are left.
    pub(in crate::plan) fn together(&self) -> Together {
        let Placed { input, groups, assembled, .. } = self.placed;
        let krate = |item| groups.of(item).map(|group| assembled.of_group[group]);
        let left = self.choice.by_hand(input).into_iter();
        Together::new(&self.after.crates, left.filter_map(|pair| krate(pair.from).zip(krate(pair.to))))
    }

    /// The crates as they are placed, with what their manifests need in the end.
    fn crates(&self) -> IdVec<PlanCrateId, PlanCrate> {
        let Placed { input, index, package, assembled, .. } = self.placed;
        let mut after = self.after.crates.clone();
        fill_needs(input, index, package, &mut after);
        let crate_of = |(krate, after): (&PlanCrate, &PlanCrate)| PlanCrate {
            depends_on: after.depends_on.clone(),
            dependencies: after.dependencies.clone(),
            features: after.features.clone(),
            ..krate.clone()
        };
        assembled.crates.iter().zip(&after).map(crate_of).collect()
    }
}
