//! Cargo's job queue as a discrete-event simulation. Knows units and costs, never items.

mod model;

pub use model::{Artifact, Schedule, Span, Unit, UnitGraph};
