//! One file per output format. All read the same reports and only write: nothing is computed here.

pub(crate) mod dot;
pub(crate) mod escape;
pub(crate) mod forecasts;
pub(crate) mod graphml;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod mermaid;
pub(crate) mod sentences;
pub(crate) mod terminal;
pub(crate) mod words;

#[cfg(test)]
mod tests;
