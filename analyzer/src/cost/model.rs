//! What compiling costs, in seconds of one core on the reference machine unless measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{CrateId, IdVec, ItemId};

/// What cargo is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// `cargo check`
    Check,
    /// `cargo build`
    Dev,
    /// `cargo build --release`
    Release,
}

/// Where the seconds come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CostSource {
    /// A build under observation.
    Measured,
    /// A `cargo --timings` page or the like.
    Imported,
    /// Item features × fitted coefficients: seconds are rough, shares are better.
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
    /// Where those of each crate come from; items, modules and what isn't told are shared out by the model.
    pub crate_sources: IdVec<CrateId, CostSource>,
    /// Known seconds / modelled seconds of the crates that are not modelled: what the modelled rest was multiplied by.
    /// `None` where all are modelled.
    pub calibration: Option<f64>,
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
    /// What does not depend on items.
    pub overhead: Overhead,
    /// Relative error of a predicted duration, as a factor: p10 = p50 / factor, p90 = p50 × factor.
    pub error_factor: f64,
}

/// Four of five builds of one and the same thing take no longer than this times the median, and no less than the median
/// over this. The most of twelve `cargo build`s on 2 cores with other work on them was 1.10 times their median
/// (`benches/README.md`, "The floor of a saving").
const REPEATED_BUILD_FACTOR: f64 = 1.10;

impl Costs {
    /// The relative error of a crate's seconds as a factor, as in [`error_factor`](Self::error_factor): that of the
    /// model, or what repeating a build shows where the seconds are known.
    pub fn crate_error_factor(&self, krate: CrateId) -> f64 {
        match self.crate_sources.get(krate) {
            Some(CostSource::Measured | CostSource::Imported) => REPEATED_BUILD_FACTOR,
            Some(CostSource::Modelled) | None => self.error_factor.max(1.0),
        }
    }

    /// The relative error of a whole build's seconds as a factor: that of its crates, weighted by what they cost.
    pub fn build_error_factor(&self) -> f64 {
        let (mut sum, mut all) = (0.0, 0.0);
        for (krate, cost) in self.crates.iter_enumerated() {
            sum += cost.total_s() * self.crate_error_factor(krate).ln();
            all += cost.total_s();
        }
        if all > 0.0 { f64::exp(sum / all) } else { self.error_factor.max(1.0) }
    }
}

/// Fixed costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Overhead {
    /// Per crate: process start, metadata of std.
    pub crate_s: f64,
    /// Per direct or transitive dependency of a crate: loading its metadata.
    pub per_dependency_s: f64,
    /// Linking an executable; 0 for [`Mode::Check`].
    pub link_s: f64,
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
