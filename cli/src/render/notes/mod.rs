//! The answer for places where people talk: one file a receiver, each within its limits, all from the same parts.

mod brief;
mod confluence;
mod jira;
mod notion;
mod slack;
#[cfg(test)]
mod tests;

pub(crate) use brief::Brief;
pub(crate) use confluence::confluence;
pub(crate) use jira::jira;
pub(crate) use notion::notion;
pub(crate) use slack::slack;
