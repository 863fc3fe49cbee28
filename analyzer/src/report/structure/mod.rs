//! Which modules need which, and which of these needs close a cycle.

mod code;
mod model;
mod order;
mod outside;
#[cfg(test)]
mod tests;

pub use code::{Code, CodeItem, CodeModule, Crossing};
pub use model::{BackEdgeReport, CycleReport, ModuleReport, StructureReport};
pub use order::{Order, module_names, module_order};
pub use outside::{Outside, OutsideUse};
