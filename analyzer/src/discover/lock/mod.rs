//! The packages of a workspace's lock file.

mod file;
mod follow;
mod index;
#[cfg(test)]
mod tests;
mod unpacked;

pub(super) use file::{parse, read};
pub(super) use follow::follow;
pub(crate) use index::Index;
pub(super) use unpacked::Unpacked;
