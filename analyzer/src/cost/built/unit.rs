//! A unit with all that is known of it.

use std::collections::BTreeMap;

use super::details::Details;
use super::{Group, identify};
use crate::cost::measured::{UnitMode, UnitTarget, UnitTargetKind};
use crate::discover::{Output, Repository, Stamp, StampedUnit};

/// A unit; its dependencies are positions among the units of its group.
pub(super) struct Unit<'a> {
    pub(super) raw: &'a StampedUnit,
    /// Position of its directory in the group.
    pub(super) dir: usize,
    pub(super) version: String,
    pub(super) member: Option<bool>,
    pub(super) target: UnitTarget,
    pub(super) mode: UnitMode,
    pub(super) details: Details,
    pub(super) start: Stamp,
    /// When its metadata was there; `None` if that isn't known.
    pub(super) metadata: Option<Stamp>,
    pub(super) end: Stamp,
    pub(super) dependencies: Vec<usize>,
    pub(super) dependents: Vec<usize>,
    pub(super) host: Option<bool>,
    /// Which call of cargo it is of, counted in order of time.
    pub(super) session: usize,
    /// The jobs of that call, where they show.
    pub(super) jobs: Option<u32>,
    pub(super) compiled: Compiled,
}

/// How a unit was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compiled {
    /// From nothing; or run.
    Whole,
    /// With what rustc had kept of the time before.
    Again,
    /// One of the two.
    Unsure,
    /// Its times mean nothing.
    Refused,
}

impl Unit<'_> {
    pub(super) fn seconds(&self) -> f64 {
        self.end.since(self.start)
    }

    /// Whether dependents need all of it, not only its metadata.
    pub(super) fn is_library(&self) -> bool {
        self.target.kind == UnitTargetKind::Lib && matches!(self.mode, UnitMode::Build | UnitMode::Check)
    }

    /// Whether it needs the code of what it depends on.
    pub(super) fn links(&self) -> bool {
        self.target.kind != UnitTargetKind::Lib && matches!(self.mode, UnitMode::Build | UnitMode::Test)
            || self.mode == UnitMode::Test
            || self.mode == UnitMode::Run
    }

    /// When what a dependent needs of it was there; its end, where that isn't known.
    pub(super) fn ready_for(&self, dependent: &Unit<'_>) -> Stamp {
        self.metadata.filter(|_| self.is_library() && !dependent.links()).unwrap_or(self.end)
    }

    /// What it is, whatever its features.
    pub(super) fn key(&self) -> (&str, &UnitTarget, UnitMode, bool) {
        (&self.raw.package, &self.target, self.mode, self.host == Some(true))
    }

    /// For people.
    pub(super) fn name(&self) -> String {
        format!("{} ({})", self.raw.package, self.raw.file)
    }
}

/// The units of a group that compile or run something of the workspaces' packages.
pub(super) fn units<'a>(group: &Group<'a>, repository: &Repository) -> Vec<Unit<'a>> {
    let packages = identify::Packages::new(group, repository);
    let mut units = Vec::new();
    for (dir, built) in group.iter().enumerate() {
        for raw in &built.units {
            let Some(package) = packages.find(raw) else { continue };
            let Some((target, test)) = identify::target(raw, package.id.map(|id| (repository, id))) else {
                continue;
            };
            let mode = match (raw.file.starts_with("run-"), test, raw.output) {
                (true, ..) => UnitMode::Run,
                (_, true, Output::Metadata) => UnitMode::CheckTest,
                (_, true, _) => UnitMode::Test,
                (_, false, Output::Metadata) => UnitMode::Check,
                (_, false, _) => UnitMode::Build,
            };
            let start = raw.started.unwrap_or(raw.ended);
            units.push(Unit {
                raw,
                dir,
                version: package.version,
                member: package.member,
                // Cargo sets the time of what a check makes back to its start. Older metadata was left as it was.
                metadata: raw.metadata.filter(|&at| mode == UnitMode::Build && at >= start),
                target,
                mode,
                details: Details::parse(&raw.details),
                start,
                end: raw.ended,
                dependencies: Vec::new(),
                dependents: Vec::new(),
                host: None,
                session: 0,
                jobs: None,
                compiled: Compiled::Unsure,
            });
        }
    }
    modes_of_the_gone(&mut units);
    units
}

/// A library whose files are gone: cargo's hash of profile and mode is that of others whose files are there.
fn modes_of_the_gone(units: &mut [Unit<'_>]) {
    let mut checks: BTreeMap<u64, bool> = BTreeMap::new();
    for unit in units.iter().filter(|unit| unit.raw.output != Output::Gone) {
        checks.insert(unit.details.profile, matches!(unit.mode, UnitMode::Check | UnitMode::CheckTest));
    }
    for unit in units.iter_mut().filter(|unit| unit.raw.output == Output::Gone) {
        if unit.mode == UnitMode::Build && checks.get(&unit.details.profile) == Some(&true) {
            unit.mode = UnitMode::Check;
        }
    }
}
