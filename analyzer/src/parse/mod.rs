//! Files to facts. The only stage that reads `.rs` files and knows syn.

mod features;

pub use features::ItemFeatures;
