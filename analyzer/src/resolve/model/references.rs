//! References between items, and names that lead through other modules.

use serde::{Deserialize, Serialize};

use super::items::Visibility;
use crate::ids::{DefinitionId, FileId, ItemId, MemberId, ModuleId};

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
