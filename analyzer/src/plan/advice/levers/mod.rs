//! What helps without a split: settings of profiles, and how the workspace is cut today.

mod merge;
pub(in crate::plan) mod settings;
mod structure;
