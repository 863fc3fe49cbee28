//! What is affected, and why.

use serde::{Deserialize, Serialize};

use crate::ids::{PackageId, TargetId};

/// Why something is affected.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A file changed: its path relative to the analysed directory.
    File(String),
    /// The lock file has another version of a package from elsewhere, or cargo builds it otherwise.
    Locked {
        /// The file that changed.
        file: String,
        /// Name and version of the package as it is now.
        package: String,
        /// The dependency of its own that leads there.
        through: String,
    },
    /// A package that it depends on is affected.
    Package(PackageId),
}

/// How much of a package is affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Its library, manifest, build script or dependencies: all of it, and everything that depends on it.
    Library,
    /// Programs of it: nothing depends on them but its own tests.
    Programs,
    /// Tests, examples and benchmarks alone.
    Tests,
}

/// How far a change spreads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Not at all: what itself changed.
    None,
    /// To what depends on it directly.
    Direct,
    /// To everything that depends on it: what cargo rebuilds.
    #[default]
    Transitive,
}

impl Depth {
    /// The largest distance.
    pub(super) fn most(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Direct => 1,
            Self::Transitive => u32::MAX,
        }
    }
}

/// What a change affects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Affected {
    /// The one cause that concerns every package, if there is one.
    pub everything: Option<Cause>,
    /// Packages of which cargo compiles something again, by distance, then by manifest.
    pub packages: Vec<AffectedPackage>,
    /// Tests that are worth running again, by package and target.
    pub tests: Vec<AffectedTest>,
    /// Programs that are no longer the same.
    pub deployables: Vec<AffectedDeployable>,
}

/// A package that is compiled again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedPackage {
    /// The package.
    pub package: PackageId,
    /// How much of it.
    pub part: Part,
    /// Dependencies between it and what changed; 0 for what itself changed.
    pub distance: u32,
    /// Why, sorted: changed files, or the packages one nearer to the change.
    pub because: Vec<Cause>,
    /// Whether it can run code that changed, if somebody looked.
    pub runs_changed_code: Option<bool>,
}

/// A target of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AffectedTest {
    /// The target.
    pub target: TargetId,
    /// What of it is run.
    pub kind: TestKind,
}

/// What is run as a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TestKind {
    /// Unit tests of a library.
    Lib,
    /// Unit tests of a binary.
    Bin,
    /// An integration test.
    Test,
    /// An example that is tested.
    Example,
    /// A benchmark that is tested.
    Bench,
    /// Examples in the documentation of a library.
    Doc,
}

/// A program that has to be deployed again, where it is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedDeployable {
    /// The binary.
    pub target: TargetId,
    /// Why, sorted.
    pub because: Vec<Cause>,
    /// Whether it can run code that changed, if somebody looked.
    pub runs_changed_code: Option<bool>,
}
