//! Files to facts. The only stage that reads `.rs` files and knows the parser.
//!
//! [`load`] follows `mod x;` from every target's root file and parses each file once, in parallel. A file's facts
//! ([`ItemTree`]) do not depend on where it hangs in a module tree. The syntax tree is dropped at once.

mod declared;
mod expand;
mod features;
mod grammar;
mod lex;
mod load;
mod location;
mod lower;
mod syntax;
mod text;
mod token;
pub mod tree;

pub use declared::declared_items;
pub use expand::{MacroRules, PassThrough};
pub use features::ItemFeatures;
pub use load::{Generated, SourceFile, SourceTree, load, with_deep_stack};
pub use location::Location;
pub use text::{Fragment, parse_fragment, parse_macro_arguments};
pub use tree::ItemTree;
