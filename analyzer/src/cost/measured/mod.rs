//! Measured costs: the `costs.json` contract, and how it takes the place of the model.

mod apply;
mod contract;
mod file;
mod share;
#[cfg(test)]
mod tests;

pub use apply::{Applied, apply};
pub use contract::{
    BuildMode, BuildRecord, COSTS_VERSION, CostsFile, CpuSeconds, ModuleCost, Origin, Origins, Outcome,
    RustcArguments, UnitCost, UnitDependency, UnitMode, UnitStatus, UnitTarget, UnitTargetKind,
};
pub(super) use file::check;
pub use file::parse_costs;

/// The JSON Schema of [`CostsFile`], as published in `analyzer/schema/costs.schema.json`.
pub fn costs_schema() -> schemars::Schema {
    schemars::schema_for!(CostsFile)
}
