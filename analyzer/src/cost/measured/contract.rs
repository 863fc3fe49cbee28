//! The contract of `costs.json`: one build, unit by unit, as it was observed.
//!
//! `split-advisor measure` writes it; pages of `cargo --timings` and the like are brought into the same form, so that
//! every user of measured seconds reads one type. What a source doesn't have is absent, never guessed, and
//! [`Origins`] says where each figure is from. Seconds count from the start of the build.

use serde::{Deserialize, Serialize};

use crate::cost::{Artifact, Mode};

/// The version of `costs.json`; raised when a field changes its meaning.
pub const COSTS_VERSION: u32 = 1;

/// One build and what each of its units took.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CostsFile {
    /// [`COSTS_VERSION`].
    pub schema_version: u32,
    /// The build as a whole.
    pub build: BuildRecord,
    /// The units, in order of start.
    pub units: Vec<UnitCost>,
    /// Costs of single modules, where they were asked for; ordered by package, target and path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<ModuleCost>,
}

/// What was built, with what, and how it ended.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildRecord {
    /// The command and its arguments, paths of the machine left out; empty if not known.
    #[serde(default)]
    pub command: Vec<String>,
    /// What cargo was asked to do.
    pub mode: BuildMode,
    /// The profile's name: `dev`, `release`, …
    pub profile: String,
    /// Features named on the command line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The target triple that was asked for; absent when it is the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Parallel jobs (`cargo -j`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<u32>,
    /// Processors (hyper-threads) of the machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores: Option<u32>,
    /// `rustc -V`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rustc: Option<String>,
    /// `cargo -V`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cargo: Option<String>,
    /// The host's triple.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Wrappers of rustc that took part in the build (`sccache`): what they cache is not compiled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wrappers: Vec<String>,
    /// Seconds from the start of cargo to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall_s: Option<f64>,
    /// Processes that were running in the minute before it, on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_before: Option<f64>,
    /// Processor seconds of all front ends / their seconds on the wall: 1 where nothing else ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processor_share: Option<f64>,
    /// How it ended.
    #[serde(default)]
    pub outcome: Outcome,
}

/// What cargo was asked to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BuildMode {
    /// `cargo check`
    Check,
    /// `cargo build`
    #[default]
    Build,
    /// `cargo test --no-run`
    Test,
}

/// How a build ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Everything was built.
    #[default]
    Complete,
    /// A unit failed, or cargo itself did; what was built until then is here.
    Failed,
    /// Somebody stopped it.
    Interrupted,
}

/// One call of rustc or one run of a build script, and what it took.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitCost {
    /// Name of the package.
    pub package: String,
    /// Version of the package.
    pub version: String,
    /// Whether the package is a member of the workspace; absent if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<bool>,
    /// What is compiled, or whose build script is run.
    pub target: UnitTarget,
    /// What is done with it.
    pub mode: UnitMode,
    /// Whether it is built for the host though the build is for a target, or unoptimized because only the build needs
    /// it (procedural macros, build scripts, what these depend on); absent if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<bool>,
    /// Cargo's hash of the unit: the same in every build of one checkout with the same cargo and settings. Absent for runs
    /// of build scripts, or if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Features that are on, sorted; absent if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<String>>,
    /// How rustc was called; absent for runs of build scripts, or if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rustc: Option<RustcArguments>,
    /// What it waits for; absent if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<Vec<UnitDependency>>,
    /// Jobs of the call of cargo that compiled it, where they are known and may be others than the file's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jobs: Option<u32>,
    /// When it started.
    pub start_s: f64,
    /// When its metadata was there, so that dependents could start; absent where it makes none or it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata_s: Option<f64>,
    /// When code generation began, for units that make no metadata; absent if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codegen_start_s: Option<f64>,
    /// When linking began; absent if it doesn't link or it isn't known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_start_s: Option<f64>,
    /// When it ended; absent if it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_s: Option<f64>,
    /// Processor time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuSeconds>,
    /// The most memory that its largest process had resident, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// How it ended.
    #[serde(default)]
    pub status: UnitStatus,
    /// Where the figures are from.
    pub origins: Origins,
}

/// A target of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitTarget {
    /// What it is.
    pub kind: UnitTargetKind,
    /// Its name as a crate (`-` replaced by `_`).
    pub name: String,
}

/// What a target is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UnitTargetKind {
    /// A library of any crate type but a procedural macro.
    #[default]
    Lib,
    /// A procedural macro.
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

/// What is done with a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UnitMode {
    /// Compiled as far as metadata.
    Check,
    /// Compiled in full.
    #[default]
    Build,
    /// Compiled in full as a test harness (`rustc --test`).
    Test,
    /// The same, checked only.
    CheckTest,
    /// Run: only build scripts are.
    Run,
}

/// The arguments of a rustc call that decide what it costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RustcArguments {
    /// `--edition`
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edition: String,
    /// `--crate-type`, as often as given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crate_types: Vec<String>,
    /// The kinds of `--emit`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emit: Vec<String>,
    /// `-C opt-level`; `0` when not given.
    pub opt_level: String,
    /// `-C debuginfo`; `0` when not given.
    pub debuginfo: String,
    /// `-C codegen-units`; absent for rustc's own number (16, or 256 when incremental).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codegen_units: Option<u32>,
    /// Whether `-C incremental` is given.
    pub incremental: bool,
    /// `-C lto`, `-C embed-bitcode`, `-C panic`, `--test`, `-Z…` and whatever else is no path, as given and in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

/// An edge from a unit to one that it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitDependency {
    /// Position in [`CostsFile::units`].
    pub unit: u32,
    /// How much of it is needed.
    pub artifact: Artifact,
}

/// Processor seconds, of all threads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CpuSeconds {
    /// Until the metadata was there or code generation began; of everything but linking where neither is known.
    pub frontend_s: f64,
    /// After it, in rustc itself.
    pub codegen_s: f64,
    /// Of the processes that rustc called: the linker.
    pub link_s: f64,
}

/// How a unit ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum UnitStatus {
    /// Built.
    #[default]
    Done,
    /// It ended with an error: its figures are those of part of the work.
    Failed,
    /// It was stopped: only its start is known.
    Interrupted,
}

/// Where a unit's figures are from; absent where there is no such figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Origins {
    /// Of start, metadata and end.
    pub times: Origin,
    /// Of the processor time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Origin>,
    /// Of the peak of memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Origin>,
    /// Of the dependencies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<Origin>,
}

/// Where a figure is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// `split-advisor measure` stood between cargo and rustc.
    #[default]
    Wrapper,
    /// The page of `cargo --timings`.
    Timings,
    /// The log of `cargo -Zbuild-analysis`.
    BuildAnalysis,
    /// The output of `cargo -v`.
    VerboseLog,
    /// Manifests and lock file.
    Manifests,
    /// The times of files in a target directory.
    Stamps,
}

/// What one module of a crate costs, modules below it left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModuleCost {
    /// Name of the package.
    pub package: String,
    /// The target it is compiled into.
    pub target: UnitTarget,
    /// Path from the crate's root, with the crate's name: `shop::orders`.
    pub path: String,
    /// Processor seconds of the front end that are spent on its definitions.
    pub frontend_s: f64,
    /// Processor seconds of code generation that are spent on its code.
    pub codegen_s: f64,
}

impl UnitTarget {
    /// A target.
    pub fn new(kind: UnitTargetKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl UnitCost {
    /// For people: `shop 0.1.0 (lib)`, `shop 0.1.0 (build script run)`.
    pub fn title(&self) -> String {
        let what = match (self.target.kind, self.mode) {
            (_, UnitMode::Run) => "build script run".to_owned(),
            (UnitTargetKind::Lib, mode) => format!("lib{}", mode.suffix()),
            (UnitTargetKind::ProcMacro, mode) => format!("proc macro{}", mode.suffix()),
            (UnitTargetKind::BuildScript, _) => "build script".to_owned(),
            (UnitTargetKind::Bin, mode) => format!("bin {}{}", self.target.name, mode.suffix()),
            (UnitTargetKind::Test, _) => format!("test {}", self.target.name),
            (UnitTargetKind::Example, mode) => format!("example {}{}", self.target.name, mode.suffix()),
            (UnitTargetKind::Bench, _) => format!("bench {}", self.target.name),
        };
        format!("{} {} ({what})", self.package, self.version)
    }

    /// Seconds from start to end; `None` if it did not end.
    pub fn duration_s(&self) -> Option<f64> {
        self.end_s.map(|end| end - self.start_s)
    }

    /// Seconds from start to metadata or code generation; `None` where neither is known.
    pub fn frontend_s(&self) -> Option<f64> {
        self.metadata_s.or(self.codegen_start_s).map(|then| then - self.start_s)
    }

    /// Seconds from the start of linking to the end; `None` where there is none, or it isn't known.
    pub fn link_s(&self) -> Option<f64> {
        Some(self.end_s? - self.link_start_s?)
    }
}

impl UnitMode {
    fn suffix(self) -> &'static str {
        match self {
            UnitMode::Test | UnitMode::CheckTest => ", test",
            UnitMode::Check | UnitMode::Build | UnitMode::Run => "",
        }
    }
}

impl CostsFile {
    /// The mode whose costs these are; `None` for tests and for profiles other than `dev` and `release`.
    pub fn cost_mode(&self) -> Option<Mode> {
        match (self.build.mode, self.build.profile.as_str()) {
            (BuildMode::Check, _) => Some(Mode::Check),
            (BuildMode::Build, "dev") => Some(Mode::Dev),
            (BuildMode::Build, "release") => Some(Mode::Release),
            (BuildMode::Build | BuildMode::Test, _) => None,
        }
    }
}

impl CpuSeconds {
    /// All of it.
    pub fn total_s(self) -> f64 {
        self.frontend_s + self.codegen_s + self.link_s
    }
}
