//! Builds before and after a plan, by simulation, and how sure that is.

pub(super) mod direct;
pub(super) mod evaluate;
pub(super) mod forecast;
pub(super) mod harness;
pub(super) mod inherit;
pub(super) mod model;
pub(super) mod pair;
pub(super) mod planned;
pub(super) mod sharing;
pub(super) mod split;
pub(super) mod test_runs;
pub(super) mod uncertainty;
pub(super) mod verdict_builds;
