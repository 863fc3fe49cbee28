//! Calls of cargo, separated by the time between them.

use super::plausible::at_once;
use super::unit::Unit;
use crate::discover::Stamp;

/// A pause of so many seconds ends a build. Within one, cargo takes some milliseconds between units; before the first it reads
/// manifests, for 0.2 s and more in large workspaces, and a person who edits takes longer.
const PAUSE_S: f64 = 1.0;

/// A unit that could have begun so many seconds before waited for a free job. A choice: cargo takes milliseconds, and a thread that
/// generates code for another unit gives its token back sooner.
const WAIT_S: f64 = 0.5;

/// Numbers units by the call of cargo that they are of.
pub(super) fn mark(units: &mut [Unit<'_>]) {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&at| (units[at].start, units[at].end, at));
    let (mut session, mut until) = (0, None::<Stamp>);
    for at in order {
        let unit = &mut units[at];
        if until.is_some_and(|until| unit.start.since(until) > PAUSE_S) {
            session += 1;
        }
        unit.session = session;
        until = Some(until.map_or(unit.end, |until| until.max(unit.end)));
    }
}

/// Marks the units of calls with one job (`-j1`): nothing ran beside anything, though something waited while another unit ran.
pub(super) fn mark_serial(units: &mut [Unit<'_>]) {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|&at| (units[at].session, units[at].start, units[at].end, at));
    let calls = order.chunk_by(|&a, &b| units[a].session == units[b].session);
    let serial = calls.filter(|call| at_once(units, call) == 1 && waited(units, call));
    let serial: Vec<usize> = serial.flatten().copied().collect();
    serial.into_iter().for_each(|at| units[at].jobs = Some(1));
}

/// Whether a unit of a call, given in order of start, could have begun a while before the one ahead of it had ended.
fn waited(units: &[Unit<'_>], call: &[usize]) -> bool {
    let Some(first) = call.first().map(|&at| units[at].start) else { return false };
    call.windows(2).any(|pair| {
        let (ahead, unit) = (&units[pair[0]], &units[pair[1]]);
        let needed = unit.dependencies.iter().map(|&to| &units[to]).filter(|to| to.session == unit.session);
        let ready = needed.map(|to| to.ready_for(unit)).max().unwrap_or(first);
        ahead.end.since(ready.max(ahead.start)) > WAIT_S && unit.start >= ahead.end
    })
}
