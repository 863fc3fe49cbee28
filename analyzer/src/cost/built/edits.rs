//! Rebuilds after an edit, build by build.

use std::collections::{BTreeMap, BTreeSet};

use super::model::MeasuredEdit;
use super::unit::{Compiled, Unit};
use super::{Group, assemble};
use crate::cost::measured::{BuildMode, UnitMode};

/// The builds of a group in which something was rebuilt and nothing compiled whole that a clean build compiles.
pub(super) fn edits(units: &[Unit<'_>], group: &Group<'_>) -> Vec<MeasuredEdit> {
    let mut sessions: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for (at, unit) in units.iter().enumerate() {
        if unit.compiled != Compiled::Refused && unit.mode != UnitMode::Run {
            sessions.entry((unit.session, unit.dir)).or_default().insert(at);
        }
    }
    let of = |((_, dir), all): ((usize, usize), BTreeSet<usize>)| {
        let again = all.iter().all(|&at| units[at].compiled == Compiled::Again);
        again.then(|| edit(units, group, dir, &all))
    };
    sessions.into_iter().filter_map(of).collect()
}

fn edit(units: &[Unit<'_>], group: &Group<'_>, dir: usize, all: &BTreeSet<usize>) -> MeasuredEdit {
    let end = all.iter().map(|&at| units[at].end).max().unwrap_or_default();
    let has = |modes: [UnitMode; 2]| all.iter().any(|&at| modes.contains(&units[at].mode));
    let mode = if has([UnitMode::Test; 2]) {
        BuildMode::Test
    } else if has([UnitMode::Build; 2]) {
        BuildMode::Build
    } else {
        BuildMode::Check
    };
    let costs = assemble::file(units, group, (dir, mode), all);
    let mut order: Vec<usize> = all.iter().copied().collect();
    order.sort_by_key(|&at| (units[at].start, units[at].end, at));
    let below = |at: usize| units[at].dependencies.iter().any(|to| all.contains(to));
    let edited = (0..).zip(&order).filter(|&(_, &at)| !below(at)).map(|(position, _)| position).collect();
    // A dependent that was last built before has not been asked for since; one that was built later was built again.
    let dependents = || all.iter().flat_map(|&at| &units[at].dependents).filter(|at| !all.contains(at));
    let complete = !dependents().any(|&at| units[at].start > end);
    MeasuredEdit { place: assemble::place(group[dir]), ended: end.seconds(), costs, edited, complete }
}
