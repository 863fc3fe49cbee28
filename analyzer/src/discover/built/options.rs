//! Where to look for what earlier builds left.

use std::path::PathBuf;

/// Options of [`built_dirs`](super::built_dirs). The library reads no environment: what cargo takes from there is given here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltOptions {
    /// Cargo's target directory (`--target-dir`, `CARGO_TARGET_DIR`); wins over cargo's configuration.
    pub target_dir: Option<PathBuf>,
    /// Whether that directory alone is read, whatever the configuration says of build directories.
    pub only_target_dir: bool,
    /// Cargo's build directory (`CARGO_BUILD_BUILD_DIR`), which may hold variables as `build.build-dir` does.
    pub build_dir: Option<PathBuf>,
    /// Cargo's home (`CARGO_HOME`): the last place where its configuration may stand.
    pub cargo_home: Option<PathBuf>,
    /// How many pages of `cargo --timings` are read of each directory: the newest.
    pub pages: usize,
    /// How much is read at most.
    pub limits: Limits,
}

/// Bounds for trees that nobody has checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Directory entries looked at. A unit has four to six: rust-lang/rust's own directories hold some 100,000.
    pub entries: usize,
    /// Bytes read, of all files together. A unit's fingerprint has half a kilobyte, a large package's three.
    pub bytes: u64,
}

impl Default for BuiltOptions {
    fn default() -> Self {
        Self {
            target_dir: None,
            only_target_dir: false,
            build_dir: None,
            cargo_home: None,
            pages: 2,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 500_000, bytes: 256 << 20 }
    }
}
