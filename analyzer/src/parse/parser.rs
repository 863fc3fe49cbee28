//! The parser and the lexer that files are read with: the one place that names them.
//!
//! Both are rust-analyzer's, published with every release of it under a version of its own (0.0.x) without a promise that
//! anything stays. To take a later one: raise `ra_ap_parser` in the workspace's manifest, mend this file and what uses the
//! kinds, and run the tests: one compares what is read of all dependencies with what syn reads.

pub(super) use ra_ap_parser::{Edition, Input, Output, PrefixEntryPoint, Step, SyntaxKind, TopEntryPoint};
pub(super) use ra_ap_rustc_lexer as lexer;
