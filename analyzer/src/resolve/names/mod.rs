//! Names: the module tree with its scopes, imports to a fixpoint, paths, macros that make items.

pub(super) mod collect;
pub(super) mod collector;
pub(super) mod crates;
pub(super) mod def;
pub(super) mod had;
pub(super) mod imports;
pub(super) mod item_macros;
pub(super) mod linked;
pub(super) mod modules;
pub(super) mod path;
pub(super) mod spending;
pub(super) mod unseen_home;
mod visible;
