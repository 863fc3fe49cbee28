//! What resolution finds: crates, modules, items, and the references between items.

mod crates;
mod items;
mod programs;
mod references;

pub use crates::{BoundKind, CrateBound};
pub use items::{ImplHeader, Item, ItemKind, Member, Signature, Visibility};
pub use programs::{
    CommandEnum, CommandVariant, ExternalCall, Obstacle, ObstacleKind, Shape, State, StateKind,
};
pub use references::{
    BorrowedName, Confidence, Making, OpenMethod, PassedMeaning, PassedName, ReExport, RefKind, Reference,
    Taker, Unresolved, UnresolvedCause,
};

use std::collections::BTreeMap;

use super::uses::Uses;
use crate::ids::{CrateId, DefinitionId, FileId, IdVec, ItemId, MemberId, ModuleId, TargetId};
use crate::parse::tree::{Binding, Dispatch, FilePath, Name, TableUse, Task};

/// Every module and item of the repository, and who refers to whom.
#[derive(Debug, Clone, Default)]
pub struct Resolution {
    /// One crate per target, in the order of [`Repository::targets`](crate::discover::Repository::targets).
    pub crates: IdVec<CrateId, Crate>,
    /// Files that some crate includes, sorted by path.
    pub files: IdVec<FileId, File>,
    /// Modules, each crate's root first, parents before children.
    pub modules: IdVec<ModuleId, Module>,
    /// Items, grouped by module.
    pub items: IdVec<ItemId, Item>,
    /// Fields and associated items that only part of their crate, or only tests, may name, grouped by item.
    pub members: IdVec<MemberId, Member>,
    /// All references between items, sorted by (`from`, `line`, `to`, `kind`).
    pub references: Vec<Reference>,
    /// The same by function, tests left out.
    pub uses: Uses,
    /// What modules re-export of this repository, sorted.
    pub re_exports: Vec<ReExport>,
    /// Names that code takes from modules which only bring them in, by module and name.
    pub passed_names: Vec<PassedName>,
    /// Where code takes a name from a module of another crate which has it from yet another one, sorted: no reference tells of that
    /// module.
    pub borrowed_names: Vec<BorrowedName>,
    /// References that could not be followed, by cause.
    pub unresolved: Vec<Unresolved>,
    /// Enums whose variants may be commands, by item.
    pub commands: Vec<CommandEnum>,
    /// What of signatures and types can't be sent to another process, and which types can be.
    pub shapes: BTreeMap<DefinitionId, Shape>,
    /// What keeps state in memory, sorted.
    pub states: Vec<State>,
    /// Methods that are called where it isn't known whose they are, by name.
    pub open_methods: Vec<OpenMethod>,
    /// Where values of the repository's types are made, sorted, tests aside.
    pub makings: Vec<Making>,
    /// Types of which a macro may make values that nobody sees, sorted: a derive or an attribute that isn't known to make none.
    pub made_unseen: Vec<ItemId>,
    /// How many references were followed out of the repository (std and other packages).
    pub external_references: usize,
}

/// A `.rs` file.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// Relative to the root, with `/`.
    pub path: String,
    /// Number of lines.
    pub lines: u32,
    /// Size in bytes.
    pub bytes: u32,
    /// Whether a program wrote it, by its name, its place or the comments at its top.
    pub generated: bool,
    /// Whether it is the root of a target that is missing or may not be read: an empty file.
    pub unread: bool,
    /// Names of dependencies (as code writes them) that a path or import begins with, tests included; sorted.
    pub dependencies: Vec<String>,
    /// Where paths and imports begin with the name of a package from elsewhere (as code writes it), tests included: lines with what
    /// is named, sorted.
    pub outside: Vec<(u32, Name)>,
    /// Features that its `cfg`s name, sorted.
    pub features: Vec<String>,
    /// Calls in it that mean a file by where this one or its package lies (`include_str!("x")`), by line.
    pub paths: Vec<FilePath>,
    /// What in it means something else in another crate, sorted by line.
    pub bound: Vec<CrateBound>,
    /// Matches in it that may tell commands apart, by line.
    pub dispatches: Vec<Dispatch>,
    /// Calls in it that may say what a program does, by line.
    pub named_calls: Vec<ExternalCall>,
    /// Variables in it, where it has tasks or nests routers, by line.
    pub bindings: Vec<Binding>,
    /// What in it runs beside the rest, by line.
    pub tasks: Vec<Task>,
    /// Tables of databases that it names, by line.
    pub tables: Vec<TableUse>,
    /// Variables of the environment that attributes in it name, with the line.
    pub variables: Vec<(u32, Name)>,
    /// Where fields are named that keep state somewhere in the repository ([`State`]), by line.
    pub field_uses: Vec<(u32, Name)>,
}

/// A crate: what rustc compiles from one target.
#[derive(Debug, Clone)]
pub struct Crate {
    /// The target it is made from.
    pub target: TargetId,
    /// Its name in paths.
    pub name: String,
    /// Its root module.
    pub root: ModuleId,
    /// Whether it is a build script that runs again after any change of its package, so that all of the package is compiled
    /// again: it names no file that it looks at, or only when it runs (the Cargo Book, "Build Scripts: Change Detection").
    pub reruns: bool,
}

/// A module.
#[derive(Debug, Clone)]
pub struct Module {
    /// The crate it belongs to.
    pub krate: CrateId,
    /// The module around it; `None` for a crate's root.
    pub parent: Option<ModuleId>,
    /// Its own name; the crate's name for a root.
    pub name: String,
    /// Full path, the crate's name first: `a::x`.
    pub path: String,
    /// The file that holds its contents.
    pub file: FileId,
    /// Whether it is written inline (`mod x { … }`).
    pub inline: bool,
    /// Whether it exists under `cfg(test)` only.
    pub test: bool,
    /// Who may name it.
    pub visibility: Visibility,
    /// The item that stands for the module: its imports and re-exports refer from here.
    pub item: ItemId,
    /// Child modules, in source order.
    pub children: Vec<ModuleId>,
    /// Items declared in it (not in its children), in source order, without [`Module::item`].
    pub items: Vec<ItemId>,
}
