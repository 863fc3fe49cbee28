//! From modules to crates: the smallest things that can be placed, the structural search over them, a placement of every item, and the crates it gives.

pub(super) mod assemble;
pub(super) mod blocks;
pub(super) mod common;
pub(super) mod groups;
pub(super) mod layering;
pub(super) mod names;
pub(super) mod place;
pub(super) mod placed;
pub(super) mod search;
pub(super) mod uncompiled;
