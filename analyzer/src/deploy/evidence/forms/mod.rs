//! The files that say what is deployed, each form by itself.

pub(super) mod compose;
pub(super) mod configuration;
pub(super) mod dockerfile;
pub(super) mod expressions;
pub(super) mod gitlab;
pub(super) mod hcl;
pub(super) mod helm;
pub(super) mod kubernetes;
pub(super) mod kustomize;
pub(super) mod lists;
pub(super) mod plain;
pub(super) mod recipes;
pub(super) mod workflow;
pub(super) mod yaml;
