//! What is said in words, once for every format: sentences, numbers with their units.

pub(crate) mod boundary;
pub(crate) mod candidates;
pub(crate) mod commits;
pub(crate) mod deploys;
pub(crate) mod forecasts;
pub(crate) mod gates;
pub(crate) mod kept;
pub(crate) mod pictures;
pub(crate) mod provenance;
pub(crate) mod sentences;
pub(crate) mod services;
pub(crate) mod simulation;
pub(crate) mod words;
pub(crate) mod work;
