//! One real build under observation: the only part of the library that compiles what it reads.
//!
//! [`measure`] runs cargo once in a target directory of its own, with the calling program as `RUSTC_WRAPPER`; that
//! program must call [`run_as_wrapper`] before anything else. Neither cargo nor rustc needs an unstable flag, unless costs of
//! modules are wanted ([`MeasureOptions::modules`]): then the workspace's own crates are built a second time, profiled.

mod arguments;
mod build;
mod child;
mod collect;
mod exit;
mod invocation;
mod load;
mod modules;
mod profile;
mod profile_names;
mod profiled;
mod record;
mod user_wrapper;
mod watch;
mod wrapper;

pub use build::{Measurement, measure, planned};
pub use invocation::{Invocation, MeasureOptions};
pub use record::RECORDS;
pub use wrapper::run_as_wrapper;
