//! What every stage stands on: ids, errors, diagnostics, limits, and the doors to the outside.
//!
//! An analysed repository is untrusted. It may hold pipes that nobody writes to, links to devices, files of any size, and a
//! configuration that makes a program wait for ever. So what may be read ([`read`]), which programs run and how long they
//! may take ([`programs`]) is written here once, and a test of the sources makes sure that nobody goes around it.

pub mod budget;
pub(crate) mod bug;
pub(crate) mod csr;
pub mod diagnostic;
pub mod error;
pub mod ids;
pub(crate) mod likeness;
pub(crate) mod load;
pub(crate) mod number;
pub mod programs;
pub(crate) mod random;
pub mod read;
pub(crate) mod words;

pub use programs::ToolOptions;
pub use read::{FileTree, ReadOptions, Refused};
