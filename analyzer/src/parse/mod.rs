//! Files to facts. The only stage that reads `.rs` files and knows the parser.
//!
//! [`load`] follows `mod x;` from every target's root file and parses each file once, in parallel. A file's facts
//! ([`ItemTree`]) do not depend on where it hangs in a module tree. The syntax tree is dropped at once.

mod compare;
mod declared;
mod expand;
mod features;
mod files;
mod lower;
mod paste;
mod sql;
mod stack;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
pub mod tree;

pub(crate) use compare::{Lines, parts_of};
pub use declared::declared_items;
pub use expand::{MacroRules, PassThrough};
pub use features::ItemFeatures;
pub(crate) use files::ahead::Ahead;
pub use files::generated::Generated;
pub(crate) use files::load::load_after;
pub use files::load::{SourceFile, SourceTree, load};
pub use files::location::Location;
pub(crate) use files::mentions::mentions;
pub use files::users::{FileUse, file_uses};
pub(crate) use files::whole_scripts::{WholeScripts, reruns_after_any};
pub(crate) use lower::MAX_DEPTH;
pub use paste::{is_paste, pasted};
pub use stack::with_deep_stack;
pub use text::{Fragment, parse_fragment, parse_macro_arguments};
pub use tree::ItemTree;
