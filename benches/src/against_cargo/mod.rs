//! What `affected` says against what the real cargo compiles again.

pub(crate) mod command;
mod fresh;
