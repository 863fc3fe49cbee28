//! What is asked of `apply`, and what it gives.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::report::ApplyReport;

/// Where a plan that was carried out goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A new working tree with a branch of its own: by default beside the repository, on `split/PACKAGE`.
    Worktree {
        /// Its directory, which must not be there yet.
        dir: Option<PathBuf>,
        /// The branch, which must not be there yet.
        branch: Option<String>,
    },
    /// Nowhere: [`Applied::patch`] has it.
    Patch,
    /// On top of what is checked out, which must be clean.
    InPlace,
}

/// What is asked of `apply`.
#[derive(Debug, Clone)]
pub struct ApplyOptions {
    /// Where it goes.
    pub delivery: Delivery,
    /// One commit for each new crate, in the order of their dependencies, each of which compiles; otherwise one for the
    /// moves of files, one for the code and one for the manifests.
    pub stacked: bool,
    /// Of the edits that free references against the plan's order, those that are carried out, by their ids; all by
    /// default. Crates that the others would part stay one.
    pub edits: Option<BTreeSet<String>>,
    /// Whether other packages of the workspace that depend on the package name the new crates themselves, in code and manifests,
    /// so that what they don't use of it builds beside them; otherwise they find everything where it was, by the package.
    pub direct_users: bool,
    /// Whether it is compiled (`cargo check --all-targets`, which runs build scripts and procedural macros), and what
    /// that shows to be missing is made good.
    pub check: bool,
    /// Whether crates that do not compile apart are left so, with the errors; otherwise they stay one, and the rest is split.
    pub keep_apart: bool,
    /// Checks at most, one after the other.
    pub rounds: u32,
    /// Where cargo builds; by default within the new working tree.
    pub target_dir: Option<PathBuf>,
    /// More arguments for `cargo check`: features, `--offline`.
    pub cargo_arguments: Vec<String>,
}

impl Default for ApplyOptions {
    /// A branch in a new working tree, compiled. Twenty checks are a choice: each has to mend something for another to begin.
    fn default() -> Self {
        let delivery = Delivery::Worktree { dir: None, branch: None };
        let (target_dir, cargo_arguments) = (None, Vec::new());
        Self {
            delivery,
            stacked: false,
            edits: None,
            direct_users: false,
            check: true,
            keep_apart: false,
            rounds: 20,
            target_dir,
            cargo_arguments,
        }
    }
}

/// A plan carried out.
#[derive(Debug, Clone)]
pub struct Applied {
    /// What was done, and what is left.
    pub report: ApplyReport,
    /// All of it as one patch for `git apply`.
    pub patch: Vec<u8>,
}
