//! Cargo's record of a fingerprint (`Fingerprint` in cargo's `fingerprint/mod.rs`), as far as it is read.

use serde::Deserialize;

/// What a unit was made of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Details {
    /// A hash of `rustc -vV`.
    pub(super) rustc: u64,
    /// A list of names, written as JSON (once more).
    features: String,
    /// A hash of profile and mode.
    pub(super) profile: u64,
    /// What it depends on.
    pub(super) deps: Vec<Dependency>,
}

/// A dependency: a hash of the package's id, the name that the code uses, whether it is public, and its fingerprint.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency(
    pub(super) u64,
    pub(super) String,
    #[expect(dead_code, reason = "it is there")] bool,
    pub(super) u64,
);

impl Details {
    /// Broken ones are empty.
    pub(super) fn parse(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    /// Sorted; `None` for runs of build scripts, of which cargo records none.
    pub(super) fn features(&self) -> Option<Vec<String>> {
        let mut features: Vec<String> = serde_json::from_str(&self.features).ok()?;
        features.sort_unstable();
        Some(features)
    }
}
