//! What is deployed: the programs of a repository, and what each needs of it.

mod after_plan;
mod binaries;
mod called;
mod candidates;
mod changed;
mod commands;
mod deployed;
mod entry;
mod evidence;
mod links;
mod model;
mod reach;
mod redeploys;
mod roles;
mod services;
mod splits;
#[cfg(test)]
mod tests;

pub use binaries::deployables;
pub(crate) use called::call_as_deployed;
pub(crate) use candidates::candidates;
pub use candidates::{
    Blocker, BlockerKind, Candidate, CandidateRedeploys, Crossing, CrossingType, Located, Scores, Side,
    Stability, Step, StepKind, TablePlace, TableSides, Transaction, Variable,
};
pub(crate) use changed::{Code, mark_reach};
pub(crate) use commands::keep_services;
pub use deployed::{
    DeploySeconds, DeployedProgram, Evidence, EvidenceKind, NotDeployed, OtherProgram, Standing,
};
pub(crate) use evidence::evidence;
pub use model::{Deployable, Running, RunningRole};
pub use redeploys::{Needless, Redeploys, ReplayedDeploys};
pub use roles::{Activity, Role, RoleKind, Route, Topic};
pub(crate) use services::{ServicesInput, replay_deploys};
pub use splits::{DeploySplit, SplitPart, SplitWeek};
pub(crate) use splits::{FoundSplit, add_deploy_splits, deploy_splits};
