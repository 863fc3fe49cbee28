//! Times that can't be those of a build.
//!
//! A tree that was copied, unpacked or touched has times that look like some; a clock may jump. Single units that can't be are
//! left out; where they are many, or units stand in an order that no build has, the others of that build mean nothing either.

use std::collections::BTreeMap;

use super::Group;
use super::model::{Refusal, RefusalReason};
use super::unit::{Compiled, Unit};
use crate::cost::measured::UnitMode;
use crate::discover::{BuiltDir, Output};

/// No process that compiles ends sooner: `rustc` takes 20 ms for an empty crate (`time rustc --crate-type lib empty.rs`).
const LEAST_S: f64 = 0.005;

/// Longer than a job may take on GitHub's runners: six hours.
const MOST_S: f64 = 6.0 * 3600.0;

/// A step of the clock that files are stamped with: 4 ms on Linux (`CONFIG_HZ` 250), 10 ms at most (100).
const TICK_S: f64 = 0.01;

/// With times of whole seconds a duration is off by up to a second: so many make that a tenth.
const COARSE_S: f64 = 10.0;

/// Hardware threads of the largest current machines with two sockets: 2 × 192 cores × 2.
const MOST_AT_ONCE: usize = 768;

/// The share of a build's units, or of its dependencies, that may be impossible for the others to count.
const TOLERATED: f64 = 0.1;

/// Marks what is refused, and says why.
pub(super) fn refuse(units: &mut [Unit<'_>], group: &Group<'_>, refusals: &mut Vec<Refusal>) {
    let mut reasons: Vec<Option<RefusalReason>> = units.iter().map(alone).collect();
    let sessions = units.iter().map(|unit| unit.session + 1).max().unwrap_or(0);
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); sessions];
    for (at, unit) in units.iter().enumerate() {
        of[unit.session].push(at);
    }
    for session in of {
        let coarse = coarse(units, &session);
        for &at in session.iter().filter(|_| coarse) {
            if units[at].seconds() < COARSE_S {
                reasons[at] = Some(RefusalReason::Coarse);
            }
        }
        let reason = if coarse { None } else { together(units, &session, &reasons) };
        for at in session {
            reasons[at] = reasons[at].or(reason);
        }
    }
    let mut counted: BTreeMap<(usize, RefusalReason), Vec<usize>> = BTreeMap::new();
    for (at, reason) in reasons.into_iter().enumerate() {
        if let Some(reason) = reason {
            units[at].compiled = Compiled::Refused;
            counted.entry((units[at].dir, reason)).or_default().push(at);
        }
    }
    refusals.extend(counted.into_iter().map(|((dir, reason), all)| Refusal {
        directory: directory(group[dir]),
        reason,
        units: all.len() as u64,
        example: units[all[0]].name(),
    }));
}

/// What one unit's own times say.
fn alone(unit: &Unit<'_>) -> Option<RefusalReason> {
    let runs = unit.mode == UnitMode::Run;
    if unit.raw.clippy {
        Some(RefusalReason::Clippy)
    } else if unit.raw.started.is_none() {
        Some(RefusalReason::NoStart)
    } else if unit.end < unit.start {
        Some(RefusalReason::EndsBeforeStart)
    } else if !runs && unit.seconds() < LEAST_S {
        Some(RefusalReason::NoTime)
    } else if unit.seconds() > MOST_S {
        Some(RefusalReason::TooLong)
    } else if unit.raw.metadata.is_some_and(|at| at.since(unit.end) > TICK_S) {
        Some(RefusalReason::MetadataAfterEnd)
    } else {
        None
    }
}

/// Whether times are of whole seconds: an archive or a layer of an image keeps no more.
fn coarse(units: &[Unit<'_>], session: &[usize]) -> bool {
    let whole = |stamp: crate::discover::Stamp| stamp.0 % 1_000_000_000 == 0;
    session.len() > 1 && session.iter().all(|&at| whole(units[at].start) && whole(units[at].end))
}

/// What the times of one build's units say together.
fn together(
    units: &[Unit<'_>],
    session: &[usize],
    reasons: &[Option<RefusalReason>],
) -> Option<RefusalReason> {
    let impossible = |at: &&usize| !matches!(reasons[**at], None | Some(RefusalReason::Clippy));
    let wrong = session.iter().filter(impossible).count();
    if wrong as f64 > TOLERATED * session.len() as f64 {
        return Some(RefusalReason::Untrustworthy);
    }
    if out_of_order(units, session) {
        return Some(RefusalReason::OutOfOrder);
    }
    if at_once(units, session) > MOST_AT_ONCE {
        return Some(RefusalReason::TooManyAtOnce);
    }
    None
}

/// Whether units began before what they need was there.
fn out_of_order(units: &[Unit<'_>], session: &[usize]) -> bool {
    let (mut all, mut wrong) = (0, 0);
    for &at in session {
        let user = &units[at];
        for dependency in user.dependencies.iter().map(|&to| &units[to]) {
            if dependency.session != user.session {
                continue;
            }
            // A check's metadata is there at some time before its end.
            let ready = match (dependency.metadata, dependency.raw.output) {
                (None, Output::Metadata) if !user.links() => dependency.start,
                _ => dependency.ready_for(user),
            };
            all += 1;
            wrong += usize::from(ready.since(user.start) > TICK_S);
        }
    }
    wrong as f64 > TOLERATED * f64::from(all)
}

/// The most units that ran at the same time.
pub(super) fn at_once(units: &[Unit<'_>], among: &[usize]) -> usize {
    let ends = among.iter().flat_map(|&at| [(units[at].start, 1), (units[at].end, -1)]);
    let mut changes: Vec<_> = ends.collect();
    changes.sort_unstable();
    let running = changes.into_iter().scan(0_i64, |running, (_, change)| {
        *running += change;
        Some(*running)
    });
    running.max().and_then(|most| usize::try_from(most).ok()).unwrap_or(0)
}

/// The directory of a profile, for messages.
pub(super) fn directory(dir: &BuiltDir) -> String {
    match &dir.triple {
        Some(triple) => format!("{}/{triple}/{}", dir.target_dir, dir.profile_dir),
        None => format!("{}/{}", dir.target_dir, dir.profile_dir),
    }
}
