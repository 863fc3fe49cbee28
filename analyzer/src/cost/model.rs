//! What compiling costs, in seconds of one core on the reference machine unless measured.

use serde::{Deserialize, Serialize};

use super::Knowledge;
use crate::ids::{CrateId, IdVec, ItemId};

/// What cargo is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// `cargo check`
    Check,
    /// `cargo build`
    Dev,
    /// `cargo build --release`
    Release,
    /// `cargo test --no-run`
    Test,
}

impl Mode {
    /// Those that the model is fitted to; tests are compiled as `dev` builds are.
    pub const FITTED: [Self; 3] = [Self::Check, Self::Dev, Self::Release];

    /// What is typed for it.
    pub fn command(self) -> &'static str {
        match self {
            Mode::Check => "cargo check",
            Mode::Dev => "cargo build",
            Mode::Release => "cargo build --release",
            Mode::Test => "cargo test --no-run",
        }
    }

    /// The profile that cargo takes for it.
    pub fn profile(self) -> &'static str {
        match self {
            Mode::Check | Mode::Dev => "dev",
            Mode::Release => "release",
            Mode::Test => "test",
        }
    }

    /// Whether cargo compiles what runs while building with the settings that hold for everything else, unless the profile
    /// says otherwise: then both share their units.
    pub fn shares_host(self) -> bool {
        matches!(self, Mode::Dev | Mode::Test)
    }
}

/// Where the seconds come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CostSource {
    /// A build under observation.
    Measured,
    /// A `cargo --timings` page or the like.
    Imported,
    /// The times that a build which happened anyway has left on its files.
    Built,
    /// Item features × fitted coefficients: seconds are rough, shares are better.
    #[default]
    Modelled,
}

/// Core seconds that an item or a crate takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Parsing to metadata: everything `cargo check` does, serial.
    pub frontend_s: f64,
    /// LLVM: runs on as many threads as there are code-generation units and jobserver tokens.
    pub codegen_s: f64,
}

impl Cost {
    /// Front end and code generation together.
    pub fn total_s(self) -> f64 {
        self.frontend_s + self.codegen_s
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, o: Self) {
        self.frontend_s += o.frontend_s;
        self.codegen_s += o.codegen_s;
    }
}

/// The costs of one mode.
#[derive(Debug, Clone)]
pub struct Costs {
    /// For which mode.
    pub mode: Mode,
    /// Where they come from.
    pub source: CostSource,
    /// Where those of each crate come from; items, modules and what isn't known are shared out by the model.
    pub crate_sources: IdVec<CrateId, CostSource>,
    /// What the seconds of crates that aren't known in this mode were multiplied by, all together; of crates that are, if
    /// there is no other. [`Knowledge::scaling`] has it by kind of crate and phase. `None` where nothing is known of any mode.
    pub calibration: Option<f64>,
    /// How much slower than the reference machine this one is: what fixed costs (a process, linking) were multiplied by.
    /// What packages from elsewhere show, and what is likelier to be the machine's than the model's error on this codebase.
    pub machine: f64,
    /// Modules whose part of their crate's seconds was measured; within all others the model shares out.
    pub measured_modules: usize,
    /// Each item's own cost, test code left out.
    pub items: IdVec<ItemId, Cost>,
    /// Each crate's cost: its items' and the fixed overhead.
    pub crates: IdVec<CrateId, Cost>,
    /// Each crate's cost when it is built for the host: as a procedural macro, a build script, or what these
    /// need. Always unoptimized code, whatever the mode.
    pub host_crates: IdVec<CrateId, Cost>,
    /// Libraries that a `dev` build was seen to compile twice, once more for the host with other features. Sorted; of
    /// no meaning in other modes, where all that the host needs is compiled apart.
    pub twice_in_dev: Vec<CrateId>,
    /// For [`Mode::Test`] what each item costs that exists for tests only; empty in other modes.
    pub test_items: IdVec<ItemId, Cost>,
    /// For [`Mode::Test`] what each crate costs as a test harness: its own code and its tests'; empty in other modes.
    pub harnesses: IdVec<CrateId, Cost>,
    /// What does not depend on items.
    pub overhead: Overhead,
    /// Packages that each crate loads, directly or not.
    pub loaded: IdVec<CrateId, usize>,
    /// What known seconds say beyond those of crates and items; empty where all are modelled.
    pub known: Knowledge,
    /// Relative error of a crate's predicted seconds where nothing is known, as a factor: p10 = p50 / factor, p90 = p50 × factor.
    pub error_factor: f64,
    /// Likewise of the seconds of all crates of a build together: some are too high, others too low.
    pub build_factor: f64,
}

impl Costs {
    /// Whether nothing was measured of a crate.
    pub fn is_modelled(&self, krate: CrateId) -> bool {
        self.crate_sources.get(krate).is_none_or(|&source| source == CostSource::Modelled)
    }

    /// Seconds of linking a crate as a program, or for the host, where its own aren't known, with cargo's default settings.
    pub fn usual_link_s(&self, krate: CrateId, host: bool) -> f64 {
        let loaded = self.loaded.get(krate).copied().unwrap_or_default() as f64;
        let overhead = &self.overhead;
        if host { overhead.host_link_s } else { overhead.link_s + overhead.link_per_dependency_s * loaded }
    }
}

/// Fixed costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Overhead {
    /// Per crate: process start, metadata of std.
    pub crate_s: f64,
    /// Per direct or transitive dependency of a crate: loading its metadata.
    pub per_dependency_s: f64,
    /// Linking an executable that uses nothing but the standard library; 0 for [`Mode::Check`].
    pub link_s: f64,
    /// What each package that it loads adds to that, directly or not.
    pub link_per_dependency_s: f64,
    /// Linking a procedural macro or a build script, in every mode.
    pub host_link_s: f64,
    /// Running a build script.
    pub build_script_s: f64,
    /// A crate from outside the repository whose sources are not read: the median of the crates that the
    /// model was fitted on.
    pub external: Cost,
    /// The same, built for the host.
    pub external_host: Cost,
}
