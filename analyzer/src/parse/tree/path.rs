//! Paths and types.

use super::{ExprId, MacroId, Name, PathId, TypeId};

/// A path with the line it stands on. Where a syntax error leaves no name of one, there is none.
#[derive(Debug, Clone)]
pub struct Path {
    /// Line, from 1.
    pub line: u32,
    /// Whether a macro's body wrote all of its names: who calls the macro does not.
    pub from_body: bool,
    /// Whether it begins with `::`.
    pub global: bool,
    /// `<T as Trait>::…`: the type, and how many segments belong to the trait; at least one more follows them.
    pub qself: Option<(TypeId, u8)>,
    /// Segments; `crate`, `self`, `super`, `Self` and `$crate` are plain names.
    pub segments: Segments,
}

/// The segments of a path: at least one.
#[derive(Debug, Clone)]
pub struct Segments(Box<[Segment]>);

impl Segments {
    /// `None` for no segment, which is no path.
    pub fn new(segments: impl Into<Box<[Segment]>>) -> Option<Self> {
        let segments = segments.into();
        (!segments.is_empty()).then_some(Self(segments))
    }

    /// Segments without arguments; `None` for no name.
    pub fn of_names(names: impl IntoIterator<Item = Name>) -> Option<Self> {
        Self::new(names.into_iter().map(|name| Segment { name, args: None }).collect::<Box<[_]>>())
    }

    /// The segments of a path of one name.
    pub fn single(name: Name) -> Self {
        Self(Box::new([Segment { name, args: None }]))
    }

    /// The first.
    pub fn first(&self) -> &Segment {
        &self.0[0]
    }

    /// The last, which may be the first.
    pub fn last(&self) -> &Segment {
        &self.0[self.0.len() - 1]
    }

    /// The names alone.
    pub fn names(&self) -> Vec<Name> {
        self.0.iter().map(|segment| segment.name).collect()
    }
}

impl std::ops::Deref for Segments {
    type Target = [Segment];

    fn deref(&self) -> &[Segment] {
        &self.0
    }
}

impl<'s> IntoIterator for &'s Segments {
    type Item = &'s Segment;
    type IntoIter = std::slice::Iter<'s, Segment>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
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
