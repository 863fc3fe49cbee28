//! What binds code to the crate that it is compiled in.

use serde::{Deserialize, Serialize};

/// What means something else in another crate, without an error of the compiler.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CrateBound {
    /// Its line, from 1.
    pub line: u32,
    /// What it hangs on.
    pub kind: BoundKind,
    /// As it is written: `inventory::submit!`, `env!("CARGO_PKG_NAME")`; of an example in docs the crate that it names.
    pub what: String,
}

/// What binds code to the crate that it is compiled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BoundKind {
    /// Something that is gathered when a program is linked: `inventory`, `linkme`, `typetag`, `ctor`.
    LinkTimeRegistry,
    /// `module_path!()`.
    ModulePath,
    /// A log call without a target of its own: that is its module.
    LogTarget,
    /// `env!("CARGO_PKG_…")`.
    PackageVariable,
    /// The directory of the package, or what a macro looks for in it.
    ManifestDir,
    /// `option_env!` of what a build script sets.
    BuildVariable,
    /// A query that is checked by what was prepared for the package.
    OfflineQueries,
    /// An example in docs that names its own crate.
    DocTest,
    /// A test whose data is found by the module that it is in: snapshots of `insta`, failed cases that `proptest` has kept.
    TestData,
}
