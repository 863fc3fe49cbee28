//! What resolution finds: crates, modules, items, and the references between items.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::uses::Uses;
use crate::ids::{CrateId, DefinitionId, FileId, IdVec, ItemId, MemberId, ModuleId, TargetId};
use crate::parse::ItemFeatures;
use crate::parse::tree::{Binding, Dispatch, FilePath, Name, NamedCall, TableUse, Task};

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

/// A call whose name may say what a program does, with whose name it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalCall {
    /// The call.
    pub call: NamedCall,
    /// The dependency that its path begins with, imports of the file followed, as code writes it; `None` where it isn't known to be
    /// one: methods and most attributes.
    pub krate: Option<Name>,
}

/// An enum whose variants may be the commands of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandEnum {
    /// The enum.
    pub item: ItemId,
    /// Whether a parser of command lines is derived for it.
    pub derived: bool,
    /// Whether a configuration chooses one of its variants, going by its name and its derives: `Role`, `RunMode`.
    pub configured: bool,
    /// Whether its name says that its variants are parts of a program which may be switched on: `NodeService`, `Role`.
    pub switched: bool,
    /// Its variants, in their order.
    pub variants: Vec<CommandVariant>,
}

/// A variant of a [`CommandEnum`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandVariant {
    /// Its name.
    pub name: Name,
    /// What the command line calls it, where an attribute says so.
    pub command: Option<Name>,
    /// Whether the command line has the commands that it holds in its place.
    pub flattened: bool,
    /// Its lines, the first and the last, from 1.
    pub lines: (u32, u32),
}

/// What a function's signature, or a type, is to another process.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// What can't be sent, sorted.
    pub obstacles: Vec<Obstacle>,
    /// Of a type: whether a derive writes it out.
    pub serializes: bool,
    /// Of a type: whether a derive reads it in.
    pub deserializes: bool,
}

/// What can't be sent to another process.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// Its line, from 1.
    pub line: u32,
    /// What it is.
    pub kind: ObstacleKind,
    /// As it is written: `impl Fn`, `&User`, `T`.
    pub what: String,
}

/// Why something can't be sent to another process as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObstacleKind {
    /// Code: a closure, a function pointer.
    Closure,
    /// A value of a type that is chosen while it runs.
    Dyn,
    /// What the process has open: a connection, a transaction, an end of a channel, a lock.
    Handle,
    /// Part of a value that lives elsewhere.
    Borrow,
    /// A type that each caller chooses.
    Generic,
    /// An address.
    Pointer,
}

/// What keeps state in memory: a static, or a field of a struct.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// The static or the struct.
    pub item: ItemId,
    /// The field; `None` for a static.
    pub field: Option<Name>,
    /// Its line, from 1.
    pub line: u32,
    /// What it keeps.
    pub kind: StateKind,
    /// Its type, as it is written.
    pub ty: String,
}

/// What something keeps in memory, what is most in the way first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateKind {
    /// What changes behind a shared reference.
    Changing,
    /// An end of a channel.
    Channel,
    /// A pool of connections.
    Pool,
    /// What is set once.
    Once,
}

/// What means something else in another crate, without an error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrateBound {
    /// Its line, from 1.
    pub line: u32,
    /// What it hangs on.
    pub kind: BoundKind,
    /// As it is written: `inventory::submit!`, `env!("CARGO_PKG_NAME")`; of an example in docs the crate that it names.
    pub what: String,
}

/// What binds code to the crate that it is compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BoundKind {
    /// Something that is gathered when a program is linked: `inventory`, `linkme`, `typetag`, `ctor`.
    LinkTimeRegistry,
    /// `module_path!()`.
    ModulePath,
    /// A log call without a target of its own: that is its module.
    LogTarget,
    /// `env!("CARGO_PKG_…")`.
    PackageVariable,
    /// The directory of the package, or what a macro looks for in it.
    ManifestDir,
    /// `option_env!` of what a build script sets.
    BuildVariable,
    /// A query that is checked by what was prepared for the package.
    OfflineQueries,
    /// An example in docs that names its own crate.
    DocTest,
    /// A test whose data is found by the module that it is in: snapshots of `insta`, failed cases that `proptest` has kept.
    TestData,
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

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// Stands for a module's own declarations: imports, re-exports, macro calls at module level.
    Module,
    /// A free function (also inside an `extern` block).
    Fn,
    /// A struct.
    Struct,
    /// An enum.
    Enum,
    /// A union.
    Union,
    /// A trait or trait alias.
    Trait,
    /// An inherent or trait `impl` block.
    Impl,
    /// A type alias.
    TypeAlias,
    /// A constant.
    Const,
    /// A static.
    Static,
    /// A `macro_rules!` or `macro` definition.
    Macro,
}

/// Who may name something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// `pub` (reachable from outside only if every module on the way is).
    Public,
    /// Visible in this module and below: private items, `pub(crate)`, `pub(super)`, `pub(in …)`.
    Within(ModuleId),
}

/// An item at module level. Fields, variants and associated items belong to it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The module that declares it.
    pub module: ModuleId,
    /// The file it is written in.
    pub file: FileId,
    /// What it is.
    pub kind: ItemKind,
    /// Its name; for an `impl`, `impl Type` or `impl Trait for Type`.
    pub name: String,
    /// Full path: `a::x::f`; for an `impl`, `a::x::<impl Trait for Type>`.
    pub path: String,
    /// First line, from 1, attributes and docs included.
    pub line: u32,
    /// Last line, inclusive.
    pub end_line: u32,
    /// Whether the call of a macro writes it: its lines are those of the call.
    pub by_macro: bool,
    /// Who may name it (`Public` for an `impl`).
    pub visibility: Visibility,
    /// Whether it exists under `cfg(test)` only.
    pub test: bool,
    /// For an `impl`: what it ties together.
    pub imp: Option<ImplHeader>,
    /// For a macro: whether `#[macro_export]`; otherwise it is found by textual order.
    pub macro_export: bool,
    /// Of a function.
    pub signature: Option<Signature>,
    /// Whether it is generic over types or consts (lifetimes don't count).
    pub generic: bool,
    /// Whether its `cfg` holds for the chosen target, features and flags. What it names is followed by paths all the same:
    /// on another target it is code that a split must not break.
    pub compiled: bool,
    /// What the cost model reads; nothing where it isn't compiled.
    pub features: ItemFeatures,
}

impl Item {
    /// Whether it is a function `main` that isn't for tests: of the root of a program's crate where the program begins.
    pub(crate) fn is_main(&self) -> bool {
        self.kind == ItemKind::Fn && self.name == "main" && !self.test
    }

    /// What stands for the item in a sentence: of an `impl`, whose items are reached through a value of its type, the type.
    pub(crate) fn subject(&self) -> &str {
        let name = self.name.as_str();
        let last = name.split_once(" for ").map_or_else(|| name.trim_start_matches("impl "), |(_, of)| of);
        let last = last.trim_start_matches(['<', '&']);
        last.split('<').next().unwrap_or(last)
    }
}

/// What a function takes and gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Number of parameters.
    pub takes: u32,
    /// Whether it returns something.
    pub returns: bool,
}

/// A field of a struct or union, a variant, or an associated item of an inherent `impl`, that not all who name the item may name: it isn't
/// `pub`, or it exists for tests only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The struct, union, enum or `impl`.
    pub item: ItemId,
    /// Its name; `0`, `1`… in tuples.
    pub name: String,
    /// Its first line in the item's file, from 1.
    pub line: u32,
    /// Who may name it.
    pub visibility: Visibility,
    /// Whether it exists under `cfg(test)` only, where the item itself doesn't.
    pub test: bool,
}

/// What an `impl` block ties together, as the orphan rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImplHeader {
    /// Whether it implements a trait.
    pub is_trait: bool,
    /// The trait, when it is one of this repository.
    pub trait_item: Option<ItemId>,
    /// The self type's head, when it is one of this repository.
    pub self_item: Option<ItemId>,
    /// Modules where a build script or a macro writes the trait or the self type, which nobody sees: as items.
    pub unseen_items: Vec<ItemId>,
    /// Types of this repository among the trait's generic arguments (`impl From<A> for B`: `A`).
    pub argument_items: Vec<ItemId>,
    /// Whether the self type is known to be more than a bare type parameter (or a reference to one, or a box of one),
    /// so that the orphan rule lets the `impl` live with one of its arguments too.
    pub covered: bool,
}

/// What kind of thing is referred to, and how. In the order of how tightly it couples, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RefKind {
    /// An import or re-export.
    Import,
    /// A macro call.
    Macro,
    /// A type or trait in a type position, a path to an enum's variant.
    Type,
    /// A constant or static.
    Value,
    /// A function or associated function by path.
    Call,
    /// A method call.
    Method,
    /// A field access.
    Field,
    /// The trait or the type in an `impl` header, a supertrait.
    Impl,
}

impl RefKind {
    /// Number of kinds.
    pub const COUNT: usize = 8;
    /// All kinds, loosest first.
    pub const ALL: [RefKind; Self::COUNT] = [
        RefKind::Import,
        RefKind::Macro,
        RefKind::Type,
        RefKind::Value,
        RefKind::Call,
        RefKind::Method,
        RefKind::Field,
        RefKind::Impl,
    ];

    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            RefKind::Import => "import",
            RefKind::Macro => "macro",
            RefKind::Type => "type",
            RefKind::Value => "value",
            RefKind::Call => "call",
            RefKind::Method => "method",
            RefKind::Field => "field",
            RefKind::Impl => "impl",
        }
    }
}

/// How a reference was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// By the language's rules.
    Exact,
    /// By the language's rules, but a macro wrote one of its ends: what its body names where it is called, or the name
    /// that is defined there; what a derive makes of a path in an attribute.
    Expanded,
    /// Picked out of macro tokens that could not be read.
    Guess,
    /// As far as a module: what the path names in it isn't there to be seen, since a macro or a build script writes it. The
    /// reference is to the item that stands for the module.
    Unseen,
}

/// One place where an item refers to another item. Never `from == to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The dependent.
    pub from: ItemId,
    /// Line in the file of `from`, from 1.
    pub line: u32,
    /// The dependency: the item that holds the definition, re-exports followed.
    pub to: ItemId,
    /// What kind of reference.
    pub kind: RefKind,
    /// Whether the place is compiled under `cfg(test)` only (or in a test, bench or example target).
    pub test: bool,
    /// How it was found.
    pub confidence: Confidence,
    /// Whether what is named is visible only within part of its crate, so that a split has to widen it.
    pub restricted: bool,
    /// Whether it holds code together: any reference but an import, which stands for those that follow it; and an import
    /// that none follows (a trait, for methods of receivers of unknown type).
    pub structural: bool,
    /// Whether it is a type that users of `from` get to see without naming it: in the signature of a function, of a field, a
    /// constant. Those of private fields and members aren't.
    pub shown: bool,
    /// The field or associated item that is named, if it is one that only part of the crate, or only tests, may name.
    pub member: Option<MemberId>,
}

/// An import that others may name too: `pub use`, `pub(crate) use`. Whoever does so refers to what is defined, so that
/// nothing but this line depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReExport {
    /// The module that it stands in.
    pub module: ModuleId,
    /// Line in the module's file, from 1.
    pub line: u32,
    /// What it names; of a module (or all that is in one) the item that stands for it.
    pub to: ItemId,
    /// Whether it is a glob.
    pub glob: bool,
    /// Who may name what it brings in.
    pub visibility: Visibility,
    /// Whether it is compiled under `cfg(test)` only.
    pub test: bool,
}

/// A name that code takes from a module which has it by an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedName {
    /// The module.
    pub module: ModuleId,
    /// The name there.
    pub name: String,
    /// Who may take it from there.
    pub visibility: Visibility,
    /// What it means.
    pub meant: PassedMeaning,
    /// Who takes it from there: code of the same crate, sorted.
    pub takers: Vec<Taker>,
}

/// A place that takes a name from a module of another crate, which has it from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BorrowedName {
    /// The module.
    pub module: ModuleId,
    /// Who takes it from there.
    pub taker: Taker,
}

/// Where what a name means is defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PassedMeaning {
    /// In another crate, with the path that the import gives it: `other::Error`. `None` where several globs may bring it in.
    Outside(Option<String>),
    /// An item of the crate itself; of a module the item that stands for it.
    Item(ItemId),
    /// A variant of an enum of the crate.
    Variant(ItemId, String),
}

/// A place where an item takes a name from a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taker {
    /// The item; of an import at module level the one that stands for the module.
    pub item: ItemId,
    /// Line in its file, from 1.
    pub line: u32,
    /// Whether it is compiled for tests only.
    pub test: bool,
}

/// A place where a value of a struct, enum or union is made: a literal, or a constructor or variant that is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Making {
    /// Who makes it.
    pub by: DefinitionId,
    /// The type.
    pub what: ItemId,
    /// The line, from 1.
    pub line: u32,
}

/// A name of methods that something calls with so many arguments without it being known on which type: on anything, or on what
/// has methods of traits alone, or on what may stand for one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMethod {
    /// The name.
    pub name: String,
    /// Who calls it so, with the line, sorted.
    pub callers: Vec<(DefinitionId, u32)>,
    /// The methods of the name that take these and may be meant, of `impl`s and traits, sorted; at least one.
    pub methods: Vec<DefinitionId>,
}

/// Why a reference was not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UnresolvedCause {
    /// A path whose first segment names nothing in scope.
    UnknownName,
    /// A path that starts in the repository and ends at a name that isn't there. Where it leads into a module, it is a
    /// reference to that, too ([`Confidence::Unseen`]).
    MissingInModule,
    /// A method call on a receiver of unknown type.
    UnknownReceiver,
    /// A field access on a receiver of unknown type.
    UnknownField,
    /// A macro that isn't in scope.
    UnknownMacro,
    /// A macro call that was not expanded any more: it is nested, or repeated, without end.
    MacroLimit,
}

/// A reference that was not followed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// The file it stands in.
    pub file: FileId,
    /// Line, from 1.
    pub line: u32,
    /// What was written.
    pub text: String,
    /// Why it was not followed.
    pub cause: UnresolvedCause,
}
