//! What collecting definitions works on: where it is in the text, and what there is so far.

use rustc_hash::{FxHashMap, FxHashSet};

use super::def::{LegacyScope, TreeId, World};
use super::spending::{Origin, Spending};
use crate::budget::Watch;
use crate::diagnostic::Diagnostic;
use crate::ids::{CrateId, FileId, ModuleId, PackageId};
use crate::parse::Location;
use crate::parse::tree::{MacroId, Name};

/// Where in the text the collector is.
#[derive(Clone)]
pub(in crate::resolve) struct Site {
    pub(in crate::resolve) module: ModuleId,
    pub(in crate::resolve) tree: TreeId,
    pub(in crate::resolve) location: Location,
    pub(in crate::resolve) test: bool,
    pub(in crate::resolve) legacy: LegacyScope,
    pub(in crate::resolve) depth: u32,
    pub(in crate::resolve) expansions: u32,
    /// The written macro call that made this, if one did.
    pub(in crate::resolve) origin: Option<Origin>,
    /// Whether the crate has had the file before.
    pub(in crate::resolve) copied: bool,
    /// Whether the `cfg`s around hold.
    pub(in crate::resolve) compiled: bool,
}

/// A macro call that only path resolution can find.
pub(in crate::resolve) struct Pending {
    pub(in crate::resolve) place: Site,
    pub(in crate::resolve) call: MacroId,
    pub(in crate::resolve) test: bool,
}

/// Definitions in the making.
pub(in crate::resolve) struct Collector<'a> {
    pub(in crate::resolve) world: World<'a>,
    pub(in crate::resolve) diagnostics: Vec<Diagnostic>,
    pub(in crate::resolve) pending: Vec<Pending>,
    pub(in crate::resolve) spending: Spending,
    pub(in crate::resolve) had: Had,
    pub(in crate::resolve) watch: &'a Watch,
    pub(super) cfgs: FxHashMap<(Name, PackageId), (bool, bool)>,
}

/// What was counted, and where it was too much first.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Had {
    /// Items, imports and macro calls, wherever they stand.
    pub(in crate::resolve) items: u64,
    /// Those of files that the crate had already.
    pub(in crate::resolve) copied: u64,
    /// Names that modules have by globs alone.
    pub(super) glob_names: u64,
    pub(super) files: FxHashSet<(CrateId, FileId)>,
    pub(super) too_many: Option<(FileId, u32)>,
    pub(super) too_many_copied: Option<(FileId, u32)>,
    pub(super) too_many_names: Option<(FileId, u32)>,
}
