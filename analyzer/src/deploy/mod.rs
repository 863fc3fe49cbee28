//! What is deployed: the programs of a repository, and what each needs of it.

mod binaries;
mod model;
mod reach;
#[cfg(test)]
mod tests;

pub use binaries::deployables;
pub use model::Deployable;
