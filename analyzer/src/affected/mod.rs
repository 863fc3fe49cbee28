//! What a change of files makes cargo compile again, which tests it makes worth running again, and which programs it
//! changes.
//!
//! Each changed path is somebody's: the targets that compile it, the sources that name it by a literal, the workspace whose
//! manifest or lock file it is, everybody below a toolchain file, or the package that it lies in, whose tests may read it
//! (`rules`). Manifests and lock files are compared by what they say, not by their bytes. From there it spreads along
//! dependencies as cargo rebuilds: to everything above, but through a dev-dependency only to the tests of who has it.
//!
//! A commit of the past is placed likewise among the packages of today (`touched`), by what is left of it.

mod bumps;
mod files;
mod hits;
mod lock;
mod manifests;
mod model;
mod pack;
mod rules;
mod spread;
mod touched;
mod workspaces;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use bumps::{Bump, bumped};
pub(crate) use manifests::VARIABLES;
pub use model::{Affected, AffectedDeployable, AffectedPackage, AffectedTest, Cause, Depth, Part, TestKind};
pub use pack::{Job, pack};
pub use rules::Rules;
pub(crate) use touched::{Touched, touched};
pub(crate) use workspaces::{LockVersion, Version, WorkspaceVersions};

pub(crate) use files::unlinked;

use crate::discover::Repository;
use crate::history::ChangedFile;
use crate::ids::{PackageId, TargetId};
use crate::parse::{FileUse, WholeScripts};

use hits::Hits;

/// What is known of a repository and of a change.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    /// The repository as it is now.
    pub(crate) repository: &'a Repository,
    /// The targets that compile each file.
    pub(crate) uses: &'a BTreeMap<String, Vec<FileUse>>,
    /// The sources that name a changed file, or one of [`VARIABLES`].
    pub(crate) mentions: &'a BTreeMap<String, BTreeSet<String>>,
    /// Packages whose build script looks at all of their files.
    pub(crate) whole_scripts: &'a WholeScripts,
    /// The change.
    pub(crate) files: &'a [ChangedFile],
    /// Workspaces with a changed manifest or lock file.
    pub(crate) workspaces: &'a [WorkspaceVersions],
    /// Directories of packages that the change has removed.
    pub(crate) removed: &'a BTreeSet<String>,
    /// Which packages depend on a directory outside of the analysed one.
    pub(crate) outside: &'a [OutsideDependency],
    /// Packages of lock files that changed, where only that is known.
    pub(crate) bumps: &'a [Bump],
    /// Files that concern nobody.
    pub(crate) rules: &'a Rules,
    /// Whom files concern that lie in no package and that nothing names.
    pub(crate) strays: Strays,
    /// The programs that count; without it all that serve more than tests, benchmarks and examples.
    pub(crate) programs: Option<&'a BTreeSet<TargetId>>,
    /// How far it spreads.
    pub(crate) depth: Depth,
}

/// A dependency by path on a package that is not analysed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OutsideDependency {
    /// Its directory; begins with `../`.
    pub(crate) dir: String,
    /// Who depends on it.
    pub(crate) user: PackageId,
    /// Whether only tests do.
    pub(crate) dev: bool,
}

/// Whom files concern that lie in no package and that no source names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strays {
    /// Everybody around: nobody knows who reads them.
    Everybody,
    /// Nobody: cargo compiles nothing for their sake.
    Nobody,
}

/// What a change concerns by itself.
fn hits<'a>(input: &Input<'a>) -> Hits<'a> {
    let mut hits = Hits::new(input.repository);
    for workspace in input.workspaces {
        workspaces::compare(input, workspace, &mut hits);
    }
    for bump in input.bumps {
        bumps::concern(input.repository, bump, &mut hits);
    }
    files::place(input, &mut hits);
    hits
}
