//! Which result of a unit another one waits for.

use serde::{Deserialize, Serialize};

/// Which result of a dependency a unit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Artifact {
    /// The metadata is enough (pipelining).
    Metadata,
    /// Everything: it links or runs it.
    All,
}
