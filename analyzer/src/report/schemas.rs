//! The JSON Schemas of what is written as JSON, as published in `analyzer/schema`.
//!
//! Behind the feature `schema`: a run needs none of them, and deriving and compiling them takes longer than most stages.

use schemars::{Schema, schema_for};

use super::{
    AffectedReport, ApplyReport, GraphReport, Report, ServicesReport, SimulationReport, VerifyReport,
    WhatIfReport,
};
use crate::cost::measured::CostsFile;

/// The JSON Schema of [`AffectedReport`]: `analyzer/schema/affected.schema.json`.
pub fn affected_schema() -> Schema {
    schema_for!(AffectedReport)
}

/// The JSON Schema of [`ApplyReport`]: `analyzer/schema/apply.schema.json`.
pub fn apply_schema() -> Schema {
    schema_for!(ApplyReport)
}

/// The JSON Schema of [`CostsFile`]: `analyzer/schema/costs.schema.json`.
pub fn costs_schema() -> Schema {
    schema_for!(CostsFile)
}

/// The JSON Schema of [`WhatIfReport`]: `analyzer/schema/what-if.schema.json`.
pub fn what_if_schema() -> Schema {
    schema_for!(WhatIfReport)
}

/// The JSON Schema of [`SimulationReport`]: `analyzer/schema/simulation.schema.json`.
pub fn simulation_schema() -> Schema {
    schema_for!(SimulationReport)
}

/// The JSON Schema of [`Report`]: `analyzer/schema/report.schema.json`.
pub fn report_schema() -> Schema {
    schema_for!(Report)
}

/// The JSON Schema of [`GraphReport`]: `analyzer/schema/graph.schema.json`.
pub fn graph_schema() -> Schema {
    schema_for!(GraphReport)
}

/// The JSON Schema of [`ServicesReport`]: `analyzer/schema/services.schema.json`.
pub fn services_schema() -> Schema {
    schema_for!(ServicesReport)
}

/// The JSON Schema of [`VerifyReport`]: `analyzer/schema/verify.schema.json`.
pub fn verify_schema() -> Schema {
    schema_for!(VerifyReport)
}
