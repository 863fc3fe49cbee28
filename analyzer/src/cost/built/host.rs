//! What only the build itself needs: procedural macros, build scripts, and what these depend on.

use super::unit::Unit;
use crate::cost::measured::{UnitMode, UnitTargetKind};

/// Fills in whether a unit is built for the host; `None` where nothing that depends on it is there to decide it.
pub(super) fn mark(units: &mut [Unit<'_>]) {
    let of_host = |unit: &Unit<'_>| {
        matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript)
            && matches!(unit.mode, UnitMode::Build | UnitMode::Run)
    };
    let mut reached = vec![false; units.len()];
    let is_root = |unit: &Unit<'_>| unit.dependents.is_empty() && unit.member == Some(true) && !of_host(unit);
    let mut open: Vec<usize> = (0..units.len()).filter(|&at| is_root(&units[at])).collect();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at], true) {
            open.extend(units[at].dependencies.iter().copied().filter(|&to| !of_host(&units[to])));
        }
    }
    for (at, reached) in reached.into_iter().enumerate() {
        let unit = &units[at];
        let host = if unit.mode == UnitMode::Run {
            None
        } else if of_host(unit) {
            Some(true)
        } else if reached {
            Some(false)
        } else if unit.dependents.is_empty() {
            None
        } else {
            Some(only_hosts_need(units, at))
        };
        units[at].host = host;
    }
}

/// Whether every chain of dependents of a unit ends in something of the host's. What has lost its dependents may be anybody's.
fn only_hosts_need(units: &[Unit<'_>], at: usize) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        let unit = &units[at];
        let host = matches!(unit.target.kind, UnitTargetKind::ProcMacro | UnitTargetKind::BuildScript);
        if host && unit.mode != UnitMode::Check {
            continue;
        }
        if unit.dependents.is_empty() {
            return false;
        }
        open.extend(&unit.dependents);
    }
    true
}
