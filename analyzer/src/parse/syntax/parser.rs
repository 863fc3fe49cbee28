//! The parser and the lexer that files are read with: the one place that names them.
//!
//! The parser takes kinds of tokens and gives a flat list of steps, so that no node is allocated. On nushell's 14 MB, one thread,
//! it needs 0.27 s (lexer 0.11, parsing 0.16), where `syn::parse_file` needs 0.97 s. It goes on after an error, so that a broken
//! file keeps its other items, and it parses tokens without text, so that what a macro makes is read without being printed and
//! lexed again.
//!
//! Both are rust-analyzer's, published with every release of it under a version of its own (0.0.x) without a promise that
//! anything stays. To take a later one: raise `ra_ap_parser` in the workspace's manifest, mend this file and what uses the
//! kinds, and run the tests: one compares what is read of all dependencies with what syn reads.

pub(in crate::parse) use ra_ap_parser::{
    Edition, Input, Output, PrefixEntryPoint, Step, SyntaxKind, TopEntryPoint,
};
pub(in crate::parse) use ra_ap_rustc_lexer as lexer;
