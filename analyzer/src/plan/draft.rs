//! One package's plan, written out: its crates, what runs against their order, and all work that it takes.

use super::boundary::build_script::build_script_needs;
use super::boundary::edits::boundary_edits;
use super::boundary::facade::facade_paths;
use super::boundary::other_paths::other_paths;
use super::boundary::re_exports::re_exports;
use super::boundary::silent::silent_changes;
use super::boundary::test_work::TestWork;
use super::boundary::visibility::{moved_paths, shared_statics, widenings};
use super::cuts::against::against;
use super::cuts::blockers::blockers;
use super::cuts::work::work;
use super::index::Index;
use super::input::PlanInput;
use super::model::Plan;
use super::partition::assemble::Assembled;
use super::partition::groups::Groups;
use super::partition::place::Placement;
use super::partition::placed::placed;
use super::sharers::sharers;
use crate::ids::{CrateId, PackageId};

/// Everything placed.
pub(in crate::plan) struct Draft<'a> {
    pub(in crate::plan) input: &'a PlanInput<'a>,
    pub(in crate::plan) index: &'a Index,
    pub(in crate::plan) package: PackageId,
    pub(in crate::plan) krate: CrateId,
    pub(in crate::plan) groups: &'a Groups,
    pub(in crate::plan) placement: &'a Placement,
    pub(in crate::plan) assembled: &'a Assembled,
    pub(in crate::plan) tests: &'a TestWork,
}

impl Draft<'_> {
    /// The plan, without a note.
    pub(in crate::plan) fn plan(&self) -> Plan {
        let Self { input, index, package, krate, groups, placement, assembled, tests } = *self;
        let (cuts, edits) = work(input, groups, placement, assembled);
        let mut plan = Plan {
            crates: assembled.crates.clone(),
            cuts,
            edits,
            visibility: widenings((input, index), groups, assembled, tests),
            statics: shared_statics(input, groups, assembled),
            paths: moved_paths(input, assembled),
            test_moves: tests.moves.clone(),
            test_support: tests.support.clone(),
            build_script: build_script_needs(input, package, assembled),
            facade: Vec::new(),
            other_paths: other_paths((input, index), groups, assembled, tests),
            silent: silent_changes(input, package, assembled),
            blockers: blockers(input, &against(input, groups, placement)),
            boundary_edits: Vec::new(),
            note: None,
        };
        for (cut, edit) in re_exports(input, assembled) {
            plan.add(cut, edit);
        }
        for edit in placed(input, groups, assembled) {
            plan.edits.push(edit);
        }
        let sharers = sharers(input, index, (package, krate), assembled);
        plan.facade = facade_paths((input, index), package, &plan);
        plan.boundary_edits = boundary_edits(input, package, (assembled, &sharers), &plan);
        plan
    }
}
