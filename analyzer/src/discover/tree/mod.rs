//! What the walk finds and how it is read.

pub(super) mod glimpse;
pub(super) mod reading;
pub(super) mod walk;
