//! What discovery finds: workspaces, packages, targets, dependencies, the lock file's packages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::base::FileTree;
use crate::discover::lock::Index;
use crate::ids::{IdVec, LockedId, PackageId, TargetId, WorkspaceId};

/// Everything known of a directory before any `.rs` file is read.
///
/// All paths below are relative to [`root`](Self::root), with `/`, except where a doc says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// Absolute path of the analysed directory.
    pub root: PathBuf,
    /// The same as the place that files are read from.
    pub files: FileTree,
    /// The workspaces, ordered by the path of their root.
    pub workspaces: IdVec<WorkspaceId, Workspace>,
    /// The packages, ordered by the path of their manifest.
    pub packages: IdVec<PackageId, Package>,
    /// The targets, ordered by package, then kind, then name.
    pub targets: IdVec<TargetId, Target>,
    /// Every `.rs` file that is not excluded, sorted: what linked files are compared with.
    pub rust_files: Vec<String>,
    /// Files that by their names may say what is deployed, sorted: Dockerfiles, workflows, YAML, scripts…
    pub deployment_files: Vec<String>,
    /// The `cfg`s the analysis evaluates against.
    pub cfg: CfgSet,
    /// Whether only its platform counts, because it was asked for: what is for others only concerns nobody then.
    pub one_platform: bool,
    /// What cargo knows of published packages.
    pub(crate) index: Index,
}

/// One cargo workspace, or a lone package (a workspace of one).
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Directory of the root manifest; `""` for the analysed directory itself.
    pub dir: String,
    /// Member packages.
    pub members: Vec<PackageId>,
    /// The lock file's packages (empty without a lock file).
    pub locked: IdVec<LockedId, LockedPackage>,
    /// `[profile.*]` tables of the root manifest and of cargo's configuration, as cargo merges them, with the flags for
    /// rustc; `dev`, `release` and `test` are always there.
    pub profiles: BTreeMap<String, Profile>,
}

/// A `[profile.NAME]` of manifest and configuration, with cargo's defaults applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// `0`, `1`, `2`, `3`, `s` or `z`.
    pub opt_level: String,
    /// `0`, `1`, `2`, `line-tables-only`…
    pub debug: String,
    /// `false`, `off`, `thin`, `fat`.
    pub lto: String,
    /// Number of code-generation units.
    pub codegen_units: u32,
    /// Whether incremental compilation is on.
    pub incremental: bool,
    /// `unwind` or `abort`.
    pub panic: String,
    /// `off`, `packed`, `unpacked`; `None` for the platform's default.
    #[serde(default)]
    pub split_debuginfo: Option<String>,
    /// What single packages, and what runs while building, have otherwise.
    #[serde(default)]
    pub overrides: Overrides,
}

/// `[profile.NAME.package.…]` and `[profile.NAME.build-override]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    /// By package specification: `name`, `name@1.2`, `https://…#name@1.2.3`.
    pub packages: BTreeMap<String, Settings>,
    /// Of every package that is no member of the workspace (`package."*"`).
    pub dependencies: Settings,
    /// Of build scripts, procedural macros and what these depend on.
    pub host: Settings,
    /// Of whatever rustc is called for, above all others.
    #[serde(default)]
    pub flags: RustFlags,
}

/// What flags for rustc set, in cargo's configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RustFlags {
    /// The settings.
    pub settings: Settings,
    /// Whether build scripts, procedural macros and what these depend on get them, too.
    pub host: bool,
    /// Each flag as it counts, and where it stands, by the name of rustc's option.
    pub places: BTreeMap<String, (String, String)>,
}

impl RustFlags {
    /// The flag of an option and its place, for a sentence.
    pub(crate) fn written(&self, option: &str) -> Option<String> {
        self.places.get(option).map(|(flag, place)| format!("`{flag}` ({place})"))
    }
}

/// Settings of a profile as they are written; what is `None` is left as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// [`Profile::opt_level`]
    pub opt_level: Option<String>,
    /// [`Profile::debug`]
    pub debug: Option<String>,
    /// [`Profile::lto`]; no override sets it.
    pub lto: Option<String>,
    /// [`Profile::codegen_units`]
    pub codegen_units: Option<u32>,
    /// [`Profile::incremental`]
    pub incremental: Option<bool>,
    /// [`Profile::panic`]; no override sets it.
    pub panic: Option<String>,
    /// [`Profile::split_debuginfo`]
    pub split_debuginfo: Option<String>,
}

/// A package of the lock file, local or external.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// Package name.
    pub name: String,
    /// Exact version.
    pub version: String,
    /// Registry or git source; `None` for path packages.
    pub source: Option<String>,
    /// The checksum of its archive, as newer lock files have it.
    pub checksum: Option<String>,
    /// What it depends on (all kinds of dependency, features unresolved: an upper bound).
    pub dependencies: Vec<LockedId>,
    /// Those of them that the features which are on take, on some platform, as far as cargo's index lies on this machine: all
    /// where it doesn't. Sorted.
    pub followed: Vec<LockedId>,
    /// Those that `cargo build` takes on the platform of the analysis. Sorted.
    pub built: Vec<LockedId>,
    /// Those that `cargo test` takes there: dev-dependencies switch on features, too. Sorted.
    pub tested: Vec<LockedId>,
    /// The local package, for a path package found in this repository.
    pub package: Option<PackageId>,
}

impl LockedPackage {
    /// A package from nowhere that takes all that it depends on.
    pub fn new(name: impl Into<String>, version: impl Into<String>, dependencies: Vec<LockedId>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            source: None,
            checksum: None,
            followed: dependencies.clone(),
            built: dependencies.clone(),
            tested: dependencies.clone(),
            dependencies,
            package: None,
        }
    }
}

/// A local package.
#[derive(Debug, Clone)]
pub struct Package {
    /// Name as in the manifest.
    pub name: String,
    /// Version as in the manifest.
    pub version: String,
    /// Its `Cargo.toml`.
    pub manifest: String,
    /// Its directory; `""` for the analysed directory itself.
    pub dir: String,
    /// The workspace it belongs to.
    pub workspace: WorkspaceId,
    /// `2015`, `2018`, `2021`, `2024`.
    pub edition: Edition,
    /// The `[features]` table, with the implicit features of optional dependencies.
    pub features: BTreeMap<String, Vec<String>>,
    /// Features switched on for the analysis (after unification over the workspace).
    pub enabled_features: BTreeSet<String>,
    /// Dependencies of all kinds, in manifest order sorted by name.
    pub dependencies: Vec<Dependency>,
    /// Its targets.
    pub targets: Vec<TargetId>,
    /// Whether the package may be published (`publish = false` says no).
    pub publishable: bool,
    /// The `links` key: at most one package of a build may carry a value.
    pub links: Option<String>,
}

/// A Rust edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Edition {
    /// Paths in `use` start at the crate root.
    E2015,
    /// Uniform paths.
    E2018,
    /// Disjoint captures, `TryFrom` in the prelude.
    E2021,
    /// `expr` fragments, `Future` in the prelude.
    E2024,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DependencyKind {
    /// `[dependencies]`
    Normal,
    /// `[dev-dependencies]`
    Dev,
    /// `[build-dependencies]`
    Build,
}

/// One declared dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name that code uses (`-` already `_`; a rename applied).
    pub extern_name: String,
    /// The package's name.
    pub package: String,
    /// The local package, when it is one of this repository.
    pub local: Option<PackageId>,
    /// Normal, dev or build.
    pub kind: DependencyKind,
    /// `optional = true`.
    pub optional: bool,
    /// Whether the enabled features switch it on (always true when not optional).
    pub enabled: bool,
    /// `[target.'cfg(…)'.…]`, verbatim.
    pub target: Option<String>,
    /// Features asked for.
    pub features: Vec<String>,
    /// Whether default features are asked for.
    pub default_features: bool,
    /// Features that the package's own features which are on ask of it besides. Sorted.
    pub switched_features: Vec<String>,
}

/// What a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TargetKind {
    /// A library (`lib`, `rlib`, `dylib`, `cdylib`, `staticlib`).
    Lib,
    /// A procedural-macro library.
    ProcMacro,
    /// A binary.
    Bin,
    /// An integration test.
    Test,
    /// An example.
    Example,
    /// A benchmark.
    Bench,
    /// A build script.
    BuildScript,
}

impl TargetKind {
    /// Whether `cargo test` compiles a harness of it unless the manifest says otherwise (the Cargo Book, "Cargo Targets: The
    /// `test` field").
    pub fn tested_by_default(self) -> bool {
        matches!(self, Self::Lib | Self::ProcMacro | Self::Bin | Self::Test)
    }
}

/// What rustc is called on.
#[derive(Debug, Clone)]
pub struct Target {
    /// The package it belongs to.
    pub package: PackageId,
    /// Name as cargo prints it.
    pub name: String,
    /// Name as a crate (`-` replaced by `_`).
    pub crate_name: String,
    /// What it is.
    pub kind: TargetKind,
    /// Its root file; may start with `../` or be absolute when it lies outside the analysed directory.
    pub src: String,
    /// Edition (a target may differ from its package).
    pub edition: Edition,
    /// `required-features`.
    pub required_features: Vec<String>,
    /// Whether `cargo build` builds it by default (required features are on).
    pub enabled: bool,
    /// Whether `cargo test` compiles it as a test harness (`test`).
    pub tested: bool,
    /// Whether `cargo test` runs its documentation's examples, for which it compiles the library itself (`doctest`).
    pub doctested: bool,
}

/// The `cfg` values that hold, apart from `test` and features.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CfgSet {
    /// The target triple analysed for.
    pub triple: String,
    /// Extra `--cfg` flags that hold: `(key, value)`; `(key, None)` for a bare flag.
    pub flags: BTreeSet<(String, Option<String>)>,
}
