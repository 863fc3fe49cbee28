//! What a plan's boundaries ask of the code that stays where it is: visibility, paths, re-exports, manifests.

pub(super) mod build_script;
pub(super) mod dead_paths;
pub(super) mod edits;
pub(super) mod facade;
pub(super) mod manifest;
pub(super) mod other_paths;
pub(super) mod passages;
pub(super) mod re_exports;
pub(super) mod silent;
pub(super) mod test_work;
pub(super) mod user_manifests;
pub(super) mod visibility;
