//! The packages of a workspace's lock file.

mod file;

pub(super) use file::{parse, read};
