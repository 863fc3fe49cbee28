//! Files to facts. The only stage that reads `.rs` files and knows the parser.
//!
//! [`load`] follows `mod x;` from every target's root file and parses each file once, in parallel. A file's facts
//! ([`ItemTree`]) do not depend on where it hangs in a module tree. The syntax tree is dropped at once.

mod ahead;
mod declared;
mod editions;
mod expand;
mod features;
mod generated;
mod grammar;
mod lex;
mod load;
mod location;
mod lower;
mod mentions;
mod nesting;
mod parser;
mod paste;
mod read;
mod stack;
mod syntax;
#[cfg(test)]
mod tests;
mod text;
pub mod tree;
mod users;

pub(crate) use ahead::Ahead;
pub use declared::declared_items;
pub use expand::{MacroRules, PassThrough};
pub use features::ItemFeatures;
pub use generated::Generated;
pub(crate) use load::load_after;
pub use load::{SourceFile, SourceTree, load};
pub use location::Location;
pub(crate) use lower::MAX_DEPTH;
pub(crate) use mentions::{mentions, whole_scripts};
pub use paste::{is_paste, pasted};
pub use stack::with_deep_stack;
pub use text::{Fragment, parse_fragment, parse_macro_arguments};
pub use tree::ItemTree;
pub use users::{FileUse, file_uses};
