//! Today's clean build of one workspace, which levers of structure are compared with.

use std::collections::BTreeMap;

use crate::cost::Costs;
use crate::discover::TargetKind;
use crate::ids::{CrateId, Id, PackageId, UnitId, WorkspaceId};
use crate::plan::input::{PlanInput, PlanOptions};
use crate::plan::model::Interval;
use crate::simulate::{Machine, Schedule, UnitGraph, Units, clean_units, machine_of, simulate_on};

/// Today's clean build of one workspace.
pub(super) struct Today<'a> {
    pub(super) input: &'a PlanInput<'a>,
    pub(super) options: &'a PlanOptions,
    pub(super) workspace: WorkspaceId,
    pub(super) costs: &'a Costs,
    pub(super) before_s: f64,
    pub(super) units: Units,
    pub(super) machine: Machine,
}

impl<'a> Today<'a> {
    /// The build of the mode that `costs` are for.
    pub(super) fn new(
        input: &'a PlanInput<'a>,
        options: &'a PlanOptions,
        workspace: WorkspaceId,
        costs: &'a Costs,
    ) -> Self {
        let units = clean_units((input.repository, input.resolution), costs, workspace);
        let machine = machine_of(input.repository, workspace, options.jobs);
        let before_s = simulate_on(&units.graph, options.jobs, &machine).makespan_s;
        Self { input, options, workspace, costs, before_s, units, machine }
    }

    pub(super) fn simulate(&self, graph: &UnitGraph) -> Schedule {
        simulate_on(graph, self.options.jobs, &self.machine)
    }

    /// The library unit of each package of this workspace.
    pub(super) fn package_of_units(&self) -> BTreeMap<UnitId, PackageId> {
        let targets = self.input.repository.targets.iter_enumerated();
        targets
            .filter(|(_, target)| target.kind == TargetKind::Lib)
            .filter_map(|(id, target)| {
                let unit = self.units.of_crate.get(CrateId::from_index(id.index())).copied().flatten()?;
                Some((unit, target.package))
            })
            .collect()
    }

    /// Whether a build of `after_s` is shorter by more than the noise, even if the costs err.
    pub(super) fn worthwhile(&self, after_s: f64) -> bool {
        let saved = self.before_s - after_s;
        saved >= self.options.min_cost_s && self.saved_pct(after_s).p10 >= self.options.noise_floor_pct
    }

    pub(super) fn saved_pct(&self, after_s: f64) -> Interval {
        self.interval(if self.before_s > 0.0 {
            100.0 * (self.before_s - after_s) / self.before_s
        } else {
            0.0
        })
    }

    /// Percent saved, off by the costs' error.
    pub(super) fn interval(&self, pct: f64) -> Interval {
        let factor = self.costs.error_factor.max(1.0);
        Interval { p10: pct / factor, p50: pct, p90: (pct * factor).min(100.0) }
    }
}
