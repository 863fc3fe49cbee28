//! Finds out whether, where and how a Rust workspace should be split.

pub mod cluster;
pub mod cost;
pub mod diagnostic;
pub mod discover;
pub mod error;
pub mod graph;
pub mod history;
pub mod ids;
pub mod parse;
pub mod plan;
pub mod report;
pub mod resolve;
pub mod simulate;

pub use diagnostic::Diagnostic;
pub use error::{Error, Result};
