//! A plan as changes of files: who takes what, where paths lead, what is written. Nothing is written here.

pub(super) mod draft;
mod extension;
pub(super) mod layout;
mod lead;
pub(super) mod manifest;
mod pass;
mod public;
mod statements;
mod text;
mod todo;
pub(super) mod users;
mod write;
