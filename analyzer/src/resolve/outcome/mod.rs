//! From the working tables to the result, and what is said beside it.

pub(super) mod bound;
mod commands;
mod definitions;
pub(super) mod finish;
pub(super) mod left_out;
mod macro_use;
pub(super) mod mentions;
pub(super) mod passed;
pub(super) mod print;
pub(super) mod re_exports;
mod shapes;
mod tables;
pub(super) mod unused_imports;
