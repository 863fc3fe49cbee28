//! The doors to the outside: files are read, and programs run, through these alone.
//!
//! An analysed repository is untrusted. It may hold pipes that nobody writes to, links to devices, files of any size, and a
//! configuration that makes a program wait for ever. So what may be read, how much of it, and how long a program may
//! take stands here once, and a test of the sources holds everybody else to it.

pub(crate) mod number;
pub mod programs;
pub mod read;

pub use programs::ToolOptions;
pub use read::{FileTree, ReadOptions, Refused};
