//! Items: functions, types, modules, imports.

use super::{ExprId, MacroId, Name, NodeId, PatId, PathId, TokenRange, TypeId};
use crate::parse::ItemFeatures;

/// Who may see an item, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vis {
    /// Nothing written.
    Inherited,
    /// `pub`.
    Public,
    /// `pub(crate)`, `pub(self)`, `pub(super)`, `pub(in path)`.
    In(Box<[Name]>),
}

/// An item, nested or not.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its name; empty when it has none.
    pub name: Name,
    /// What it is.
    pub kind: NodeKind,
    /// Who may see it.
    pub vis: Vis,
    /// First line, attributes included.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// `cfg` predicates, all of which must hold.
    pub cfgs: Box<[Name]>,
    /// Paths in `#[derive(…)]` and attributes that may name a macro.
    pub attributes: Box<[PathId]>,
    /// Paths in helper attributes of derives; of any other attribute where it is no type.
    pub helpers: Box<[HelperPath]>,
    /// Flags from attributes and modifiers.
    pub flags: NodeFlags,
    /// Generic parameters and where clauses.
    pub generics: Option<Box<Generics>>,
    /// What the cost model reads.
    pub features: ItemFeatures,
}

/// A path in a helper attribute, which a derive writes into the code that it makes: `#[serde(default = "crate::f")]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelperPath {
    /// The path.
    pub path: PathId,
    /// What it means.
    pub means: HelperMeans,
}

/// What a path in a helper attribute means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperMeans {
    /// A value: mostly a function.
    Value,
    /// A type.
    Type,
    /// What has `serialize` and `deserialize`: a module, or a type.
    With,
}

/// Flags of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NodeFlags {
    /// `#[test]`, `#[bench]` or an attribute whose last segment is `test`.
    pub test: bool,
    /// `#[macro_use]`.
    pub macro_use: bool,
    /// `#[macro_export]`.
    pub macro_export: bool,
    /// `#[macro_export(local_inner_macros)]`: macros that its body calls by their name are of its own crate.
    pub local_inner_macros: bool,
    /// The name of the macro that a function of a proc-macro crate defines.
    pub proc_macro: Option<Name>,
    /// Whether the body of a macro wrote its name.
    pub from_body: bool,
    /// `static mut`.
    pub mutable: bool,
}

/// What an item is.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// `mod x;` or `mod x { … }`.
    Module(Box<ModNode>),
    /// Imports, flattened.
    Use(Box<[Import]>),
    /// `extern crate a as b` (`name` is what it is called here): the crate's name.
    ExternCrate(Name),
    /// A function, free or associated.
    Fn(Box<FnNode>),
    /// A struct.
    Struct(Box<[FieldNode]>),
    /// A union.
    Union(Box<[FieldNode]>),
    /// An enum.
    Enum(Box<[VariantNode]>),
    /// A trait: supertraits and items.
    Trait(Box<[PathId]>, Box<[NodeId]>),
    /// An `impl` block.
    Impl(Box<ImplNode>),
    /// A type alias or associated type: bounds and type.
    TypeAlias(Box<[PathId]>, Option<TypeId>),
    /// A constant, free or associated.
    Const(Option<TypeId>, Option<ExprId>),
    /// A static.
    Static(Option<TypeId>, Option<ExprId>),
    /// `macro_rules!`: the tokens of its rules.
    Macro(TokenRange),
    /// A macro call in item position.
    Call(MacroId),
}

/// A module declaration.
#[derive(Debug, Clone)]
pub struct ModNode {
    /// The items of `mod x { … }`; `None` for `mod x;`.
    pub content: Option<Box<[NodeId]>>,
    /// `#[path = "…"]`, with the `cfg` predicate when it came from `cfg_attr`.
    pub paths: Box<[(Option<Name>, Box<str>)]>,
}

/// One flattened import.
#[derive(Debug, Clone)]
pub struct Import {
    /// The path.
    pub path: Box<[Name]>,
    /// Whether it begins with `::`.
    pub global: bool,
    /// The name it gets here; `_` for none.
    pub alias: Name,
    /// `*`.
    pub glob: bool,
    /// Line, from 1.
    pub line: u32,
}

/// A function's signature and body.
#[derive(Debug, Clone)]
pub struct FnNode {
    /// Whether the first parameter is `self`.
    pub has_self: bool,
    /// Parameters; `self` as a binding named `self`.
    pub params: Box<[(PatId, TypeId)]>,
    /// Return type.
    pub ret: Option<TypeId>,
    /// The body.
    pub body: Option<ExprId>,
    /// `async`.
    pub is_async: bool,
}

/// A field.
#[derive(Debug, Clone)]
pub struct FieldNode {
    /// Its name; `0`, `1`… in tuples.
    pub name: Name,
    /// Its line, from 1.
    pub line: u32,
    /// Whether the body of a macro wrote its name.
    pub from_body: bool,
    /// Its type.
    pub ty: TypeId,
    /// `cfg` predicates.
    pub cfgs: Box<[Name]>,
    /// Who may see it.
    pub vis: Vis,
    /// Paths in attributes that may name a macro.
    pub attributes: Box<[PathId]>,
    /// Paths in helper attributes of derives.
    pub helpers: Box<[HelperPath]>,
}

/// An enum's variant.
#[derive(Debug, Clone)]
pub struct VariantNode {
    /// Its name.
    pub name: Name,
    /// First line, attributes included, and last one, from 1.
    pub lines: (u32, u32),
    /// The name that a command line knows it by, where an attribute says so.
    pub command: Option<Name>,
    /// Whether the command line has the commands that it holds in its place.
    pub flattened: bool,
    /// Whether the body of a macro wrote its name.
    pub from_body: bool,
    /// Its fields.
    pub fields: Box<[FieldNode]>,
    /// Its discriminant.
    pub discriminant: Option<ExprId>,
    /// `cfg` predicates.
    pub cfgs: Box<[Name]>,
    /// Paths in helper attributes of derives.
    pub helpers: Box<[HelperPath]>,
}

/// An `impl` block.
#[derive(Debug, Clone)]
pub struct ImplNode {
    /// The trait.
    pub trait_path: Option<PathId>,
    /// The type.
    pub self_ty: TypeId,
    /// Associated items.
    pub items: Box<[NodeId]>,
}

/// Generic parameters and where clauses.
#[derive(Debug, Clone, Default)]
pub struct Generics {
    /// Type parameters: name, bounds, default.
    pub types: Box<[GenericParam]>,
    /// Constant parameters: name and type.
    pub consts: Box<[(Name, TypeId)]>,
    /// How many lifetimes there are.
    pub lifetimes: u32,
    /// `where T: A + B`.
    pub wheres: Box<[(TypeId, Box<[PathId]>)]>,
}

/// A type parameter.
#[derive(Debug, Clone)]
pub struct GenericParam {
    /// Its name.
    pub name: Name,
    /// Its bounds.
    pub bounds: Box<[PathId]>,
    /// Its default.
    pub default: Option<TypeId>,
}
