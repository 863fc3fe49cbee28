//! The facts of one file: items, imports and bodies, lowered from syn into flat arenas.
//!
//! Nothing here depends on where the file hangs in a module tree. Names are interned ([`Ustr`]), so that all
//! trees are `Send`, cheap to compare, and free of the source text.

use ustr::Ustr;

use super::ItemFeatures;

/// An interned name.
pub type Name = Ustr;

macro_rules! local_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

local_ids! {
    /// An item of this tree.
    NodeId,
    /// An expression of this tree.
    ExprId,
    /// A pattern of this tree.
    PatId,
    /// A type of this tree.
    TypeId,
    /// A path of this tree.
    PathId,
    /// A macro call of this tree.
    MacroId,
}

/// The facts of one file (or of one macro expansion).
#[derive(Debug, Default)]
pub struct ItemTree {
    /// Items at the top of the file.
    pub top: Vec<NodeId>,
    /// `#![cfg(…)]` of the file: all must hold.
    pub cfgs: Box<[Name]>,
    /// `#![attribute]` paths of the file that may name a macro.
    pub attributes: Box<[PathId]>,
    /// Items, nested ones too.
    pub items: Vec<Node>,
    /// Expressions.
    pub exprs: Vec<Expr>,
    /// Patterns.
    pub pats: Vec<Pat>,
    /// Types.
    pub types: Vec<TypeRef>,
    /// Paths.
    pub paths: Vec<Path>,
    /// Macro calls.
    pub macros: Vec<MacroCall>,
}

/// A path with the line it stands on.
#[derive(Debug, Clone)]
pub struct Path {
    /// Line, from 1.
    pub line: u32,
    /// Whether it begins with `::`.
    pub global: bool,
    /// `<T as Trait>::…`: the type, and how many segments belong to the trait.
    pub qself: Option<(TypeId, u8)>,
    /// Segments; `crate`, `self`, `super`, `Self` and `$crate` are plain names.
    pub segments: Box<[Segment]>,
}

/// One segment of a path.
#[derive(Debug, Clone)]
pub struct Segment {
    /// Its name.
    pub name: Name,
    /// Its generic arguments.
    pub args: Option<Box<GenericArgs>>,
}

/// Generic arguments of a segment.
#[derive(Debug, Clone, Default)]
pub struct GenericArgs {
    /// Types, in order; lifetimes left out, constants as [`TypeRef::Infer`].
    pub types: Box<[TypeId]>,
    /// `Item = T`; for `Fn(A) -> B`, `Output = B`.
    pub bindings: Box<[(Name, TypeId)]>,
    /// Constant arguments.
    pub consts: Box<[ExprId]>,
    /// Bounds of `Item: Trait`.
    pub bounds: Box<[PathId]>,
    /// Whether written as `Fn(A) -> B`; `types` are then the inputs.
    pub parenthesized: bool,
}

/// A type as written.
#[derive(Debug, Clone)]
pub enum TypeRef {
    /// A path.
    Path(PathId),
    /// `&T`, `&mut T`.
    Ref(TypeId),
    /// `*const T`, `*mut T`.
    Ptr(TypeId),
    /// `[T]`.
    Slice(TypeId),
    /// `[T; N]`.
    Array(TypeId, ExprId),
    /// `(A, B)`.
    Tuple(Box<[TypeId]>),
    /// `fn(A) -> B`.
    Fn(Box<[TypeId]>, Option<TypeId>),
    /// `impl A + B`.
    Impl(Box<[PathId]>),
    /// `dyn A + B`.
    Dyn(Box<[PathId]>),
    /// A macro call.
    Macro(MacroId),
    /// `!`.
    Never,
    /// `_`, or not understood.
    Infer,
}

/// A pattern.
#[derive(Debug, Clone)]
pub enum Pat {
    /// `_`, `..`, literals.
    Wild,
    /// `x`, `ref x`, `x @ p`. May turn out to be a constant, unit struct or variant.
    Bind(Name, Option<PatId>, u32),
    /// `A::B`.
    Path(PathId),
    /// `A(p, q)`; the position of `..` if there is one.
    TupleStruct(PathId, Box<[PatId]>, Option<u32>),
    /// `A { x: p }`, with the line of each field.
    Struct(PathId, Box<[(Name, PatId, u32)]>),
    /// `(p, q)`; the position of `..` if there is one.
    Tuple(Box<[PatId]>, Option<u32>),
    /// `&p`.
    Ref(PatId),
    /// `[p, q]`.
    Slice(Box<[PatId]>),
    /// `p | q`.
    Or(Box<[PatId]>),
    /// An expression: literal, range bound, constant block.
    Expr(Box<[ExprId]>),
    /// `p: T` (closure parameters).
    Typed(PatId, TypeId),
    /// `p if guard`.
    Guard(PatId, ExprId),
    /// A macro call.
    Macro(MacroId),
}

/// What a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `"…"`
    Str,
    /// `b"…"`
    ByteStr,
    /// `'…'`
    Char,
    /// An integer, a suffix not kept.
    Int,
    /// A float.
    Float,
    /// `true`, `false`.
    Bool,
    /// Others.
    Other,
}

/// An expression.
#[derive(Debug, Clone)]
pub enum Expr {
    /// Nothing that matters, or not understood.
    Missing,
    /// A path.
    Path(PathId),
    /// A literal.
    Lit(Literal),
    /// `f(a, b)`.
    Call(ExprId, Box<[ExprId]>),
    /// `r.name::<T>(a, b)`.
    Method(Box<MethodCall>),
    /// `e.name`.
    Field(ExprId, Name, u32),
    /// `*e`.
    Deref(ExprId),
    /// `&e`, `&mut e`, `&raw e`.
    Ref(ExprId),
    /// `!e`, `-e`, with the method of the operator's trait.
    Unary(ExprId, Operator),
    /// `a + b` and the like: the type is the left one's unless `Output` says otherwise.
    Binary(ExprId, ExprId, Operator),
    /// `a == b`, `a && b` and the like: `bool`.
    Compare(ExprId, ExprId, Operator),
    /// `a = b`, `a += b`.
    Assign(ExprId, ExprId, Operator),
    /// A block: plain, `unsafe`, labelled, `const`.
    Block(Box<Block>),
    /// `async { … }`: its value is a future of the block's.
    Async(Box<Block>),
    /// `if c { a } else { b }`.
    If(ExprId, ExprId, Option<ExprId>),
    /// `let p = e` in a condition.
    Let(PatId, ExprId),
    /// `while c { … }`.
    While(ExprId, ExprId),
    /// `loop { … }`.
    Loop(ExprId),
    /// `for p in e { … }`.
    For(PatId, ExprId, ExprId),
    /// `match e { p => a }`.
    Match(ExprId, Box<[(PatId, ExprId)]>),
    /// `|p: T| -> R { … }`.
    Closure(Box<Closure>),
    /// `A { x: e, ..base }`, with the line of each field.
    Struct(PathId, Box<[(Name, ExprId, u32)]>, Option<ExprId>),
    /// `(a, b)`.
    Tuple(Box<[ExprId]>),
    /// `[a, b]`.
    Array(Box<[ExprId]>),
    /// `[a; n]`.
    Repeat(ExprId, ExprId),
    /// `a[i]`.
    Index(ExprId, ExprId, u32),
    /// `a as T`.
    Cast(ExprId, TypeId),
    /// `a..b`.
    Range(Option<ExprId>, Option<ExprId>),
    /// `e?`.
    Try(ExprId),
    /// `e.await`, with its line.
    Await(ExprId, u32),
    /// `return e`, `break e`, `yield e`, `continue`: no value.
    Diverge(Option<ExprId>),
    /// A macro call.
    Macro(MacroId),
    /// Compiled only if all these `cfg` predicates hold.
    Cfg(Box<[Name]>, ExprId),
}

/// An operator: the method it stands for (`add`, `eq`, `not`…; empty where there is none), and its line.
#[derive(Debug, Clone, Copy)]
pub struct Operator {
    /// The method's name.
    pub method: &'static str,
    /// Line, from 1.
    pub line: u32,
}

/// A method call.
#[derive(Debug, Clone)]
pub struct MethodCall {
    /// What it is called on.
    pub receiver: ExprId,
    /// The method's name.
    pub name: Name,
    /// Line of the name, from 1.
    pub line: u32,
    /// `::<T>`.
    pub turbofish: Option<Box<GenericArgs>>,
    /// The arguments without the receiver.
    pub args: Box<[ExprId]>,
}

/// A closure.
#[derive(Debug, Clone)]
pub struct Closure {
    /// Parameters; types as [`Pat::Typed`].
    pub params: Box<[PatId]>,
    /// Declared return type.
    pub ret: Option<TypeId>,
    /// The body.
    pub body: ExprId,
    /// `async |…|`.
    pub is_async: bool,
}

/// A block.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// Items declared in it.
    pub items: Box<[NodeId]>,
    /// Statements.
    pub stmts: Box<[Stmt]>,
    /// The value.
    pub tail: Option<ExprId>,
}

/// A statement.
#[derive(Debug, Clone)]
pub enum Stmt {
    /// `let p: T = e else { … };`
    Let(PatId, Option<TypeId>, Option<ExprId>, Option<ExprId>),
    /// `e;`
    Expr(ExprId),
    /// `m! { … }` in statement position.
    Macro(MacroId),
    /// Compiled only if all these `cfg` predicates hold.
    Cfg(Box<[Name]>, Box<Stmt>),
}

/// A macro call with what its arguments could be read as.
#[derive(Debug, Clone)]
pub struct MacroCall {
    /// The macro.
    pub path: PathId,
    /// The arguments.
    pub args: MacroArgs,
    /// The tokens between the delimiters as text, for macros that the repository may define.
    pub raw: Option<Box<str>>,
}

/// What the arguments of a macro call could be read as.
#[derive(Debug, Clone)]
pub enum MacroArgs {
    /// Nothing.
    Empty,
    /// Not read yet: the repository may define the macro, so that its expansion counts. See
    /// [`parse_macro_arguments`](super::parse_macro_arguments).
    Unread,
    /// Expressions and patterns, in order.
    Parts(Box<[MacroPart]>),
    /// Items.
    Items(Box<[NodeId]>),
    /// Statements.
    Block(Box<Block>),
}

/// One part of a macro call's arguments.
#[derive(Debug, Clone)]
pub enum MacroPart {
    /// An expression.
    Expr(ExprId),
    /// A pattern that is matched against the expression (`matches!(e, p)`, `p = e => body`), and the body.
    Match(PatId, Option<ExprId>, Option<ExprId>),
    /// A type.
    Type(TypeId),
    /// A path picked out of tokens that could not be read.
    Loose(PathId),
}

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
    /// Flags from attributes and modifiers.
    pub flags: NodeFlags,
    /// Generic parameters and where clauses.
    pub generics: Option<Box<Generics>>,
    /// What the cost model reads.
    pub features: ItemFeatures,
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
    /// The name of the macro that a function of a proc-macro crate defines.
    pub proc_macro: Option<Name>,
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
    /// `macro_rules!` or `macro`: its rules as text.
    Macro(Box<str>),
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
    /// Its type.
    pub ty: TypeId,
    /// `cfg` predicates.
    pub cfgs: Box<[Name]>,
    /// Who may see it.
    pub vis: Vis,
    /// Paths in attributes that may name a macro.
    pub attributes: Box<[PathId]>,
}

/// An enum's variant.
#[derive(Debug, Clone)]
pub struct VariantNode {
    /// Its name.
    pub name: Name,
    /// Its fields.
    pub fields: Box<[FieldNode]>,
    /// Its discriminant.
    pub discriminant: Option<ExprId>,
    /// `cfg` predicates.
    pub cfgs: Box<[Name]>,
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

macro_rules! arena {
    ($($id:ident => $field:ident: $ty:ty),* $(,)?) => {$(
        impl std::ops::Index<$id> for ItemTree {
            type Output = $ty;
            fn index(&self, id: $id) -> &$ty {
                &self.$field[id.index()]
            }
        }
    )*};
}

arena! {
    NodeId => items: Node,
    ExprId => exprs: Expr,
    PatId => pats: Pat,
    TypeId => types: TypeRef,
    PathId => paths: Path,
    MacroId => macros: MacroCall,
}
