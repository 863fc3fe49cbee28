//! What a plan splits, and where that lies.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::report::PlanReport;

/// What a plan splits.
pub(crate) struct Planned {
    /// What paths of the plan are relative to.
    pub(crate) root: PathBuf,
    pub(crate) package: String,
    pub(crate) manifest: PathBuf,
    /// The manifest of the workspace's root.
    pub(crate) workspace: PathBuf,
    /// The root file of the crate that the plan is for.
    pub(crate) crate_root: PathBuf,
    /// The package's dependencies, as code names them.
    pub(crate) externs: BTreeSet<String>,
    pub(crate) plan: PlanReport,
}
