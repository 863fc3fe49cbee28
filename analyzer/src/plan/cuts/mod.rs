//! References that run against a plan's order, the cheapest way to remove each, and what nothing removes.

pub(super) mod against;
pub(super) mod blockers;
pub(super) mod choose;
pub(super) mod closure;
pub(super) mod fixes;
pub(super) mod generated_names;
pub(super) mod methods;
pub(super) mod settle;
pub(super) mod together;
pub(super) mod work;
