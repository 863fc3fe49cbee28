//! A shared list that costs nothing when it is empty, as generic arguments mostly are, and that never holds more than
//! [`MAX_WEIGHT`] types, counted as they are written out.
//!
//! Types are shared, so that `let b = (a, a);` sixty times over takes little memory, but each walk over such a type would take
//! 2^60 steps.

use std::ops::Deref;
use std::sync::Arc;

/// Most types inside of one type; beyond, what is inside counts as unknown. A choice: nobody writes or
/// reads a type of a hundred.
pub(in crate::resolve) const MAX_WEIGHT: u32 = 2_000;

/// What knows how many types it holds.
pub(in crate::resolve) trait Weigh {
    /// The number of types in it, itself included, each as often as it is written out.
    fn weight(&self) -> u32;
    /// The same without the types.
    fn forgotten(&self) -> Self;
}

/// Cheap to clone; an empty one is no allocation.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct Shared<T> {
    list: Option<Arc<[T]>>,
    weight: u32,
}

impl<T> Shared<T> {
    /// The number of types in it.
    pub(in crate::resolve) fn weight(&self) -> u32 {
        self.weight
    }
}

impl<T: Weigh> Shared<T> {
    fn new(list: Arc<[T]>) -> Self {
        let weight = total(&list);
        if weight <= MAX_WEIGHT {
            return Self { list: Some(list), weight };
        }
        let list: Arc<[T]> = list.iter().take(MAX_WEIGHT as usize).map(T::forgotten).collect();
        Self { weight: total(&list), list: Some(list) }
    }
}

/// The number of types in a list.
pub(in crate::resolve) fn total<T: Weigh>(list: &[T]) -> u32 {
    list.iter().fold(0u32, |sum, one| sum.saturating_add(one.weight()))
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { list: None, weight: 0 }
    }
}

impl<T> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.list.as_deref().unwrap_or_default()
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight && self[..] == other[..]
    }
}

impl<T: Weigh> From<Vec<T>> for Shared<T> {
    fn from(list: Vec<T>) -> Self {
        if list.is_empty() { Self::default() } else { Self::new(list.into()) }
    }
}

impl<T: Weigh, const N: usize> From<[T; N]> for Shared<T> {
    fn from(list: [T; N]) -> Self {
        if N == 0 { Self::default() } else { Self::new(Arc::new(list)) }
    }
}

impl<T: Weigh> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() { Self::new(items.collect()) } else { Self::default() }
    }
}
