//! Findings for those who show them beside the code: one file a receiver. All write the same list, in its order: the gravest
//! first, so that what a receiver's limit cuts off matters least.

mod fingerprint;
mod github;
mod gitlab;
mod junit;
mod sarif;
#[cfg(test)]
mod tests;

pub(crate) use github::annotations;
pub(crate) use gitlab::code_quality;
pub(crate) use junit::junit;
pub(crate) use sarif::sarif;
