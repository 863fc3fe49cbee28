//! What is deployed: the programs of a repository, and what each needs of it.

mod binaries;
mod changed;
mod model;
mod reach;
#[cfg(test)]
mod tests;

pub use binaries::deployables;
pub(crate) use changed::{Code, mark_reach};
pub use model::Deployable;
