//! The stages in their order: from a directory to a report, and the questions that need less than that.

pub(super) mod affected;
pub(super) mod analyze;
pub(super) mod apply;
pub(super) mod check;
pub(super) mod codebase;
pub(super) mod commit;
mod find;
mod gather;
pub(super) mod options;
mod past_commits;
pub(super) mod progress;
pub(super) mod services;
pub(super) mod simulate;
mod standing;
mod versions;
pub(super) mod what_if;
