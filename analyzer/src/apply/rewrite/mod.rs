//! A plan as changes of files: who takes what, where paths lead, what is written. Nothing is written here.

mod build_script;
mod companions;
pub(super) mod draft;
mod extension;
pub(super) mod layout;
pub(super) mod lead;
pub(super) mod manifest;
mod named;
mod pass;
mod public;
pub(super) mod statements;
mod targets;
pub(super) mod text;
mod todo;
pub(super) mod users;
pub(super) mod write;
