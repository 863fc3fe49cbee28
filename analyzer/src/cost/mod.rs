//! What an item and a crate cost to compile: measured, imported, or modelled.

mod artifact;
pub mod built;
mod coefficients;
mod correction;
mod dependencies;
mod errors;
mod explanatory;
mod fitted;
mod harness;
pub mod import;
mod incremental;
mod knowledge;
pub mod measured;
mod model;
mod modelled;
pub(crate) mod parallel;
mod polled;
mod settings;
mod table;
mod test_seconds;

#[cfg(test)]
mod tests;

pub use artifact::Artifact;
pub use correction::{Correction, TRAIT_NAMES, TRAITS, traits};
pub use dependencies::dependency_counts;
pub use errors::SIMULATION_FACTOR;
pub use explanatory::{EXPLANATORY, EXPLANATORY_NAMES, explanatory};
pub use harness::for_tests;
pub use incremental::{IncrementalShares, incremental_shares};
pub use knowledge::{Basis, CrateKind, CratePhase, Knowledge, Scaling};
pub use model::{Cost, CostSource, Costs, Mode, Overhead};
pub use modelled::model;
pub use polled::polled;
pub use settings::{LINK_TIME_FACTOR, LinkTime, SettingFactors, setting_factors};
pub use test_seconds::TestSeconds;
