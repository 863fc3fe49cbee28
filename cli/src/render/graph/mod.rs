//! Graphs in the languages of other programs.

pub(crate) mod dot;
pub(crate) mod graphml;
mod groups;
pub(crate) mod mermaid;
