//! What code of other crates has to see: items that become public, also where macros write them, and what tests alone use.

pub(super) mod test_support;
pub(super) mod widen;
pub(super) mod written;
