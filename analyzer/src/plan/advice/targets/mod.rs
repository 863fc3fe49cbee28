//! Packages of several targets: each that can be taken apart by itself is judged, and what they compile more than once is named.

pub(in crate::plan::advice) mod others;
pub(in crate::plan::advice) mod shared;
