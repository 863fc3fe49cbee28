//! A plan as changes of files: who takes what, where paths lead, what is written. Nothing is written here.

mod blocks;
mod code;
pub(super) mod draft;
mod entries;
mod extension;
mod extension_text;
mod imports;
pub(super) mod layout;
mod lead;
pub(super) mod manifest;
mod moved_tests;
mod pass;
mod skeleton;
mod statements;
mod test_support;
mod text;
mod todo;
pub(super) mod users;
mod widen;
mod write;
mod written;
