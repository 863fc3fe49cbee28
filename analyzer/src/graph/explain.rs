//! Why one set of items depends on another: the single references.

use crate::ids::ItemId;
use crate::resolve::{Reference, Resolution};

/// Every reference from an item in one set to an item in another, in the order of
/// [`Resolution::references`]. Imports and test references are included: filter as needed.
pub fn references_between(
    resolution: &Resolution,
    from: impl Fn(ItemId) -> bool,
    to: impl Fn(ItemId) -> bool,
) -> Vec<Reference> {
    resolution.references.iter().filter(|r| from(r.from) && to(r.to)).copied().collect()
}
