//! Text to a syntax tree: tokens, how deeply they nest, the parser's grammar, a flat tree.

pub(super) mod examples;
pub(super) mod flat;
pub(super) mod grammar;
pub(super) mod lex;
pub(super) mod nesting;
pub(super) mod parser;
