//! The explanatory variables of the cost model: what an item's syntax says about the work of compiling it.

use crate::parse::ItemFeatures;

/// Number of explanatory variables.
pub const EXPLANATORY: usize = 13;

/// Their names, in the order of [`explanatory`].
pub const EXPLANATORY_NAMES: [&str; EXPLANATORY] = [
    "tokens",
    "concrete fns",
    "generic fns",
    "closures and async fns",
    "concrete exprs",
    "generic exprs",
    "concrete calls",
    "generic calls",
    "match arms",
    "macro calls",
    "derives",
    "trait impls",
    "fields",
];

/// The explanatory variables of one item.
///
/// Generic code is checked where it is written but compiled to machine code where it is instantiated, so it
/// has variables of its own: the fit finds out how much of its code generation still falls on the crate that
/// defines it (instances used there, and closures of concrete callers). What falls on the crates that
/// instantiate it is in their own variables only so far as it goes with their calls.
/// An `async fn` is, like a closure, one more type with a body; so few published crates have many of them that
/// they can't be told apart from it. Features don't say which expressions stand in generic functions: they are shared out by number of functions.
pub fn explanatory(features: &ItemFeatures) -> [f64; EXPLANATORY] {
    let f = |n: u32| f64::from(n);
    let generic = if features.fns == 0 { 0.0 } else { (f(features.generic_fns) / f(features.fns)).min(1.0) };
    [
        f(features.tokens),
        f(features.fns) * (1.0 - generic),
        f(features.fns) * generic,
        f(features.closures) + f(features.async_fns),
        f(features.exprs) * (1.0 - generic),
        f(features.exprs) * generic,
        f(features.calls) * (1.0 - generic),
        f(features.calls) * generic,
        f(features.match_arms),
        f(features.macro_calls),
        f(features.derives),
        f(features.trait_impls),
        f(features.fields),
    ]
}
