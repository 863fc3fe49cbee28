//! What an item and a crate cost to compile: measured, imported, or modelled.

mod coefficients;
mod explanatory;
mod model;
mod modelled;

#[cfg(test)]
mod tests;

pub use explanatory::{EXPLANATORY, EXPLANATORY_NAMES, explanatory};
pub use model::{Cost, CostSource, Costs, Mode, Overhead};
pub use modelled::model;
