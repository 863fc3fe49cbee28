//! One answer per package: candidates, the one to recommend, the verdict, and what helps without a split.

pub(super) mod advise;
pub(super) mod apart;
pub(super) mod candidates;
pub(super) mod generated;
pub(super) mod hub;
pub(super) mod levers;
pub(super) mod targets;
pub(super) mod tied;
pub(super) mod today;
pub(super) mod verdict;
pub(super) mod week;
pub(super) mod weigh;
