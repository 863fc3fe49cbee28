//! Graphs in the languages of other programs.

pub(crate) mod dot;
pub(crate) mod graphml;
pub(crate) mod mermaid;
