//! What tells of servers, consumers, schedulers and commands.

mod entries;
mod known;
mod routed;
mod tasks;
