//! What an item and a crate cost to compile: measured, imported, or modelled.

mod artifact;
pub mod built;
mod errors;
pub mod import;
mod incremental;
mod knowledge;
pub mod measured;
mod model;
mod modelled;
pub(crate) mod parallel;
mod settings;
mod test_seconds;

#[cfg(test)]
mod tests;

pub use artifact::Artifact;
pub use errors::SIMULATION_FACTOR;
pub use incremental::{IncrementalShares, incremental_shares};
pub use knowledge::{Basis, CrateKind, CratePhase, Knowledge, Scaling};
pub use model::{Cost, CostSource, Costs, Mode, Overhead};
pub use modelled::{
    Correction, EXPLANATORY, EXPLANATORY_NAMES, TRAIT_NAMES, TRAITS, dependency_counts, explanatory,
    for_tests, model, polled, traits,
};
pub use settings::{LINK_TIME_FACTOR, LinkTime, SettingFactors, setting_factors};
pub use test_seconds::TestSeconds;
