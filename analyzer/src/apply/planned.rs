//! What a plan splits, and where that lies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::Done;
use crate::report::{LeftError, PlanReport};

/// What a plan splits.
pub(crate) struct Planned {
    /// What paths of the plan are relative to.
    pub(crate) root: PathBuf,
    pub(crate) package: String,
    pub(crate) manifest: PathBuf,
    /// The manifest of the workspace's root.
    pub(crate) workspace: PathBuf,
    /// The lock file beside it, which need not be there.
    pub(crate) lock: PathBuf,
    /// All packages of the workspace, by their names, with their directories.
    pub(crate) members: BTreeMap<String, PathBuf>,
    /// The root file of the crate that the plan is for.
    pub(crate) crate_root: PathBuf,
    /// The root files of the package's other targets.
    pub(crate) targets: Vec<PathBuf>,
    /// The modules of that crate that are compiled: the file of each, and the line that an inline one begins at.
    pub(crate) compiled: BTreeSet<(PathBuf, Option<u32>)>,
    /// The packages that it depends on, by what code calls them.
    pub(crate) externs: BTreeMap<String, String>,
    pub(crate) plan: PlanReport,
    /// Packages of the workspace whose code is to name the new crates itself.
    pub(crate) users: Vec<User>,
    /// Edits that are not to be carried out, by their ids, with the reason.
    pub(crate) unasked: BTreeMap<String, &'static str>,
    /// Crates of the plan that stay one though the plan would part them.
    pub(crate) tied: Vec<Tie>,
}

/// Two crates of the plan that do not compile apart.
#[derive(Debug, Clone)]
pub(crate) struct Tie {
    pub(crate) crates: [String; 2],
    /// An error that they come to.
    pub(crate) because: LeftError,
}

/// A package of the workspace with the sources that git has of it.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
    pub(crate) files: Vec<PathBuf>,
}

impl Planned {
    /// Keeps to these edits of those that free references against the plan's order.
    pub(super) fn choose(&mut self, edits: Option<&BTreeSet<String>>) -> Done<()> {
        let Some(edits) = edits else { return Ok(()) };
        let of_cuts = self.plan.edits.iter().filter(|edit| !edit.cuts.is_empty());
        let known: BTreeSet<String> = of_cuts.map(|edit| edit.id.clone()).collect();
        if let Some(unknown) = edits.iter().find(|id| !known.contains(*id)) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!(
                "`{unknown}` is no edit that frees a reference against the plan's order; there are: {there}"
            ));
        }
        self.unasked = known.difference(edits).map(|id| (id.clone(), "it was not asked for")).collect();
        Ok(())
    }
}
