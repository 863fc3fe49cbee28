//! The JSON Schemas of what is written as JSON, as published in `analyzer/schema`.

use schemars::{Schema, schema_for};

use super::{CheckReport, DiffReport, TrendReport};

/// The JSON Schema of [`CheckReport`]: `analyzer/schema/check.schema.json`.
pub fn check_schema() -> Schema {
    schema_for!(CheckReport)
}

/// The JSON Schema of [`DiffReport`]: `analyzer/schema/diff.schema.json`.
pub fn diff_schema() -> Schema {
    schema_for!(DiffReport)
}

/// The JSON Schema of [`TrendReport`]: `analyzer/schema/trend.schema.json`.
pub fn trend_schema() -> Schema {
    schema_for!(TrendReport)
}
