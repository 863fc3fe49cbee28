//! A plan carried out on a copy, compiled, and its surprises counted by cause.

pub(super) mod causes;
pub(super) mod check;
pub(super) mod copy;
pub(super) mod edits;
pub(super) mod errors;
pub(super) mod facts;
pub(super) mod layout;
pub(super) mod manifest;
pub(super) mod metadata;
pub(super) mod plans;
pub(super) mod spans;
pub(super) mod tree;
pub(super) mod write;
