//! Expressions, patterns and macro calls.

use super::operator::Operator;
use super::{ExprId, GenericArgs, MacroId, Name, NodeId, PatId, PathId, TokenRange, TypeId};

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

/// Types that a number's suffix names.
pub const NUMBER_TYPES: [&str; 14] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"];

/// What a literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// `"…"`
    Str,
    /// `b"…"`
    ByteStr,
    /// `'…'`
    Char,
    /// An integer without a suffix.
    Int,
    /// A float without one.
    Float,
    /// A number with a suffix that says what type it is: the position among [`NUMBER_TYPES`].
    Typed(u8),
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
    /// `A { x: e, ..base }`.
    Struct(PathId, Box<StructLiteral>),
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

/// The fields of a struct literal.
#[derive(Debug, Clone)]
pub struct StructLiteral {
    /// Name, value and line of each.
    pub fields: Box<[(Name, ExprId, u32)]>,
    /// `..base`.
    pub base: Option<ExprId>,
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
    /// The tokens between the delimiters, for macros that the repository may define.
    pub tokens: Option<TokenRange>,
}

/// What the arguments of a macro call could be read as.
#[derive(Debug, Clone)]
pub enum MacroArgs {
    /// Nothing.
    Empty,
    /// Not read yet: the repository may define the macro, so that its expansion counts. See
    /// [`parse_macro_arguments`](crate::parse::parse_macro_arguments).
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
    /// What the format string among the parts shows; behind all that it may show.
    Shows(Box<[Shown]>),
}

/// A value that a format string shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Which value.
    pub value: ShownValue,
    /// The trait of `std::fmt` that it is shown by.
    pub by: &'static str,
}

/// Which value a format string shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownValue {
    /// One of the call's parts, by position.
    Part(u32),
    /// A variable.
    Variable(Name),
}
