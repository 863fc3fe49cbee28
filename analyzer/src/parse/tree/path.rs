//! Paths and types.

use super::{ExprId, MacroId, Name, PathId, TypeId};

/// A path with the line it stands on.
#[derive(Debug, Clone)]
pub struct Path {
    /// Line, from 1.
    pub line: u32,
    /// Whether a macro's body wrote all of its names: who calls the macro does not.
    pub from_body: bool,
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
