//! The build that already happened: the times that it left on files, as a measurement.
//!
//! Cargo writes `invoked.timestamp` when it starts a unit and the unit's fingerprint when it has ended; rustc writes the
//! `.rmeta` in between, when dependents may start. The fingerprint's JSON names features and dependencies, each by the
//! fingerprint that it had: the unit graph. `discover::built` reads the files; here they become [`CostsFile`]s.
//!
//! Only each unit's last run is known. Whether it compiled the crate whole or again, with what rustc had kept, follows from
//! the birth of the crate's directory of incremental compilation: the start of a whole compilation. In a check cargo sets the
//! time of the `.rmeta` back to the start, so that a check has no phases. Times that can't be are [refused](Refusal).

mod assemble;
mod details;
mod edges;
mod edits;
mod host;
mod identify;
mod kept;
mod model;
mod pages;
mod plausible;
mod select;
mod sessions;
#[cfg(test)]
mod tests;
mod unit;

pub use model::{Built, BuiltCosts, BuiltPlace, MeasuredEdit, Refusal, RefusalReason, UnitCounts};

use std::collections::BTreeMap;

use crate::discover::{BuiltDirs, Repository};

#[cfg(doc)]
use super::measured::CostsFile;

/// What is learnt from the builds that have left something in a repository's target directories.
///
/// Several directories, profiles and modes give a file each, the one that ended last first.
pub fn built(dirs: &BuiltDirs, repository: &Repository) -> Built {
    let _span = tracing::info_span!("built").entered();
    let mut found = Built::default();
    for group in groups(dirs) {
        let mut units = unit::units(&group, repository);
        edges::link(&mut units);
        host::mark(&mut units);
        sessions::mark(&mut units);
        sessions::mark_serial(&mut units);
        plausible::refuse(&mut units, &group, &mut found.refused);
        kept::mark(&mut units, &group);
        found.builds.extend(select::builds(&units, &group, repository));
        found.edits.extend(edits::edits(&units, &group));
    }
    let pages = pages::pages(dirs, repository, &found.builds);
    found.builds.extend(pages);
    found.builds.sort_by(|a, b| {
        (b.newest, &a.place, a.costs.build.mode).cmp(&(a.newest, &b.place, b.costs.build.mode))
    });
    found.edits.sort_by(|a, b| (b.ended, &a.place).cmp(&(a.ended, &b.place)));
    found
}

/// Directories between which units depend on each other: one profile's, for the host and for other targets.
type Group<'a> = Vec<&'a crate::discover::BuiltDir>;

fn groups(dirs: &BuiltDirs) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
    for dir in &dirs.dirs {
        groups.entry((&dir.target_dir, &dir.profile_dir)).or_default().push(dir);
    }
    groups.into_values().collect()
}
