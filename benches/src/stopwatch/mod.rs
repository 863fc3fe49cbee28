//! Predictions against the stopwatch.

pub(super) mod command;
pub(super) mod commits;
pub(super) mod forecast;
pub(super) mod predict;
pub(super) mod rebuilds;
pub(super) mod split_plan;
pub(super) mod stamps;
