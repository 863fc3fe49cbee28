//! The units of a clean build of each workspace, as the simulation has them.

use serde::Serialize;

use crate::cost::{Costs, IncrementalShares, Mode};
use crate::ids::{Id, WorkspaceId};
use crate::plan::PlanInput;
use crate::simulate::{Awaited, Unit, clean_units, machine_of};

/// The builds of one workspace.
#[derive(Debug, Clone, Serialize)]
pub struct PageBuild {
    /// The workspace, by position.
    pub workspace: u32,
    /// Its directory.
    pub dir: String,
    /// How much longer everything takes with all cores busy: 0.07 for 7 %.
    pub contention: f64,
    /// Seconds until a unit works.
    pub start_s: f64,
    /// Seconds until the first unit may start.
    pub before_s: f64,
    /// One for each mode.
    pub modes: Vec<PageMode>,
}

/// The units of one mode.
#[derive(Debug, Clone, Serialize)]
pub struct PageMode {
    /// Which.
    pub mode: Mode,
    /// What an incremental rebuild does again, in the order of [`IncrementalShares`].
    pub shares: [f64; 6],
    /// The units.
    pub units: Vec<PageUnit>,
}

/// A unit: the fields of [`Unit`] in their order, dependencies as `3 × unit + what is awaited`.
#[derive(Debug, Clone, Serialize)]
pub struct PageUnit(String, f64, f64, u32, f64, f64, u32, f64, u8, Option<[f64; 6]>, Vec<u32>);

pub(super) fn builds(input: &PlanInput<'_>, workspaces: &[WorkspaceId]) -> Vec<PageBuild> {
    let mut seen = Vec::new();
    for &workspace in workspaces {
        if !seen.contains(&workspace) {
            seen.push(workspace);
        }
    }
    let build = |&workspace: &WorkspaceId| {
        let machine = machine_of(input.repository, workspace, 1);
        PageBuild {
            workspace: workspace.index() as u32,
            dir: input.repository.workspaces[workspace].dir.clone(),
            contention: machine.contention,
            start_s: machine.start_s,
            before_s: machine.before_s,
            modes: input.costs.iter().map(|costs| mode(input, workspace, costs)).collect(),
        }
    };
    seen.iter().map(build).collect()
}

fn mode(input: &PlanInput<'_>, workspace: WorkspaceId, costs: &Costs) -> PageMode {
    let units = clean_units((input.repository, input.resolution), costs, workspace);
    PageMode {
        mode: costs.mode,
        shares: shares(costs.incremental()),
        units: units.graph.units.iter().map(unit).collect(),
    }
}

/// One unit.
pub(super) fn unit(unit: &Unit) -> PageUnit {
    let awaited = |awaited| match awaited {
        Awaited::Metadata => 0,
        Awaited::All => 1,
        Awaited::Closure => 2,
    };
    PageUnit(
        unit.name.clone(),
        unit.frontend_s,
        unit.codegen_s,
        unit.codegen_threads,
        unit.codegen_serial,
        unit.lto_s,
        unit.lto_threads,
        unit.link_s,
        u8::from(unit.from_scratch) + 2 * u8::from(unit.fresh),
        unit.again.map(shares),
        unit.dependencies.iter().map(|&(id, of)| 3 * id.0 + awaited(of)).collect(),
    )
}

fn shares(shares: IncrementalShares) -> [f64; 6] {
    [
        shares.frontend_s,
        shares.codegen_s,
        shares.changed_frontend,
        shares.changed_codegen,
        shares.dependent_frontend,
        shares.dependent_codegen,
    ]
}
