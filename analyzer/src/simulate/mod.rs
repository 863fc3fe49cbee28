//! Cargo's job queue as a discrete-event simulation. Knows units and costs, never items.
//!
//! [`unit_graph`] builds today's units from the packages and their costs, [`replace_unit`] turns one of them
//! into a hypothetical split, [`edit`] leaves only what a change rebuilds, and [`simulate`] says how long it
//! takes. [`measured_graph`] is the graph of a build that was observed, and a [`Machine`] says how far parallel work is
//! slowed down.

mod edges;
mod engine;
mod machine;
mod measured;
mod model;
mod priority;
mod rebuild;
mod replace;
mod scenario;
mod units;

#[cfg(test)]
mod tests;

pub use crate::cost::IncrementalShares;
pub use engine::{simulate, simulate_on};
pub use machine::Machine;
pub use measured::{Seconds, measured_graph};
pub use model::{Awaited, CriticalUnit, Schedule, Span, Unit, UnitGraph};
pub use rebuild::{Cache, edit, edit_s, rebuild_set, relink};
pub(crate) use rebuild::{rebuild_s, relink_s};
pub use replace::{NewUnit, Replaced, Users, replace_unit};
pub use scenario::{Scenario, clean_units, machine_of};
pub use units::{External, UNKNOWN_COLD, UnitOptions, Units, knows_cold, unit_graph};
