//! A plan as changes of files: who takes what, where paths lead, what is written. Nothing is written here.

pub(super) mod draft;
mod imports;
mod layout;
mod lead;
pub(super) mod manifest;
mod moved_tests;
mod statements;
mod text;
mod write;
