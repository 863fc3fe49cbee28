//! A plan carried out: sources and manifests rewritten in a working tree of git, compiled, and committed.
//!
//! Here `syn` reads the sources, since these compile, are few, and every change is a splice of bytes: its trees are never
//! printed, so that comments and formatting stay.

mod apart;
mod carry;
mod check;
mod options;
mod outcome;
mod planned;
mod repair;
mod rewrite;
mod source;
mod stopwatch;
mod users;
mod verify;
mod work;
mod worktree;

pub(crate) use carry::carry_out;
pub use options::{Applied, ApplyOptions, Delivery};
pub(crate) use planned::Planned;
pub use verify::VerifyOptions;
pub(crate) use verify::verify;

/// What a step comes to; of a failure one sentence.
type Done<T> = Result<T, String>;
