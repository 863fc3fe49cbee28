//! A plan with names: its crates, its work in sentences, its files.

pub(super) mod boundary;
pub(super) mod files;
mod invert;
pub(super) mod manifests;
pub(super) mod named_plan;
pub(super) mod plan_file;
pub(super) mod silent;
mod split_impl;
pub(super) mod work;
