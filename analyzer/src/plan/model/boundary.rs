//! What a plan's boundaries find in the code that stays where it is.

use crate::ids::{FileId, ItemId, MemberId, ModuleId, PackageId, PlanCrateId};
use crate::plan::edit::{ReExportPlace, TestMoveCause};
use crate::resolve::{BoundKind, Taker};

/// A static that several crates of a plan use. It stays one static, in the crate that defines it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedStatic {
    /// The static.
    pub item: ItemId,
    /// References from other crates of the plan.
    pub references: u32,
}

/// A call that means a file by where the source file or its package lies, in code that another crate takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovedPath {
    /// The source file.
    pub file: FileId,
    /// The call's line.
    pub line: u32,
    /// The call: `include_str!("data.txt")`.
    pub call: String,
    /// The crate that takes it.
    pub krate: PlanCrateId,
}

/// A call in code that another crate takes which needs what the package's build script gives: `env!("OUT_DIR")`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuildScriptNeed {
    /// The source file.
    pub file: FileId,
    /// The call's line.
    pub line: u32,
    /// The call.
    pub call: String,
    /// The crate that takes it, and needs the build script or its part.
    pub krate: PlanCrateId,
}

/// Code that means something else once it has moved, without an error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SilentChange {
    /// What it hangs on.
    pub kind: BoundKind,
    /// The crate that takes it.
    pub krate: PlanCrateId,
    /// The source file.
    pub file: FileId,
    /// The line.
    pub line: u32,
    /// What stands there.
    pub what: String,
    /// How many such places this one stands for.
    pub places: u32,
}

/// An item that lies in another crate than the module around it, and is used by other packages by way of that module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FacadePath {
    /// The item.
    pub item: ItemId,
    /// The path to keep: `app::object::walk`.
    pub path: String,
    /// Packages of the repository that use it, sorted.
    pub users: Vec<PackageId>,
    /// Their references.
    pub references: u32,
}

/// A name that code of one crate takes from a module of another that only brings it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OtherPath {
    /// The crate whose code takes it.
    pub krate: PlanCrateId,
    /// The module that it is taken from.
    pub module: ModuleId,
    /// The name there.
    pub name: String,
    /// The path to write in its place; `None` where it isn't known which of several globs brings it in.
    pub write: Option<String>,
    /// The places that name it, sorted.
    pub places: Vec<Taker>,
}

/// An item to make visible, a module on the way to one, or a re-export of one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Widening {
    /// The item; of a module the item that stands for it.
    pub item: ItemId,
    /// The re-export of the item (of a glob: of all that is in the module) that is to be made visible, not the item itself.
    pub re_export: Option<ReExportPlace>,
    /// The field or associated item that is to be made visible, not the item around it.
    pub member: Option<MemberId>,
    /// References that need it.
    pub references: u32,
    /// Whether tests alone need it.
    pub tests_only: bool,
}

/// A unit test that needs a crate above and can't have it by a dev-dependency: it has to move there, or to `tests/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestMove {
    /// What exists under `cfg(test)` only and moves: mostly a function.
    pub item: ItemId,
    /// The crate that it lies in.
    pub from: PlanCrateId,
    /// The highest crate that it needs.
    pub to: PlanCrateId,
    /// Lines that need a crate above, or another test that moves.
    pub lines: Vec<u32>,
    /// Why a dev-dependency doesn't do.
    pub cause: TestMoveCause,
}

/// What tests use across a boundary and can't: what exists under `cfg(test)` only does so for no other crate, and nobody
/// depends on a package without a library.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TestSupport {
    /// The item; of a module that exists for tests only, the item that stands for it.
    pub item: ItemId,
    /// The field or associated item that exists for tests only, not the item around it.
    pub member: Option<MemberId>,
    /// The crate that it lies in.
    pub from: PlanCrateId,
    /// Crates with tests that use it, sorted.
    pub users: Vec<PlanCrateId>,
    /// References that need it.
    pub references: u32,
    /// The crate that it can move to, where it needs nothing above that: else it is doubled, or made a crate of its own.
    pub to: Option<PlanCrateId>,
    /// Whether it can lie in no other crate: a member of a type or of an `impl`, or an `impl` of what lies there. Then that crate
    /// compiles it under a feature as well.
    pub bound: bool,
    /// Whether it needs what lies above some of these crates, so that it can't be written once more among their tests.
    pub needs_above: bool,
}
