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
    /// Of these, async blocks.
    pub async_blocks: u32,
    /// Statements and expressions in bodies.
    pub exprs: u32,
    /// Of these, in the body of an `async fn` or an async block: rustc makes a state machine of it.
    pub async_exprs: u32,
    /// Points of `.await`.
    pub awaits: u32,
    /// Uses of `?`.
    pub tries: u32,
    /// Calls: functions, methods.
    pub calls: u32,
    /// Of these, methods.
    pub method_calls: u32,
    /// Arms of `match`.
    pub match_arms: u32,
    /// Macro calls.
    pub macro_calls: u32,
    /// Of these, macros of the standard library.
    pub std_macro_calls: u32,
    /// Tokens between the delimiters of macro calls, those of the standard library left out.
    pub macro_tokens: u32,
    /// Traits derived.
    pub derives: u32,
    /// For each derived trait of the standard library the fields and variants of the type, and one.
    pub std_derived: u32,
    /// The same for `Serialize` and `Deserialize`.
    pub serde_derived: u32,
    /// The same for other derives, procedural macros.
    pub other_derived: u32,
    /// Attributes that may be procedural macros, on functions, impls and traits.
    pub attribute_macros: u32,
    /// Trait impls.
    pub trait_impls: u32,
    /// Fields and variants of type definitions.
    pub fields: u32,
    /// Types mentioned: in signatures, bodies and definitions.
    pub types: u32,
}

impl std::ops::AddAssign for ItemFeatures {
    fn add_assign(&mut self, o: Self) {
        self.tokens += o.tokens;
        self.fns += o.fns;
        self.generic_fns += o.generic_fns;
        self.async_fns += o.async_fns;
        self.closures += o.closures;
        self.async_blocks += o.async_blocks;
        self.exprs += o.exprs;
        self.async_exprs += o.async_exprs;
        self.awaits += o.awaits;
        self.tries += o.tries;
        self.calls += o.calls;
        self.method_calls += o.method_calls;
        self.match_arms += o.match_arms;
        self.macro_calls += o.macro_calls;
        self.std_macro_calls += o.std_macro_calls;
        self.macro_tokens += o.macro_tokens;
        self.derives += o.derives;
        self.std_derived += o.std_derived;
        self.serde_derived += o.serde_derived;
        self.other_derived += o.other_derived;
        self.attribute_macros += o.attribute_macros;
        self.trait_impls += o.trait_impls;
        self.fields += o.fields;
        self.types += o.types;
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::syntax::parser::Edition;

    use super::ItemFeatures;
    use crate::parse::text::parse;

    /// The counts of the items of a text that are not 0, those that everything has left out.
    fn counts(text: &str) -> String {
        let tree = parse(text, Edition::Edition2021).tree;
        let mut sum = ItemFeatures::default();
        tree.top.iter().for_each(|&id| sum += tree.items[id.0 as usize].features);
        let counts = [
            ("async", sum.async_fns),
            ("closures", sum.closures),
            ("blocks", sum.async_blocks),
            ("in async", sum.async_exprs),
            ("awaits", sum.awaits),
            ("?", sum.tries),
            ("calls", sum.calls),
            ("methods", sum.method_calls),
            ("macros", sum.macro_calls),
            ("of std", sum.std_macro_calls),
            ("input", sum.macro_tokens),
            ("derives", sum.derives),
            ("std derived", sum.std_derived),
            ("serde derived", sum.serde_derived),
            ("other derived", sum.other_derived),
            ("attributes", sum.attribute_macros),
        ];
        let shown = counts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {n}"));
        shown.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_services_are_made_of() {
        let cases = [
            ("fn f() { a(); b.c(); }", "calls 2, methods 1"),
            ("fn f() -> R { a()?; b()? }", "? 2, calls 2"),
            // `g().await`, `g()`, `g`; a function in an async body is none itself.
            ("async fn f() { g().await; fn h() { i(); } }", "async 1, in async 3, awaits 1, calls 2"),
            ("fn f() { g(); async { h }; }", "closures 1, blocks 1, in async 1, calls 1"),
            ("fn f() { |x| x; }", "closures 1"),
            ("fn f() { println!(\"{}\", x); query!(a, b); }", "macros 2, of std 1, input 3"),
            ("table! { a (b) }", "calls 1, macros 1, input 4"),
            ("#[derive(Debug, Clone)] struct S { a: u8, b: u8 }", "derives 2, std derived 6"),
            ("#[derive(serde::Serialize, Deserialize)] enum E { A, B(u8) }", "derives 2, serde derived 8"),
            ("#[derive(Parser)] struct S;", "derives 1, other derived 1"),
            ("#[tokio::main] #[inline] fn f() {}", "attributes 1"),
            // On a type they are helpers of its derives.
            ("#[derive(Queryable)] #[diesel(a)] struct S;", "derives 1, other derived 1"),
            ("#[async_trait] impl A for B { #[instrument] fn f() {} }", "attributes 2"),
        ];
        for (text, expected) in cases {
            assert_eq!(counts(text), expected, "{text}");
        }
    }
}
