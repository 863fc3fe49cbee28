//! A plan's work as data: what has to move or to change, and which references against the order that removes.

use serde::{Deserialize, Serialize};

use crate::discover::DependencyKind;
use crate::ids::{CrateId, DefinitionId, FileId, ItemId, MemberId, ModuleId, PackageId, PlanCrateId};
use crate::resolve::{ItemKind, RefKind};

/// A piece of work on the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is done.
    pub kind: EditKind,
    /// The crate that items move to, or in which code changes.
    pub krate: PlanCrateId,
    /// The items that move, or whose code changes; what it is about comes first.
    pub items: Vec<ItemId>,
    /// Lines that move or change.
    pub lines: u32,
    /// Positions in [`Plan::cuts`](super::Plan::cuts) of the references that it removes. None where the plan itself has the
    /// items elsewhere already.
    pub cuts: Vec<u32>,
}

/// Kinds of work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditKind {
    /// Items move to another crate of the plan, with all that has to go along.
    MoveItems(Move),
    /// A trait moves down and leaves its impls above; what its signatures name there becomes an associated type.
    MoveTrait,
    /// Methods leave an `impl` block, as an extension trait or free functions.
    SplitImpl {
        /// The lines that refer to what lies above.
        lines: Vec<u32>,
        /// Methods of the block that go along, since they call them.
        along: Vec<DefinitionId>,
    },
    /// A value is passed in, as an argument or a field.
    PassValue {
        /// The constant or static, the function that returns the value, or the module in which nobody sees it.
        value: ItemId,
        /// What the function reads.
        reads: Option<ItemId>,
        /// Names that a macro or a build script writes.
        unseen: Vec<String>,
    },
    /// A function is passed in, as a closure or a function pointer.
    PassFunction {
        /// The function.
        function: ItemId,
        /// Calls of it.
        calls: u32,
    },
    /// Code goes through a trait that the lower crate defines.
    Invert {
        /// What lies above.
        target: ItemId,
        /// The trait, which is there already or is to be written.
        name: String,
        /// Whether it is there already.
        exists: bool,
    },
    /// Nothing but a move of much code removes them: an `impl` of another package's trait needs what lies above.
    KeepTogether {
        /// What lies above.
        target: ItemId,
        /// That `impl`: what refers, or what calls it.
        by: ItemId,
    },
    /// A helper that only tests use becomes a crate of its own, for dev-dependencies.
    DevCrate {
        /// References of tests to it.
        tests: u32,
    },
    /// Re-exports leave a lower crate: the package that stays keeps a module that re-exports both.
    DropReExport {
        /// The module that re-exports.
        module: ModuleId,
        /// Which of the items are re-exported by a glob.
        globs: Vec<ItemId>,
        /// Where they lie.
        above: PlanCrateId,
    },
}

/// Where a re-export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReExportPlace {
    /// The module that it stands in.
    pub module: ModuleId,
    /// Line in the module's file, from 1.
    pub line: u32,
    /// Whether it is a glob.
    pub glob: bool,
}

/// Why a unit test can't have what it needs by a dev-dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TestMoveCause {
    /// It uses types of its own crate, and the crate above has another copy of them: the one that isn't under test.
    TwoCopies,
    /// The package above has no library.
    NoLibrary,
    /// It uses nothing of its own crate but what is there for tests.
    AllAbove,
}

/// What the manifest of another package says, once that depends on the crates of a plan that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserManifest {
    /// The package that is split.
    pub package: PackageId,
    /// Dependencies that it gets.
    pub adds: Vec<AddedDependency>,
    /// The kind of dependency that it keeps on the package that was split; `None` if it uses nothing that stays there.
    pub keeps: Option<DependencyKind>,
}

/// A dependency on a crate of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedDependency {
    /// The crate's name.
    pub krate: String,
    /// Which dependencies it is one of.
    pub kind: DependencyKind,
    /// Features to ask for: those that were asked of the package and that the crate declares.
    pub features: Vec<String>,
    /// Whether default features are asked for.
    pub default_features: bool,
    /// Whether it is optional, as the one on the package is.
    pub optional: bool,
}

/// Work that the plan's new boundaries ask for: it removes no cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundaryEdit {
    /// What is done.
    pub kind: BoundaryEditKind,
    /// The crate in which it is done, or that something moves to.
    pub krate: PlanCrateId,
    /// The items that it is about; none for a file that a call between items means.
    pub items: Vec<ItemId>,
    /// Lines that change.
    pub lines: u32,
}

/// Kinds of such work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BoundaryEditKind {
    /// Something becomes `pub`: another crate of the plan names it.
    Widen {
        /// The re-export that becomes `pub`, not the item itself.
        re_export: Option<ReExportPlace>,
        /// The field or associated item that does, not the item around it.
        member: Option<MemberId>,
        /// References that need it.
        references: u32,
        /// Whether tests alone need it.
        tests_only: bool,
    },
    /// A `macro_rules!` macro that is found by textual order gets `#[macro_export]`.
    ExportMacro {
        /// Calls from other crates of the plan.
        references: u32,
    },
    /// A unit test moves to the crate above that it needs, or to its `tests/`.
    MoveTests {
        /// The crate that it leaves.
        from: PlanCrateId,
        /// Why a dev-dependency doesn't do.
        cause: TestMoveCause,
    },
    /// What tests of other crates use under `cfg(test)`, or in a package without a library, moves or is written twice.
    TestSupport {
        /// The crate that it leaves.
        from: PlanCrateId,
        /// Whether it can move as it is; else it is doubled, or made a crate of its own for dev-dependencies.
        moves: bool,
        /// Whether it needs what lies above some of these tests, so that it can't be doubled.
        needs_above: bool,
        /// References that need it.
        references: u32,
    },
    /// What exists under `cfg(test)` only, is used by tests of other crates, and can't leave the crate of its type: that compiles
    /// it under a feature as well, which their dev-dependencies ask for.
    TestFeature {
        /// The field or associated item, not the item around it.
        member: Option<MemberId>,
        /// The crates with these tests.
        users: Vec<PlanCrateId>,
        /// References that need it.
        references: u32,
    },
    /// A crate gets the package's build script, or its part of it: the items read what that wrote or set.
    BuildScript {
        /// The calls: `env!("OUT_DIR")`.
        calls: Vec<String>,
        /// The package's `links`, which one package alone may have.
        links: Option<String>,
    },
    /// The package that stays re-exports an item at the path by which other packages know it.
    KeepPath {
        /// The path.
        path: String,
        /// Packages of the repository that use it.
        users: Vec<PackageId>,
    },
    /// The manifest of another package gets dependencies on the crates that it uses.
    UserManifest {
        /// The package.
        user: PackageId,
        /// What it says then.
        manifest: UserManifest,
    },
    /// Code that takes a name from a module of another crate, which only brings it in, writes another path.
    OtherPath {
        /// The module.
        module: ModuleId,
        /// The name there.
        name: String,
        /// The path to write.
        write: Option<String>,
    },
    /// Another target of the package takes modules from a new crate, which it declares itself today.
    ShareFiles {
        /// The target's crate.
        user: CrateId,
        /// The files that it no longer compiles.
        files: Vec<FileId>,
    },
    /// A file that code means by where its source file or its package lies: it moves along, or the path changes.
    MoveFile {
        /// The call: `include_str!("data.txt")`.
        call: String,
        /// Its line.
        line: u32,
    },
}

impl BoundaryEditKind {
    /// The name used in every output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Widen { .. } => "widen",
            Self::ExportMacro { .. } => "export-macro",
            Self::MoveTests { .. } => "move-tests",
            Self::TestSupport { .. } => "test-support",
            Self::TestFeature { .. } => "test-feature",
            Self::BuildScript { .. } => "build-script",
            Self::KeepPath { .. } => "keep-path",
            Self::UserManifest { .. } => "user-manifest",
            Self::OtherPath { .. } => "other-path",
            Self::ShareFiles { .. } => "share-files",
            Self::MoveFile { .. } => "move-file",
        }
    }
}

/// A move of items between crates of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The crate that they leave.
    pub from: PlanCrateId,
    /// Whether that one lies below.
    pub up: bool,
    /// How many other items of the package use the first.
    pub users: u32,
    /// Packages of the repository beside it that name one of the items.
    pub outside: Vec<PackageId>,
    /// References from elsewhere that keep the old path if its module re-exports the item.
    pub keeps: u32,
    /// Names that a macro or a build script writes, and for which the item goes to them.
    pub unseen: Vec<String>,
}

/// Ways to remove a reference that runs against the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Move the item referred to down into (or below) the crate that refers.
    MoveItem,
    /// Move the referring item up.
    MoveUp,
    /// Split an `impl` block: move the methods that refer up (as an extension trait or free functions).
    SplitImpl,
    /// Call through a trait that the lower crate defines.
    InvertThroughTrait,
    /// Pass the value in, in place of reaching up for it.
    PassValue,
    /// Pass the function in, as a closure or a function pointer.
    PassFunction,
    /// Make the referring item a crate of its own, which only tests depend on.
    DevCrate,
    /// Leave both in one crate: what refers is needed by an `impl` of another package's trait, whose signatures are fixed.
    KeepTogether,
    /// Take a re-export out of the lower crate: the package that stays re-exports the item beside what the lower crate
    /// holds, or nobody does.
    ReExport,
}

impl EditKind {
    /// How the references that it removes are mended.
    pub fn fix(&self) -> Fix {
        match self {
            Self::MoveItems(Move { up: true, .. }) => Fix::MoveUp,
            Self::MoveItems(_) | Self::MoveTrait => Fix::MoveItem,
            Self::SplitImpl { .. } => Fix::SplitImpl,
            Self::PassValue { .. } => Fix::PassValue,
            Self::PassFunction { .. } => Fix::PassFunction,
            Self::Invert { .. } => Fix::InvertThroughTrait,
            Self::DevCrate { .. } => Fix::DevCrate,
            Self::KeepTogether { .. } => Fix::KeepTogether,
            Self::DropReExport { .. } => Fix::ReExport,
        }
    }

    /// Whether a tool can do it, as far as that shows from the item whose code changes and from what its references are: what is
    /// passed in goes through the arguments of free functions, and a trait stands for a type of which nothing but methods is called.
    pub(in crate::plan) fn is_mechanical(&self, changes: ItemKind, references: &[RefKind]) -> bool {
        let by_methods = |kind: &RefKind| matches!(kind, RefKind::Type | RefKind::Method);
        match self {
            Self::MoveItems(_) | Self::SplitImpl { .. } | Self::DropReExport { .. } => true,
            // Nobody sees what a module is named for: a macro or a build script writes it, or it is switched off.
            Self::PassValue { unseen, .. } if !unseen.is_empty() => false,
            Self::PassValue { .. } | Self::PassFunction { .. } => changes == ItemKind::Fn,
            Self::Invert { .. } => changes == ItemKind::Fn && references.iter().all(by_methods),
            Self::MoveTrait | Self::KeepTogether { .. } | Self::DevCrate { .. } => false,
        }
    }

    /// The name used in every output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::MoveItems(_) => "move-items",
            Self::MoveTrait => "move-trait",
            Self::SplitImpl { .. } => "split-impl",
            Self::PassValue { .. } => "pass-value",
            Self::PassFunction { .. } => "pass-function",
            Self::Invert { .. } => "invert",
            Self::DevCrate { .. } => "dev-crate",
            Self::KeepTogether { .. } => "keep-together",
            Self::DropReExport { .. } => "drop-re-export",
        }
    }
}

impl Edit {
    /// Changes by hand that it takes: a move is one, other code changes once for each reference that it removes.
    pub fn effort(&self) -> u32 {
        match self.kind {
            EditKind::MoveItems(_) | EditKind::MoveTrait | EditKind::DevCrate { .. } => 1,
            EditKind::DropReExport { .. } => 0,
            _ => (self.cuts.len() as u32).max(1),
        }
    }
}
