//! The times of files in target directories, not yet interpreted.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::ids::WorkspaceId;

/// A moment, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub i64);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BuiltDirs {
    /// One entry per target directory, triple and profile, in the order of their paths.
    pub dirs: Vec<BuiltDir>,
    /// Pages of `cargo --timings`, of each directory the newest first.
    pub pages: Vec<TimingsPage>,
    /// Directories that were not read, or not as a whole.
    pub left_out: Vec<LeftOutDir>,
}

/// What builds of one profile have left in one directory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BuiltDir {
    /// The target directory (or build directory), relative to the analysed root where it lies in or beside it.
    pub target_dir: String,
    /// The workspaces that build into it.
    pub workspaces: Vec<WorkspaceId>,
    /// `--target TRIPLE`; `None` for the host's own directory.
    pub triple: Option<String>,
    /// The name of the profile's directory: `debug`, `release`, or that of another profile.
    pub profile_dir: String,
    /// `rustc -vV` as cargo keeps it; empty if it isn't there.
    pub rustc: String,
    /// What was built, in the order of package and hash.
    pub units: Vec<StampedUnit>,
    /// The directories of incremental compilation.
    pub incremental: Vec<IncrementalCache>,
}

/// One unit's times, and cargo's record of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StampedUnit {
    /// The package's name.
    pub package: String,
    /// Cargo's hash of the unit.
    pub hash: String,
    /// The name of its fingerprint: `lib-shop`, `test-bin-shop`, `run-build-script-build-script-build`.
    pub file: String,
    /// The fingerprint, as dependents name it; 0 if it can't be read.
    pub fingerprint: u64,
    /// Cargo's JSON beside it.
    pub details: Vec<u8>,
    /// When cargo started it (`invoked.timestamp`).
    pub started: Option<Stamp>,
    /// When cargo wrote the fingerprint: once it had ended well.
    pub ended: Stamp,
    /// When its `.rmeta` was written last; `None` if it has none.
    pub metadata: Option<Stamp>,
    /// What it made.
    pub output: Output,
    /// The first source file, where only that says the package's version.
    pub source: Option<String>,
    /// Whether clippy took the compiler's place (what it depends on names clippy's variable).
    pub clippy: bool,
}

/// What a unit made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// Metadata alone: it was only checked.
    Metadata,
    /// Code.
    Code,
    /// Code in a library that is loaded when it runs: a procedural macro, as a rule.
    Dynamic,
    /// Nothing that is still there.
    #[default]
    Gone,
}

/// A crate's directory of incremental compilation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IncrementalCache {
    /// The crate's name.
    pub krate: String,
    /// When the directory was made; `None` where the file system doesn't say.
    pub born: Option<Stamp>,
    /// When the compilations began whose results are kept, by their directories' names.
    pub sessions: Vec<Stamp>,
}

/// A page of `cargo --timings`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimingsPage {
    /// The page, relative to the analysed root where it lies in or beside it.
    pub shown: String,
    /// The page.
    pub path: PathBuf,
    /// When it was written.
    pub written: Stamp,
    /// The workspaces that build into its directory.
    pub workspaces: Vec<WorkspaceId>,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// A directory that was not read, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOutDir {
    /// The directory.
    pub dir: String,
    /// Why.
    pub reason: String,
}

impl Stamp {
    /// Of a time of the file system.
    pub fn of(time: SystemTime) -> Self {
        let nanos = |span: std::time::Duration| i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(nanos(after)),
            Err(before) => Self(-nanos(before.duration())),
        }
    }

    /// Seconds from an earlier moment to this one; negative if that is later.
    pub fn since(self, earlier: Stamp) -> f64 {
        // Differences within a build lose nothing; those between centuries may.
        self.0.saturating_sub(earlier.0) as f64 / 1e9
    }

    /// Whole seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }
}
