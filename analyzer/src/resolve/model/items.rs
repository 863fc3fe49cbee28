//! Items, their members and `impl` headers.

use serde::{Deserialize, Serialize};

use crate::ids::{FileId, ItemId, ModuleId};
use crate::parse::ItemFeatures;

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
    /// Full path: `a::x::f`; for an `impl`, `a::x::<impl Trait for Type>`, with whole paths where another of the
    /// module would be called the same: `a::x::<impl From<b::Error> for Type>`.
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
        let path = last.split('<').next().unwrap_or(last);
        path.rsplit("::").next().unwrap_or(path)
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
    /// Traits of this repository that bound the self type where that is a bare type parameter, and the trait is no generic one of
    /// other types: of `impl<T: A> B for T` it is `A`.
    pub bound_items: Vec<ItemId>,
    /// Traits and types of this repository in the bounds of the trait's arguments that are bare type parameters: of
    /// `impl<T: Into<A>> From<T> for B` it is `A`.
    pub argument_bounds: Vec<ItemId>,
}
