//! What decides how packages are built: profiles, cargo's configuration, features, `cfg`s.

pub(super) mod cfg;
pub(super) mod configuration;
pub(super) mod features;
pub(super) mod profiles;
pub(super) mod rustflags;
