//! What the product's `apply` makes of a package, as rows of a table.

pub(super) mod copy;
pub(super) mod row;
pub(super) mod tested;
