//! `split-advisor.toml`, what a repository says of itself: typed, each value with its line. What means nothing in it is a
//! diagnostic at its line, with the word that it is most like.
//!
//! Text in, data out: the file is read by who finds it.

mod fields;
mod model;
mod sections;
mod template;
#[cfg(test)]
mod tests;

pub use model::{
    AddedService, At, Budgets, CheckSettings, Configuration, Exception, Forbidden, Layers, Lint, LintLevel,
    Services,
};
pub use template::template;

/// The file's name; it lies in the analysed directory.
pub const FILE_NAME: &str = "split-advisor.toml";
