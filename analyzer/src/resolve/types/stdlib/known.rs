//! What a known method is.

use crate::resolve::types::ty::Ty;

/// What a method call yields.
pub(in crate::resolve) enum Yields {
    /// A type.
    Type(Ty),
    /// What the closure returns.
    Closure,
    /// What the closure returns, inside `outer` at position 0 or 1 beside `other`.
    Inside { outer: &'static str, at: usize, other: Ty },
    /// An iterator over what the closure's result iterates over.
    Flattened,
    /// The first argument's type.
    Argument,
    /// An iterator over pairs with the argument's elements.
    Zip(Ty),
    /// A collection of these, as the context wants it.
    Collect(Ty),
    /// What the context wants.
    Expected,
}

/// A known method.
pub(in crate::resolve) struct Method {
    /// What a closure argument is given.
    pub(in crate::resolve) closure: Vec<Ty>,
    /// What the call yields.
    pub(in crate::resolve) yields: Yields,
    /// Which argument of the receiver the first plain argument decides (`v.push(x)`).
    pub(in crate::resolve) teaches: Option<usize>,
}

pub(crate) fn known(yields: Yields, closure: impl Into<Vec<Ty>>) -> Option<Method> {
    Some(Method { closure: closure.into(), yields, teaches: None })
}
