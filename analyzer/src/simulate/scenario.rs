//! What a build makes: the one place that says which units each kind of build has, on which machine, and how far its
//! seconds may be off.

use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::units::{External, UnitOptions, Units, knows_cold, unit_graph};
use crate::cost::{Costs, Mode};
use crate::discover::Repository;
use crate::ids::WorkspaceId;
use crate::resolve::Resolution;

/// What is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// Everything, dependencies too.
    Cold,
    /// The workspace's crates; dependencies are cached.
    Clean,
    /// After a change of one file, averaged over the files by how often they change (or their size).
    Edit,
}

impl Scenario {
    /// A build in a sentence: `` a clean `cargo build` ``, `` `cargo check` after an edit ``.
    pub fn build_name(self, mode: Mode) -> String {
        let command = mode.command();
        match self {
            Scenario::Cold => format!("a cold `{command}`"),
            Scenario::Clean => format!("a clean `{command}`"),
            Scenario::Edit => format!("`{command}` after an edit"),
        }
    }

    /// The units of a build of a workspace; `None` where they aren't known: a cold build without a lock file.
    pub fn units(
        self,
        code: (&Repository, &Resolution),
        costs: &Costs,
        workspace: WorkspaceId,
    ) -> Option<Units> {
        match self {
            Scenario::Cold if !knows_cold(code.0, workspace) => None,
            Scenario::Cold => {
                let options = UnitOptions { workspace, external: External::Estimated };
                Some(unit_graph(code.0, code.1, costs, options))
            }
            Scenario::Clean | Scenario::Edit => Some(clean_units(code, costs, workspace)),
        }
    }

    /// By what factor the predicted seconds of a build may be off, either way, in 8 of 10 builds.
    pub fn error_factor(self, costs: &Costs) -> f64 {
        match self {
            Scenario::Edit => costs.edit_error_factor(),
            Scenario::Cold | Scenario::Clean => costs.build_error_factor(),
        }
    }
}

/// The units of a workspace's own crates.
pub fn clean_units(
    (repository, resolution): (&Repository, &Resolution),
    costs: &Costs,
    workspace: WorkspaceId,
) -> Units {
    unit_graph(repository, resolution, costs, UnitOptions { workspace, external: External::Cached })
}

/// The machine that builds a workspace with so many jobs, where none was measured.
pub fn machine_of(repository: &Repository, workspace: WorkspaceId, jobs: u32) -> Machine {
    Machine::usual(jobs, repository.workspaces[workspace].locked.len())
}
