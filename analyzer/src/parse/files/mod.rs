//! Which files there are to read, by whose edition, and where they are.

pub(super) mod ahead;
pub(super) mod editions;
pub(super) mod generated;
pub(super) mod load;
pub(super) mod location;
pub(super) mod made_modules;
pub(super) mod mentions;
pub(super) mod read;
pub(super) mod undeclared;
pub(super) mod users;
pub(super) mod whole_scripts;
pub(super) mod written;
