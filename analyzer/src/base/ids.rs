//! Typed indices: one index type per arena, so that indices of different arenas can't be mixed.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// An index into an [`IdVec`].
pub trait Id: Copy + Eq + Ord + std::hash::Hash + fmt::Debug {
    /// The id of the element at `index`.
    fn from_index(index: usize) -> Self;
    /// The position of the element.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                $name(u32::try_from(index).expect("fewer than 2^32 elements"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// A cargo workspace found in the repository.
    WorkspaceId,
    /// A package: one `Cargo.toml` with a `[package]` table.
    PackageId,
    /// A target of a package: lib, bin, test, example, bench or build script.
    TargetId,
    /// A package of a lock file.
    LockedId,
    /// A `.rs` file.
    FileId,
    /// What rustc compiles: one per [`TargetId`], in the same order.
    CrateId,
    /// A module of a crate (inline or a file of its own).
    ModuleId,
    /// An item at module level, an `impl` block included.
    ItemId,
    /// An item, or an associated item of an `impl` or a trait.
    DefinitionId,
    /// A set of items that no split may separate.
    AtomId,
    /// A unit of cargo's build: target + profile + mode + features.
    UnitId,
    /// A piece of work of a proposed plan.
    EditId,
    /// A crate of a proposed plan.
    PlanCrateId,
    /// Items that a plan places as one.
    GroupId,
    /// A module as the structural search sees it, with what is folded into it.
    BlockId,
    /// A crate of a plan in the making, by its place in the order: 0 at the bottom.
    LevelId,
    /// A path that the git history mentions; the file may be gone.
    PathId,
    /// Who wrote a commit: an opaque number, never a name.
    AuthorId,
    /// A source file of the crate that a plan is carried out on.
    SourceFileId,
    /// A module of it.
    SourceModuleId,
}

/// A field or associated item that only part of its crate may name; `Option<MemberId>` takes no more than the id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MemberId(std::num::NonZeroU32);

impl Id for MemberId {
    fn from_index(index: usize) -> Self {
        let number = u32::try_from(index + 1).ok().and_then(std::num::NonZeroU32::new);
        MemberId(number.expect("fewer than 2^32 elements"))
    }
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A vector indexed by its own id type.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct IdVec<I, T> {
    raw: Vec<T>,
    #[serde(skip)]
    marker: PhantomData<fn(I) -> I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// An empty vector.
    pub fn new() -> Self {
        Self { raw: Vec::new(), marker: PhantomData }
    }

    /// `len` copies of `value`.
    pub fn from_elem(value: T, len: usize) -> Self
    where
        T: Clone,
    {
        Self { raw: vec![value; len], marker: PhantomData }
    }

    /// Adds an element and returns its id.
    pub fn push(&mut self, value: T) -> I {
        let id = I::from_index(self.raw.len());
        self.raw.push(value);
        id
    }

    /// Puts an element before the one at `id`: those from there on get the next ids.
    ///
    /// # Panics
    /// If there are fewer elements than that.
    pub fn insert(&mut self, id: I, value: T) {
        self.raw.insert(id.index(), value);
    }

    /// Takes an element out: those after it get the ids before theirs.
    ///
    /// # Panics
    /// If there is no such element.
    pub fn remove(&mut self, id: I) -> T {
        self.raw.remove(id.index())
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The element with this id, if there is one.
    pub fn get(&self, id: I) -> Option<&T> {
        self.raw.get(id.index())
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.raw.len()).map(I::from_index)
    }

    /// The elements, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.raw.iter()
    }

    /// The elements, in order, mutably.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.raw.iter_mut()
    }

    /// Ids with their elements, in order.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.raw.iter().enumerate().map(|(i, t)| (I::from_index(i), t))
    }

    /// The elements as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.raw
    }

    /// The elements as a plain vector.
    pub fn into_vec(self) -> Vec<T> {
        self.raw
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T> From<Vec<T>> for IdVec<I, T> {
    fn from(raw: Vec<T>) -> Self {
        Self { raw, marker: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(iter: It) -> Self {
        iter.into_iter().collect::<Vec<_>>().into()
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.raw[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.raw[id.index()]
    }
}

impl<'a, I: Id, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.raw.iter()
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for IdVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.raw.iter()).finish()
    }
}
