//! The explanatory variables of the cost model: what an item's syntax says about the work of compiling it.

use crate::parse::ItemFeatures;

/// Number of explanatory variables.
pub const EXPLANATORY: usize = 24;

/// Their names, in the order of [`explanatory`].
pub const EXPLANATORY_NAMES: [&str; EXPLANATORY] = [
    "tokens",
    "concrete fns",
    "generic fns",
    "closures",
    "async fns and blocks",
    "concrete exprs",
    "generic exprs",
    "async exprs",
    "awaits",
    "uses of ?",
    "concrete calls",
    "generic calls",
    "method calls",
    "match arms",
    "std macro calls",
    "other macro calls",
    "macro tokens",
    "std derives",
    "serde derives",
    "other derives",
    "attribute macros",
    "trait impls",
    "fields",
    "types",
];

/// The explanatory variables of one item.
///
/// Generic code is checked where it is written but compiled to machine code where it is instantiated, so it
/// has variables of its own: the fit finds out how much of its code generation still falls on the crate that
/// defines it (instances used there, and closures of concrete callers). What falls on the crates that
/// instantiate it is in their own variables only so far as it goes with their calls. Async bodies are counted twice,
/// as code and as what becomes a state machine: its borrow check and the instances of the futures it awaits come on top.
/// A derive counts with the fields and variants that it reads, a macro with its input.
/// Features don't say which expressions stand in generic functions: they are shared out by number of functions.
pub fn explanatory(features: &ItemFeatures) -> [f64; EXPLANATORY] {
    let f = |n: u32| f64::from(n);
    let generic = if features.fns == 0 { 0.0 } else { (f(features.generic_fns) / f(features.fns)).min(1.0) };
    [
        f(features.tokens),
        f(features.fns) * (1.0 - generic),
        f(features.fns) * generic,
        f(features.closures.saturating_sub(features.async_blocks)),
        f(features.async_fns) + f(features.async_blocks),
        f(features.exprs) * (1.0 - generic),
        f(features.exprs) * generic,
        f(features.async_exprs),
        f(features.awaits),
        f(features.tries),
        f(features.calls) * (1.0 - generic),
        f(features.calls) * generic,
        f(features.method_calls),
        f(features.match_arms),
        f(features.std_macro_calls),
        f(features.macro_calls.saturating_sub(features.std_macro_calls)),
        f(features.macro_tokens),
        f(features.std_derived),
        f(features.serde_derived),
        f(features.other_derived),
        f(features.attribute_macros),
        f(features.trait_impls),
        f(features.fields),
        f(features.types),
    ]
}
