//! The stages of an analysis, reported to whoever wants to show them.

use std::fmt;
use std::sync::Arc;

/// A stage of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Workspaces, packages, targets.
    Discover,
    /// Files to facts.
    Parse,
    /// Facts to references.
    Resolve,
    /// References to graphs.
    Graph,
    /// Items to seconds.
    Cost,
    /// Candidates, simulations, verdicts.
    Plan,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Discover => "finding packages",
            Stage::Parse => "reading sources",
            Stage::Resolve => "resolving names",
            Stage::Graph => "building graphs",
            Stage::Cost => "estimating costs",
            Stage::Plan => "weighing plans",
        })
    }
}

/// Called at the start of each [`Stage`]. Nothing in the results depends on it.
#[derive(Clone, Default)]
pub struct OnStage(Option<Arc<dyn Fn(Stage) + Send + Sync>>);

impl OnStage {
    /// Calls `f`, from whichever thread works on the stage.
    pub fn new(f: impl Fn(Stage) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(f)))
    }

    pub(crate) fn begin(&self, stage: Stage) -> tracing::span::EnteredSpan {
        if let Some(f) = &self.0 {
            f(stage);
        }
        tracing::info_span!("stage", name = ?stage).entered()
    }
}

impl fmt::Debug for OnStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "OnStage(…)" } else { "OnStage(nobody)" })
    }
}
