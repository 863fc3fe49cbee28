//! What earlier builds left in cargo's target directories: the times of files, as raw data.
//!
//! Nothing is run and nothing is written. Directories are those that cargo itself would use: named by the user, by cargo's
//! configuration (read as data), else `target` beside each workspace's manifest. Both of cargo's layouts are read (its
//! `layout.rs` describes them). Links are not followed, only plain files are opened, and a [budget](Limits) bounds it all.
//! What the times mean is for `cost::built` to say.

mod budget;
mod incremental;
mod layout;
mod locate;
mod model;
mod options;
#[cfg(test)]
mod tests;
mod unit;

pub use model::{BuiltDir, BuiltDirs, IncrementalCache, LeftOutDir, Output, Stamp, StampedUnit, TimingsPage};
pub use options::{BuiltOptions, Limits};

use super::Repository;
use budget::Budget;

/// Reads what builds of the repository's workspaces have left; directories in the order of their paths.
///
/// A directory that can't be read, or not as a whole, is in [`BuiltDirs::left_out`] with the reason.
pub fn built_dirs(repository: &Repository, options: &BuiltOptions) -> BuiltDirs {
    let _span = tracing::info_span!("built_dirs").entered();
    let mut budget = Budget::new(options.limits);
    let mut found = BuiltDirs::default();
    for place in locate::locate(repository, options, &mut found.left_out) {
        layout::read(repository, &place, options.pages, &mut budget, &mut found);
    }
    found
}
