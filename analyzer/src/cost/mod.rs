//! What an item and a crate cost to compile: measured, imported, or modelled.

mod model;

pub use model::{Cost, CostSource, Costs, Mode, Overhead};
