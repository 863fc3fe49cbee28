//! Measured costs: the `costs.json` contract, and how it takes the place of the model.

mod contract;
mod file;
mod fixed;
mod harnesses;
mod known;
mod machine;
mod observe;
mod phases;
mod ratios;
mod rebuilds;
mod reference;
mod scale;
mod share;
mod split;
#[cfg(test)]
mod tests;
mod work;

pub use contract::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, CpuSeconds, ModuleCost, Origin, Origins, Outcome,
    RustcArguments, UnitCost, UnitDependency, UnitMode, UnitStatus, UnitTarget, UnitTargetKind,
};
pub(super) use file::check;
pub use file::parse_costs;
pub use known::{KnownSeconds, with_known, with_known_tests};
