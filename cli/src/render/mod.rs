//! One file per output format. All read the same reports and only write: nothing is computed here.

pub(crate) mod answer;
pub(crate) mod escape;
pub(crate) mod findings;
pub(crate) mod graph;
pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod matrix;
pub(crate) mod notes;
pub(crate) mod openmetrics;
pub(crate) mod prose;
pub(crate) mod terminal;

#[cfg(test)]
mod tests;
