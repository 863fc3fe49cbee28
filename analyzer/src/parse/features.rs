//! Counts that the cost model reads, per item.

use serde::{Deserialize, Serialize};

/// What an item is made of. Everything is a count of syntax, whole item included, nested items too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFeatures {
    /// Tokens (identifiers, literals, punctuation, delimiters).
    pub tokens: u32,
    /// Functions and methods with a body.
    pub fns: u32,
    /// Of these, generic over types or consts (the item's own generics included), or with `impl Trait` arguments.
    pub generic_fns: u32,
    /// Of these, `async`.
    pub async_fns: u32,
    /// Closures and async blocks.
    pub closures: u32,
    /// Statements and expressions in bodies.
    pub exprs: u32,
    /// Calls: functions, methods.
    pub calls: u32,
    /// Arms of `match`.
    pub match_arms: u32,
    /// Macro calls.
    pub macro_calls: u32,
    /// Traits derived.
    pub derives: u32,
    /// Trait impls.
    pub trait_impls: u32,
    /// Fields and variants of type definitions.
    pub fields: u32,
}

impl std::ops::AddAssign for ItemFeatures {
    fn add_assign(&mut self, o: Self) {
        self.tokens += o.tokens;
        self.fns += o.fns;
        self.generic_fns += o.generic_fns;
        self.async_fns += o.async_fns;
        self.closures += o.closures;
        self.exprs += o.exprs;
        self.calls += o.calls;
        self.match_arms += o.match_arms;
        self.macro_calls += o.macro_calls;
        self.derives += o.derives;
        self.trait_impls += o.trait_impls;
        self.fields += o.fields;
    }
}
