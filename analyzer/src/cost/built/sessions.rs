//! Calls of cargo, separated by the time between them.

use super::unit::Unit;
use crate::discover::Stamp;

/// A pause of so many seconds ends a build. Within one, cargo takes some milliseconds between units; before the first it reads
/// manifests, for 0.2 s and more in large workspaces, and a person who edits takes longer.
const PAUSE_S: f64 = 1.0;

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
