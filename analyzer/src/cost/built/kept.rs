//! Which units rustc compiled whole, and which with what it had kept.
//!
//! A crate's directory of incremental compilation is made when the crate is compiled for the first time: its birth is after the
//! start of a whole compilation and before that of a rebuild. Which of several directories of a crate's name is a
//! unit's (its name is a hash of rustc's, not of cargo's) follows from the sessions in it, which are named by the time they began.

use super::Group;
use super::unit::{Compiled, Unit};
use crate::cost::measured::UnitMode;
use crate::discover::{IncrementalCache, Stamp};

/// A step of the clock that files are stamped with, in nanoseconds: see `plausible::TICK_S`.
const TICK: i64 = 10_000_000;

/// Fills in how units that aren't refused were compiled.
pub(super) fn mark(units: &mut [Unit<'_>], group: &Group<'_>) {
    let found: Vec<Compiled> = units.iter().map(|unit| compiled(unit, units, group)).collect();
    for (unit, compiled) in units.iter_mut().zip(found) {
        unit.compiled = compiled;
    }
}

fn compiled(unit: &Unit<'_>, units: &[Unit<'_>], group: &Group<'_>) -> Compiled {
    if unit.compiled == Compiled::Refused {
        return Compiled::Refused;
    }
    if unit.mode == UnitMode::Run {
        return Compiled::Whole;
    }
    let named = |cache: &&IncrementalCache| cache.krate == unit.target.name;
    let caches: Vec<&IncrementalCache> = group[unit.dir].incremental.iter().filter(named).collect();
    if caches.is_empty() {
        // Nothing was kept: a profile without incremental compilation, or a package from elsewhere.
        return Compiled::Whole;
    }
    let during = |at: &Stamp| at.0 >= unit.start.0 - TICK && *at <= unit.end;
    let first = |cache: &&IncrementalCache| cache.sessions.iter().copied().filter(during).min();
    // Crates of one name may be compiled at the same time: a library and its tests.
    let Some(own) = caches.iter().copied().filter(|cache| first(cache).is_some()).min_by_key(first) else {
        return if unit.member == Some(true) { Compiled::Unsure } else { Compiled::Whole };
    };
    match own.born {
        // A copy of the tree is younger than what was built.
        Some(born) if born <= unit.end => {
            if born.0 >= unit.start.0 - TICK {
                Compiled::Whole
            } else {
                Compiled::Again
            }
        }
        _ if with_others(unit, units) => Compiled::Whole,
        _ => Compiled::Unsure,
    }
}

/// Without births: whether all packages from elsewhere that the unit needs were compiled in the same build.
fn with_others(unit: &Unit<'_>, units: &[Unit<'_>]) -> bool {
    let others = || unit.dependencies.iter().map(|&to| &units[to]).filter(|to| to.member == Some(false));
    others().next().is_some() && others().all(|to| to.session == unit.session)
}
