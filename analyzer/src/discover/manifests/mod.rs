//! Packages as manifests describe them: asked of cargo, or read without it where cargo refuses.

pub(super) mod auto_targets;
pub(super) mod barred;
pub(super) mod cargo;
pub(super) mod edition;
pub(super) mod manifest;
pub(super) mod raw;
pub(super) mod tolerant;
pub(super) mod workspaces;
