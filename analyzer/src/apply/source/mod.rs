//! The sources of a crate as `syn` reads them: module trees, declarations, tokens, each with its bytes.

mod cfgs;
mod declared;
pub(super) mod spans;
pub(super) mod syntax;
pub(super) mod test_only;
pub(super) mod tokens;
pub(super) mod tree;
