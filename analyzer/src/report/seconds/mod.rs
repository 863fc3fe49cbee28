//! What builds cost and take: costs, builds left in directories, simulations, forecasts.

pub(super) mod built;
pub(super) mod costs;
pub(super) mod simulation;
pub(super) mod what_if;
