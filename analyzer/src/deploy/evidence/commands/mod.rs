//! Commands in deployment files: what they build, pack and start.

pub(super) mod cargo;
pub(super) mod findings;
pub(super) mod role;
pub(super) mod scripts;
pub(super) mod shell;
pub(super) mod start;
